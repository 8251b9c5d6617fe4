# A million mailboxes with five properties streamed: time and working set, for each tenth.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-million'
$medians = Measure-Variant $row -Runs 1 @{
    exoconnect = {
        $properties = 'DisplayName', 'PrimarySmtpAddress', 'Guid', 'WhenCreated', 'RecipientTypeDetails'
        Import-Module $Module
        Connect-Exo
        $step = [int] ($Mailboxes / 10)
        $count = 0
        Start-Watch
        $last = 0
        Invoke-ExoCommand Get-Mailbox @{ ResultSize = 'Unlimited' } -Property $properties | ForEach-Object {
            if (++$count % $step -eq 0) {
                $now = Stop-Watch
                Report "seconds$($count / $step)" ($now - $last)
                Report "megabytes$($count / $step)" (Get-WorkingSet)
                $last = $now
            }
        }
        Report-Watch
        Report objects $count
    }
}
$m = $medians.exoconnect
$memory = 1..10 | ForEach-Object { $m["megabytes$_"] }
$time = 1..10 | ForEach-Object { $m["seconds$_"] }
Write-Row $row 'million' ("{0} objects in {1} s; each tenth {2} to {3} s; working set {4} MB after the first tenth, {5} after the last" -f
    $m.objects, (Format-Figure $m.seconds '0'), (Format-Figure ($time | Measure-Object -Minimum).Minimum '0.0'), (Format-Figure ($time | Measure-Object -Maximum).Maximum '0.0'),
    (Format-Figure $memory[0] '0'), (Format-Figure $memory[-1] '0'))
