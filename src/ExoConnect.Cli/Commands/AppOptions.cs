using System.CommandLine;
using System.Security;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding.Graph;
using ExoConnect.Core.Onboarding.SetUp;

namespace ExoConnect.Cli.Commands;

/// <summary>The options of <c>exoconnect app</c>, and what they mean together. Each of its commands has an instance of its own.</summary>
internal sealed class AppOptions(CliHost host, Messenger messenger)
{
    public Option<string> DisplayName { get; } = OptionTypes.Text("--display-name", "NAME", "What the application is called.");

    public Option<string> AppId { get; } = OptionTypes.Text("--app-id", "ID", "The application (client) id.");

    public Option<string> Organization { get; } = OptionTypes.Text(
        "--organization", "DOMAIN", "The .onmicrosoft.com domain of the organization, or its tenant id.");

    public Option<string[]> Roles { get; } = OptionTypes.Texts(
        "--role", "NAME", "A directory role; may be repeated. Default for a new application: Global Reader.");

    public Option<string[]> ServiceNames { get; } = OptionTypes.Texts(
        "--service", "exchange|compliance", "What it connects to; may be repeated. Default: what its roles are for.");

    public Option<bool> MultiTenant { get; } = OptionTypes.Switch("--multi-tenant", "Register it for use in other tenants too.");

    public Option<string> Thumbprint { get; } = OptionTypes.Text("--thumbprint", "HEX", "A certificate in this account's store, or the machine's.");

    public Option<string> Certificate { get; } = OptionTypes.Text("--certificate", "FILE", "A certificate in a file: PFX, or PEM with its key.");

    public Option<string> Key { get; } = OptionTypes.Text("--key", "FILE", "The PEM file of the private key, where it has one of its own.");

    public Option<string> PasswordFile { get; } = OptionTypes.Text(
        "--password-file", "FILE", "A file that holds the certificate's password and nothing else.");

    public Option<string> PasswordVariable { get; } = OptionTypes.Text(
        "--password-env", "NAME", $"The environment variable that holds it; {Passwords.Variable} needs no mention.");

    public Option<string> Path { get; } = OptionTypes.Text("--path", "DIR", "The folder of the certificate that is made. Default: this one.");

    public Option<bool> NoPassword { get; } = OptionTypes.Switch("--no-password", "Make the file with the key without a password.");

    public Option<bool> InstallToStore { get; } = OptionTypes.Switch(
        "--install-to-store", "Put the certificate that is made into this account's store.");

    public Option<int?> ValidYears { get; } = OptionTypes.Number("--valid-years", "N", "How many years it is valid. Default: 1.", 1, 10);

    public Option<bool> RemoveOld { get; } = OptionTypes.Switch("--remove-old", "Take all other certificates off when the new one has signed in.");

    public Option<string> TokenFile { get; } = OptionTypes.Text("--access-token-file", "FILE", "Use the access token for Graph in this file.");

    public Option<string> TokenVariable { get; } = OptionTypes.Text(
        "--access-token-env", "NAME", "Use the access token for Graph in this environment variable.");

    public Option<bool> Device { get; } = OptionTypes.Switch("--device", "Sign in to Graph with a code to enter in a browser, here or elsewhere.");

    public Option<string> Environment { get; } = OptionTypes.Text(
        "--environment", "NAME|FILE", "The cloud, or an environment file such as a local tenant writes.");

    public Option<TimeSpan?> Timeout { get; } = OptionTypes.Duration(
        "--timeout", "TIME", "How long to wait for the directory to know what was made. Default: 5m.");

    public Option<bool> WhatIf { get; } = OptionTypes.Switch("--what-if", "Sign in, look, list the steps, and do none.");

    public Option<bool> Yes { get; } = OptionTypes.Switch("--yes", "Do not ask.");

    public Option<OutputFormat?> Output { get; } = OptionTypes.TextOrJson();

    public Option[] Certificates => [Thumbprint, Certificate, Key, PasswordFile, PasswordVariable];

    public Option[] Making => [Path, NoPassword, InstallToStore, ValidYears];

    public Option[] SignIns => [TokenFile, TokenVariable, Device, Environment];

    public string OrganizationOf(ParseResult parsed) => parsed.GetRequiredValue(Organization).Trim();

    public ExoEnvironment EnvironmentOf(ParseResult parsed)
    {
        var given = parsed.GetValue(Environment);
        var text = given is null || CloudEnvironments.Find(given) is not null ? given?.Trim() : UserPath.Full(given, host);
        return ExoEnvironments.Resolve(text, null, null, ExoService.ExchangeOnline, messages: messenger);
    }

    public ExoService[]? ServicesOf(ParseResult parsed) => parsed.GetValue(ServiceNames) is not { Length: > 0 } given ? null
        : [.. given.Select(word => word.ToUpperInvariant() switch
    {
        "EXCHANGE" => ExoService.ExchangeOnline,
        "COMPLIANCE" => ExoService.SecurityCompliance,
        _ => throw new UsageException($"--service: '{word}' is not known.", "Use exchange or compliance."),
    })];

    public async Task<TokenProviderLease> SignInAsync(
        ParseResult parsed, ExoEnvironment environment, bool isReadOnly, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(TokenFile);
        var variable = parsed.GetValue(TokenVariable);
        PasswordOrigin? origin = file is not null ? new FilePassword(UserPath.Full(file, host)) : variable is not null
            ? new VariablePassword(variable) : null;
        using var token = origin is null ? null
            : await new Passwords(host, messenger).ReadAsync(origin, "the access token", cancellationToken).ConfigureAwait(false);
        SignInMethod method = token is not null ? new SignInMethod.AccessToken(token) : parsed.GetValue(Device) ? new SignInMethod.DeviceCode()
            : new SignInMethod.Browser();
        var person = host.HasPerson ? new TerminalSignIn(host, messenger) : null;
        return await AdministratorSignIn.RentAsync(environment, OrganizationOf(parsed), method, person, isReadOnly, cancellationToken).ConfigureAwait(
            false);
    }

    public async Task<SecureString?> PasswordAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(PasswordFile);
        var variable = parsed.GetValue(PasswordVariable);
        if (file is not null && variable is not null)
        {
            throw new UsageException("--password-file and --password-env exclude each other.", "Give the one place the password is kept at.");
        }

        PasswordOrigin? origin = file is not null ? new FilePassword(UserPath.Full(file, host))
            : variable is not null ? new VariablePassword(variable)
            : !string.IsNullOrEmpty(host.Variable(Passwords.Variable)) && NeedsPassword() ? new VariablePassword(Passwords.Variable)
            : null;
        return origin is null ? null : await new Passwords(host, messenger).ReadAsync(origin, "the certificate", cancellationToken)
            .ConfigureAwait(false);

        // A variable that is set for other commands must not stand in the way of a key that goes to the store alone.
        bool NeedsPassword() => !parsed.GetValue(NoPassword) && !parsed.GetValue(InstallToStore);
    }

    public CertificateSource? CertificateOf(ParseResult parsed, SecureString? password)
    {
        var thumbprint = parsed.GetValue(Thumbprint);
        var certificate = parsed.GetValue(Certificate);
        return thumbprint is not null && certificate is not null
            ? throw new UsageException("--thumbprint and --certificate exclude each other.", "Give the one that signs in.")
            : thumbprint is not null ? new CertificateSource.Thumbprint(thumbprint.Trim())
            : certificate is not null
                ? new CertificateSource.File(
                UserPath.Full(certificate, host), password, parsed.GetValue(Key) is { } key ? UserPath.Full(key, host) : null)
            : null;
    }

    public SetUpCertificate CertificateOrNew(ParseResult parsed, string name, string? fileName, SecureString? password) =>
        CertificateOf(parsed, password) is { } given
        ? SetUpCertificate.Existing(given)
        : SetUpCertificate.Generate(
            new NewCertificateOptions
            {
                CommonName = name.Length <= 64 ? name : name[..64],
                FileName = fileName,
                Folder = parsed.GetValue(Path) is { } path ? UserPath.Full(path, host) : null,
                ValidYears = parsed.GetValue(ValidYears) ?? 1,
                NoPassword = parsed.GetValue(NoPassword),
                InstallToStore = parsed.GetValue(InstallToStore),
            },
            password);
}
