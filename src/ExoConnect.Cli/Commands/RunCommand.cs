using System.CommandLine;
using System.Globalization;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Input;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect run</c>: runs one cmdlet and writes its objects to standard output as they come.</summary>
internal sealed class RunCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "run";

    private readonly Argument<string> _cmdlet = new("Cmdlet") { Description = "The cmdlet, for example Get-Mailbox." };
    private readonly Option<string> _select = OptionTypes.Text(
        "--select", "A,B,C", "Only these properties, in this order. The service sends no others.");
    private readonly Option<OutputFormat?> _output = OptionTypes.Choice(
        "--output", "How objects are written. Default: table.",
        ("table", OutputFormat.Table), ("json", OutputFormat.Json), ("csv", OutputFormat.Csv), ("ndjson", OutputFormat.Ndjson));

    private readonly Option<int?> _pageSize = OptionTypes.Number("--page-size", "N", "Objects a request, 1 to 1000. Default: 1000.", 1, 1000);
    private readonly Option<string> _profile = OptionTypes.Profile();
    private readonly Option<string> _profiles = OptionTypes.Text(
        ManyTenants.ProfilesOption, "A,B,C", "Run the cmdlet in each of these profiles' tenants, in parallel; the first column names the profile.");

    private readonly Option<string> _profilesFrom = OptionTypes.Text(
        ManyTenants.FileOption, "FILE", "The same for the profiles that a file names, one a line; - for standard input.");

    private readonly Option<ServiceName?> _service = OptionTypes.Choice(
        "--service", "Which service to ask, instead of the profile's.", ("exchange", ServiceName.Exchange), ("compliance", ServiceName.Compliance));

    private readonly Option<string> _from = OptionTypes.Text(
        "--from", "FILE", "Run the cmdlet once for each line of a CSV or NDJSON file, or item of a JSON array; - for standard input.");

    private readonly Option<string> _encoding = OptionTypes.Text(
        "--encoding", "NAME",
        "With --from: how the file's text is written, such as windows-1252. Default: UTF-8, or UTF-16 with its byte order mark.");

    private readonly Option<int?> _limit = OptionTypes.Number(
        "--throttle-limit", "N",
        "With --from: how many requests, of up to ten calls each, may be under way at once; with --profiles: how many tenants. Default: 8.", 1, 64);

    private readonly Option<string> _checkpoint = OptionTypes.Text(
        "--checkpoint", "FILE", "With --from: remember what is done, so that the same command goes on where it was cut short.");

    private readonly Option<string> _shard = OptionTypes.Text(
        "--shard", "I/N", "With --from: only the I-th of N parts of the lines, for N machines in parallel; auto takes the part from the platform.");

    private readonly CliHost _host;
    private readonly Messenger _messenger;

    public RunCommand(CliHost host, Messenger messenger)
    {
        _host = host;
        _messenger = messenger;
        _output.Aliases.Add("-o");
        var command = new DocumentedCommand(Name, "Run a cmdlet in the service and print its response.")
        {
            Usage = "run <Cmdlet> [--Parameter value ...] [options]",
            Details =
            [
                "Every --Name after the cmdlet that is none of the options below is a parameter of the cmdlet; -Name does too. Options are "
                + "written in lower case, so --Profile is a parameter and --profile is not; after -- everything is a parameter.",
                "A parameter without a value is a switch that is on; a repeated one makes a list; a structured value is JSON after ':=' "
                + "(quote it for your shell). A password is env:NAME or file:PATH, never the text itself.",
                "With --from the columns or members name the parameters; those on the command line count where a line says nothing. Calls run "
                + "in parallel, results come in the order of the lines, and each error names its line.",
                "With --profiles every message names its tenant, and the exit code is 1 if the cmdlet failed in any.",
                "Objects go to standard output, warnings and errors to standard error. json, ndjson and csv are written as objects arrive.",
            ],
            Examples =
            [
                "exoconnect run Get-Mailbox --ResultSize 10",
                "exoconnect run Get-Mailbox adele@contoso.com --output json",
                "exoconnect run Get-Mailbox --ResultSize Unlimited --select DisplayName,PrimarySmtpAddress -o csv > mailboxes.csv",
                "exoconnect run Set-Mailbox --Identity adele --HiddenFromAddressListsEnabled true --WhatIf",
                "exoconnect run Set-Mailbox --Identity adele --EmailAddresses:='{\"Add\": [\"a2@contoso.com\"]}'",
                "exoconnect run Set-Mailbox --from changes.csv --checkpoint changes.checkpoint",
                "exoconnect run Set-Mailbox --from changes.csv --checkpoint changes.checkpoint --shard 2/4",
                "exoconnect run Get-Label --service compliance",
                "exoconnect run Get-AcceptedDomain --profiles contoso,fabrikam",
            ],
            Arguments = { _cmdlet },
            Options = { _select, _output, _pageSize, _from, _encoding, _limit, _checkpoint, _shard, _profile, _profiles, _profilesFrom, _service },
        };
        command.SetAction(RunAsync);
        Command = command;
    }

    public Command Command { get; }

    /// <summary>The cmdlet's arguments.</summary>
    public IReadOnlyList<string> CmdletWords { get; set; } = [];

    private Shard? Part(string? text)
    {
        try
        {
            return text is null ? null : Shard.Parse(text, _host.Variable);
        }
        catch (ExoException e)
        {
            throw new UsageException($"--shard: {e.Message}", e.Remedy!);
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var select = (parsed.GetValue(_select) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var name = parsed.GetRequiredValue(_cmdlet);
        CheckCmdlet(name);
        var words = CmdletArguments.Read(CmdletWords);
        if (parsed.GetValue(_profiles) is not null || parsed.GetValue(_profilesFrom) is not null)
        {
            return await RunInManyAsync(parsed, name, select, words, cancellationToken).ConfigureAwait(false);
        }

        var source = parsed.GetValue(_from) is { } from ? RowSource.Open(from, _host, parsed.GetValue(_encoding)) : null;
        if (source is null
            && (parsed.GetValue(_limit) is not null || parsed.GetValue(_checkpoint) is not null || parsed.GetValue(_encoding) is not null
                || parsed.GetValue(_shard) is not null))
        {
            throw new UsageException(
                "--throttle-limit, --checkpoint, --shard and --encoding are for many calls.",
                "Name the file of their parameters with --from; --throttle-limit goes with --profiles, too.");
        }

        var shard = Part(parsed.GetValue(_shard));
        var profile = ProfileStore.Open(_host.Variable).Find(ProfileName.Chosen(parsed.GetValue(_profile), _host));
        var sessions = new ProfileSessions(_host, _messenger);
        using var session = await sessions
            .ConnectAsync(profile, parsed.GetValue(_service), CatalogUse.Cached, [], cancellationToken).ConfigureAwait(false);

        session.Catalog.TryGet(name, out var definition);
        using var binder = new CmdletBinder(definition, name, _host, sessions.Passwords);
        var request = Request(parsed, definition?.Name ?? name, select) with
        {
            Parameters = await binder.BindAsync(words, cancellationToken).ConfigureAwait(false),
        };
        var format = parsed.GetValue(_output) ?? OutputFormat.Table;
        if (source is not null)
        {
            var many = new ManyCalls(_host, _messenger, session, binder, request)
            {
                Limit = parsed.GetValue(_limit) ?? OrderedRunner.DefaultLimit,
                CheckpointPath = parsed.GetValue(_checkpoint) is { } checkpoint ? UserPath.Full(checkpoint, _host) : null,
                Shard = shard,
                Format = format,
            };
            return await many.RunAsync(source, MayRunAsync, cancellationToken).ConfigureAwait(false);
        }

        if (!await MayRunAsync(null, cancellationToken).ConfigureAwait(false))
        {
            _messenger.Information("Nothing was run.");
            return ExitCodes.Failed;
        }

        try
        {
            return await WriteAsync(session, request, format, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (definition is null && e.StatusCode is 400 or 403 or 404)
        {
            WarnOfUnknownCmdlet(_messenger, session.Catalog, name, e);
            return ExitCodes.Failed;
        }

        Task<bool> MayRunAsync(long? calls, CancellationToken cancel) =>
            ConfirmAsync(definition, request, calls is { } n ? string.Create(CultureInfo.InvariantCulture, $"{n:N0} lines") : null, cancel);
    }

    /// <summary>Explains the service's refusal of a cmdlet that the session's list doesn't have.</summary>
    /// <param name="messenger">Receives the text.</param>
    /// <param name="catalog">The list.</param>
    /// <param name="name">The cmdlet.</param>
    /// <param name="failure">The service's error.</param>
    internal static void WarnOfUnknownCmdlet(Messenger messenger, CmdletCatalog catalog, string name, ServiceException failure)
    {
        var near = ParseProblems.Nearest(name, catalog.Cmdlets.Select(c => c.Name));
        messenger.Error(
            ErrorText.Message(failure),
            [
                $"{name} is not among the {catalog.Cmdlets.Count} cmdlets that the application's roles allow here"
                    + (near is null ? "." : $"; did you mean {near}?"),
                .. ErrorText.Details(failure),
            ]);
    }

    private CmdletRequest Request(ParseResult parsed, string name, string[] select) => new()
    {
        Name = name,
        Properties = [.. select.Distinct(StringComparer.OrdinalIgnoreCase)],
        PageSize = parsed.GetValue(_pageSize),
    };

    private async Task<int> RunInManyAsync(
        ParseResult parsed, string name, string[] select, IReadOnlyList<CmdletWord> words, CancellationToken cancellationToken)
    {
        var given = new Option[] { _from, _encoding, _checkpoint, _shard, _profile }.FirstOrDefault(o => parsed.GetResult(o) is not null);
        if (given is not null)
        {
            throw new UsageException(
                $"{given.Name} does not go with --profiles and --profiles-from: they run one cmdlet in each tenant.",
                given == _profile ? "Name all profiles with --profiles." : "Run many calls in one tenant at a time, with --profile.");
        }

        var names = await ManyTenants
            .NamesAsync(parsed.GetValue(_profiles), parsed.GetValue(_profilesFrom), _host, cancellationToken).ConfigureAwait(false);
        var store = ProfileStore.Open(_host.Variable);
        using var many = new ManyTenants(_host, _messenger, Request(parsed, name, select), words)
        {
            Service = parsed.GetValue(_service),
            Limit = parsed.GetValue(_limit) ?? OrderedRunner.DefaultLimit,
            Format = parsed.GetValue(_output) ?? OutputFormat.Table,
        };
        return await many.RunAsync([.. names.Select(store.Find).DistinctBy(p => p.Name)], ConfirmAsync, cancellationToken).ConfigureAwait(false);
    }

    private static void CheckCmdlet(string name)
    {
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 || dash == name.Length - 1 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new UsageException(
                $"'{SafeText.Line(name)}' is not a valid cmdlet name.", "Give a verb and a noun, as in: exoconnect run Get-Mailbox");
        }

        if (name.StartsWith("Get-EXO", StringComparison.OrdinalIgnoreCase) && name.Length > "Get-EXO".Length)
        {
            throw new UsageException(
                $"{SafeText.Line(name)} is a cmdlet of the PowerShell module, and not of the service.",
                $"The service's own is Get-{name["Get-EXO".Length..]}; with --select it sends few properties and is as quick.");
        }
    }

    /// <summary>
    /// Prompts where PowerShell would, if a person can respond. <c>--Confirm:false</c> suppresses the prompt.
    /// </summary>
    private async Task<bool> ConfirmAsync(CmdletDefinition? cmdlet, CmdletRequest request, string? many, CancellationToken cancellationToken)
    {
        if (cmdlet is not { SupportsShouldProcess: true, ConfirmImpact: CmdletConfirmImpact.High }
            || request.Parameters.ContainsKey("Confirm") || request.Parameters.ContainsKey("WhatIf")
            || !_host.IsInputTerminal || !_host.IsErrorTerminal)
        {
            return true;
        }

        _messenger.Progress(null);
        var target = many is not null ? $" for {many}"
            : request.Parameters.TryGetValue("Identity", out var identity) ? $" '{ValueText.Cell(identity, ", ")}'" : "";
        return await _host.Ask(SafeText.Line($"{request.Name}{target}: run it?"), cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> WriteAsync(ExoSession session, CmdletRequest request, OutputFormat format, CancellationToken cancellationToken)
    {
        var failed = false;
        var meter = new ProgressMeter(request.Name);
        meter.Expect(request.MostObjects ?? 0);
        var results = new ResultWriter(_host, _messenger, format, request, meter);
        await using (results.ConfigureAwait(false))
        {
            await foreach (var chunk in session.InvokeAsync(request, _messenger, cancellationToken).ConfigureAwait(false))
            {
                await results.WriteAsync(chunk, place: null, cancellationToken).ConfigureAwait(false);
                failed |= chunk.Errors.Count > 0;
            }

            results.Complete();
        }

        return failed ? ExitCodes.Failed : ExitCodes.Success;
    }
}
