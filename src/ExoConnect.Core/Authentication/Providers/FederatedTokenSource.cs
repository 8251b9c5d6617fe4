using System.Security;
using System.Text.Json;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>
/// The platform's token for a workload. Microsoft Entra ID trusts it instead of a secret, if the application has a federated credential with its
/// issuer and subject. Each is valid for minutes, so the source fetches one whenever a token is needed.
/// </summary>
public abstract record FederatedTokenSource
{
    private const int Largest = 64 * 1024;

    private protected FederatedTokenSource()
    {
    }

    /// <summary>The key that distinguishes two sources.</summary>
    internal abstract string Key { get; }

    /// <summary>
    /// Finds the source that the platform set up: a file (<c>AZURE_FEDERATED_TOKEN_FILE</c>, as Azure workload identity for Kubernetes sets it),
    /// GitHub Actions (<c>ACTIONS_ID_TOKEN_REQUEST_URL</c> and <c>…_TOKEN</c>), or an Azure DevOps pipeline (<c>SYSTEM_OIDCREQUESTURI</c> and
    /// <c>SYSTEM_ACCESSTOKEN</c>, with the id of a service connection).
    /// </summary>
    /// <param name="serviceConnectionId">
    /// The service connection of an Azure DevOps pipeline; null for <c>AZURESUBSCRIPTION_SERVICE_CONNECTION_ID</c>.
    /// </param>
    /// <returns>The source.</returns>
    /// <exception cref="ExoException"><c>FederatedTokenUnavailable</c>: the platform set up none of them.</exception>
    public static FederatedTokenSource Detect(string? serviceConnectionId = null)
    {
        if (Variable("AZURE_FEDERATED_TOKEN_FILE") is { } path)
        {
            return new File(path);
        }

        if (Variable("ACTIONS_ID_TOKEN_REQUEST_URL") is { } url && Variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN") is { } permission)
        {
            return new GitHubActions(Address(url, "ACTIONS_ID_TOKEN_REQUEST_URL"), Protect(permission));
        }

        if (Variable("SYSTEM_OIDCREQUESTURI") is { } uri)
        {
            var connection = serviceConnectionId ?? Variable("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")
                ?? throw Unavailable(
                "No service connection of the pipeline is given to sign in with.", "Give its id with -ServiceConnectionId.", "ServiceConnectionId");
            var access = Variable("SYSTEM_ACCESSTOKEN") ?? throw Unavailable(
                "The pipeline's own token is not there.", "Map it into the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken).",
                "WorkloadIdentity");
            return new AzurePipelines(Address(uri, "SYSTEM_OIDCREQUESTURI"), Protect(access), connection);
        }

        throw Unavailable(
            "No workload identity is set up here: AZURE_FEDERATED_TOKEN_FILE, ACTIONS_ID_TOKEN_REQUEST_URL and SYSTEM_OIDCREQUESTURI are not set.",
            "On GitHub, give the job the permission id-token: write; on Kubernetes, label the pod azure.workload.identity/use: \"true\"; anywhere "
            + "else, name the file that holds the token with -FederatedTokenFile.",
            "WorkloadIdentity");

        static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

        static Uri Address(string text, string variable) => Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttps
            ? address
            : throw Unavailable($"The variable {variable} does not hold an https address.", "Leave the variable as the platform sets it.",
                "WorkloadIdentity");

        static SecureString Protect(string text)
        {
            var secret = new SecureString();
            text.AsSpan().ToArray().ToList().ForEach(secret.AppendChar);
            secret.MakeReadOnly();
            return secret;
        }
    }

    /// <summary>Gets a token.</summary>
    /// <param name="environment">The token's cloud.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The token: a secret.</returns>
    /// <exception cref="ExoException"><c>FederatedTokenUnavailable</c>.</exception>
    internal abstract Task<string> GetAsync(ExoEnvironment environment, CancellationToken cancellationToken);

    private static string Audience(ExoEnvironment environment) =>
        environment.SignIn == CloudEnvironments.O365China.SignIn ? "api://AzureADTokenExchangeChina"
        : environment.SignIn == CloudEnvironments.O365USGovGccHigh.SignIn ? "api://AzureADTokenExchangeUSGov"
        : "api://AzureADTokenExchange";

    private static Uri With(Uri address, string query) =>
        new UriBuilder(address) { Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{query}" : query }.Uri;

    private static ExoException Unavailable(string message, string remedy, string parameter, Exception? inner = null) => new(message, inner)
    {
        ErrorId = ErrorIds.FederatedTokenUnavailable,
        Category = ExoErrorCategory.AuthenticationError,
        ParameterName = parameter,
        Remedy = remedy,
    };

    private static async Task<string> RequestAsync(
        ExoEnvironment environment, HttpMethod method, Uri address, SecureString permission, string member, string who,
        CancellationToken cancellationToken)
    {
        string? problem;
        Exception? cause = null;
        try
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.Authorization = new("Bearer", SecretText.Read(permission));
            request.Headers.Accept.Add(new("application/json"));
            if (method == HttpMethod.Post)
            {
                request.Headers.Add("X-TFS-FedAuthRedirect", "Suppress");
                request.Content = new ByteArrayContent([]) { Headers = { ContentType = new("application/json") } };
            }

            using var client = EnvironmentTransport.CreateClient(environment);
            client.MaxResponseContentBufferSize = Largest;
            using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(member, out var token)
                    && token.ValueKind == JsonValueKind.String && token.GetString() is { Length: > 0 } text)
                {
                    return text;
                }

                problem = "its response holds no token";
            }
            else
            {
                problem = $"it responded with HTTP status {(int)response.StatusCode}";
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            cause = e;
            problem = e.Message.TrimEnd('.');
        }

        throw Unavailable(
            $"{who} gave no token for this workload: {problem}.",
            "Check that the job may ask for one (GitHub: permissions: id-token: write; Azure DevOps: a service connection with workload identity "
                + "federation).",
            "WorkloadIdentity",
            cause);
    }

    /// <summary>A file that the platform renews; read whenever a token is needed.</summary>
    /// <param name="Path">The file.</param>
    public sealed record File(string Path) : FederatedTokenSource
    {
        internal override string Key => $"file {Path}";

        internal override async Task<string> GetAsync(ExoEnvironment environment, CancellationToken cancellationToken)
        {
            string text;
            try
            {
                RegularFile.ThrowIfSpecial(Path);
                text = (await System.IO.File.ReadAllTextAsync(Path, cancellationToken).ConfigureAwait(false)).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw Unavailable(
                    $"The file of the federated token '{Path}' cannot be read: {e.Message.TrimEnd('.')}.",
                    "Check the path and the account that this runs as.", "FederatedTokenFile", e);
            }

            return text.Length is > 0 and <= Largest && !text.Any(char.IsWhiteSpace) ? text : throw Unavailable(
                $"The file '{Path}' holds no token.", "Name the file that the platform writes the workload's token to.", "FederatedTokenFile");
        }

        /// <inheritdoc/>
        public override string ToString() => $"file {Path}";
    }

    /// <summary>A job of GitHub Actions.</summary>
    /// <param name="Address">The address of the job's token.</param>
    /// <param name="Permission">The token that allows the request.</param>
    public sealed record GitHubActions(Uri Address, SecureString Permission) : FederatedTokenSource
    {
        internal override string Key => $"github {Address} {SecretText.Fingerprint(Permission)}";

        internal override Task<string> GetAsync(ExoEnvironment environment, CancellationToken cancellationToken) => RequestAsync(
            environment, HttpMethod.Get, With(
                Address, $"audience={Uri.EscapeDataString(Audience(environment))}"), Permission, "value", "GitHub Actions",
            cancellationToken);

        /// <inheritdoc/>
        public override string ToString() => "GitHub Actions";
    }

    /// <summary>A pipeline of Azure DevOps.</summary>
    /// <param name="Address">The address of the pipeline's token.</param>
    /// <param name="Permission">The token that allows the request: the pipeline's own.</param>
    /// <param name="ServiceConnectionId">The application's service connection.</param>
    public sealed record AzurePipelines(Uri Address, SecureString Permission, string ServiceConnectionId) : FederatedTokenSource
    {
        internal override string Key => $"pipelines {Address} {ServiceConnectionId} {SecretText.Fingerprint(Permission)}";

        internal override Task<string> GetAsync(ExoEnvironment environment, CancellationToken cancellationToken) => RequestAsync(
            environment, HttpMethod.Post, With(
                Address, $"api-version=7.1&serviceConnectionId={Uri.EscapeDataString(ServiceConnectionId)}"), Permission,
            "oidcToken", "Azure DevOps", cancellationToken);

        /// <inheritdoc/>
        public override string ToString() => "Azure DevOps";
    }
}
