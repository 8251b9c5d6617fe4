# The command line as a whole process: --version, and five mailboxes with a cached catalog. EXOCONNECT_BENCHMARK_CLI names another program than
# what was published or built of this checkout.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$root = $PSScriptRoot
while ($root -and -not (Test-Path (Join-Path $root 'ExoConnect.sln'))) { $root = Split-Path $root }
$program = @($env:EXOCONNECT_BENCHMARK_CLI) + @(
    Get-ChildItem "$root/out/exoconnect/*/exoconnect", "$root/out/exoconnect/*/exoconnect.exe" -ErrorAction Ignore | ForEach-Object FullName
    'Release', 'Debug' | ForEach-Object { "$root/src/ExoConnect.Cli/bin/$_/net10.0/exoconnect.dll" } | Where-Object { Test-Path $_ }
) | Where-Object { $_ } | Select-Object -First 1
if (-not $program) { throw "There is no command line to measure: dotnet build src/ExoConnect.Cli." }
$start = @(if ($program -like '*.dll') { 'dotnet' }) + $program
$arguments = @($start | Select-Object -Skip 1)

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-commandline'
$env:XDG_CONFIG_HOME = $env:APPDATA = Join-Path $Folder 'profiles'
$env:EXOCONNECT_CERTIFICATE_PASSWORD = $row.Tenant.pfxPassword
$connect = @(
    'connect', '--app-id', $row.Tenant.appId, '--organization', $row.Tenant.organization
    '--certificate', $row.Tenant.pfxPath, '--environment', $row.Tenant.environmentFile
)
& $start[0] @arguments @connect | Out-Null
if ($LASTEXITCODE) { throw 'The command line does not connect.' }

function Measure-Program([string[]] $what, [scriptblock] $before = {}) {
    Get-Median (1..($Runs * 2) | ForEach-Object {
        & $before
        $watch = [Diagnostics.Stopwatch]::StartNew()
        & $start[0] @arguments @what 2>&1 | Out-Null
        if ($LASTEXITCODE) { throw "exoconnect $what failed with exit code $LASTEXITCODE." }
        $watch.Elapsed.TotalSeconds
    })
}

$version = Measure-Program '--version'
$run = Measure-Program 'run', 'Get-Mailbox', '--ResultSize', '5'
$fetch = Measure-Program 'run', 'Get-Mailbox', '--ResultSize', '5' { Remove-Item $env:EXOCONNECT_CACHE -Recurse -ErrorAction Ignore }
Write-Row $row 'commandline' ("$(Format-Figure $version) s; $(Format-Figure $run) s, without a cached catalog $(Format-Figure $fetch) s " +
    "($(Split-Path $program -Leaf))")
