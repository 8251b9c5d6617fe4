# Working set after connect, over bare pwsh.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-workingset'
# The first connect gives back what parsing left beside the pipeline; on a busy machine a measurement right after it would come before that.
$medians = Measure-Variant $row ([ordered]@{
    bare = { [Threading.Thread]::Sleep(600); Report megabytes (Get-WorkingSet) }
    'by hand' = { Connect-ByHand; [Threading.Thread]::Sleep(600); Report megabytes (Get-WorkingSet) }
    'no cache' = { Import-Module $Module; Connect-Exo -NoCache; [Threading.Thread]::Sleep(600); Report megabytes (Get-WorkingSet); Report heap (Get-Heap) }
    cached = { Import-Module $Module; Connect-Exo; [Threading.Thread]::Sleep(600); Report megabytes (Get-WorkingSet); Report heap (Get-Heap) }
})
$over = { param($name) Format-Figure ($medians.$name.megabytes - $medians.bare.megabytes) '0' }
Write-Row $row 'workingset' "+$(& $over 'no cache') MB / cached +$(& $over 'cached') MB" '' "+$(& $over 'by hand') MB"
