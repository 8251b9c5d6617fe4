using System.CommandLine;
using System.Globalization;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Onboarding;
using ExoConnect.Core.Onboarding.Diagnosis;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect connect</c>: signs in, and if that works saves a profile.</summary>
internal sealed class ConnectCommand
{
    private readonly Option<string> _environment = OptionTypes.Text(
        "--environment", "NAME|FILE",
        "The cloud (O365Default, O365USGovGCCHigh, O365USGovDoD, O365China), or an environment file such as a local tenant writes.");

    private readonly Option<ServiceName?> _service = OptionTypes.Choice(
        "--service", "Which service the profile is for. Default: exchange.", ("exchange", ServiceName.Exchange),
        ("compliance", ServiceName.Compliance));

    private readonly Option<string> _culture = OptionTypes.Text(
        "--culture", "NAME", "The language of the service's errors and warnings, as in de-DE. Default: the environment's.");

    private readonly Option<bool> _searches = OptionTypes.Switch(
        "--enable-search-only-session", "Run the compliance searches, which the service refuses to other sessions. For --service compliance.");

    private readonly Option<string> _profile = OptionTypes.Text("--profile", "NAME", "What to call the profile. Default: default.");
    private readonly Option<bool> _makeDefault = OptionTypes.Switch(
        "--set-default", "Use this profile where none is named. The first one is, and one without a name.");

    private readonly CliHost _host;
    private readonly Messenger _messenger;
    private readonly SignInChoice _choice;

    private ConnectCommand(CliHost host, Messenger messenger)
    {
        _host = host;
        _messenger = messenger;
        _choice = new SignInChoice(host);
    }

    public static Command Create(CliHost host, Messenger messenger)
    {
        var connect = new ConnectCommand(host, messenger);
        var command = new DocumentedCommand("connect", "Sign an application or a user in, and remember how as a profile.")
        {
            Usage = "connect --app-id ID --organization DOMAIN (--thumbprint HEX | --certificate FILE | --device | another way) [options]",
            Details =
            [
                "The sign-in is tried before anything is saved. A profile holds no secret: where there is a password, secret or token, only the "
                + "place it comes from is remembered (a file, an environment variable, or that you are asked).",
                "A user's sign-in is stored where the platform keeps secrets, until exoconnect logout; later commands use it without a prompt. What "
                + "is not given is as in the profile, if a user has signed in with it before; then the variables EXOCONNECT_APPID and "
                + "EXOCONNECT_TENANT count.",
            ],
            Examples =
            [
                "exoconnect connect --app-id 6f2a… --organization contoso.onmicrosoft.com --thumbprint 3FA1…",
                "exoconnect connect --app-id 6f2a… --organization contoso.onmicrosoft.com --certificate app.pfx --password-file app.secret",
                "exoconnect connect --app-id 6f2a… --organization contoso.onmicrosoft.com --certificate app.pem --profile nightly --service "
                    + "compliance",
                "exoconnect login --managed-identity --organization contoso.onmicrosoft.com",
                "exoconnect login --app-id 6f2a… --organization contoso.onmicrosoft.com --workload-identity",
                "exoconnect login --default-credential --exclude-credential AzureDeveloperCli",
                "exoconnect login --app-id 6f2a… --device",
                "exoconnect login --app-id 6f2a… --user admin@contoso.com",
                "exoconnect login --profile nightly                                     # once more, as that user",
            ],
        };
        Option[] own = [connect._environment, connect._service, connect._culture, connect._searches, connect._profile, connect._makeDefault];
        foreach (var option in connect._choice.All.Concat(own))
        {
            command.Options.Add(option);
        }

        command.Aliases.Add("login");
        command.SetAction(connect.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(_profile) ?? ProfileStore.UnnamedProfile;
        ProfileStore.CheckName(name);
        var store = ProfileStore.Open(_host.Variable);
        var before = store.TryRead(name);
        var known = before is { SignIn: UserSignIn } ? before : null;
        var signIn = _choice.UserOf(parsed, known?.SignIn as UserSignIn);
        var sessions = new ProfileSessions(_host, _messenger);
        var profile = ProfileOf(parsed, name, signIn, known);
        if (profile.SignIn is FileSignIn file)
        {
            profile = profile with { SignIn = sessions.WithPassword(file) };
        }

        ExoSession opened;
        try
        {
            var hasPerson = _host.HasPerson || parsed.GetValue(_choice.Interactive);
            var person = signIn is not null && hasPerson ? new TerminalSignIn(_host, _messenger) : null;
            opened = await sessions.ConnectAsync(profile, null, CatalogUse.Refresh, [], cancellationToken, person).ConfigureAwait(false);
        }
        catch (ConnectFailedException e) when (signIn is not null && e.Failure.ErrorId != ErrorIds.SignInStoreMissing)
        {
            // A person may have signed in before the service refused the session: no profile is saved, so the sign-in isn't kept either.
            _messenger.Progress(null);
            sessions.Forget(profile with { SignIn = signIn with { User = null } }, store.Others(""));
            throw;
        }
        catch (ConnectFailedException e) when (profile.SignIn is FileSignIn or ThumbprintSignIn && ApplicationDiagnosis.CanExplain(e.Failure))
        {
            TellOfTest(profile, e.Failure);
            return ExitCodes.Of(e.Failure, whileConnecting: true);
        }

        using var session = opened;
        var description = session.Description;
        profile = profile with
        {
            AppId = description.AppId,
            Organization = description.Organization,
            ConnectedAt = description.ConnectedAt,
            SignIn = signIn is null ? profile.SignIn : signIn with { User = session.SignedInAs ?? signIn.User },
        };
        var isDefault = store.Save(profile, asDefault: parsed.GetValue(_makeDefault) || parsed.GetValue(_profile) is null);
        ForgetFormer(sessions, store, known);
        TellOfSession(session, profile, isDefault, store.PathOf(name));
        return ExitCodes.Success;
    }

    private Profile ProfileOf(ParseResult parsed, string name, UserSignIn? signIn, Profile? known)
    {
        // What a user leaves out is as in the profile; an application is always named in full.
        var former = signIn is null ? null : known;
        var service = parsed.GetValue(_service) ?? former?.Service ?? ServiceName.Exchange;
        return new Profile
        {
            Name = name,
            Service = service,
            AppId = _choice.AppIdOf(parsed, signIn, known),
            Organization = _choice.OrganizationOf(parsed, signIn, known),
            Environment = former is not null && parsed.GetValue(_environment) is null
                ? former.Environment
                : EnvironmentOf(parsed.GetValue(_environment), service),
            SignIn = signIn ?? _choice.SignInOf(parsed),
            Culture = parsed.GetValue(_culture) is { } culture ? ClientInfo.LanguageOf(culture) : former?.Culture,
            EnableSearchOnlySession = parsed.GetValue(_searches) ? true : former?.EnableSearchOnlySession,
        };
    }

    private void TellOfTest(Profile profile, ExoException failure)
    {
        var check = new ApplicationArguments
        {
            AppId = profile.AppId,
            Organization = profile.Organization,
            Certificate = profile.SignIn is FileSignIn given
                ? new CertificateSource.File(given.Certificate, null, given.Key)
                : new CertificateSource.Thumbprint(((ThumbprintSignIn)profile.SignIn).Thumbprint),
            EnvironmentName = profile.Environment,
        };
        _messenger.Error(
            ErrorText.Message(failure),
            [.. ErrorText.Details(failure), $"To see the missing step of its set-up: {SuggestedText.Of(check.Test())}"]);
    }

    private void TellOfSession(ExoSession session, Profile profile, bool isDefault, string path)
    {
        var roles = RoleNames.Of(session.Description);
        var run = profile.Service == ServiceName.Exchange ? "exoconnect run Get-Mailbox --ResultSize 5" : "exoconnect run Get-Label";
        _host.Output.WriteLine($"Connected to {profile.Service.Full()} of {SafeText.Line(profile.Organization)} as application {profile.AppId}"
            + (profile.SignIn is UserSignIn user ? $" as {SafeText.Line(user.User ?? "a user")}" : "")
            + (roles.Count > 0 ? $" ({string.Join(", ", roles)})." : "."));
        _host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Its roles allow {session.Catalog.Cmdlets.Count} cmdlets."));
        _host.Output.WriteLine(
            $"The profile '{profile.Name}' is saved{(isDefault ? " and is the default one" : "")}. It holds no secret: {path}");
        _messenger.Hint("Next: " + run + (isDefault ? "" : $" --profile {profile.Name}"));
    }

    /// <summary>Removes the sign-in of an overwritten profile, unless it is the same or another profile uses it.</summary>
    private void ForgetFormer(ProfileSessions sessions, ProfileStore store, Profile? former)
    {
        try
        {
            if (former is not null)
            {
                sessions.Forget(former, store.Others(""));
            }
        }
        catch (ExoException e)
        {
            _messenger.Warning($"The profile's former sign-in could not be removed: {e.Message}");
        }
    }

    /// <summary>The environment for the profile: a cloud's name, or the full path of a file.</summary>
    private string EnvironmentOf(string? given, ServiceName service)
    {
        var isName = given is null || CloudEnvironments.Find(given) is not null;
        var text = isName ? given?.Trim() : UserPath.Full(given!, _host);
        try
        {
            var environment = ExoEnvironments.Resolve(text, null, null, service.Engine());
            return isName ? environment.Name : text!;
        }
        catch (ExoException e) when (!isName && e.ErrorId is ErrorIds.EnvironmentUnknown or ErrorIds.EnvironmentFileNotFound)
        {
            throw new UsageException(
                $"--environment: '{given}' is neither a cloud's name nor an environment file.",
                $"Use one of {string.Join(", ", CloudEnvironments.All.Select(c => c.Name))}, or the path of a file that exists.");
        }
    }
}
