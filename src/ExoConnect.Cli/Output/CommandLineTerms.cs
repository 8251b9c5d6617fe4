using System.Text.RegularExpressions;

namespace ExoConnect.Cli.Output;

/// <summary>Translates the PowerShell module's names of parameters and cmdlets in the engine's messages to those of the command line.</summary>
internal static partial class CommandLineTerms
{
    private static readonly Dictionary<string, string> Terms = new(StringComparer.Ordinal)
    {
        ["-AppId"] = "--app-id",
        ["-Organization"] = "--organization",
        ["-ExchangeEnvironmentName"] = "--environment",
        ["-ConnectionUri"] = "--environment",
        ["-AzureADAuthorizationEndpointUri"] = "--environment",
        ["-CertificateThumbprint"] = "--thumbprint",
        ["-CertificateFilePath"] = "--certificate",
        ["-CertificateKeyFilePath"] = "--key",
        ["-CertificatePassword"] = "--password-file, --password-env or the variable EXOCONNECT_CERTIFICATE_PASSWORD",
        ["-ClientSecret"] = "--client-secret-file or --client-secret-env",
        ["-AccessToken"] = "--access-token-file or --access-token-env",
        ["-ManagedIdentity"] = "--managed-identity",
        ["-ManagedIdentityAccountId"] = "--identity-id",
        ["-WorkloadIdentity"] = "--workload-identity",
        ["-DefaultCredential"] = "--default-credential",
        ["-ExcludeCredential"] = "--exclude-credential",
        ["-FederatedTokenFile"] = "--federated-token-file",
        ["-ServiceConnectionId"] = "--service-connection",
        ["-PageSize"] = "--page-size",
        ["-Property"] = "--select",
        ["-Connection"] = "--profile",
        ["-Role"] = "--role",
        ["-DisplayName"] = "--display-name",
        ["-Device"] = "--device",
        ["-UserPrincipalName"] = "--user",
        ["-AllowPlaintextCache"] = "--allow-plaintext-cache",
        ["-Service"] = "--service",
        ["-Verbose"] = "--verbose",
        ["-Resource"] = "--resource",
        ["-Decode"] = "--decode",
        ["-All"] = "--all",
        ["-Headers"] = "--header",
        ["-Uri"] = "the address",
        ["Get-ExoAccessToken"] = "exoconnect token",
        ["Connect-ExchangeOnline"] = "exoconnect connect",
        ["Connect-IPPSSession"] = "exoconnect connect --service compliance",
        ["Register-ExoApplication"] = "exoconnect app register",
        ["Test-ExoApplication"] = "exoconnect app test",
        ["Update-ExoApplicationCertificate"] = "exoconnect app rotate",
        ["Unregister-ExoApplication"] = "exoconnect app remove",
        ["Get-ConnectionInformation"] = "exoconnect status --check",
    };

    public static string Translate(string text) => Name().Replace(text, m => Terms.GetValueOrDefault(m.Value, m.Value));

    /// <summary>For commands whose options are the parameters of a cmdlet by the same names: <c>-FileName</c> is <c>--file-name</c>.</summary>
    public static string TranslateOptions(string text) => Name().Replace(text, m => m.Value switch
    {
        "-Password" => "--password-file or --password-env",
        ['-', .. var name] => "-" + Capital().Replace(name, c => "-" + c.Value.ToLowerInvariant()),
        _ => m.Value,
    });

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex Capital();

    [GeneratedRegex(@"(?<![\w-])(-[A-Z]\w+|[A-Z][a-z]+-[A-Z]\w+)(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
