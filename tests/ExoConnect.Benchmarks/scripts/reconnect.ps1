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
        # The first ones pay for code and pools that stay for good.
        1..2 | ForEach-Object { Connect-Exo; Disconnect-ExchangeOnline -Confirm:$false }
        $heap = Get-Heap
        $workingSet = Get-WorkingSet
        Start-Watch
        1..50 | ForEach-Object { Connect-Exo; Disconnect-ExchangeOnline -Confirm:$false }
        Report each ((Stop-Watch) / 50)
        Report heap ((Get-Heap) - $heap)
        Report megabytes ((Get-WorkingSet) - $workingSet)
    }
})
$m = $medians.exoconnect
Write-Row $row 'reconnect' "heap +$(Format-Figure $m.heap '0.0') MB, working set +$(Format-Figure $m.megabytes '0.0') MB ($(Format-Figure ($m.each * 1000) '0') ms each)"
