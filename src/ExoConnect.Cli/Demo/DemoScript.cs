using System.Diagnostics;
using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;
using Spectre.Console;

namespace ExoConnect.Cli.Demo;

/// <summary>The demonstration: each step runs against a tenant that is started for it.</summary>
internal sealed class DemoScript : IDisposable
{
    private const string Attribute = "CustomAttribute1";

    private static readonly string[] MailboxColumns = ["DisplayName", "PrimarySmtpAddress", "RecipientTypeDetails"];
    private static readonly string[] LabelColumns = ["DisplayName", "Priority", "Disabled"];

    private readonly CliHost _host;
    private readonly IAnsiConsole _console;
    private readonly Messenger _messages;
    private readonly Stopwatch _total = Stopwatch.StartNew();

    /// <summary>Makes the demonstration.</summary>
    /// <param name="host">The host.</param>
    /// <param name="messenger">The program's own, with its level of detail.</param>
    public DemoScript(CliHost host, Messenger messenger)
    {
        _host = host;
        _console = host.Ansi(onError: false);

        // Errors are a part of the demonstration: they go to the same output, in order.
        _messages = new Messenger(
            host with { Error = host.Output, IsErrorTerminal = host.IsOutputTerminal, IsInputTerminal = false })
        { IsVerbose = messenger.IsVerbose };
    }

    /// <summary>Runs it.</summary>
    /// <param name="latency">The latency added to every response of the services.</param>
    /// <param name="cancellationToken">Ends it early; everything is still cleaned up.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(TimeSpan latency, CancellationToken cancellationToken)
    {
        Title("ExoConnect, on this machine alone");
        string? folder = null;
        try
        {
            var tenant = await StepAsync("Start a local tenant", () =>
                Tenant.StartAsync(new TenantOptions { Latency = latency }, cancellationToken), t => t.ToString()).ConfigureAwait(false);
            folder = tenant.StateDirectory;
            await using (tenant.ConfigureAwait(false))
            {
                await PlayAsync(tenant, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is StepFailedException or ExoException)
        {
            if (e is ExoException failure)
            {
                _messages.Error(failure);
            }

            _console.MarkupLine("\n[red]The demonstration failed at the step above.[/]");
            await _host.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return ExitCodes.Failed;
        }

        if (Directory.Exists(folder))
        {
            _console.MarkupLine($"\n[red]The folder {Markup.Escape(folder)} could not be removed.[/]");
            return ExitCodes.Failed;
        }

        Title(string.Create(CultureInfo.InvariantCulture, $"Stopped; nothing is left behind. {_total.Elapsed.TotalSeconds:0.0} s"));
        _console.MarkupLine("[grey]Your own try: exoconnect tenant start, then the two lines it prints.[/]");
        return ExitCodes.Success;
    }

    /// <summary>Ends the line of progress.</summary>
    public void Dispose() => _messages.Dispose();

    private async Task PlayAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var registry = new SessionRegistry();
        try
        {
            using var password = Secret(tenant.PfxPassword);
            var pfx = new CertificateSource.File(tenant.PfxPath, password);
            var exchange = await ConnectAsync("Sign in to Exchange Online with a PFX file", pfx, ExoService.ExchangeOnline).ConfigureAwait(false);

            // The certificate is in the store for this one step.
            using (var entry = await StepAsync(
                "Put its certificate into the store, for a moment", () => Task.FromResult(
                    new TemporaryStoreEntry(tenant.PfxPath, tenant.PfxPassword)), e => e.Thumbprint)
                .ConfigureAwait(false))
            {
                await ConnectAsync("Sign in by its thumbprint", new CertificateSource.Thumbprint(entry.Thumbprint),
                    ExoService.ExchangeOnline).ConfigureAwait(false);
            }

            using (var certificate = X509CertificateLoader.LoadPkcs12FromFile(tenant.PfxPath, tenant.PfxPassword, X509KeyStorageFlags.DefaultKeySet))
            {
                await ConnectAsync("Sign in with a certificate object", new CertificateSource.Instance(certificate),
                    ExoService.ExchangeOnline).ConfigureAwait(false);
            }

            var mailboxes = await CmdletAsync(
                exchange, Request("Get-Mailbox", MailboxColumns, ("ResultSize", "5")), cancellationToken).ConfigureAwait(false);
            var address = Property(mailboxes.FirstOrDefault(), "PrimarySmtpAddress") ?? throw Failed(
                "Get-Mailbox returned no mailbox with an address.");
            var text = string.Create(CultureInfo.InvariantCulture, $"changed at {DateTime.Now:HH:mm:ss}");
            await CmdletAsync(exchange, Request("Set-Mailbox", [], ("Identity", address), (Attribute, text)), cancellationToken).ConfigureAwait(
                false);
            var changed = await CmdletAsync(
                exchange, Request("Get-Mailbox", ["PrimarySmtpAddress", Attribute], ("Identity", address)), cancellationToken).ConfigureAwait(false);
            if (Property(changed.FirstOrDefault(), Attribute) != text)
            {
                throw Failed("The mailbox does not have the value that was set.");
            }

            var compliance = await ConnectAsync(
                "Sign in to Security & Compliance, with a token of its own", pfx, ExoService.SecurityCompliance).ConfigureAwait(false);
            await CmdletAsync(compliance, Request("Get-Label", LabelColumns), cancellationToken).ConfigureAwait(false);
            await ShowErrorAsync(exchange, Request("Get-Mailbox", [], ("Identity", "nobody@" + tenant.Organization)), cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            registry.Sessions.ToList().ForEach(registry.Disconnect);
        }

        Task<ExoSession> ConnectAsync(string title, CertificateSource certificate, ExoService service) => StepAsync(
            title,
            () => SessionConnector.ConnectAsync(
                new ConnectOptions
                {
                    Service = service,
                    Environment = ExoEnvironments.Resolve(tenant.EnvironmentFile, null, null, service),
                    Organization = tenant.Organization,
                    AppId = tenant.AppId.ToString(),
                    SignIn = new SignInMethod.Certificate(certificate),
                    Catalog = CatalogUse.Uncached,
                },
                _messages,
                registry,
                cancellationToken),
            session => string.Create(CultureInfo.InvariantCulture, $"{session.Catalog.Cmdlets.Count} cmdlets"));
    }

    /// <summary>Runs a cmdlet as a step, and shows its response as the program would.</summary>
    private async Task<List<object>> CmdletAsync(ExoSession session, CmdletRequest request, CancellationToken cancellationToken)
    {
        var objects = await StepAsync(
            Command(session, request),
            async () =>
            {
                List<object> all = [];
                await foreach (var chunk in session.InvokeAsync(request, _messages, cancellationToken).ConfigureAwait(false))
                {
                    if (chunk.Errors is [var error, ..])
                    {
                        throw error;
                    }

                    all.AddRange(chunk.Objects);
                }

                return all;
            },
            _ => "").ConfigureAwait(false);
        if (objects.Count > 0)
        {
            using var lines = new MemoryStream();
            var buffer = new CliOutput(lines);
            var table = new TableObjectWriter(buffer, request.Properties, _host.IsOutputTerminal ? _host.Width - 4 : null, h => h);
            objects.ForEach(item => table.Write(item));
            table.End(complete: true);
            await buffer.FlushAsync(cancellationToken).ConfigureAwait(false);
            foreach (var line in buffer.Encoding.GetString(lines.GetBuffer(), 0, (int)lines.Length).TrimEnd('\n').Split('\n'))
            {
                _host.Output.WriteLine("    " + line);
            }

            await _host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return objects;
    }

    /// <summary>Runs a cmdlet that fails, and shows the error as a user sees it.</summary>
    private async Task ShowErrorAsync(ExoSession session, CmdletRequest request, CancellationToken cancellationToken)
    {
        var failure = await StepAsync(
            Command(session, request),
            async () =>
            {
                try
                {
                    await foreach (var chunk in session.InvokeAsync(request, _messages, cancellationToken).ConfigureAwait(false))
                    {
                        if (chunk.Errors is [ExoException error, ..])
                        {
                            return error;
                        }
                    }
                }
                catch (ExoException e) when (e.Category == ExoErrorCategory.ObjectNotFound)
                {
                    return e;
                }

                throw Failed("A mailbox that does not exist was found.");
            },
            _ => "an error, as you would see it").ConfigureAwait(false);
        _messages.Error(failure);
    }

    private async Task<T> StepAsync<T>(string title, Func<Task<T>> act, Func<T, string> detail)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var result = await act().ConfigureAwait(false);
            var more = detail(result);
            _console.MarkupLine(string.Create(
                CultureInfo.InvariantCulture,
                $"[green]✓[/] {Markup.Escape(title)}{(more.Length > 0 ? $" [grey]· {Markup.Escape(more)}[/]" : "")} [grey]· "
                    + $"{watch.ElapsedMilliseconds} ms[/]"));
            return result;
        }
        catch (Exception e) when (e is not (OperationCanceledException or ClosedPipeException))
        {
            _console.MarkupLine($"[red]✗[/] {Markup.Escape(title)}");
            switch (e)
            {
                case ExoException failure:
                    _messages.Error(failure);
                    break;
                case TenantException failure:
                    _messages.Error(failure.Message, failure.Remedy);
                    break;
                case CryptographicException:
                    _messages.Error(e.Message, "The account needs a certificate store of its own; on Linux and macOS .NET keeps it in the home "
                        + "folder, which has to be writable.");
                    break;
                case IOException or UnauthorizedAccessException:
                    _messages.Error(e.Message);
                    break;
                default:
                    throw;
            }

            throw new StepFailedException();
        }
    }

    private void Title(string text)
    {
        _console.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
        _host.Output.Flush();
    }

    private static ExoException Failed(string message) => new(message) { ErrorId = CliErrorIds.DemoFailed };

    private static CmdletRequest Request(string name, IReadOnlyList<string> properties, params (string Name, string Value)[] parameters) => new()
    {
        Name = name,
        Properties = properties,
        Parameters = parameters.ToDictionary(p => p.Name, p => (object?)p.Value),
    };

    /// <summary>The command that does the same.</summary>
    private static string Command(ExoSession session, CmdletRequest request) => string.Join(' ', (string[])
    [
        "exoconnect run", request.Name, .. session.Description.Service == ExoService.SecurityCompliance ? ["--service compliance"]
            : Array.Empty<string>(),
        .. request.Parameters.Select(p => $"--{p.Key} {(p.Value!.ToString()!.Contains(' ', StringComparison.Ordinal) ? $"'{p.Value}'" : p.Value)}"),
        .. request.Properties.Count > 0 ? ["--select " + string.Join(',', request.Properties)] : Array.Empty<string>(),
    ]);

    private static string? Property(object? item, string name) => item is ExoObject record ? ExoRecord.Value(record, name)?.ToString() : null;

    private static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var c in text)
        {
            secret.AppendChar(c);
        }

        secret.MakeReadOnly();
        return secret;
    }

    /// <summary>A step has failed and reported it.</summary>
    private sealed class StepFailedException : Exception;
}
