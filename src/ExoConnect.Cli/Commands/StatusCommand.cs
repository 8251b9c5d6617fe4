using System.CommandLine;
using System.Globalization;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect status</c>: the profiles, and whether they still sign in.</summary>
internal sealed class StatusCommand
{
    /// <summary>A session with as few cmdlets as possible: the check only needs to know whether it starts.</summary>
    private static readonly string[] AnyCmdlet = ["Get-AcceptedDomain"];

    private readonly Option<bool> _check = OptionTypes.Switch("--check", "Sign in with each and start a session.");
    private readonly Option<string> _profile = OptionTypes.Text("--profile", "NAME", "Only this one.");
    private readonly Option<OutputFormat?> _output = OptionTypes.TextOrJson();

    private readonly CliHost _host;
    private readonly Messenger _messenger;

    private StatusCommand(CliHost host, Messenger messenger)
    {
        _host = host;
        _messenger = messenger;
    }

    public static Command Create(
        CliHost host, Messenger messenger, string name = "status",
        string description = "Show the profiles, and with --check whether they still sign in.",
        string path = "status")
    {
        var status = new StatusCommand(host, messenger);
        var command = new DocumentedCommand(name, description)
        {
            Usage = path + " [--check] [--profile NAME] [--output text|json]",
            Details =
                ["With --check the exit code is that of the first profile that fails: 3 if it cannot sign in, 4 if the service cannot be reached."],
            Examples = [$"exoconnect {path}", $"exoconnect {path} --check --profile nightly"],
            Options = { status._check, status._profile, status._output },
        };
        command.SetAction(status.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = ProfileStore.Open(_host.Variable);
        var names = parsed.GetValue(_profile) is { } one ? [store.Find(one).Name] : store.Names();
        var rows = new List<Row>();
        var code = ExitCodes.Success;
        foreach (var name in names)
        {
            var row = await InspectAsync(store, name, parsed.GetValue(_check), cancellationToken).ConfigureAwait(false);
            rows.Add(row);
            code = code == ExitCodes.Success ? row.Code : code;
        }

        if (parsed.GetValue(_output) == OutputFormat.Json)
        {
            WriteJson(rows);
        }
        else
        {
            WriteText(rows, store);
        }

        return code;
    }

    private async Task<Row> InspectAsync(ProfileStore store, string name, bool check, CancellationToken cancellationToken)
    {
        var isDefault = name == store.DefaultName();
        Profile profile;
        try
        {
            profile = store.Read(name);
        }
        catch (UsageException e)
        {
            _messenger.Error(e.Message, e.Remedy);
            return new Row(name, isDefault, null, "unreadable", ExitCodes.Usage);
        }

        if (!check)
        {
            return new Row(name, isDefault, profile, null, ExitCodes.Success);
        }

        try
        {
            using var session = await new ProfileSessions(_host, _messenger)
                .ConnectAsync(profile, null, CatalogUse.Uncached, AnyCmdlet, cancellationToken).ConfigureAwait(false);
            return new Row(name, isDefault, profile, "ok", ExitCodes.Success) { Roles = RoleNames.Of(session.Description) };
        }
        catch (ConnectFailedException e)
        {
            _messenger.Progress(null);
            _messenger.Error($"{name}: {ErrorText.Message(e.Failure)}", ErrorText.Details(e.Failure, _messenger.SignInAgain));
            var failed = ExitCodes.Of(e.Failure, whileConnecting: true);
            return new Row(name, isDefault, profile, failed == ExitCodes.Unavailable ? "unavailable" : "failed", failed);
        }
    }

    private void WriteText(List<Row> rows, ProfileStore store)
    {
        if (rows.Count == 0)
        {
            _host.Output.WriteLine("No profiles. Make one with: exoconnect connect");
            return;
        }

        foreach (var row in rows)
        {
            _host.Output.WriteLine(row.Name + (row.IsDefault ? " (default)" : ""));
            if (row.Profile is { } profile)
            {
                Line("service", profile.Service.Full());
                Line("organization", profile.Organization);
                Line("application", profile.AppId);
                Line(Kind(profile.SignIn), profile.SignIn.ToString());
                Line("environment", profile.Environment);
            }

            Line("sign-in", row.Roles.Count > 0 ? $"{row.State} ({string.Join(", ", row.Roles)})" : row.State);
        }

        _messenger.Hint($"They are kept in {store.Folder}");

        void Line(string label, string? value)
        {
            if (value is not null)
            {
                _host.Output.WriteLine($"  {label,-14}{SafeText.Line(value)}");
            }
        }
    }

    private static string Kind(SignIn signIn) => signIn is ThumbprintSignIn or FileSignIn ? "certificate" : "credential";

    private void WriteJson(List<Row> rows) => JsonText.WriteArray(_host.Output, rows, static (json, row) =>
    {
        json.WriteString("profile", row.Name);
        json.WriteBoolean("default", row.IsDefault);
        if (row.Profile is { } profile)
        {
            json.WriteString("service", profile.Service.Word());
            json.WriteString("organization", profile.Organization);
            json.WriteString("appId", profile.AppId);
            json.WriteString(Kind(profile.SignIn), profile.SignIn.ToString());
            json.WriteString("environment", profile.Environment);
            if (profile.ConnectedAt is { } at)
            {
                json.WriteString("connectedAt", at.ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture));
            }
        }

        if (row.State is { } state)
        {
            json.WriteString("signInState", state);
            json.WritePropertyName("roles");
            ValueText.Write(json, row.Roles);
        }
    });

    private sealed record Row(string Name, bool IsDefault, Profile? Profile, string? State, int Code)
    {
        public IReadOnlyList<string> Roles { get; init; } = [];
    }
}
