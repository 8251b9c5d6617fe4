# Runs programs for Windows. tests/windows/run sets the variables that are read here.

. $PSScriptRoot/../Pester/LocalTenant.ps1

$Wine = $env:EXOCONNECT_TEST_WINE
$Built = $env:EXOCONNECT_TEST_WINDOWS
if (-not $Wine -or -not $Built) { throw 'These tests are run by tests/windows/run.' }

# The name that Windows' programs have for a file.
function ConvertTo-WindowsPath([string] $Path) { 'Z:' + $Path.Replace('/', '\') }

# Starts a program for Windows.
function Start-Program {
    param([string] $Program, [string[]] $Arguments, [hashtable] $Variables = @{}, [string] $Folder = $TestDrive)

    $start = [Diagnostics.ProcessStartInfo]::new($Wine)
    @(Join-Path $Built $Program) + $Arguments | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = $start.StandardErrorEncoding = [Text.Encoding]::UTF8
    $start.WorkingDirectory = $Folder
    $Variables.GetEnumerator() | ForEach-Object { $start.Environment[$_.Key] = $_.Value }
    $process = [Diagnostics.Process]::Start($start)
    Add-Member -InputObject $process ErrorText $process.StandardError.ReadToEndAsync()
    $process.StandardInput.Close()
    $process
}

# Runs a program for Windows to its end: its exit code, and what it wrote.
function Invoke-Program {
    param([string] $Program, [string[]] $Arguments, [hashtable] $Variables = @{}, [string] $Folder = $TestDrive)

    $process = Start-Program @PSBoundParameters
    $output = $process.StandardOutput.ReadToEndAsync()
    if (-not $process.WaitForExit(120000)) { $process.Kill($true); throw "$Program $Arguments doesn't end: $($process.ErrorText.Result)" }
    [pscustomobject]@{ Code = $process.ExitCode; Output = $output.Result; Error = $process.ErrorText.Result }
}
