# All full mailboxes kept in a variable: managed heap after garbage collection, against Invoke-RestMethod.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-kept'
$keep = '
    $heap = Get-Heap
    $kept = {0}
    Report megabytes ((Get-Heap) - $heap)
    Report objects $kept.Count
    Report workingset (Get-WorkingSet)'
$medians = Measure-Variant $row -Runs 1 ([ordered]@{
    exoconnect = [scriptblock]::Create(('Import-Module $Module; Connect-Exo; $null = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue' + ($keep -f 'Get-Mailbox -ResultSize Unlimited')))
    'by hand' = [scriptblock]::Create(('Connect-ByHand; $null = Invoke-ByHand Get-Mailbox @{ ResultSize = 1 }' + ($keep -f 'Invoke-ByHand Get-Mailbox @{ ResultSize = "Unlimited" }')))
})
$ours = $medians.exoconnect.megabytes
$theirs = $medians.'by hand'.megabytes
Write-Row $row 'kept' "$(Format-Figure (100 * $ours / $theirs) '0.0') % ($(Format-Figure $ours '0') MB)" '' "$(Format-Figure $theirs '0') MB"
