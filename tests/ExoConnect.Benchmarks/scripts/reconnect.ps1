# 50 times connect and disconnect, all cmdlets: what stays after garbage collection.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-reconnect'
$medians = Measure-Variant $row -Runs ([Math]::Max(1, [Math]::Floor($Runs / 2))) ([ordered]@{
    exoconnect = {
        Import-Module $Module
        1..2 | ForEach-Object { Connect-Exo; Disconnect-ExchangeOnline -Confirm:$false }
        $before = @(Get-Heap; Get-WorkingSet)
        Start-Watch
        1..50 | ForEach-Object { Connect-Exo; Disconnect-ExchangeOnline -Confirm:$false }
        Report each ((Stop-Watch) / 50)
        Report heap ((Get-Heap) - $before[0])
        Report megabytes ((Get-WorkingSet) - $before[1])
        # What has run thirty times the runtime compiles anew when nothing new comes for a moment, its own code and PowerShell's above all. That takes
        # memory too, and comes to an end.
        Start-Sleep 6
        $null = Get-Heap
        Report rested ((Get-WorkingSet) - $before[1])
        1..100 | ForEach-Object { Connect-Exo; Disconnect-ExchangeOnline -Confirm:$false }
        Start-Sleep 2
        $before = @(Get-Heap; Get-WorkingSet)
        1..50 | ForEach-Object { Connect-Exo; Disconnect-ExchangeOnline -Confirm:$false }
        Start-Sleep 2
        Report laterheap ((Get-Heap) - $before[0])
        Report later ((Get-WorkingSet) - $before[1])
    }
})
$m = $medians.exoconnect
Write-Row $row 'reconnect' "heap +$(Format-Figure $m.heap '0.0') MB, working set +$(Format-Figure $m.megabytes '0.0') MB, six seconds later +$(Format-Figure $m.rested '0.0') MB; 50 more after 150: +$(Format-Figure $m.laterheap '0.0') MB, +$(Format-Figure $m.later '0.0') MB ($(Format-Figure ($m.each * 1000) '0') ms each)"
