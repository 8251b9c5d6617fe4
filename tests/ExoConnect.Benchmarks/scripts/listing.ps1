# All full mailboxes through the pipeline, counted: time over the floor and over the same by JSON, and how much the working set rises.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-listing'
$list = '
    $before = Get-WorkingSet
    $bytes = [GC]::GetTotalAllocatedBytes()
    Start-Watch
    $count = ({0} | Measure-Object).Count
    Report-Watch
    Report megabytes ((Get-PeakWorkingSet) - $before)
    Report allocated (([GC]::GetTotalAllocatedBytes() - $bytes) / $count)
    Report objects $count'
$medians = Measure-Variant $row ([ordered]@{
    floor = 'list'
    exoconnect = [scriptblock]::Create(('
        Import-Module $Module
        Connect-Exo
        $null = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue | Measure-Object' + ($list -f 'Get-Mailbox -ResultSize Unlimited')))
    json = [scriptblock]::Create(('
        Import-Module $Module
        Connect-Exo
        $null = Invoke-ExoCommand Get-Mailbox @{ ResultSize = 1 } -WarningAction SilentlyContinue | Measure-Object' + (
            $list -f 'Invoke-ExoCommand Get-Mailbox @{ ResultSize = "Unlimited" }')))
})
$byHand = Measure-Variant $row -Runs 1 @{
    'by hand' = [scriptblock]::Create(('
        Connect-ByHand
        $null = Invoke-ByHand Get-Mailbox @{ ResultSize = 1 } | Measure-Object' + ($list -f 'Invoke-ByHand Get-Mailbox @{ ResultSize = "Unlimited" }')))
}
$floor = $medians.floor.seconds
$over = { param($a, $b, $figure) (Format-Figure ($a.$figure / $b.$figure)) + ' x' }
$ours = $medians.exoconnect
$hand = $byHand.'by hand'
$measured = "$(& $over $ours $medians.floor seconds) (processor $(& $over $ours $medians.floor processor)); " +
    "$(& $over $ours $medians.json seconds) JSON's $(Format-Figure $medians.json.seconds) s (processor $(& $over $ours $medians.json processor)); " +
    "+$(Format-Figure $ours.megabytes '0') MB"
Write-Row $row 'listing' $measured "$(Format-Figure $floor) s" "$(Format-Figure ($hand.seconds / $floor)) x; +$(Format-Figure $hand.megabytes '0') MB"
