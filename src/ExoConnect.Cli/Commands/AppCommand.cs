using System.CommandLine;
using System.Globalization;
using System.Security;
using System.Text.Json;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect app register|test|rotate|remove</c>: sets up an application, and maintains it.</summary>
internal sealed class AppCommand
{
    private readonly Option<string> _name = OptionTypes.Text("--display-name", "NAME", "What the application is called.");
    private readonly Option<string> _appId = OptionTypes.Text("--app-id", "ID", "The application (client) id.");
    private readonly Option<string> _organization = OptionTypes.Text(
        "--organization", "DOMAIN", "The .onmicrosoft.com domain of the organization, or its tenant id.");
    private readonly Option<string[]> _roles = OptionTypes.Texts(
        "--role", "NAME", "A directory role; may be repeated. Default for a new application: Global Reader.");
    private readonly Option<string[]> _services = OptionTypes.Texts(
        "--service", "exchange|compliance", "What it connects to; may be repeated. Default: what its roles are for.");
    private readonly Option<bool> _multiTenant = OptionTypes.Switch("--multi-tenant", "Register it for use in other tenants too.");
    private readonly Option<string> _thumbprint = OptionTypes.Text("--thumbprint", "HEX", "A certificate in this account's store, or the machine's.");
    private readonly Option<string> _certificate = OptionTypes.Text("--certificate", "FILE", "A certificate in a file: PFX, or PEM with its key.");
    private readonly Option<string> _key = OptionTypes.Text("--key", "FILE", "The PEM file of the private key, where it has one of its own.");
    private readonly Option<string> _passwordFile = OptionTypes.Text(
        "--password-file", "FILE", "A file that holds the certificate's password and nothing else.");
    private readonly Option<string> _passwordVariable = OptionTypes.Text(
        "--password-env", "NAME", $"The environment variable that holds it; {Passwords.Variable} needs no mention.");

    private readonly Option<string> _path = OptionTypes.Text("--path", "DIR", "The folder of the certificate that is made. Default: this one.");
    private readonly Option<bool> _noPassword = OptionTypes.Switch("--no-password", "Make the file with the key without a password.");
    private readonly Option<bool> _install = OptionTypes.Switch("--install-to-store", "Put the certificate that is made into this account's store.");
    private readonly Option<int?> _validYears = OptionTypes.Number("--valid-years", "N", "How many years it is valid. Default: 1.", 1, 10);
    private readonly Option<bool> _removeOld = OptionTypes.Switch("--remove-old", "Take all other certificates off when the new one has signed in.");
    private readonly Option<string> _tokenFile = OptionTypes.Text("--access-token-file", "FILE", "Use the access token for Graph in this file.");
    private readonly Option<string> _tokenVariable = OptionTypes.Text(
        "--access-token-env", "NAME", "Use the access token for Graph in this environment variable.");
    private readonly Option<bool> _device = OptionTypes.Switch("--device", "Sign in to Graph with a code to enter in a browser, here or elsewhere.");
    private readonly Option<string> _environment = OptionTypes.Text(
        "--environment", "NAME|FILE", "The cloud, or an environment file such as a local tenant writes.");
    private readonly Option<TimeSpan?> _timeout = OptionTypes.Duration(
        "--timeout", "TIME", "How long to wait for the directory to know what was made. Default: 5m.");
    private readonly Option<bool> _whatIf = OptionTypes.Switch("--what-if", "Sign in, look, list the steps, and do none.");
    private readonly Option<bool> _yes = OptionTypes.Switch("--yes", "Do not ask.");
    private readonly Option<OutputFormat?> _output = OptionTypes.TextOrJson();

    private readonly CliHost _host;
    private readonly Messenger _messenger;

    private AppCommand(CliHost host, Messenger messenger)
    {
        _host = host;
        _messenger = messenger;
        _organization.Required = true;
    }

    public static Command Create(CliHost host, Messenger messenger)
    {
        const string Sign =
            "Signs in to Microsoft Graph as an administrator: in the browser, with --device, or with a token from a file or variable. ";
        return new DocumentedCommand("app", "Set up an application, and look after it.")
        {
            Usage = "app register|test|rotate|remove [options]",
            Subcommands =
            {
                Make("register", "From nothing, or half of it, to an application that connects.",
                    "app register --display-name NAME --organization DOMAIN [options]",
                    Sign + "What is there is found and left alone, what is missing is made, and in the end it really connects. Safe to run again; "
                        + "with --app-id it repairs.",
                    [
                        "exoconnect app register --display-name nightly --organization contoso.onmicrosoft.com --password-file nightly.secret",
                        "exoconnect app register --display-name nightly --organization contoso.onmicrosoft.com --no-password --role 'Exchange "
                            + "Recipient Administrator' --device",
                        "exoconnect app register --app-id 6f2a… --organization contoso.onmicrosoft.com --certificate nightly.pem --what-if",
                    ],
                    c => [c._name, c._appId, c._organization, c._roles, c._services, c._multiTenant, .. c.Certificates, .. c.Making, .. c.SignIns,
                        c._timeout, c._whatIf, c._output],
                    (c, parsed, token) => c.RegisterAsync(parsed, token)),
                Make("test", "Say of each step whether it is done, and what to do.", "app test --app-id ID --organization DOMAIN [options]",
                    "Reads only. From the certificate alone it reports what sign-in and the services allow; signed in to Graph it reports "
                        + "everything. The exit code is 1 if a step is missing.",
                    ["exoconnect app test --app-id 6f2a… --organization contoso.onmicrosoft.com --certificate nightly.pfx"],
                    c => [Required(c._appId), c._organization, c._services, .. c.Certificates, .. c.SignIns, c._output],
                    (c, parsed, token) => c.TestAsync(parsed, token)),
                Make("rotate", "Give it a new certificate without a moment in which it can't sign in.",
                    "app rotate --app-id ID --organization DOMAIN [options]",
                    Sign + "The new certificate is added and has to sign in before --remove-old takes the others off.",
                    [
                        "exoconnect app rotate --app-id 6f2a… --organization contoso.onmicrosoft.com --password-file nightly.secret --device",
                        "exoconnect app rotate --app-id 6f2a… --organization contoso.onmicrosoft.com --certificate new.pem --remove-old --device",
                    ],
                    c => [Required(c._appId), c._organization, c._removeOld, .. c.Certificates, .. c.Making, .. c.SignIns, c._timeout, c._whatIf,
                        c._output],
                    (c, parsed, token) => c.RotateAsync(parsed, token)),
                Make("remove", "Remove it, with its service principal, consent and roles.", "app remove --app-id ID --organization DOMAIN [options]",
                    Sign + "Asks first, unless --yes is given.",
                    ["exoconnect app remove --app-id 6f2a… --organization contoso.onmicrosoft.com --device"],
                    c => [Required(c._appId), c._organization, .. c.SignIns, c._whatIf, c._yes],
                    (c, parsed, token) => c.RemoveAsync(parsed, token)),
            },
        };

        Command Make(
            string name, string what, string usage, string details, string[] examples, Func<AppCommand, Option[]> options,
            Func<AppCommand, ParseResult, CancellationToken, Task<int>> run)
        {
            var app = new AppCommand(host, messenger);
            var command = new DocumentedCommand(name, what) { Usage = usage, Details = [details], Examples = examples };
            foreach (var option in options(app))
            {
                command.Options.Add(option);
            }

            command.SetAction((parsed, token) => run(app, parsed, token));
            return command;
        }
    }

    private Option[] Certificates => [_thumbprint, _certificate, _key, _passwordFile, _passwordVariable];

    private Option[] Making => [_path, _noPassword, _install, _validYears];

    private Option[] SignIns => [_tokenFile, _tokenVariable, _device, _environment];

    private static Option<string> Required(Option<string> option)
    {
        option.Required = true;
        return option;
    }

    private async Task<int> RegisterAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var appId = parsed.GetValue(_appId)?.Trim();
        var name = parsed.GetValue(_name)?.Trim();
        var named = parsed.GetValue(_roles) is { Length: > 0 } given ? given : appId is null ? ["Global Reader"] : [];
        DirectoryRole[] roles = [.. named.Select(SetUpRoles.Find)];
        var environment = EnvironmentOf(parsed);
        using var password = await PasswordAsync(parsed, cancellationToken).ConfigureAwait(false);
        using var administrator = await SignInAsync(parsed, environment, isReadOnly: false, cancellationToken).ConfigureAwait(false);
        _messenger.Progress("Reading the current state");
        var plan = await ApplicationSetUp.PlanAsync(
            new SetUpOptions
            {
                Environment = environment,
                EnvironmentName = parsed.GetValue(_environment),
                Organization = Organization(parsed),
                DisplayName = name,
                AppId = appId,
                Administrator = administrator.Provider,
                Certificate = Wanted(parsed, name ?? appId ?? "ExoConnect", null, password),
                Roles = roles,
                Services = Services(parsed),
                IsMultiTenant = parsed.GetValue(_multiTenant),
                Patience = parsed.GetValue(_timeout) ?? TimeSpan.FromMinutes(5),
            },
            _messenger,
            cancellationToken).ConfigureAwait(false);
        _messenger.Progress(null);
        if (parsed.GetValue(_whatIf))
        {
            foreach (var action in plan.Actions)
            {
                _host.Output.WriteLine($"{(action.IsNeeded ? "to do" : "done"),-7}{SafeText.Line(action.Action)}: {SafeText.Line(action.Target)}");
            }

            return ExitCodes.Success;
        }

        var report = await plan.ApplyAsync(static _ => true, step => _messenger.Progress(step), cancellationToken).ConfigureAwait(false);
        _messenger.Progress(null);
        var commands = report.Commands.Select(SuggestedText.Of).ToList();
        if (parsed.GetValue(_output) == OutputFormat.Json)
        {
            JsonText.WriteObject(_host.Output, json =>
            {
                json.WriteString("displayName", report.DisplayName);
                json.WriteString("appId", report.AppId);
                json.WriteString("objectId", report.ObjectId);
                json.WriteString("servicePrincipalId", report.ServicePrincipalId);
                json.WriteString("tenantId", report.TenantId);
                json.WriteString("organization", report.Organization);
                json.WriteString("certificateThumbprint", report.CertificateThumbprint);
                json.WriteString("pfxPath", report.Made?.PfxPath);
                json.WriteString("pemPath", report.Made?.PemPath);
                Strings(json, "roles", report.Roles.Select(role => role.Name));
                Strings(json, "services", report.Services.Select(ServiceWord));
                json.WriteStartArray("steps");
                foreach (var step in report.Steps)
                {
                    json.WriteStartObject();
                    json.WriteString("action", step.Action);
                    json.WriteString("outcome", step.Outcome.ToString());
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteBoolean("connects", report.Failures.Count == 0);
                Strings(json, "commands", commands);
            });
        }
        else
        {
            foreach (var step in report.Steps)
            {
                _host.Output.WriteLine($"{Outcome(step.Outcome),-9}{SafeText.Line(step.Action)}");
            }

            _host.Output.WriteLine($"The application {SafeText.Line(report.DisplayName)} is {report.AppId}.");
            commands.ForEach(command => _host.Output.WriteLine("  " + command));
        }

        foreach (var failure in report.Failures)
        {
            _messenger.Error(failure);
        }

        return report.Failures is [var first, ..] ? ExitCodes.Of(first, whileConnecting: true) : ExitCodes.Success;
    }

    private async Task<int> TestAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var environment = EnvironmentOf(parsed);
        var looks = parsed.GetValue(_tokenFile) is not null || parsed.GetValue(_tokenVariable) is not null || parsed.GetValue(_device);
        using var password = await PasswordAsync(parsed, cancellationToken).ConfigureAwait(false);
        using var administrator = looks ? await SignInAsync(parsed, environment, isReadOnly: true, cancellationToken).ConfigureAwait(false) : null;
        _messenger.Progress("Checking the application");
        var checks = await ApplicationDiagnosis.RunAsync(
            new CheckOptions
            {
                Environment = environment,
                EnvironmentName = parsed.GetValue(_environment),
                Organization = Organization(parsed),
                AppId = parsed.GetRequiredValue(_appId).Trim(),
                Certificate = Given(parsed, password),
                Services = Services(parsed),
                Administrator = administrator?.Provider,
            },
            _messenger,
            cancellationToken).ConfigureAwait(false);
        _messenger.Progress(null);
        if (parsed.GetValue(_output) == OutputFormat.Json)
        {
            JsonText.WriteArray(_host.Output, checks, static (json, check) =>
            {
                json.WriteString("check", check.Name);
                json.WriteString("result", Result(check.State));
                json.WriteString("detail", check.Detail);
                json.WriteString("remedy", Remedy(check));
            });
        }
        else
        {
            foreach (var check in checks)
            {
                _host.Output.WriteLine($"{Result(check.State),-13}{check.Name,-33}{SafeText.Line(CommandLineTerms.Translate(check.Detail))}");
                if (Remedy(check) is { } remedy)
                {
                    _host.Output.WriteLine($"{"",-13}{SafeText.Line(remedy)}");
                }
            }
        }

        return checks.Any(check => check.State == CheckState.Failed) ? ExitCodes.Failed : ExitCodes.Success;
    }

    private async Task<int> RotateAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var environment = EnvironmentOf(parsed);
        var appId = parsed.GetRequiredValue(_appId).Trim();
        using var password = await PasswordAsync(parsed, cancellationToken).ConfigureAwait(false);
        using var administrator = await SignInAsync(parsed, environment, isReadOnly: false, cancellationToken).ConfigureAwait(false);
        var day = DateTime.Now.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var plan = await CertificateRollover.PlanAsync(
            new RolloverOptions
            {
                Environment = environment,
                EnvironmentName = parsed.GetValue(_environment),
                Organization = Organization(parsed),
                AppId = appId,
                Administrator = administrator.Provider,
                Certificate = Wanted(parsed, appId, $"{appId}-{day}", password),
                Patience = parsed.GetValue(_timeout) ?? TimeSpan.FromMinutes(5),
            },
            _messenger,
            cancellationToken).ConfigureAwait(false);
        var removes = parsed.GetValue(_removeOld);
        if (parsed.GetValue(_whatIf))
        {
            _host.Output.WriteLine($"to do  {plan.Making ?? (plan.IsAttached ? "Sign in with the certificate" : "Attach certificate")}: "
                + $"{SafeText.Line(plan.DisplayName)}");
            if (removes && plan.Old.Count > 0)
            {
                _host.Output.WriteLine($"to do  Remove certificates {string.Join(", ", plan.Old)}: {SafeText.Line(plan.DisplayName)}");
            }

            return ExitCodes.Success;
        }

        var report = await plan.ApplyAsync(removes, step => _messenger.Progress(step), cancellationToken).ConfigureAwait(false);
        _messenger.Progress(null);
        var command = SuggestedText.Of(report.Command);
        if (parsed.GetValue(_output) == OutputFormat.Json)
        {
            JsonText.WriteObject(_host.Output, json =>
            {
                json.WriteString("displayName", report.DisplayName);
                json.WriteString("appId", report.AppId);
                json.WriteString("organization", report.Organization);
                json.WriteString("certificateThumbprint", report.CertificateThumbprint);
                json.WriteString("pfxPath", report.Made?.PfxPath);
                json.WriteString("pemPath", report.Made?.PemPath);
                Strings(json, "removed", report.Removed);
                Strings(json, "kept", report.Kept);
                json.WriteString("command", command);
            });
        }
        else
        {
            _host.Output.WriteLine($"The certificate {report.CertificateThumbprint} signs in as {SafeText.Line(report.DisplayName)}.");
            Line("Removed: ", report.Removed);
            Line("Still there: ", report.Kept);
            _host.Output.WriteLine("  " + command);
        }

        return ExitCodes.Success;

        void Line(string label, IReadOnlyList<string> thumbprints)
        {
            if (thumbprints.Count > 0)
            {
                _host.Output.WriteLine(label + string.Join(", ", thumbprints));
            }
        }
    }

    private async Task<int> RemoveAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var environment = EnvironmentOf(parsed);
        if (!parsed.GetValue(_yes) && !parsed.GetValue(_whatIf) && !_host.IsInputTerminal)
        {
            throw new UsageException("The command can't prompt for confirmation without a terminal.", "Confirm with --yes.");
        }

        using var administrator = await SignInAsync(parsed, environment, isReadOnly: false, cancellationToken).ConfigureAwait(false);
        var appId = parsed.GetRequiredValue(_appId).Trim();
        var plan = await ApplicationRemoval.PlanAsync(
            new RemovalOptions
            {
                Environment = environment, Organization = Organization(parsed), AppId = appId,
                Administrator = administrator.Provider
            },
            _messenger,
            cancellationToken).ConfigureAwait(false);
        var what = $"{SafeText.Line(plan.DisplayName)} ({appId})";
        if (parsed.GetValue(_whatIf))
        {
            _host.Output.WriteLine($"to do  Remove {what}");
            return ExitCodes.Success;
        }

        if (!parsed.GetValue(_yes) && !await _host.Ask($"Remove the application {what}, with its consent and roles?", cancellationToken)
            .ConfigureAwait(false))
        {
            _host.Output.WriteLine("Nothing was removed.");
            return ExitCodes.Failed;
        }

        await plan.ApplyAsync(cancellationToken).ConfigureAwait(false);
        _host.Output.WriteLine($"Removed {what}.");
        return ExitCodes.Success;
    }

    private static string Result(CheckState state) =>
        state switch { CheckState.Passed => "passed", CheckState.Failed => "FAILED", _ => "not checked" };

    private static string Outcome(SetUpOutcome outcome) =>
        outcome switch { SetUpOutcome.Present => "there", SetUpOutcome.Done => "done", SetUpOutcome.Failed => "FAILED", _ => "skipped" };

    private static string? Remedy(ApplicationCheck check) =>
        check.Command is { } command ? SuggestedText.Of(command) : check.Remedy is { } remedy ? CommandLineTerms.Translate(remedy) : null;

    private static string ServiceWord(ExoService service) => service == ExoService.ExchangeOnline ? "exchange" : "compliance";

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private string Organization(ParseResult parsed) => parsed.GetRequiredValue(_organization).Trim();

    private ExoEnvironment EnvironmentOf(ParseResult parsed)
    {
        var given = parsed.GetValue(_environment);
        var text = given is null || CloudEnvironments.Find(given) is not null ? given?.Trim() : UserPath.Full(given, _host);
        return ExoEnvironments.Resolve(text, null, null, ExoService.ExchangeOnline, messages: _messenger);
    }

    private ExoService[]? Services(ParseResult parsed) => parsed.GetValue(_services) is not { Length: > 0 } given ? null
        : [.. given.Select(word => word.ToUpperInvariant() switch
    {
        "EXCHANGE" => ExoService.ExchangeOnline,
        "COMPLIANCE" => ExoService.SecurityCompliance,
        _ => throw new UsageException($"--service: '{word}' is not known.", "Use exchange or compliance."),
    })];

    private async Task<TokenProviderLease> SignInAsync(
        ParseResult parsed, ExoEnvironment environment, bool isReadOnly, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(_tokenFile);
        var variable = parsed.GetValue(_tokenVariable);
        PasswordOrigin? origin = file is not null ? new FilePassword(UserPath.Full(file, _host)) : variable is not null
            ? new VariablePassword(variable) : null;
        using var token = origin is null ? null
            : await new Passwords(_host, _messenger).ReadAsync(origin, "the access token", cancellationToken).ConfigureAwait(false);
        SignInMethod method = token is not null ? new SignInMethod.AccessToken(token) : parsed.GetValue(_device) ? new SignInMethod.DeviceCode()
            : new SignInMethod.Browser();
        var person = _host.HasPerson ? new TerminalSignIn(_host, _messenger) : null;
        return await AdministratorSignIn.RentAsync(environment, Organization(parsed), method, person, isReadOnly, cancellationToken).ConfigureAwait(
            false);
    }

    private async Task<SecureString?> PasswordAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(_passwordFile);
        var variable = parsed.GetValue(_passwordVariable);
        if (file is not null && variable is not null)
        {
            throw new UsageException("--password-file and --password-env exclude each other.", "Give the one place the password is kept at.");
        }

        PasswordOrigin? origin = file is not null ? new FilePassword(UserPath.Full(file, _host))
            : variable is not null ? new VariablePassword(variable)
            : !string.IsNullOrEmpty(_host.Variable(Passwords.Variable)) && !parsed.GetValue(_noPassword) ? new VariablePassword(Passwords.Variable)
            : null;
        return origin is null ? null : await new Passwords(_host, _messenger).ReadAsync(origin, "the certificate", cancellationToken)
            .ConfigureAwait(false);
    }

    private CertificateSource? Given(ParseResult parsed, SecureString? password)
    {
        var thumbprint = parsed.GetValue(_thumbprint);
        var certificate = parsed.GetValue(_certificate);
        return thumbprint is not null && certificate is not null
            ? throw new UsageException("--thumbprint and --certificate exclude each other.", "Give the one that signs in.")
            : thumbprint is not null ? new CertificateSource.Thumbprint(thumbprint.Trim())
            : certificate is not null
                ? new CertificateSource.File(
                UserPath.Full(certificate, _host), password, parsed.GetValue(_key) is { } key ? UserPath.Full(key, _host) : null)
            : null;
    }

    private SetUpCertificate Wanted(ParseResult parsed, string name, string? fileName, SecureString? password) => Given(parsed, password) is { } given
        ? SetUpCertificate.Existing(given)
        : SetUpCertificate.Generate(
            new NewCertificateOptions
            {
                CommonName = name.Length <= 64 ? name : name[..64],
                FileName = fileName,
                Folder = parsed.GetValue(_path) is { } path ? UserPath.Full(path, _host) : null,
                ValidYears = parsed.GetValue(_validYears) ?? 1,
                NoPassword = parsed.GetValue(_noPassword),
                InstallToStore = parsed.GetValue(_install),
            },
            password);
}
