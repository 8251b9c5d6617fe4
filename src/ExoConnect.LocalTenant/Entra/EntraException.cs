namespace ExoConnect.LocalTenant.Entra;

/// <summary>A refusal by Entra ID: what goes into its error JSON.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="error">The OAuth error, for example <c>invalid_client</c>.</param>
/// <param name="code">The AADSTS number.</param>
/// <param name="text">The text behind the number.</param>
internal sealed class EntraException(int status, string error, int code, string text) : Exception(text)
{
    private const string CredentialDocs =
        "Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .";

    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The OAuth error.</summary>
    public string Error => error;

    /// <summary>The AADSTS number.</summary>
    public int Code => code;

    public static EntraException MissingParameter(string name) =>
        new(400, "invalid_request", 900144, $"The request body must contain the following parameter: '{name}'.");

    public static EntraException UnsupportedGrant(string grant) =>
        new(400, "unsupported_grant_type", 70003, $"The app requested an unsupported grant type '{grant}'.");

    public static EntraException TenantNotFound(string tenant, bool discovery) => new(
        400,
        discovery ? "invalid_tenant" : "invalid_request",
        90002,
        $"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your "
        + "subscription administrator, this may happen if there are no active subscriptions for the tenant.");

    public static EntraException NoTenant() => new(
        400,
        "invalid_request",
        50059,
        "No tenant-identifying information found in either the request or implied by any provided credentials.");

    public static EntraException UnknownInstance() => new(400, "invalid_instance", 50049, "Unknown or invalid instance.");

    public static EntraException AppNotFound(string clientId, string directory) => new(
        400,
        "unauthorized_client",
        700016,
        $"Application with identifier '{clientId}' was not found in the directory '{directory}'. This can happen if the application has not been "
        + "installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request "
        + "to the wrong tenant.");

    public static EntraException NoServicePrincipal(TenantApplication app, Guid tenantId) => new(
        401,
        "invalid_client",
        7000229,
        $"The client application {app.AppId} is missing service principal in the tenant {tenantId}. See instructions here: "
        + "https://go.microsoft.com/fwlink/?linkid=2225119");

    public static EntraException Disabled(TenantApplication app) =>
        new(400, "unauthorized_client", 7000112, $"Application '{app.AppId}'({app.Name}) is disabled.");

    public static EntraException NoConsent(TenantApplication app) => new(
        400,
        "invalid_grant",
        65001,
        $"The user or administrator has not consented to use the application with ID '{app.AppId}' named '{app.Name}'. Send an interactive "
        + "authorization request for this user and resource.");

    public static EntraException NoCredential() => new(
        401,
        "invalid_client",
        7000216,
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.");

    public static EntraException WrongSecret(TenantApplication app) => new(
        401,
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a "
        + $"secret added to app '{app.AppId}'.");

    public static EntraException ExpiredSecret(TenantApplication app) => new(
        401,
        "invalid_client",
        7000222,
        $"The provided client secret keys for app '{app.AppId}' are expired. Visit the Azure portal to create new keys for your app: "
        + "https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.");

    public static EntraException MalformedAssertion(string why) =>
        new(400, "invalid_request", 50027, $"JWT token is invalid or malformed. {why}");

    public static EntraException AssertionClient() => new(
        401,
        "invalid_client",
        700021,
        $"Client assertion application identifier doesn't match 'client_id' parameter. {CredentialDocs}");

    public static EntraException AssertionAudience() =>
        new(401, "invalid_client", 700023, $"Client assertion audience claim does not match Realm issuer. {CredentialDocs}");

    public static EntraException AssertionTime(DateTimeOffset now, DateTimeOffset from, DateTimeOffset to) => new(
        401,
        "invalid_client",
        700024,
        $"Client assertion is not within its valid time range. Current time: {now.UtcDateTime:O}, assertion valid from {from.UtcDateTime:O}, expiry "
        + $"time of assertion {to.UtcDateTime:O}. {CredentialDocs}");

    // Entra ID's documentation gives no number to a replayed assertion; 50013 is its "assertion is invalid because of various reasons".
    public static EntraException AssertionReplayed() =>
        new(401, "invalid_client", 50013, "Assertion failed validation. [Reason - The assertion's 'jti' has been used before.]");

    public static EntraException KeyNotFound(TenantApplication app, string? thumbprint) => new(
        401,
        "invalid_client",
        700027,
        "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., "
        + (thumbprint is null ? string.Empty : $"Thumbprint of key used by client: '{thumbprint}', ") + SeeKeys(app) + "]");

    public static EntraException KeyExpired(TenantApplication app, string thumbprint, DateTime from, DateTime to) => new(
        401,
        "invalid_client",
        700027,
        $"Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used by client: '{thumbprint}', "
        + FoundKey(from, to) + SeeKeys(app) + "]");

    public static EntraException WrongSignature(TenantApplication app, string thumbprint, DateTime from, DateTime to) => new(
        401,
        "invalid_client",
        700027,
        "Client assertion failed signature validation. [Reason - Key was found, but use of the key to verify the signature failed., Thumbprint of "
        + $"key used by client: '{thumbprint}', " + FoundKey(from, to) + SeeKeys(app) + "]");

    public static EntraException NotDefaultScope(string scope) => new(
        400,
        "invalid_scope",
        1002012,
        $"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource "
        + "identifier (application ID URI).");

    public static EntraException InvalidScope(string scope) => new(
        400,
        "invalid_scope",
        70011,
        "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope "
        + $"{scope} is not valid.");

    public static EntraException ResourceNotFound(string resource, string directory) => new(
        400,
        "invalid_resource",
        500011,
        $"The resource principal named {resource} was not found in the tenant named {directory}. This can happen if the application has not been "
        + "installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request "
        + "to the wrong tenant.");

    public static EntraException InvalidClaims() =>
        new(400, "invalid_request", 90100, "The 'claims' parameter is empty or not valid.");

    private static string FoundKey(DateTime from, DateTime to) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"Found key 'Start={from.ToUniversalTime():MM/dd/yyyy HH:mm:ss}, End={to.ToUniversalTime():MM/dd/yyyy HH:mm:ss}', ");

    private static string SeeKeys(TenantApplication app) =>
        "Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id "
        + $"'{app.AppId}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service "
        + "endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such "
        + $"as 'https://graph.microsoft.com/beta/applications/{app.AppId}'.";
}
