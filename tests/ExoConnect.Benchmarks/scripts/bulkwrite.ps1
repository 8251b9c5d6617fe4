# Set-Mailbox for a thousand mailboxes from the pipeline; each gets its response, in order.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-bulkwrite'
$count = [Math]::Min(1000, $row.Tenant.mailboxes)
# One at a time takes a minute and a half; a part of it says the same.
$part = [Math]::Min(50, $count)
$medians = Measure-Variant $row ([ordered]@{
    floor = 'bulk', '--cmdlet', 'Set-Mailbox', '--count', "$count"
    'by hand' = [scriptblock]::Create(('
        Connect-ByHand
        $null = Invoke-ByHand Get-Mailbox @{{ ResultSize = 1 }}
        Start-Watch
        0..({0} - 1) | ForEach-Object {{ $null = Invoke-ByHand Set-Mailbox @{{ Identity = "m$_@$($Tenant.Organization)"; CustomAttribute1 = "hand" }} }}
        Report seconds ((Stop-Watch) * {1} / {0})' -f $part, $count))
    exoconnect = [scriptblock]::Create(('
        Import-Module $Module
        Connect-Exo
        $null = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue
        $identities = 0..({0} - 1) | ForEach-Object {{ "m$_@$($Tenant.Organization)" }}
        # With Stop, writes go one by one: nothing is to be changed after a failure.
        $ErrorActionPreference = "Continue"
        Start-Watch
        $responses = $identities | Set-Mailbox -CustomAttribute1 exoconnect
        Report-Watch
        $changed = (Get-Mailbox -ResultSize {0} -WarningAction SilentlyContinue | Where-Object CustomAttribute1 -eq exoconnect).Count; if ($changed -ne {0}) {{ throw "$changed changed." }}' -f $count))
})
Write-Row $row 'bulkwrite' "$(Format-Figure $medians.exoconnect.seconds) s ($(Format-Figure ($medians.exoconnect.seconds / $medians.floor.seconds)) x)" "$(Format-Figure $medians.floor.seconds) s" "$(Format-Figure $medians.'by hand'.seconds '0') s"
