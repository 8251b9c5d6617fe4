using System.Text;
using System.Text.Json;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>The description of a local tenant for a client. It holds secrets, which open nothing else.</summary>
/// <param name="Organization">The initial domain.</param>
/// <param name="TenantId">The tenant id.</param>
/// <param name="AppId">The registered app; null if there is none.</param>
/// <param name="Thumbprint">The SHA-1 thumbprint of the app's certificate.</param>
/// <param name="PfxPath">The app's certificate and key, PKCS #12.</param>
/// <param name="PfxPassword">The password of that file.</param>
/// <param name="PemPath">The app's certificate and key, PEM, not encrypted.</param>
/// <param name="CertificatePath">The app's certificate alone, DER.</param>
/// <param name="CaPath">The certificate authority of the tenant's servers, PEM.</param>
/// <param name="EnvironmentFile">The file for <c>--environment</c> and <c>-ExchangeEnvironmentName</c>.</param>
/// <param name="StateDirectory">The folder of all these files.</param>
/// <param name="Port">The port on 127.0.0.1.</param>
/// <param name="SignIn">Entra ID's address.</param>
/// <param name="Exchange">Exchange Online's address.</param>
/// <param name="Compliance">The address of Security &amp; Compliance.</param>
/// <param name="Graph">Microsoft Graph's address.</param>
/// <param name="Mailboxes">How many mailboxes the directory started with.</param>
/// <param name="Roles">The directory roles of the registered app; empty if there is none.</param>
/// <param name="Administrator">The user who may set up applications.</param>
public sealed record TenantDescription(
    string Organization,
    Guid TenantId,
    Guid? AppId,
    string Thumbprint,
    string PfxPath,
    string PfxPassword,
    string PemPath,
    string CertificatePath,
    string CaPath,
    string EnvironmentFile,
    string StateDirectory,
    int Port,
    Uri SignIn,
    Uri Exchange,
    Uri Compliance,
    Uri Graph,
    int Mailboxes,
    IReadOnlyList<string> Roles,
    TenantAdministrator Administrator)
{
    /// <summary>A client secret of the registered app; null if there is no app.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The variables that a platform sets for its workloads.</summary>
    public required TenantPlatform Platform { get; init; }

    /// <summary>The description as JSON, members named as these properties in camel case.</summary>
    /// <returns>Indented JSON.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, TenantJson.Default.TenantDescription);

    /// <summary>The description as text, one line for each member.</summary>
    /// <returns>Lines of a label and a value, in columns.</returns>
    public string ToText()
    {
        (string Label, string Value)[] lines =
        [
            ("Organization", Organization),
            ("Tenant id", TenantId.ToString()),
            ("App id", AppId?.ToString() ?? "none: no application is registered"),
            ("Roles", string.Join(", ", Roles)),
            ("Administrator", Administrator.UserPrincipalName),
            ("  password", Administrator.Password),
            ("  token for Graph", Administrator.GraphTokenFile),
            ("Mailboxes", Mailboxes.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("Listening on", $"127.0.0.1:{Port}"),
            ("Sign-in", SignIn.GetLeftPart(UriPartial.Authority)),
            ("Exchange Online", Exchange.GetLeftPart(UriPartial.Authority)),
            ("Compliance", Compliance.GetLeftPart(UriPartial.Authority)),
            ("Graph", Graph.GetLeftPart(UriPartial.Authority)),
            ("Environment file", EnvironmentFile),
            ("CA certificate", CaPath),
            (AppId is null ? "A certificate" : "App certificate", PfxPath),
            ("  its password", PfxPassword),
            ("  as PEM", PemPath),
            ("  without key", CertificatePath),
            ("  thumbprint", Thumbprint),
            ("App secret", ClientSecret ?? ""),
        ];
        var text = new StringBuilder();
        foreach (var (label, value) in lines.Where(line => line.Value.Length > 0))
        {
            text.Append(label.PadRight(19)).AppendLine(value);
        }

        return text.ToString();
    }

    /// <summary>Names the tenant, without the secrets.</summary>
    /// <returns>Organization and port.</returns>
    public override string ToString() => $"{Organization} on 127.0.0.1:{Port}";
}

/// <summary>
/// The addresses and secrets of managed identities and federated workloads. They are valid for this tenant alone.
/// </summary>
/// <param name="IdentityEndpoint">
/// For the variable <c>IDENTITY_ENDPOINT</c>: a managed identity as in App Service, which is the registered app.
/// </param>
/// <param name="IdentityHeader">For the variable <c>IDENTITY_HEADER</c>.</param>
/// <param name="FederationEndpoint">
/// For the variable <c>ACTIONS_ID_TOKEN_REQUEST_URL</c>: a workload as in GitHub Actions, which the registered app trusts.
/// </param>
/// <param name="FederationRequestToken">For the variable <c>ACTIONS_ID_TOKEN_REQUEST_TOKEN</c>.</param>
/// <param name="FederationIssuer">The issuer of the workload's tokens.</param>
/// <param name="FederationSubject">Their subject.</param>
public sealed record TenantPlatform(
    Uri IdentityEndpoint, string IdentityHeader, Uri FederationEndpoint, string FederationRequestToken, string FederationIssuer,
    string FederationSubject)
{
    /// <summary>Names the address, without the secrets.</summary>
    /// <returns>The address.</returns>
    public override string ToString() => IdentityEndpoint.ToString();
}

/// <summary>The tenant's administrator, signed in to Microsoft Graph.</summary>
/// <param name="UserPrincipalName">The name.</param>
/// <param name="Password">The password, which opens nothing else.</param>
/// <param name="GraphToken">An access token for Graph, with the lifetime of the tenant's tokens; it opens nothing else.</param>
/// <param name="GraphTokenFile">A file that holds the same token.</param>
public sealed record TenantAdministrator(string UserPrincipalName, string Password, string GraphToken, string GraphTokenFile)
{
    /// <summary>Names the user, without the secrets.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => UserPrincipalName;
}
