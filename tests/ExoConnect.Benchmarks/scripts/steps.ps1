# A fresh process step by step, with a cached catalog: import, connect by PFX, first Get-EXOMailbox; memory and methods compiled after it.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-steps'
$steps = {
    $memory = Get-WorkingSet
    $methods = [Runtime.JitInfo]::GetCompiledMethodCount($false)
    Start-Watch
    Import-Module $Module
    $imported = Stop-Watch
    Connect-Exo
    $connected = Stop-Watch
    $null = Get-EXOMailbox -ResultSize 1 -WarningAction SilentlyContinue
    $done = Stop-Watch
    Report processor ((Get-ProcessorTime) - $processor)
    Report import $imported
    Report connect ($connected - $imported)
    Report cmdlet ($done - $connected)
    Report seconds $done
    Report methods ([Runtime.JitInfo]::GetCompiledMethodCount($false) - $methods)
    [Threading.Thread]::Sleep(600)
    Report megabytes ((Get-WorkingSet) - $memory)
}
# One to fill the cache.
$null = Measure-Variant $row -Runs 1 @{ fill = $steps }
$median = (Measure-Variant $row -Runs ($Runs * 2) ([ordered]@{ exoconnect = $steps })).exoconnect
$ms = { param($seconds) Format-Figure ($seconds * 1000) '0' }
Write-Row $row 'steps' ("$(& $ms $median.import) + $(& $ms $median.connect) + $(& $ms $median.cmdlet) ms; processor $(& $ms $median.processor) ms; " +
    "$(Format-Figure $median.methods '0') methods; +$(Format-Figure $median.megabytes '0') MB")
