using System.CommandLine;
using System.Globalization;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Onboarding;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect connect</c>: signs in, and if that works saves a profile.</summary>
internal sealed class ConnectCommand
{
    private const string KeyNeedsFile = "Leave it out, or name the certificate's file with --certificate.";

    private readonly Option<string> _appId = OptionTypes.Text("--app-id", "ID", "The application (client) id of the app registration.");
    private readonly Option<string> _organization = OptionTypes.Text(
        "--organization", "DOMAIN", "The .onmicrosoft.com domain of the organization, or its tenant id.");
    private readonly Option<string> _thumbprint = OptionTypes.Text("--thumbprint", "HEX", "A certificate in this account's store, or the machine's.");
    private readonly Option<string> _certificate = OptionTypes.Text("--certificate", "FILE", "A certificate in a file: PFX, or PEM with its key.");
    private readonly Option<string> _key = OptionTypes.Text("--key", "FILE", "The PEM file of the private key, where it has one of its own.");
    private readonly Option<string> _passwordFile = OptionTypes.Text(
        "--password-file", "FILE", "A file that holds the certificate's password and nothing else.");
    private readonly Option<string> _passwordVariable = OptionTypes.Text(
        "--password-env", "NAME", $"The environment variable that holds it; {Passwords.Variable} needs no mention.");

    private readonly Option<string> _secretFile = OptionTypes.Text(
        "--client-secret-file", "FILE", "Sign in with a client secret, which this file holds and nothing else.");
    private readonly Option<string> _secretVariable = OptionTypes.Text(
        "--client-secret-env", "NAME", "Sign in with a client secret, which this environment variable holds.");
    private readonly Option<bool> _managed = OptionTypes.Switch(
        "--managed-identity", "Sign in with the identity that Azure gives to what this runs on.");
    private readonly Option<string> _account = OptionTypes.Text(
        "--identity-id", "ID", "The client id of the managed identity, if it is a user-assigned one.");
    private readonly Option<bool> _workload = OptionTypes.Switch(
        "--workload-identity", "Sign in with the platform's workload identity: GitHub Actions, Azure DevOps, Kubernetes.");

    private readonly Option<string> _federatedFile = OptionTypes.Text(
        "--federated-token-file", "FILE", "The file with the platform's token, where no variable says it.");
    private readonly Option<string> _connection = OptionTypes.Text(
        "--service-connection", "ID", "The service connection of an Azure pipeline, where no variable says it.");
    private readonly Option<bool> _default = OptionTypes.Switch(
        "--default-credential", "Sign in with what is there: Azure's variables, the platform's identity, az, azd, Azure PowerShell, Visual Studio.");
    private readonly Option<string[]> _exclude = OptionTypes.Texts(
        "--exclude-credential", "NAME", "A way that the default credential is not to try, such as AzureCli; may be given more than once.");

    private readonly Option<string> _tokenFile = OptionTypes.Text(
        "--access-token-file", "FILE", "Use the access token in this file; it is for one service and can't be renewed.");
    private readonly Option<string> _tokenVariable = OptionTypes.Text(
        "--access-token-env", "NAME", "Use the access token in this environment variable.");

    private readonly Option<bool> _device = OptionTypes.Switch(
        "--device", "Sign a user in with a code that is entered in a browser, here or anywhere.");
    private readonly Option<bool> _browser = OptionTypes.Switch("--browser", "Sign a user in in this machine's browser. --user alone does the same.");
    private readonly Option<string> _user = OptionTypes.Text("--user", "UPN", "The user who is to sign in, as in admin@contoso.com.");
    private readonly Option<bool> _allowPlaintext = OptionTypes.Switch(
        "--allow-plaintext-cache", "Store a user's sign-in in an unencrypted file if the platform has no store for secrets.");
    private readonly Option<bool> _interactive = OptionTypes.Switch("--interactive", "A user can sign in, although there is no terminal.");

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

    private ConnectCommand(CliHost host, Messenger messenger)
    {
        _host = host;
        _messenger = messenger;
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
            Options =
            {
                connect._appId, connect._organization, connect._thumbprint, connect._certificate, connect._key, connect._passwordFile,
                connect._passwordVariable, connect._secretFile, connect._secretVariable, connect._managed, connect._account, connect._workload,
                connect._federatedFile, connect._connection, connect._default, connect._exclude, connect._tokenFile, connect._tokenVariable,
                connect._device, connect._browser, connect._user,
                connect._allowPlaintext, connect._interactive, connect._environment, connect._service,
                connect._culture, connect._searches, connect._profile, connect._makeDefault,
            },
        };
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
        var signIn = UserOf(parsed, known?.SignIn as UserSignIn);
        var service = parsed.GetValue(_service) ?? (signIn is null ? null : known?.Service) ?? ServiceName.Exchange;
        var sessions = new ProfileSessions(_host, _messenger);
        var profile = new Profile
        {
            Name = name,
            Service = service,
            AppId = AppIdOf(parsed, signIn, known),
            Organization = OrganizationOf(parsed, signIn, known),
            Environment = signIn is not null && known is not null && parsed.GetValue(_environment) is null
                ? known.Environment
                : EnvironmentOf(parsed.GetValue(_environment), service),
            SignIn = signIn ?? SignInOf(parsed),
            Culture = parsed.GetValue(_culture) is { } culture ? ClientInfo.LanguageOf(culture) : signIn is null ? null : known?.Culture,
            EnableSearchOnlySession = parsed.GetValue(_searches) ? true : signIn is null ? null : known?.EnableSearchOnlySession,
        };
        if (profile.SignIn is FileSignIn file)
        {
            profile = profile with { SignIn = sessions.WithPassword(file) };
        }

        ExoSession opened;
        try
        {
            var person = signIn is not null && (_host.HasPerson || parsed.GetValue(_interactive)) ? new TerminalSignIn(_host, _messenger) : null;
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
                ErrorText.Message(e.Failure),
                [.. ErrorText.Details(e.Failure), $"To see the missing step of its set-up: {SuggestedText.Of(check.Test())}"]);
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

        var roles = RoleNames.Of(description);
        var run = service == ServiceName.Exchange ? "exoconnect run Get-Mailbox --ResultSize 5" : "exoconnect run Get-Label";
        _host.Output.WriteLine($"Connected to {service.Full()} of {SafeText.Line(profile.Organization)} as application {profile.AppId}"
            + (profile.SignIn is UserSignIn user ? $" as {SafeText.Line(user.User ?? "a user")}" : "")
            + (roles.Count > 0 ? $" ({string.Join(", ", roles)})." : "."));
        _host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Its roles allow {session.Catalog.Cmdlets.Count} cmdlets."));
        _host.Output.WriteLine(
            $"The profile '{name}' is saved{(isDefault ? " and is the default one" : "")}. It holds no secret: {store.PathOf(name)}");
        _messenger.Hint("Next: " + run + (isDefault ? "" : $" --profile {name}"));
        return ExitCodes.Success;
    }

    private static UsageException Missing(Option option) =>
        new($"{option.Name} is missing.", $"{option.Description} exoconnect connect --help tells more.");

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

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

    /// <summary>The application: the option, the user's profile, the platform's variable or ours.</summary>
    private string AppIdOf(ParseResult parsed, UserSignIn? user, Profile? known) =>
        (user is not null ? SignInDefaults.AppId(parsed.GetValue(_appId), known?.AppId, _host.Variable)
            : parsed.GetValue(_workload) ? SignInDefaults.WorkloadAppId(parsed.GetValue(_appId), _host.Variable)
            : parsed.GetValue(_appId)?.Trim() ?? (IsOnItsOwn(parsed) ? "" : null))
        ?? throw (user is null ? Missing(_appId) : new UsageException(
            "No application is given for the user's sign-in.",
            $"Give --app-id ID, or set the variable {SignInDefaults.AppIdVariable}. It is an application of your organization that allows public "
                + "client flows."));

    /// <summary>The organization, in the same way.</summary>
    private string OrganizationOf(ParseResult parsed, UserSignIn? user, Profile? known) =>
        (user is not null
            ? SignInDefaults.Organization(parsed.GetValue(_organization), IsOf(known, user) ? known!.Organization : null, user.User, _host.Variable)
            ?? ""
            : parsed.GetValue(_workload) ? SignInDefaults.WorkloadOrganization(parsed.GetValue(_organization), _host.Variable)
            : parsed.GetValue(_organization)?.Trim() ?? (IsOnItsOwn(parsed) ? "" : null))
        ?? throw Missing(_organization);

    private static bool IsOf(Profile? known, UserSignIn user) =>
        known?.SignIn is UserSignIn before && string.Equals(before.User, user.User, StringComparison.OrdinalIgnoreCase);

    private bool IsOnItsOwn(ParseResult parsed) =>
        parsed.GetValue(_managed) || parsed.GetValue(_default)
        || parsed.GetValue(_tokenFile) is not null || parsed.GetValue(_tokenVariable) is not null;

    private List<string> GivenMethods(ParseResult parsed)
    {
        var ways = new Option[]
        {
            _thumbprint, _certificate, _secretFile, _secretVariable, _managed, _workload, _default, _tokenFile, _tokenVariable, _device,
            _browser,
        }.Where(o => IsGiven(parsed, o)).Select(o => o.Name).ToList();
        return ways.Count <= 1 ? ways : throw new UsageException($"{ways[0]} and {ways[1]} exclude each other.", "Give the one that signs in.");
    }

    /// <summary>The way a user signs in; null for an application. Without any method, a profile of a user signs in as before.</summary>
    private UserSignIn? UserOf(ParseResult parsed, UserSignIn? before)
    {
        var ways = GivenMethods(parsed);
        var ofUser = new Option[] { _user, _allowPlaintext, _interactive }.FirstOrDefault(o => IsGiven(parsed, o));
        if (ways is [var way] && way != _device.Name && way != _browser.Name)
        {
            return ofUser is null ? null
                : throw new UsageException($"{ofUser.Name} is for users, not for {way}.", "Leave it out, or sign in with --device or --browser.");
        }

        if (ways.Count == 0 && !IsGiven(parsed, _user) && before is null)
        {
            return ofUser is null ? null
                : throw new UsageException($"{ofUser.Name} is for users.", "Choose how the user signs in: --device or --browser.");
        }

        var ofApplications = new Option[] { _key, _passwordFile, _passwordVariable, _account, _federatedFile, _connection, _exclude };
        if (ofApplications.FirstOrDefault(o => IsGiven(parsed, o)) is { } stray)
        {
            throw new UsageException($"{stray.Name} is for applications, not for users.", "Leave it out.");
        }

        var user = parsed.GetValue(_user)?.Trim() ?? before?.User;
        var mayBePlain = parsed.GetValue(_allowPlaintext) || before is { AllowPlaintext: true };
        return parsed.GetValue(_device) || (ways.Count == 0 && before is DeviceSignIn) ? new DeviceSignIn(user, mayBePlain)
            : new BrowserSignIn(user, mayBePlain);
    }

    private SignIn SignInOf(ParseResult parsed)
    {
        var ways = GivenMethods(parsed);

        foreach (var (option, way) in new (Option, Option)[]
        {
            (_account, _managed), (_federatedFile, _workload), (_connection, _workload), (_exclude, _default),
        })
        {
            if (IsGiven(parsed, option) && !ways.Contains(way.Name) && (option != _account || !ways.Contains(_default.Name)))
            {
                throw new UsageException($"{option.Name} goes with {way.Name}.", $"Leave it out, or give {way.Name}.");
            }
        }

        if (ways is [var other] && other != _thumbprint.Name && other != _certificate.Name)
        {
            if (new Option[] { _key, _passwordFile, _passwordVariable }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } stray)
            {
                throw new UsageException($"{stray.Name} goes with a certificate file, not with {other}.", KeyNeedsFile);
            }

            return parsed.GetValue(_managed) ? new ManagedSignIn(parsed.GetValue(_account)?.Trim())
                : parsed.GetValue(_default) ? new DefaultSignIn(Excluded(), parsed.GetValue(_account)?.Trim(), parsed.GetValue(_appId)?.Trim())
                : parsed.GetValue(_workload) ? new WorkloadSignIn(Full(_federatedFile), parsed.GetValue(_connection)?.Trim())
                : Full(_secretFile) is { } secret ? new SecretSignIn(new FilePassword(secret))
                : parsed.GetValue(_secretVariable) is { } variable ? new SecretSignIn(new VariablePassword(variable))
                : Full(_tokenFile) is { } token ? new TokenSignIn(new FilePassword(token))
                : new TokenSignIn(new VariablePassword(parsed.GetValue(_tokenVariable)!));
        }

        string[] Excluded() => [.. (parsed.GetValue(_exclude) ?? []).Select(name => name.Trim())];

        string? Full(Option<string> option) => parsed.GetValue(option) is { } path ? UserPath.Full(path, _host) : null;

        var thumbprint = parsed.GetValue(_thumbprint);
        var certificate = parsed.GetValue(_certificate);
        var key = parsed.GetValue(_key);
        var passwordFile = parsed.GetValue(_passwordFile);
        var passwordVariable = parsed.GetValue(_passwordVariable);
        if (thumbprint is null && certificate is null)
        {
            throw new UsageException(
                "No certificate is named.",
                "Give --thumbprint HEX for one in the store, or --certificate FILE for a PFX or PEM file; exoconnect connect --help lists the "
                    + "other ways.");
        }

        if (passwordFile is not null && passwordVariable is not null)
        {
            throw new UsageException("--password-file and --password-env exclude each other.", "Give the one place the password is kept at.");
        }

        if (thumbprint is not null)
        {
            foreach (var (name, value) in new[] { ("--key", key), ("--password-file", passwordFile), ("--password-env", passwordVariable) })
            {
                if (value is not null)
                {
                    throw new UsageException($"{name} goes with a certificate file, not with --thumbprint.", KeyNeedsFile);
                }
            }

            return new ThumbprintSignIn(thumbprint.Trim());
        }

        return new FileSignIn(
            UserPath.Full(certificate!, _host),
            key is null ? null : UserPath.Full(key, _host),
            passwordFile is not null ? new FilePassword(UserPath.Full(passwordFile, _host))
                : passwordVariable is not null ? new VariablePassword(passwordVariable)
                : null);
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
