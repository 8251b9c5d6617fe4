<#
.SYNOPSIS
    Records the session that README shows, and draws it as docs/recording/first-steps.svg.

.DESCRIPTION
    Each line of Commands.txt runs in a runspace of PowerShell, against a local tenant; the script draws what it writes, with its colors. Ids of
    requests differ from run to run and are shortened; the rest is the same in every run. A test compares the file with a new recording.

    Needs a build (dotnet build) and PowerShell 7.4 or later:

        pwsh -NoProfile -File docs/recording/Record.ps1
#>
param([switch] $PassThru)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot '../../tests/Pester/LocalTenant.ps1')

$columns = 96
$perLine = 18
$perColumn = 8.4
$margin = 16
# The colors of a dark terminal: the picture brings its background, so that it can be read on a light page and on a dark one.
$colors = @{
    31 = '#ff7b72'; 32 = '#7ee787'; 33 = '#e3b341'; 34 = '#79c0ff'; 35 = '#d2a8ff'; 36 = '#76e3ea'
    91 = '#ff7b72'; 92 = '#7ee787'; 93 = '#e3b341'; 96 = '#76e3ea'
}

# What a command writes, as lines with the terminal's marks in them.
function Get-Output([runspace] $Runspace, [string] $Command) {
    $shell = [powershell]::Create($Runspace)
    try {
        $null = $shell.AddScript($Command)
        $shell.Commands.Commands[0].MergeMyResults('Error', 'Output')
        $null = $shell.AddCommand('Out-String').AddParameter('Width', $columns)
        $text = -join $shell.Invoke()
    }
    finally {
        $shell.Dispose()
    }

    $text = $text -replace '(client-request-id|request-id): [0-9a-f]{8}-[0-9a-f-]{27}', '$1: 5f1c…'
    $lines = @($text -split '\r?\n' | ForEach-Object TrimEnd)
    $first = 0..$lines.Count | Where-Object { $_ -eq $lines.Count -or $lines[$_] -replace '\e\[[\d;]*m' } | Select-Object -First 1
    $last = @(0..($lines.Count - 1) | Where-Object { $lines[$_] -replace '\e\[[\d;]*m' }) | Select-Object -Last 1
    if ($null -ne $last) { $lines[$first..$last] | ForEach-Object { Split-Line $_ } }
}

# A line that is too long for the terminal goes on in the next, in its colors.
function Split-Line([string] $Line) {
    $mark = $part = ''
    $room = $columns
    foreach ($piece in [regex]::Split($Line, '(\e\[[\d;]*m|\s+)') -ne '') {
        if ($piece -match '^\e') { $mark = $piece -in "`e[0m", "`e[m" ? '' : $mark + $piece; $part += $piece; continue }
        if ($piece.Length -gt $room -and $room -lt $columns) {
            $part.TrimEnd()
            $part = $mark
            $room = $columns
            $piece = $piece.TrimStart()
        }
        $part += $piece
        $room -= $piece.Length
    }
    $part
}

# One line as SVG. The length is given, so that columns stay columns in any font.
function Format-Line([string] $Line, [int] $Row) {
    $x = $margin
    $y = $margin + $perLine * ($Row + 1) + 20
    $style = ''
    $spans = foreach ($piece in [regex]::Split($Line, '(\e\[[\d;]*m)')) {
        if ($piece -match '^\e\[([\d;]*)m$') {
            foreach ($code in $Matches[1] -split ';') {
                if ($code -in '', '0') { $style = '' }
                elseif ($code -eq '1') { $style += ' font-weight="bold"' }
                elseif ($colors.ContainsKey([int] $code)) { $style = ($style -replace ' fill="[^"]*"') + " fill=""$($colors[[int] $code])""" }
            }
        }
        elseif ($piece) {
            "<tspan$style>$([Security.SecurityElement]::Escape($piece))</tspan>"
        }
    }

    $plain = $Line -replace '\e\[[\d;]*m'
    if ($plain) {
        $length = ($plain.Length * $perColumn).ToString('0.#', [cultureinfo]::InvariantCulture)
        "<text x=""$x"" y=""$y"" textLength=""$length"" xml:space=""preserve"">$(-join $spans)</text>"
    }
}

$tenant = Start-LocalTenant -Mailboxes 200
$before = Get-Location
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "exoconnect-recording-$PID")
$rendering = $PSStyle.OutputRendering
$runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
try {
    Copy-Item $tenant.pemPath (Join-Path $folder 'app.pem')
    $runspace.Open()
    $PSStyle.OutputRendering = 'Ansi'
    $setup = [powershell]::Create($runspace)
    $null = $setup.AddScript({
        param($module, $folder, $tenant)
        Import-Module $module
        Set-Location $folder
        $global:app = @{ AppId = $tenant.appId; Organization = $tenant.organization; CertificateFilePath = 'app.pem' }
        $global:PSDefaultParameterValues['Connect-*:ExchangeEnvironmentName'] = $tenant.environmentFile
        $global:ErrorView = 'ConciseView'
    }).AddArgument((Join-Path $ExoModulePath 'ExoConnect.psd1')).AddArgument("$folder").AddArgument($tenant).Invoke()
    if ($setup.HadErrors) { throw $setup.Streams.Error[0] }

    $row = 0
    $steps = foreach ($command in Get-Content (Join-Path $PSScriptRoot 'Commands.txt') | Where-Object { $_ -and $_ -notlike '#*' }) {
        $lines = @("`e[32mPS>`e[0m $command") + @(Get-Output $runspace $command) + ''
        @{ Text = @(foreach ($line in $lines) { Format-Line $line $row; $row++ }) -join "`n" }
    }
}
finally {
    $runspace.Dispose()
    $PSStyle.OutputRendering = $rendering
    Set-Location $before
    Stop-LocalTenant $tenant
    Remove-Item $folder -Recurse
}

$width = [int] ($columns * $perColumn + 2 * $margin)
$height = $perLine * $row + 2 * $margin + 20
$number = 0
$svg = @"
<svg xmlns="http://www.w3.org/2000/svg" width="$width" height="$height" viewBox="0 0 $width $height" role="img" aria-labelledby="title">
<title id="title">A session of ExoConnect in PowerShell: sign in, list mailboxes, sort them by size, read an error, disconnect</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3 }
.step { animation: show .3s both }
@keyframes show { from { opacity: 0 } to { opacity: 1 } }
@media (prefers-reduced-motion: reduce) { .step { animation: none } }
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<circle cx="18" cy="16" r="5" fill="#ff5f57"/><circle cx="36" cy="16" r="5" fill="#febc2e"/><circle cx="54" cy="16" r="5" fill="#28c840"/>
$(@(foreach ($step in $steps) { "<g class=""step"" style=""animation-delay: $(2 * $number++)s"">`n$($step.Text)`n</g>" }) -join "`n")
</svg>

"@ -replace '\r\n', "`n"
if ($PassThru) { $svg } else { [IO.File]::WriteAllText((Join-Path $PSScriptRoot 'first-steps.svg'), $svg) }
