using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.AdminApi.Answers;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect run</c>: one cmdlet, its objects to standard output as they come.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string> _cmdlet = new("Cmdlet") { Description = "The cmdlet, for example Get-Mailbox." };
    private readonly Option<string> _select = OptionTypes.Text("--select", "A,B,C", "Only these properties, in this order. The service sends no others.");
    private readonly Option<OutputFormat?> _output = OptionTypes.Choice(
        "--output", "How objects are written. Default: table.",
        ("table", OutputFormat.Table), ("json", OutputFormat.Json), ("csv", OutputFormat.Csv), ("ndjson", OutputFormat.Ndjson));

    private readonly Option<int?> _pageSize = OptionTypes.Number("--page-size", "N", "Objects a request, 1 to 1000. Default: 1000.", 1, 1000);
    private readonly Option<string> _profile = OptionTypes.Text("--profile", "NAME", "The profile to use, instead of EXOCONNECT_PROFILE or the default one.");
    private readonly Option<ServiceName?> _service = OptionTypes.Choice(
        "--service", "Which service to ask, instead of the profile's.", ("exchange", ServiceName.Exchange), ("compliance", ServiceName.Compliance));

    private readonly CliHost _host;
    private readonly Messenger _messenger;

    public RunCommand(CliHost host, Messenger messenger)
    {
        _host = host;
        _messenger = messenger;
        _output.Aliases.Add("-o");
        var command = new DocumentedCommand("run", "Run a cmdlet in the service and print what it answers.")
        {
            Usage = "run <Cmdlet> [--Parameter value ...] [options]",
            Details =
            [
                "Every --Name after the cmdlet that is none of the options below is a parameter of the cmdlet; -Name does too. Options are written in lower "
                + "case, so --Profile is a parameter and --profile is not; after -- everything is a parameter.",
                "A parameter without a value is a switch that is on; a repeated one makes a list; what is no plain value is JSON behind ':=' (quote it for your "
                + "shell). A password is env:NAME or file:PATH, never the text itself.",
                "Objects go to standard output, warnings and errors to standard error. json, ndjson and csv are written as objects arrive.",
            ],
            Examples =
            [
                "exoconnect run Get-Mailbox --ResultSize 10",
                "exoconnect run Get-Mailbox adele@contoso.com --output json",
                "exoconnect run Get-Mailbox --ResultSize Unlimited --select DisplayName,PrimarySmtpAddress -o csv > mailboxes.csv",
                "exoconnect run Set-Mailbox --Identity adele --HiddenFromAddressListsEnabled true --WhatIf",
                "exoconnect run Set-Mailbox --Identity adele --EmailAddresses:='{\"Add\": [\"a2@contoso.com\"]}'",
                "exoconnect run Get-Label --service compliance",
            ],
            Arguments = { _cmdlet },
            Options = { _select, _output, _pageSize, _profile, _service },
        };
        command.SetAction(RunAsync);
        Command = command;
    }

    public Command Command { get; }

    /// <summary>The words of the command line that belong to the cmdlet.</summary>
    public IReadOnlyList<string> CmdletWords { get; set; } = [];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var select = (parsed.GetValue(_select) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var name = parsed.GetRequiredValue(_cmdlet);
        CheckCmdlet(name);
        var words = CmdletArguments.Read(CmdletWords);
        var profile = ProfileStore.Open(_host.Variable).Find(ProfileName.Chosen(parsed.GetValue(_profile), _host));
        var sessions = new ProfileSessions(_host, _messenger);
        using var session = await sessions
            .ConnectAsync(profile, parsed.GetValue(_service), CatalogUse.Cached, [], cancellationToken).ConfigureAwait(false);

        session.Catalog.TryGet(name, out var definition);
        using var binder = new CmdletBinder(definition, name, _host, sessions.Passwords);
        var request = new CmdletRequest
        {
            Name = definition?.Name ?? name,
            Parameters = await binder.BindAsync(words, cancellationToken).ConfigureAwait(false),
            Properties = [.. select.Distinct(StringComparer.OrdinalIgnoreCase)],
            PageSize = parsed.GetValue(_pageSize),
        };
        if (!await MayRunAsync(definition, request, cancellationToken).ConfigureAwait(false))
        {
            _messenger.Say("Nothing was run.");
            return ExitCodes.Failed;
        }

        try
        {
            return await WriteAsync(session, request, parsed.GetValue(_output) ?? OutputFormat.Table, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (definition is null && e.StatusCode is 400 or 403 or 404)
        {
            var near = ParseProblems.Nearest(name, session.Catalog.Cmdlets.Select(c => c.Name));
            _messenger.Error(
                ErrorText.Message(e),
                [
                    $"{name} is not among the {session.Catalog.Cmdlets.Count} cmdlets that the application's roles allow here{(near is null ? "." : $"; did you mean {near}?")}",
                    .. ErrorText.Details(e),
                ]);
            return ExitCodes.Failed;
        }
    }

    private static void CheckCmdlet(string name)
    {
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 || dash == name.Length - 1 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new UsageException($"'{SafeText.Line(name)}' is no cmdlet's name.", "Give a verb and a noun, as in: exoconnect run Get-Mailbox");
        }
    }

    /// <summary>What PowerShell would ask before is asked before, where somebody is there to answer. <c>--Confirm:false</c> is the answer in advance.</summary>
    private async Task<bool> MayRunAsync(CmdletDefinition? cmdlet, CmdletRequest request, CancellationToken cancellationToken)
    {
        if (cmdlet is not { SupportsShouldProcess: true, ConfirmImpact: CmdletConfirmImpact.High }
            || request.Parameters.ContainsKey("Confirm") || request.Parameters.ContainsKey("WhatIf")
            || !_host.IsInputTerminal || !_host.IsErrorTerminal)
        {
            return true;
        }

        _messenger.Progress(null);
        var target = request.Parameters.TryGetValue("Identity", out var identity) ? $" '{ValueText.Cell(identity, ", ")}'" : "";
        return await _host.Ask(SafeText.Line($"{request.Name}{target}: run it?"), cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> WriteAsync(ExoSession session, CmdletRequest request, OutputFormat format, CancellationToken cancellationToken)
    {
        var output = _host.Output;
        var writer = Writer(format, request.Properties);
        using var disposable = writer as IDisposable;
        var unknown = new UnknownProperties(request, _messenger);
        var failed = false;
        var complete = false;
        var meter = new ProgressMeter(request.Name);
        meter.Expect(request.MostObjects ?? 0);
        _messenger.Watch(meter);
        try
        {
            await foreach (var chunk in session.InvokeAsync(request, _messenger, cancellationToken).ConfigureAwait(false))
            {
                foreach (var item in chunk.Objects)
                {
                    unknown.Look(item);
                    writer.Write(item);
                }

                writer.Pause();
                meter.Add(chunk);
                await FlushAsync(output, cancellationToken).ConfigureAwait(false);
                foreach (var warning in chunk.Warnings)
                {
                    _messenger.Warning(warning);
                }

                foreach (var error in chunk.Errors)
                {
                    failed = true;
                    _messenger.Error(error);
                }

                if (chunk.ConfirmationMessage is { } message)
                {
                    _messenger.Say(message);
                }
            }

            complete = true;
        }
        finally
        {
            // What came before a failure is worth having.
            writer.End(complete);
            await FlushAsync(output, CancellationToken.None).ConfigureAwait(false);
            _messenger.Progress(null);
        }

        if (writer is TableObjectWriter { Hidden: > 0 and var hidden })
        {
            _messenger.Hint($"{hidden} more properties are not shown; choose with --select A,B, or see all with --output json.");
        }

        return failed ? ExitCodes.Failed : ExitCodes.Success;
    }

    private IObjectWriter Writer(OutputFormat format, IReadOnlyList<string> select) => format switch
    {
        OutputFormat.Json => new JsonObjectWriter(_host.Output, select, lines: false),
        OutputFormat.Ndjson => new JsonObjectWriter(_host.Output, select, lines: true),
        OutputFormat.Csv => new CsvObjectWriter(_host.Output, select, _messenger.Warning),
        _ => new TableObjectWriter(_host.Output, select, _host.IsOutputTerminal ? _host.Width : null, Emphasise),
    };

    private string Emphasise(string header) => _host.Ansi(onError: false).Profile.Capabilities.Ansi ? $"\e[1m{header}\e[0m" : header;

    private async Task FlushAsync(CliOutput output, CancellationToken cancellationToken)
    {
        if (output.Pending == 0)
        {
            return;
        }

        // One terminal for both: the line of progress gives way to the results.
        if (!_host.IsOutputFile)
        {
            _messenger.Progress(null);
        }

        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says which of the selected properties the objects do not have; once.</summary>
    private sealed class UnknownProperties(CmdletRequest request, Messenger messenger)
    {
        private bool _looked;

        public void Look(object item)
        {
            if (_looked || item is not ExoObject record)
            {
                return;
            }

            _looked = true;
            var shape = ExoRecord.Shape(record);
            var missing = request.Properties.Where(name => shape.IndexOf(name) < 0).ToList();
            if (missing.Count > 0)
            {
                messenger.Warning($"{request.Name} gave no {string.Join(", ", missing)}. Is --select spelled as the service spells its properties?");
            }
        }
    }
}
