# Defining and importing the commands of a session, and what a call through one costs over Invoke-ExoCommand.
param(
    [Parameter(Mandatory)] [string] $TenantFile,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Floor,
    [int] $Runs = 5,
    [string] $Folder = [IO.Path]::GetTempPath()
)

Import-Module "$PSScriptRoot/Measure.psm1"
$row = New-Row -TenantFile $TenantFile -Module $Module -Floor $Floor -Runs $Runs -Folder $Folder

$env:EXOCONNECT_CACHE = Join-Path $Folder 'cache-commands'
$medians = Measure-Variant $row ([ordered]@{
    define = {
        Import-Module $Module
        # Both lists are on the disk by now, and everything but the commands is there: connections, tokens, views.
        Connect-Exo -CommandName Get-AcceptedDomain -Prefix Warm
        Connect-Exo -Prefix All; Disconnect-ExchangeOnline -ModulePrefix All -Confirm:$false
        $heap = Get-Heap
        Start-Watch
        Connect-Exo -CommandName Get-AcceptedDomain -Prefix Few
        $few = Stop-Watch
        # A prefix of its own: PowerShell keeps what it parsed of a text it has seen.
        Start-Watch
        Connect-Exo -Prefix Many
        Report milliseconds (((Stop-Watch) - $few) * 1000)
        Report megabytes ((Get-Heap) - $heap)
        Report commands @(Get-Command -Module ExoConnect.* -Name *-Many*).Count
    }
    call = {
        Import-Module $Module
        Connect-Exo
        $command = [Collections.Generic.List[double]]::new()
        $invoke = [Collections.Generic.List[double]]::new()
        for ($i = 0; $i -lt 400; $i++) {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $null = Get-AcceptedDomain
            $one = $watch.Elapsed.TotalMilliseconds
            $watch.Restart()
            $null = Invoke-ExoCommand Get-AcceptedDomain
            $other = $watch.Elapsed.TotalMilliseconds
            # The first ones are compiled as they run.
            if ($i -ge 100) { $command.Add($one); $invoke.Add($other) }
        }

        $command.Sort(); $invoke.Sort()
        Report command $command[150]
        Report invoke $invoke[150]
    }
})
$call = $medians.call
Write-Row $row 'commands' "$(Format-Figure $medians.define.milliseconds '0') ms, +$(Format-Figure $medians.define.megabytes '0.0') MB for $($medians.define.commands) commands; a call $(Format-Figure ($call.command - $call.invoke) '+0.00;-0.00') ms" "Invoke-ExoCommand $(Format-Figure $call.invoke) ms"
