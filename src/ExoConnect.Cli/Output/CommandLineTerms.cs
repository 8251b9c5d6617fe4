using System.Text.RegularExpressions;

namespace ExoConnect.Cli.Output;

/// <summary>The engine names parameters and cmdlets as the PowerShell module does; here they have other names.</summary>
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
        ["-PageSize"] = "--page-size",
        ["-Property"] = "--select",
        ["-Connection"] = "--profile",
        ["-Verbose"] = "--verbose",
        ["Connect-ExchangeOnline"] = "exoconnect connect",
        ["Connect-IPPSSession"] = "exoconnect connect --service compliance",
        ["Get-ConnectionInformation"] = "exoconnect status --check",
    };

    public static string Translate(string text) => Name().Replace(text, m => Terms.GetValueOrDefault(m.Value, m.Value));

    [GeneratedRegex(@"(?<![\w-])(-[A-Z]\w+|[A-Z][a-z]+-[A-Z]\w+)(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
