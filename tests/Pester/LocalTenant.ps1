# A local tenant for the tests of this folder, and a look at what goes to it.
#
# `dotnet test` runs every *.Tests.ps1 here in a PowerShell of its own, which it has restored. By hand, after `dotnet build`, in a PowerShell
# that has Pester 5:
#
#     pwsh -NoProfile -Command "Invoke-Pester ./tests/Pester/Session.Tests.ps1 -Output Detailed"
#
# `dotnet tool restore` brings such a PowerShell; `dotnet pwsh` starts it.
#
# A PowerShell that has imported the module keeps its files open and its sessions alive, so start a new one for every run.
# EXOCONNECT_TEST_MODULE (the module's folder) and EXOCONNECT_TEST_CLI (exoconnect.dll) say what to test; without them it is
# what the last build of this checkout left behind. Every tenant ends with the PowerShell that started it, however that ends.

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$root = Split-Path (Split-Path $PSScriptRoot)
$ExoModulePath = $env:EXOCONNECT_TEST_MODULE ? $env:EXOCONNECT_TEST_MODULE : (Join-Path $root 'out' 'ExoConnect')
$ExoCommandLine = $env:EXOCONNECT_TEST_CLI ? $env:EXOCONNECT_TEST_CLI : (
    Get-ChildItem (Join-Path $root 'src' 'ExoConnect.Cli' 'bin' '*' 'net10.0' 'exoconnect.dll') -ErrorAction Ignore |
        Sort-Object LastWriteTime | Select-Object -Last 1 -ExpandProperty FullName)
if (-not (Test-Path $ExoModulePath) -or -not $ExoCommandLine) {
    throw "There is nothing to test: run 'dotnet build' in $root first."
}

# Lists of cmdlets must not outlive a test, nor come from the developer's own sessions.
$env:EXOCONNECT_CACHE = Join-Path ([IO.Path]::GetTempPath()) "exoconnect-pester-$PID"

# Modules that are installed on this machine, an ExoConnect among them, are not for the tests to find.
$env:PSModulePath = Join-Path $PSHOME 'Modules'

# What is running; of the process, since this file is read once in each test file.
$script:LocalTenants = [Collections.Generic.List[object]]::new()

# Runs a file or a command in a fresh PowerShell of the same version, and returns what it writes. The program of this process is `dotnet` where
# PowerShell is a .NET tool.
function Invoke-FreshPowerShell {
    param([string] $File, [string] $Command)

    $program = [Environment]::ProcessPath
    $assembly = @(if ((Split-Path $program -LeafBase) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })
    $what = $Command ? @('-Command', $Command) : @('-File', $File)
    & $program @assembly -NoProfile -NonInteractive @what 2>&1
}

function Import-ExoConnect {
    Import-Module (Join-Path $ExoModulePath 'ExoConnect.psd1') -Global -Force
}

# Starts a tenant and returns its description, as `exoconnect tenant start --json` prints it, with the parameters for Connect-* in Splat.
function Start-LocalTenant {
    param(
        [int] $Mailboxes = 100,
        [int] $Latency,
        [string[]] $Role,
        # Rules as the faults file has them, as hashtables.
        [hashtable[]] $Fault,
        [string[]] $Arguments
    )

    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    foreach ($argument in @($ExoCommandLine, 'tenant', 'start', '--json', '--until-stdin-closes', '--mailboxes', $Mailboxes)) {
        $start.ArgumentList.Add($argument)
    }

    if ($Latency) { $start.ArgumentList.Add('--latency'); $start.ArgumentList.Add($Latency) }
    foreach ($name in $Role) { $start.ArgumentList.Add('--role'); $start.ArgumentList.Add($name) }
    $faults = $null
    if ($Fault) {
        $faults = Join-Path ([IO.Path]::GetTempPath()) "exoconnect-faults-$([guid]::NewGuid()).json"
        ConvertTo-Json @{ faults = $Fault } -Depth 5 | Set-Content $faults
        $start.ArgumentList.Add('--faults')
        $start.ArgumentList.Add($faults)
    }

    foreach ($argument in $Arguments) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.UseShellExecute = $false
    $process = [Diagnostics.Process]::Start($start)
    try {
        $line = $process.StandardOutput.ReadLineAsync()
        if (-not $line.Wait(60000) -or -not $line.Result) {
            if (-not $process.HasExited) { $process.Kill() }
            throw "The local tenant did not start: $($process.StandardError.ReadToEnd())"
        }
    }
    finally {
        if ($faults) { Remove-Item $faults }
    }

    $tenant = $line.Result | ConvertFrom-Json
    Add-Member -InputObject $tenant -NotePropertyMembers @{
        Process  = $process
        Password = ConvertTo-SecureString $tenant.pfxPassword -AsPlainText -Force
    }
    Add-Member -InputObject $tenant -NotePropertyMembers @{
        Splat = @{
            AppId                   = $tenant.appId
            Organization            = $tenant.organization
            CertificateFilePath     = $tenant.pfxPath
            CertificatePassword     = $tenant.Password
            ExchangeEnvironmentName = $tenant.environmentFile
        }
    }
    $script:LocalTenants.Add($tenant)
    $tenant
}

# Ends a tenant, or all of this file's.
function Stop-LocalTenant {
    param([object[]] $Tenant = $script:LocalTenants.ToArray())

    foreach ($one in $Tenant) {
        # The end of its input is how it is told; it takes its state folder with it.
        $one.Process.StandardInput.Close()
        if (-not $one.Process.WaitForExit(10000)) { $one.Process.Kill() }
        $one.Process.Dispose()
        $null = $script:LocalTenants.Remove($one)
    }
}

# Ends everything that a test file has begun.
function Stop-All {
    if (Get-Command Disconnect-ExchangeOnline -ErrorAction Ignore) { Disconnect-ExchangeOnline -Confirm:$false }
    Stop-LocalTenant
    Remove-Item $env:EXOCONNECT_CACHE -Recurse -ErrorAction Ignore
}

# Begins to note every request that leaves this process, before it is encrypted: [ExoWire]::Requests.
function Watch-Wire {
    if (-not ('ExoWire' -as [type])) {
        Add-Type -TypeDefinition @'
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;

public sealed class ExoRequest
{
    public string Uri { get; internal set; }
    public string Cmdlet { get; internal set; }
    public string Body { get; internal set; }
    public Dictionary<string, string> Headers { get; internal set; }
    public string End { get; internal set; }
    internal HttpRequestMessage Message;
}

public sealed class ExoWire : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object>>
{
    private static readonly ConcurrentQueue<ExoRequest> Seen = new ConcurrentQueue<ExoRequest>();

    public static ExoRequest[] Requests { get { return Seen.ToArray(); } }

    public static void Clear() { Seen.Clear(); }

    public static void Start() { DiagnosticListener.AllListeners.Subscribe(new ExoWire()); }

    public void OnNext(DiagnosticListener listener)
    {
        if (listener.Name == "HttpHandlerDiagnosticListener") { listener.Subscribe(this); }
    }

    public void OnNext(KeyValuePair<string, object> what)
    {
        if (what.Key == "System.Net.Http.HttpRequestOut.Start")
        {
            var message = (HttpRequestMessage)Get(what.Value, "Request");
            var headers = message.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
            headers.Remove("Authorization");
            string cmdlet;
            if (!headers.TryGetValue("X-CmdletName", out cmdlet) && message.RequestUri.AbsolutePath.Contains("/adminapi/"))
            {
                // The start of a session is no cmdlet's call.
                cmdlet = message.RequestUri.Segments.Last().Split('(')[0];
            }

            Seen.Enqueue(new ExoRequest
            {
                Uri = message.RequestUri.ToString(),
                Cmdlet = cmdlet,
                Headers = headers,
                Body = message.Content == null ? "" : message.Content.ReadAsStringAsync().GetAwaiter().GetResult(),
                Message = message,
            });
        }
        else if (what.Key == "System.Net.Http.HttpRequestOut.Stop")
        {
            var message = Get(what.Value, "Request");
            var request = Seen.FirstOrDefault(r => ReferenceEquals(r.Message, message));
            if (request != null) { request.End = Get(what.Value, "RequestTaskStatus").ToString(); request.Message = null; }
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    private static object Get(object of, string name) { return of.GetType().GetProperty(name).GetValue(of); }
}
'@
        [ExoWire]::Start()
    }

    [ExoWire]::Clear()
}

# The requests of a cmdlet since Watch-Wire.
function Get-WireRequest {
    param([string] $Cmdlet = '*')

    [ExoWire]::Requests.Where{ $_.Cmdlet -like $Cmdlet }
}

# The parameters that the last request of a cmdlet carried.
function Get-WireParameter {
    param([string] $Cmdlet)

    $last = @(Get-WireRequest $Cmdlet)[-1]
    ($last.Body | ConvertFrom-Json -AsHashtable -DateKind String).CmdletInput.Parameters
}
