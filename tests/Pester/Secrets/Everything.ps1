# Signs in in every way, runs a spread of cmdlets, good and bad, and tells everything that PowerShell and the module can tell, at the highest level.
# What it says and leaves behind is then searched for secrets: see ../Secrets.Tests.ps1. It runs in a PowerShell of its own.
param([string] $Given, [string] $Out)

$ErrorActionPreference = 'Continue'
$VerbosePreference = $DebugPreference = $InformationPreference = $WarningPreference = 'Continue'
$g = Get-Content $Given -Raw | ConvertFrom-Json
$tenant = $g.tenant
function Get-Secure([string] $Text) { ConvertTo-SecureString $Text -AsPlainText -Force }

# Spans and measurements as an exporter gets them.
Add-Type -TypeDefinition @'
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq;
public static class Telemetry
{
    public static readonly ConcurrentQueue<string> Seen = new ConcurrentQueue<string>();
    public static void Listen()
    {
        ActivitySource.AddActivityListener(new ActivityListener {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => Add(a.OperationName + " " + a.DisplayName, a.TagObjects.Concat(a.Events.SelectMany(e => e.Tags))),
        });
        var meters = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter.Name == "ExoConnect") l.EnableMeasurementEvents(i); } };
        meters.SetMeasurementEventCallback<double>((i, v, tags, _) => Add(i.Name, tags.ToArray()));
        meters.SetMeasurementEventCallback<long>((i, v, tags, _) => Add(i.Name, tags.ToArray()));
        meters.Start();
    }
    private static void Add(string name, IEnumerable<KeyValuePair<string, object>> tags)
    {
        Seen.Enqueue(name + " " + string.Join(";", tags.Select(t => t.Key + "=" + t.Value)));
    }
}
'@
[Telemetry]::Listen()

$null = Start-Transcript (Join-Path $Out transcript.txt) -IncludeInvocationHeader
Import-Module $g.module
$there = @{ ExchangeEnvironmentName = $tenant.environmentFile; CommandName = 'Get-Mailbox', 'Set-Mailbox', 'New-Mailbox'; NoCache = $true }
$log = @{ EnableErrorReporting = $true; LogDirectoryPath = (Join-Path $Out log); LogLevel = 'All' }
$app = $there + $log + @{ AppId = $tenant.appId; Organization = $tenant.organization }
$user = $tenant.administrator.userPrincipalName

# All that an object shows; of a text that is itself.
filter Write-Whole { $_ -is [string] ? $_ : ($_ | Format-List * -Force | Out-String -Width 4000) }

# Runs something and writes all of its streams, and what ends it.
function Step([string] $Name, [scriptblock] $Script) {
    Write-Output "=== $Name"
    foreach ($statement in $Script.Ast.EndBlock.Statements) {
        try { . ([scriptblock]::Create($statement.Extent.Text)) *>&1 | Write-Whole }
        catch { $_ | Write-Whole }
    }
}

function Use-Session([string] $Name, [scriptblock] $Connect) {
    Step $Name $Connect
    $parameter = Get-Secure $g.canaries.parameter
    $credential = [pscredential]::new('user', (Get-Secure $g.canaries.credential))
    Step "$Name, reads" {
        Get-Mailbox -ResultSize 1
        Get-Mailbox nobody
        Get-EXOMailbox -ResultSize 1
        Get-ConnectionInformation
        Get-ExoAccessToken Graph
        Get-ExoAccessToken Graph -Decode
        Invoke-ExoRequest '/v1.0/organization'
    }
    Step "$Name, changes" {
        New-Mailbox -Name canary -Password $parameter
        Set-Mailbox adele.vance -RoomMailboxPassword $parameter
        Set-Mailbox nobody -Password $parameter
        Invoke-ExoCommand Set-Mailbox @{ Identity = 'adele.vance'; Credential = $credential; Password = $parameter }
        @{ Name = 'Set-Mailbox'; Parameters = @{ Identity = 'nobody'; Password = $parameter } } | ForEach-Object { [pscustomobject]$_ } |
            Invoke-ExoCommand -CheckpointPath (Join-Path $Out "checkpoint-$Name")
        Invoke-ExoRequest '/v1.0/users' -Method Post -Body @{ passwordProfile = @{ password = $g.canaries.parameter } }
        Invoke-ExoRequest '/v1.0/users' -Headers @{ Authorization = "Bearer $($g.canaries.header)" }
        Invoke-ExoRequest "https://user:$($g.canaries.address)@graph.microsoft.com/v1.0/users"
    }

    # For whoever looks for them.
    foreach ($resource in 'Exchange', 'Graph') {
        try { Get-ExoAccessToken $resource -AsPlainText 4>$null 5>$null | Add-Content $g.tokens } catch { $null = $_ }
    }

    Step "$Name, end" { Disconnect-ExchangeOnline -Confirm:$false }
}

Use-Session certificate { Connect-ExchangeOnline @app -CertificateFilePath $tenant.pfxPath -CertificatePassword (Get-Secure $tenant.pfxPassword) }
Use-Session secret { Connect-ExchangeOnline @app -ClientSecret (Get-Secure $tenant.clientSecret) }
Use-Session token { Connect-ExchangeOnline @there @log -AccessToken (Get-Content $g.tokens)[0] }
$env:EXOCONNECT_APPID = $tenant.appId
Use-Session credential { Connect-ExchangeOnline @there @log -Credential ([pscredential]::new($user, (Get-Secure $tenant.administrator.password))) }
$env:EXOCONNECT_APPID = $null
($env:IDENTITY_ENDPOINT, $env:IDENTITY_HEADER) = ($tenant.platform.identityEndpoint, $tenant.platform.identityHeader)
Use-Session identity { Connect-ExchangeOnline @there @log -ManagedIdentity }
($env:IDENTITY_ENDPOINT, $env:IDENTITY_HEADER) = ($null, $null)
$env:ACTIONS_ID_TOKEN_REQUEST_URL = $tenant.platform.federationEndpoint
$env:ACTIONS_ID_TOKEN_REQUEST_TOKEN = $tenant.platform.federationRequestToken
Use-Session workload { Connect-ExchangeOnline @app -WorkloadIdentity }
($env:ACTIONS_ID_TOKEN_REQUEST_URL, $env:ACTIONS_ID_TOKEN_REQUEST_TOKEN) = ($null, $null)
($env:AZURE_CLIENT_ID, $env:AZURE_TENANT_ID, $env:AZURE_CLIENT_SECRET) = ($tenant.appId, $tenant.tenantId, $tenant.clientSecret)
Use-Session default { Connect-ExchangeOnline @there @log -DefaultCredential }

# What is refused.
Step 'wrong secrets' {
    $wrong = Get-Secure $g.canaries.wrong
    Connect-ExchangeOnline @app -CertificateFilePath $tenant.pfxPath -CertificatePassword $wrong
    Connect-ExchangeOnline @app -ClientSecret $wrong
    Connect-ExchangeOnline @there @log -AccessToken $g.canaries.wrong
    Connect-ExchangeOnline @there @log -AccessToken $tenant.administrator.graphToken
    Connect-ExchangeOnline @there @log -AppId $tenant.appId -Credential ([pscredential]::new($user, $wrong))
    $env:AZURE_CLIENT_SECRET = $g.canaries.wrong
    Connect-ExchangeOnline @there @log -DefaultCredential -NonInteractive
    $env:AZURE_CLIENT_SECRET = $null
    Connect-ExchangeOnline @there @log -DefaultCredential -NonInteractive
    New-ExoCertificate -Subject canary -Path (Join-Path $Out canary.pfx) -Password (Get-Secure $g.canaries.parameter)
}
Step 'proxy' {
    # Nobody listens there, so nothing leaves this machine.
    $env:HTTPS_PROXY = $env:ALL_PROXY = "http://user:$($g.canaries.proxy)@127.0.0.1:9"
    Connect-ExchangeOnline -AppId $tenant.appId -Organization $tenant.organization -ClientSecret (Get-Secure $tenant.clientSecret) @log
}

Step 'errors' { $Error; foreach ($e in $Error) { "$($e.Exception)" } }
Step 'log' { Get-ExoLog -Path (Join-Path $Out log) }
Step 'telemetry' { [Telemetry]::Seen.ToArray() }
Step 'processes' { [Environment]::CommandLine; if ($IsLinux) { (Get-Content "/proc/$PID/cmdline" -Raw) -replace "`0", ' ' } }
$null = Stop-Transcript
