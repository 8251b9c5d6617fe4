using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Profiles;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.Authentication.Methods;

namespace ExoConnect.Cli.Commands;

/// <summary>The options that say who signs in and how, and what they mean together with the profile that is there.</summary>
internal sealed class SignInChoice(CliHost host)
{
    private const string KeyNeedsFile = "Leave it out, or name the certificate's file with --certificate.";

    public Option<string> AppId { get; } = OptionTypes.Text("--app-id", "ID", "The application (client) id of the app registration.");

    public Option<string> Organization { get; } = OptionTypes.Text(
        "--organization", "DOMAIN", "The .onmicrosoft.com domain of the organization, or its tenant id.");

    public Option<string> Thumbprint { get; } = OptionTypes.Text("--thumbprint", "HEX", "A certificate in this account's store, or the machine's.");

    public Option<string> Certificate { get; } = OptionTypes.Text("--certificate", "FILE", "A certificate in a file: PFX, or PEM with its key.");

    public Option<string> Key { get; } = OptionTypes.Text("--key", "FILE", "The PEM file of the private key, where it has one of its own.");

    public Option<string> PasswordFile { get; } = OptionTypes.Text(
        "--password-file", "FILE", "A file that holds the certificate's password and nothing else.");

    public Option<string> PasswordVariable { get; } = OptionTypes.Text(
        "--password-env", "NAME", $"The environment variable that holds it; {Passwords.Variable} needs no mention.");

    public Option<string> SecretFile { get; } = OptionTypes.Text(
        "--client-secret-file", "FILE", "Sign in with a client secret, which this file holds and nothing else.");

    public Option<string> SecretVariable { get; } = OptionTypes.Text(
        "--client-secret-env", "NAME", "Sign in with a client secret, which this environment variable holds.");

    public Option<bool> Managed { get; } = OptionTypes.Switch(
        "--managed-identity", "Sign in with the identity that Azure gives to what this runs on.");

    public Option<string> Account { get; } = OptionTypes.Text(
        "--identity-id", "ID", "The client id of the managed identity, if it is a user-assigned one.");

    public Option<bool> Workload { get; } = OptionTypes.Switch(
        "--workload-identity", "Sign in with the platform's workload identity: GitHub Actions, Azure DevOps, Kubernetes.");

    public Option<string> FederatedFile { get; } = OptionTypes.Text(
        "--federated-token-file", "FILE", "The file with the platform's token, where no variable says it.");

    public Option<string> Connection { get; } = OptionTypes.Text(
        "--service-connection", "ID", "The service connection of an Azure pipeline, where no variable says it.");

    public Option<bool> Default { get; } = OptionTypes.Switch(
        "--default-credential", "Sign in with what is there: Azure's variables, the platform's identity, az, azd, Azure PowerShell, Visual Studio.");

    public Option<string[]> Exclude { get; } = OptionTypes.Texts(
        "--exclude-credential", "NAME", "A way that the default credential is not to try, such as AzureCli; may be given more than once.");

    public Option<string> TokenFile { get; } = OptionTypes.Text(
        "--access-token-file", "FILE", "Use the access token in this file; it is for one service and can't be renewed.");

    public Option<string> TokenVariable { get; } = OptionTypes.Text(
        "--access-token-env", "NAME", "Use the access token in this environment variable.");

    public Option<bool> Device { get; } = OptionTypes.Switch(
        "--device", "Sign a user in with a code that is entered in a browser, here or anywhere.");

    public Option<bool> Browser { get; } = OptionTypes.Switch("--browser", "Sign a user in in this machine's browser. --user alone does the same.");

    public Option<string> User { get; } = OptionTypes.Text("--user", "UPN", "The user who is to sign in, as in admin@contoso.com.");

    public Option<bool> AllowPlaintext { get; } = OptionTypes.Switch(
        "--allow-plaintext-cache", "Store a user's sign-in in an unencrypted file if the platform has no store for secrets.");

    public Option<bool> Interactive { get; } = OptionTypes.Switch("--interactive", "A user can sign in, although there is no terminal.");

    public IReadOnlyList<Option> All =>
    [
        AppId, Organization, Thumbprint, Certificate, Key, PasswordFile, PasswordVariable, SecretFile, SecretVariable, Managed, Account, Workload,
        FederatedFile, Connection, Default, Exclude, TokenFile, TokenVariable, Device, Browser, User, AllowPlaintext, Interactive,
    ];

    private static UsageException Missing(Option option) =>
        new($"{option.Name} is missing.", $"{option.Description} exoconnect connect --help tells more.");

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>The application: the option, the user's profile, the platform's variable or ours.</summary>
    public string AppIdOf(ParseResult parsed, UserSignIn? user, Profile? known) =>
        (user is not null ? SignInDefaults.AppId(parsed.GetValue(AppId), known?.AppId, host.Variable)
            : parsed.GetValue(Workload) ? SignInDefaults.WorkloadAppId(parsed.GetValue(AppId), host.Variable)
            : parsed.GetValue(AppId)?.Trim() ?? (IsOnItsOwn(parsed) ? "" : null))
        ?? throw (user is null ? Missing(AppId) : new UsageException(
            "No application is given for the user's sign-in.",
            $"Give --app-id ID, or set the variable {SignInDefaults.AppIdVariable}. It is an application of your organization that allows public "
                + "client flows."));

    /// <summary>The organization, in the same way.</summary>
    public string OrganizationOf(ParseResult parsed, UserSignIn? user, Profile? known) =>
        (user is not null
            ? SignInDefaults.Organization(parsed.GetValue(Organization), IsOf(known, user) ? known!.Organization : null, user.User, host.Variable)
            ?? ""
            : parsed.GetValue(Workload) ? SignInDefaults.WorkloadOrganization(parsed.GetValue(Organization), host.Variable)
            : parsed.GetValue(Organization)?.Trim() ?? (IsOnItsOwn(parsed) ? "" : null))
        ?? throw Missing(Organization);

    private static bool IsOf(Profile? known, UserSignIn user) =>
        known?.SignIn is UserSignIn before && string.Equals(before.User, user.User, StringComparison.OrdinalIgnoreCase);

    private bool IsOnItsOwn(ParseResult parsed) =>
        parsed.GetValue(Managed) || parsed.GetValue(Default)
        || parsed.GetValue(TokenFile) is not null || parsed.GetValue(TokenVariable) is not null;

    private List<string> GivenMethods(ParseResult parsed)
    {
        var ways = new Option[]
        {
            Thumbprint, Certificate, SecretFile, SecretVariable, Managed, Workload, Default, TokenFile, TokenVariable, Device,
            Browser,
        }.Where(o => IsGiven(parsed, o)).Select(o => o.Name).ToList();
        return ways.Count <= 1 ? ways : throw new UsageException($"{ways[0]} and {ways[1]} exclude each other.", "Give the one that signs in.");
    }

    /// <summary>The way a user signs in; null for an application. Without any method, a profile of a user signs in as before.</summary>
    public UserSignIn? UserOf(ParseResult parsed, UserSignIn? before)
    {
        var ways = GivenMethods(parsed);
        var ofUser = new Option[] { User, AllowPlaintext, Interactive }.FirstOrDefault(o => IsGiven(parsed, o));
        if (ways is [var way] && way != Device.Name && way != Browser.Name)
        {
            return ofUser is null ? null
                : throw new UsageException($"{ofUser.Name} is for users, not for {way}.", "Leave it out, or sign in with --device or --browser.");
        }

        if (ways.Count == 0 && !IsGiven(parsed, User) && before is null)
        {
            return ofUser is null ? null
                : throw new UsageException($"{ofUser.Name} is for users.", "Choose how the user signs in: --device or --browser.");
        }

        var ofApplications = new Option[] { Key, PasswordFile, PasswordVariable, Account, FederatedFile, Connection, Exclude };
        if (ofApplications.FirstOrDefault(o => IsGiven(parsed, o)) is { } stray)
        {
            throw new UsageException($"{stray.Name} is for applications, not for users.", "Leave it out.");
        }

        var user = parsed.GetValue(User)?.Trim() ?? before?.User;
        var mayBePlain = parsed.GetValue(AllowPlaintext) || before is { AllowPlaintext: true };
        return parsed.GetValue(Device) || (ways.Count == 0 && before is DeviceSignIn) ? new DeviceSignIn(user, mayBePlain)
            : new BrowserSignIn(user, mayBePlain);
    }

    /// <summary>The way an application signs in.</summary>
    public SignIn SignInOf(ParseResult parsed)
    {
        var ways = GivenMethods(parsed);

        foreach (var (option, way) in new (Option, Option)[]
        {
            (Account, Managed), (FederatedFile, Workload), (Connection, Workload), (Exclude, Default),
        })
        {
            if (IsGiven(parsed, option) && !ways.Contains(way.Name) && (option != Account || !ways.Contains(Default.Name)))
            {
                throw new UsageException($"{option.Name} goes with {way.Name}.", $"Leave it out, or give {way.Name}.");
            }
        }

        if (ways is [var other] && other != Thumbprint.Name && other != Certificate.Name)
        {
            return WithoutCertificate(parsed, other);
        }

        return WithCertificate(parsed);
    }

    private SignIn WithoutCertificate(ParseResult parsed, string way)
    {
        if (new Option[] { Key, PasswordFile, PasswordVariable }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } stray)
        {
            throw new UsageException($"{stray.Name} goes with a certificate file, not with {way}.", KeyNeedsFile);
        }

        return parsed.GetValue(Managed) ? new ManagedSignIn(parsed.GetValue(Account)?.Trim())
            : parsed.GetValue(Default) ? new DefaultSignIn(
                [.. (parsed.GetValue(Exclude) ?? []).Select(name => name.Trim())], parsed.GetValue(Account)?.Trim(), parsed.GetValue(AppId)?.Trim())
            : parsed.GetValue(Workload) ? new WorkloadSignIn(FullPath(parsed, FederatedFile), parsed.GetValue(Connection)?.Trim())
            : FullPath(parsed, SecretFile) is { } secret ? new SecretSignIn(new FilePassword(secret))
            : parsed.GetValue(SecretVariable) is { } variable ? new SecretSignIn(new VariablePassword(variable))
            : FullPath(parsed, TokenFile) is { } token ? new TokenSignIn(new FilePassword(token))
            : new TokenSignIn(new VariablePassword(parsed.GetValue(TokenVariable)!));
    }

    private SignIn WithCertificate(ParseResult parsed)
    {
        var thumbprint = parsed.GetValue(Thumbprint);
        var certificate = parsed.GetValue(Certificate);
        var key = parsed.GetValue(Key);
        var passwordFile = parsed.GetValue(PasswordFile);
        var passwordVariable = parsed.GetValue(PasswordVariable);
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
            UserPath.Full(certificate!, host),
            FullPath(parsed, Key),
            passwordFile is not null ? new FilePassword(UserPath.Full(passwordFile, host))
                : passwordVariable is not null ? new VariablePassword(passwordVariable)
                : null);
    }

    private string? FullPath(ParseResult parsed, Option<string> option) => parsed.GetValue(option) is { } path ? UserPath.Full(path, host) : null;
}
