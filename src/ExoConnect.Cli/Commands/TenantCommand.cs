using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect tenant start</c> and <c>stop</c>: the local tenant, until something ends it.</summary>
internal sealed class TenantCommand
{
    /// <summary>Tells the process in the background where to write its note.</summary>
    private const string NoteOption = "--detached";

    /// <summary>No timer runs longer than this, and no local tenant.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly Option<int?> _port = OptionTypes.Number("--port", "N", "The port on 127.0.0.1. Default: any free one.", 0, 65535);
    private readonly Option<int?> _mailboxes = OptionTypes.Number("--mailboxes", "N", "How many mailboxes it has. Default: 100.", 0, int.MaxValue);
    private readonly Option<int?> _latency = OptionTypes.Latency();
    private readonly Option<string> _faults = OptionTypes.Text("--faults", "FILE", "A JSON file of faults to make.");
    private readonly Option<string> _catalog = OptionTypes.Text("--catalog", "FILE", "A JSON file of cmdlets to offer instead of the built-in ones.");
    private readonly Option<string> _module = OptionTypes.Text(
        "--module", "FILE", "The text of a PowerShell module to send to Exchange Online sessions, as it is, in place of the tenant's own.");

    private readonly Option<string[]> _names = OptionTypes.Texts("--name", "HOST", "A DNS name for the server certificate; may be repeated.");
    private readonly Option<string> _state = OptionTypes.Text(
        "--state", "DIR",
        "Keep certificates and ids in this folder, so that clients work again after a restart. Default: a folder that ends with the tenant.");

    private readonly Option<string> _organization = OptionTypes.Text(
        "--organization", "DOMAIN", "Its initial domain. Default: contoso.onmicrosoft.com.");
    private readonly Option<string[]> _roles = OptionTypes.Texts(
        "--role", "NAME", "A directory role of the registered app; may be repeated. Default: Global Administrator.");

    private readonly Option<string[]> _permissions = OptionTypes.Texts(
        "--permission", "NAME", "A further application permission of the registered app, such as Directory.Read.All; may be repeated.");

    private readonly Option<string[]> _domains = OptionTypes.Texts("--domain", "DOMAIN", "A further verified domain; may be repeated.");
    private readonly Option<bool> _empty = OptionTypes.Switch("--empty", "Register no app: an administrator has to, as in a new tenant.");
    private readonly Option<TimeSpan?> _replicationDelay = OptionTypes.Duration(
        "--replication-delay", "TIME", "How long what is made over Graph stays unknown to sign-in and the next request. Default: not at all.");

    private readonly Option<bool> _approveDeviceCodes = OptionTypes.Switch(
        "--approve-device-codes", "Sign the administrator in for every device code at once, instead of waiting at the page /device.");

    private readonly Option<TimeSpan?> _tokenLifetime = OptionTypes.Duration(
        "--token-lifetime", "TIME", "How long tokens are good for, as in 90s or 10m. Default: 60m.");
    private readonly Option<int?> _throttle = OptionTypes.Number(
        "--throttle", "N", "Requests a second an app may send before it gets 429. Default: no limit.", 0, int.MaxValue);
    private readonly Option<TimeSpan?> _duration = OptionTypes.Duration("--duration", "TIME", "Stop after this time.");
    private readonly Option<bool> _untilInputEnds = OptionTypes.Switch(
        "--until-stdin-closes", "Stop when standard input ends, so that it never outlives the script that started it.");
    private readonly Option<bool> _detach = OptionTypes.Switch(
        "--detach", "Go on in the background, until exoconnect tenant stop or the end of --duration, which is 1h then unless you say otherwise.");

    private readonly Option<string> _note = new(NoteOption) { Hidden = true };
    private readonly Option<bool> _json = OptionTypes.Switch("--json", "Print one line of JSON instead of words.");

    private readonly CliHost _host;

    private TenantCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host, Messenger messenger)
    {
        var tenant = new TenantCommand(host);
        var start = new DocumentedCommand("start", "Start a tenant on this machine, and stop it with Ctrl+C, or let it go on in the background.")
        {
            Usage = "tenant start [options]",
            Details =
            [
                "Entra ID, Exchange Online, Security & Compliance and Graph on one port of 127.0.0.1, with a certificate authority of their own "
                + "that nothing else has to trust. What it prints is all a client needs; it holds the password of a certificate that opens "
                + "nothing else.",
            ],
            Examples =
            [
                "exoconnect tenant start",
                "exoconnect tenant start --detach --json > tenant.json",
                "exoconnect tenant start --port 8443 --state ./tenant --mailboxes 100000 --latency 40",
                "exoconnect tenant start --empty --replication-delay 5s",
                "exoconnect tenant start --json --until-stdin-closes",
            ],
            Options =
            {
                tenant._port, tenant._mailboxes, tenant._latency, tenant._faults, tenant._catalog, tenant._module, tenant._names, tenant._state,
                    tenant._organization,
                tenant._domains, tenant._roles, tenant._permissions, tenant._empty, tenant._replicationDelay, tenant._approveDeviceCodes,
                tenant._tokenLifetime,
                tenant._throttle, tenant._duration, tenant._untilInputEnds, tenant._detach, tenant._json, tenant._note,
            },
        };
        start.SetAction((parsed, token) => tenant.RunAsync(parsed, messenger, token));
        var stop = new DocumentedCommand("stop", "Stop every tenant that was started with --detach.")
        {
            Usage = "tenant stop",
            Examples = ["exoconnect tenant stop"],
        };
        stop.SetAction((_, token) => StopAsync(host, token));
        return new DocumentedCommand("tenant", "A whole tenant on this machine, to try things on.")
        {
            Usage = "tenant start|stop [options]",
            Subcommands = { start, stop },
        };
    }

    private static async Task<int> StopAsync(CliHost host, CancellationToken cancellationToken)
    {
        var count = await DetachedTenant.StopAllAsync(host, cancellationToken).ConfigureAwait(false);
        host.Output.WriteLine(count switch
        {
            0 => "No tenant is running that was started with --detach.",
            1 => "The local tenant has stopped.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{count} local tenants have stopped."),
        });
        return ExitCodes.Success;
    }

    private async Task<int> RunAsync(ParseResult parsed, Messenger messenger, CancellationToken cancellationToken)
    {
        var note = parsed.GetValue(_note);
        messenger.Progress("Starting");
        if (parsed.GetValue(_detach))
        {
            if (parsed.GetValue(_untilInputEnds))
            {
                throw new UsageException("--detach and --until-stdin-closes exclude each other.", "Leave one of them out.");
            }

            // The original arguments, so that it parses them as this process has.
            var words = parsed.Tokens.Select(t => t.Value).Where(w => w != _detach.Name);
            var code = await DetachedTenant.StartAsync(words, NoteOption, _host, cancellationToken).ConfigureAwait(false);
            messenger.Progress(null);
            return code;
        }

        var tenant = await Tenant.StartAsync(Options(parsed), cancellationToken).ConfigureAwait(false);
        await using (tenant.ConfigureAwait(false))
        {
            messenger.Progress(null);
            var description = tenant.Describe();
            try
            {
                if (note is not null)
                {
                    DetachedTenant.Register(note);
                }

                _host.Output.Write(parsed.GetValue(_json) ? Json(description) : Words(description, note is not null));
                if (note is not null)
                {
                    _host.Output.WriteLine(DetachedTenant.EndOfDescription);
                }

                await _host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
                messenger.Hint("Stop it with Ctrl+C.");
                var duration = parsed.GetValue(_duration) ?? (note is null ? null : DetachedTenant.DefaultDuration);
                await WaitAsync(duration, parsed.GetValue(_untilInputEnds), note, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // A reader of the tenant's address may end it at once, before the write has returned.
            }
            finally
            {
                if (note is not null)
                {
                    File.Delete(note);
                }
            }
        }

        return ExitCodes.Success;
    }

    /// <summary>Lines to copy, in the shell's and in PowerShell's quoting, which are the same for text without quotes.</summary>
    private static (string Cli, string Module) Commands(TenantDescription tenant) => tenant.AppId is null ? SetUp(tenant) : (
        $"exoconnect connect --app-id {tenant.AppId} --organization {tenant.Organization} --certificate {Quote(tenant.PemPath)} "
        + $"--environment {Quote(tenant.EnvironmentFile)}",
        $"Connect-ExchangeOnline -AppId {tenant.AppId} -Organization {tenant.Organization} -CertificateFilePath {Quote(tenant.PfxPath)} "
        + $"-CertificatePassword (ConvertTo-SecureString '{tenant.PfxPassword}' -AsPlainText -Force) -ExchangeEnvironmentName "
        + $"{Quote(tenant.EnvironmentFile)}");

    /// <summary>The first command if there is no application.</summary>
    private static (string Cli, string Module) SetUp(TenantDescription tenant) => (
        $"exoconnect app register --display-name nightly --organization {tenant.Organization} --no-password "
        + $"--access-token-file {Quote(tenant.Administrator.GraphTokenFile)} --environment {Quote(tenant.EnvironmentFile)}",
        $"Register-ExoApplication nightly -Organization {tenant.Organization} -NoPassword "
        + $"-AccessToken (ConvertTo-SecureString (Get-Content {Quote(tenant.Administrator.GraphTokenFile)} -Raw) -AsPlainText -Force) "
        + $"-ExchangeEnvironmentName {Quote(tenant.EnvironmentFile)}");

    private static string Quote(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '\\' or '.' or ':' or '-' or '_') ? path
        : $"'{path}'";

    private static string Words(TenantDescription tenant, bool isDetached)
    {
        var (cli, module) = Commands(tenant);
        return $"""
            A local tenant is running.

            {tenant.ToText().ReplaceLineEndings("\n")}
            In this shell:
              {cli}

            In PowerShell:
              {module}

            """.ReplaceLineEndings("\n") + (isDetached ? "\nIt runs in the background. Stop it with: exoconnect tenant stop\n" : "");
    }

    private static string Json(TenantDescription tenant)
    {
        var (cli, module) = Commands(tenant);
        var json = JsonNode.Parse(tenant.ToJson())!.AsObject();
        json["commands"] = new JsonObject { ["cli"] = cli, ["module"] = module };
        json["processId"] = Environment.ProcessId;
        return json.ToJsonString(new JsonSerializerOptions { Encoder = ValueText.JsonOptions.Encoder }) + "\n";
    }

    private TenantOptions Options(ParseResult parsed)
    {
        var defaults = new TenantOptions();
        return defaults with
        {
            Port = parsed.GetValue(_port) ?? defaults.Port,
            Mailboxes = parsed.GetValue(_mailboxes) ?? defaults.Mailboxes,
            Latency = TimeSpan.FromMilliseconds(parsed.GetValue(_latency) ?? 0),
            ApproveDeviceCodesAs = parsed.GetValue(_approveDeviceCodes) ? $"admin@{parsed.GetValue(_organization) ?? defaults.Organization}" : null,
            TokenLifetime = parsed.GetValue(_tokenLifetime) ?? defaults.TokenLifetime,
            RequestsPerSecond = parsed.GetValue(_throttle) ?? defaults.RequestsPerSecond,
            Organization = parsed.GetValue(_organization) ?? defaults.Organization,
            Roles = parsed.GetValue(_roles) is { Length: > 0 } roles ? roles : defaults.Roles,
            Permissions = parsed.GetValue(_permissions) ?? [],
            Names = parsed.GetValue(_names) ?? [],
            OtherDomains = parsed.GetValue(_domains) ?? [],
            HasApplication = !parsed.GetValue(_empty),
            ReplicationDelay = parsed.GetValue(_replicationDelay) ?? TimeSpan.Zero,
            StateDirectory = Path(_state),
            CatalogFile = Path(_catalog),
            ModuleFile = Path(_module),
            FaultsFile = Path(_faults),
        };

        string? Path(Option<string> option) => parsed.GetValue(option) is { } path ? UserPath.Full(path, _host) : null;
    }

    /// <summary>Ctrl+C is the usual end of a tenant, so it isn't a failure.</summary>
    private async Task WaitAsync(TimeSpan? duration, bool untilInputEnds, string? note, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ends = new List<Task> { Task.Delay(duration < LongestWait ? duration.Value : Timeout.InfiniteTimeSpan, over.Token) };
        if (untilInputEnds)
        {
            ends.Add(_host.InputEnd(over.Token));
        }

        if (note is not null)
        {
            ends.Add(DetachedTenant.WaitForStopAsync(note, over.Token));
        }

        await (await Task.WhenAny(ends).ConfigureAwait(false)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync().ConfigureAwait(false);
    }
}
