# Get-MailboxStatistics for a thousand mailboxes from the pipeline.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-bulkread'
$count = [Math]::Min(1000, $row.Tenant.mailboxes)
# One at a time takes a minute and a half; a part of it says the same.
$part = [Math]::Min(50, $count)
$medians = Measure-Variant $row ([ordered]@{
    floor = 'bulk', '--cmdlet', 'Get-MailboxStatistics', '--count', "$count"
    'by hand' = [scriptblock]::Create(('
        Connect-ByHand
        $null = Invoke-ByHand Get-Mailbox @{{ ResultSize = 1 }}
        Start-Watch
        0..({0} - 1) | ForEach-Object {{ $null = Invoke-ByHand Get-MailboxStatistics @{{ Identity = "m$_@$($Tenant.Organization)" }} }}
        Report seconds ((Stop-Watch) * {1} / {0})' -f $part, $count))
    exoconnect = [scriptblock]::Create(('
        Import-Module $Module
        Connect-Exo
        $null = Get-Mailbox -ResultSize 1 -WarningAction SilentlyContinue
        $identities = 0..({0} - 1) | ForEach-Object {{ "m$_@$($Tenant.Organization)" }}
        Start-Watch
        $responses = $identities | Get-MailboxStatistics
        Report-Watch
        if ($responses.Count -ne {0}) {{ throw "$($responses.Count) responses." }}' -f $count))
})
Write-Row $row 'bulkread' "$(Format-Figure $medians.exoconnect.seconds) s ($(Format-Figure ($medians.exoconnect.seconds / $medians.floor.seconds)) x)" "$(Format-Figure $medians.floor.seconds) s" "$(Format-Figure $medians.'by hand'.seconds '0') s"
