# Registers nightly.ps1 with Windows' Task Scheduler. Run it once, elevated, after the certificate was put into LocalMachine\My and the account was
# given the right to read its key (certlm.msc, All Tasks, Manage Private Keys).
param(
    [Parameter(Mandatory)] [string] $AppId,
    [Parameter(Mandatory)] [string] $Organization,
    [Parameter(Mandatory)] [string] $CertificateThumbprint,

    # A group managed service account needs no password: contoso\exonightly$
    [Parameter(Mandatory)] [string] $Account,

    [string] $Script = (Join-Path (Split-Path $PSScriptRoot) 'nightly.ps1')
)

$ErrorActionPreference = 'Stop'
$signIn = "@{ AppId = '$AppId'; Organization = '$Organization'; CertificateThumbprint = '$CertificateThumbprint' }"
$action = @{
    Execute  = (Get-Command pwsh).Source
    Argument = "-NoProfile -NonInteractive -Command `"& '$Script' -SignIn $signIn; exit `$LASTEXITCODE`""
}
$settings = @{
    # Never two at once; a run that was missed is made up for; one that hangs is ended; a failed one is tried again.
    MultipleInstances  = 'IgnoreNew'
    StartWhenAvailable = $true
    ExecutionTimeLimit = New-TimeSpan -Hours 4
    RestartCount       = 3
    RestartInterval    = New-TimeSpan -Minutes 15
}
Register-ScheduledTask -TaskName 'ExoConnect nightly' -Action (New-ScheduledTaskAction @action) -Settings (New-ScheduledTaskSettingsSet @settings) `
    -Trigger (New-ScheduledTaskTrigger -Daily -At 03:00) -Principal (New-ScheduledTaskPrincipal -UserId $Account -LogonType Password)
