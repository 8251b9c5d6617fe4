# A fresh process: import, connect by PFX, first mailbox; without a cached catalog and with one.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$cache = Join-Path $Folder 'cache-first'
$env:EXOCONNECT_CACHE = $cache
$exo = '
    Start-Watch
    Import-Module $Module
    $imported = Stop-Watch
    Connect-Exo {0}
    $connected = Stop-Watch
    $null = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue
    $done = Stop-Watch
    Report seconds $done
    Report processor ((Get-ProcessorTime) - $processor)
    Report import $imported
    Report connect ($connected - $imported)
    Report cmdlet ($done - $connected)
    Report methods ([Runtime.JitInfo]::GetCompiledMethodCount($false))'
# One to fill the cache.
$null = Measure-Variant $row -Runs 1 @{ fill = [scriptblock]::Create(($exo -f '')) }
$medians = Measure-Variant $row ([ordered]@{
    floor = 'first'
    'by hand' = { Start-Watch; Connect-ByHand; $null = Invoke-ByHand 'Get-Mailbox' @{ ResultSize = 1 }; Report-Watch }
    'no cache' = [scriptblock]::Create(($exo -f '-NoCache'))
    cached = [scriptblock]::Create(($exo -f ''))
    bare = { }
})
Write-Row $row 'first' "$(Format-Figure $medians.'no cache'.seconds) s / $(Format-Figure $medians.cached.seconds) s" "$(Format-Figure $medians.floor.seconds) s" "$(Format-Figure $medians.'by hand'.seconds) s"
