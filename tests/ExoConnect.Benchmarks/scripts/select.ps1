# All mailboxes with five properties through the pipeline, counted: time over the floor.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-select'
$count = '
    Start-Watch
    $count = ({0} | Measure-Object).Count
    Report-Watch
    Report objects $count'
$medians = Measure-Variant $row ([ordered]@{
    floor = 'list', '--select', 'DisplayName,PrimarySmtpAddress,Guid,WhenCreated,RecipientTypeDetails'
    exoconnect = [scriptblock]::Create(('
        $properties = "DisplayName", "PrimarySmtpAddress", "Guid", "WhenCreated", "RecipientTypeDetails"
        Import-Module $Module
        Connect-Exo
        $null = Invoke-ExoCommand Get-Mailbox @{ ResultSize = 1 } -Property $properties -WarningAction SilentlyContinue | Measure-Object' +
        ($count -f 'Invoke-ExoCommand Get-Mailbox @{ ResultSize = "Unlimited" } -Property $properties')))
    'by hand' = [scriptblock]::Create(('
        $select = "DisplayName,PrimarySmtpAddress,Guid,WhenCreated,RecipientTypeDetails"
        Connect-ByHand
        $null = Invoke-ByHand Get-Mailbox @{ ResultSize = 1 } $select | Measure-Object' +
        ($count -f 'Invoke-ByHand Get-Mailbox @{ ResultSize = "Unlimited" } $select')))
})
$floor = $medians.floor.seconds
Write-Row $row 'select' "$(Format-Figure ($medians.exoconnect.seconds / $floor)) x (processor $(Format-Figure ($medians.exoconnect.processor / $medians.floor.processor)) x)" "$(Format-Figure $floor) s" "$(Format-Figure ($medians.'by hand'.seconds / $floor)) x"
