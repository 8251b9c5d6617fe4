namespace ExoConnect.LocalTenant.Entra;

/// <summary>A refusal by Entra ID, as its error JSON describes it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="error">The OAuth error, for example <c>invalid_client</c>.</param>
/// <param name="code">The AADSTS number.</param>
/// <param name="text">The text after the number.</param>
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

    /// <summary>The hint for the client, in OAuth's extension <c>suberror</c>.</summary>
    public string? SubError { get; init; }

    /// <summary>The claims for the client's next request.</summary>
    public string? Claims { get; init; }

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

    // Entra ID's documentation has no number for a replayed assertion; 50013 is its "assertion is invalid because of various reasons".
    public static EntraException AssertionReplayed() =>
        new(401, "invalid_client", 50013, "Assertion failed validation. [Reason - The assertion's 'jti' has been used before.]");

    public static EntraException KeyNotFound(TenantApplication app, string? thumbprint) => new(
        401,
        "invalid_client",
        700027,
        "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., "
        + (thumbprint is null ? string.Empty : $"Thumbprint of key used by client: '{thumbprint}', ") + KeyAdvice(app) + "]");

    public static EntraException KeyExpired(TenantApplication app, string thumbprint, DateTime from, DateTime to) => new(
        401,
        "invalid_client",
        700027,
        $"Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used by client: '{thumbprint}', "
        + FoundKey(from, to) + KeyAdvice(app) + "]");

    public static EntraException WrongSignature(TenantApplication app, string thumbprint, DateTime from, DateTime to) => new(
        401,
        "invalid_client",
        700027,
        "Client assertion failed signature validation. [Reason - Key was found, but use of the key to verify the signature failed., Thumbprint of "
        + $"key used by client: '{thumbprint}', " + FoundKey(from, to) + KeyAdvice(app) + "]");

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

    public static EntraException NoFederation(int code, string what, string value) => new(
        401,
        "invalid_client",
        code,
        $"No matching federated identity record found for presented assertion {what} '{value}'. Please check your federated identity credential "
        + "Subject, Audience and Issuer against the presented assertion.");

    public static EntraException WrongFederatedSignature() =>
        new(401, "invalid_client", 5000811, "Unable to verify token signature. The signing key identifier does not match any valid registered keys.");

    public static EntraException SingleTenant(TenantApplication app) => new(
        400,
        "invalid_request",
        50194,
        $"Application '{app.AppId}'({app.Name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported "
        + "for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.");

    public static EntraException NotPublic() => new(
        401,
        "invalid_client",
        7000218,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");

    public static EntraException UserNotFound(string name, string directory) => new(
        400,
        "invalid_grant",
        50034,
        $"The user account {name} does not exist in the {directory} directory. To sign into this application, the account must be added to the "
            + "directory.");

    public static EntraException WrongPassword() =>
        new(400, "invalid_grant", 50126, "Error validating credentials due to invalid username or password.");

    public static EntraException UserDisabled() => new(400, "invalid_grant", 50057, "The user account is disabled.");

    public static EntraException BlockedByPolicy() => new(
        400,
        "invalid_grant",
        53003,
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.")
    { SubError = "message_only" };

    public static EntraException MfaRequired() => new(
        400,
        "invalid_grant",
        50076,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor "
        + "authentication to access the service.")
    {
        SubError = "basic_action",
        Claims = "{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[\"4cc1f0a6-3b0c-4d0a-9b5c-3a1d8f3e7a10\"]}}}",
    };

    public static EntraException CodeExpired() => new(
        400,
        "invalid_grant",
        70008,
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this "
            + "user and resource.");

    public static EntraException RedirectMismatch() => new(
        400,
        "invalid_client",
        50011,
        "The redirect URI specified in the request does not match the redirect URI that the authorization code was sent to.");

    public static EntraException WrongRedirect(string address) => new(
        400,
        "invalid_request",
        50011,
        $"The redirect URI '{address}' specified in the request does not match the redirect URIs configured for the application. Make sure the "
        + "redirect URI sent in the request matches one added to your application in the Azure portal.");

    public static EntraException WrongVerifier() => new(
        400,
        "invalid_grant",
        501481,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.");

    public static EntraException InvalidGrant() =>
        new(400, "invalid_grant", 70000, "The request was denied because one or more scopes requested are unauthorized or expired.");

    public static EntraException RefreshTokenExpired() =>
        new(400, "invalid_grant", 700082, "The refresh token has expired due to inactivity.") { SubError = "bad_token" };

    public static EntraException SessionsRevoked() => new(
        400,
        "invalid_grant",
        50173,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.")
    {
        SubError = "bad_token",
    };

    public static EntraException Declined() =>
        new(400, "access_denied", 65004, "User declined to consent to access the app.");

    public static EntraException DevicePending() => new(
        400,
        "authorization_pending",
        70016,
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");

    // Entra ID documents the error for it, but no number; this is the number of a declined consent.
    public static EntraException DeviceDeclined() =>
        new(400, "authorization_declined", 65004, "User declined to consent to access the app.");

    public static EntraException DeviceCodeExpired() => new(
        400,
        "expired_token",
        70020,
        "The provided value for the input parameter 'device_code' is not valid. This device code has expired.");

    public static EntraException BadDeviceCode() => new(
        400,
        "bad_verification_code",
        70019,
        "Verification code expired or unknown.");

    public static EntraException WrongUserCode() =>
        new(400, "invalid_request", 70018, "Invalid verification code due to user typing in wrong user code for device code flow.");

    private static string FoundKey(DateTime from, DateTime to) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"Found key 'Start={from.ToUniversalTime():MM/dd/yyyy HH:mm:ss}, End={to.ToUniversalTime():MM/dd/yyyy HH:mm:ss}', ");

    private static string KeyAdvice(TenantApplication app) =>
        "Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id "
        + $"'{app.AppId}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service "
        + "endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such "
        + $"as 'https://graph.microsoft.com/beta/applications/{app.AppId}'.";
}
