using System.Security;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using Microsoft.Identity.Client;

namespace ExoConnect.Core.Authentication.Msal;

/// <summary>
/// A confidential client of MSAL's, without the parts that we do ourselves: no cache (a token would outlive its session), no retries (they cannot
/// be cancelled and send the same one-time assertion again), no instance discovery and no regional hosts (the environment names the sign-in host,
/// and the credential goes nowhere else).
/// </summary>
internal sealed class MsalApplicationEndpoint : ITokenEndpoint
{
    // MSAL's value that overrides MSAL_FORCE_REGION.
    private const string NoForcedRegion = "DisableMsalForceRegion";

    private readonly MsalHost _host;
    private readonly IConfidentialClientApplication _client;

    private MsalApplicationEndpoint(
        ExoEnvironment environment, SignInIdentity identity, SignInOptions options,
        Func<ConfidentialClientApplicationBuilder, ConfidentialClientApplicationBuilder> credential)
    {
        _host = new MsalHost(environment, identity, options);
        _client = credential(ConfidentialClientApplicationBuilder.Create(identity.AppId))
            .WithAuthority(_host.Authority, validateAuthority: false)
            .WithInstanceDiscovery(false)
            .WithAzureRegion(NoForcedRegion)
            .WithCacheOptions(CacheOptions.DisableInternalCacheOptions)
            .WithLegacyCacheCompatibility(false)
            .WithClientCapabilities(["cp1"])
            .WithHttpClientFactory(_host.Factory, retryOnceOn5xx: false)
            .Build();
    }

    public static MsalApplicationEndpoint ForCertificate(
        ExoEnvironment environment, SignInIdentity identity, ClientCertificate certificate, SignInOptions options) =>
        new(environment, identity, options, client => client.WithClientAssertion((AssertionRequestOptions asked) => Task.FromResult(
            ClientAssertion.Create(certificate, identity.AppId, asked.TokenEndpoint, options.SendCertificate, options.Clock.GetUtcNow()))));

    public static MsalApplicationEndpoint ForSecret(
        ExoEnvironment environment, SignInIdentity identity, SecureString secret, SignInOptions options) =>
        new(environment, identity, options, client => client.WithClientSecret(SecretText.Read(secret)));

    public static MsalApplicationEndpoint ForAssertion(
        ExoEnvironment environment, SignInIdentity identity, Func<CancellationToken, Task<string>> assertion, SignInOptions options) =>
        new(environment, identity, options, client =>
            client.WithClientAssertion((AssertionRequestOptions asked) => assertion(asked.CancellationToken)));

    public Task<TokenResponse> RequestAsync(string resource, TokenRequest request, CancellationToken cancellationToken) => _host.AcquireAsync(
        resource, () =>
    {
        var builder = _client.AcquireTokenForClient([$"{resource}/.default"]);
        if (request.Claims is { } claims)
        {
            builder = builder.WithClaims(claims);
        }

        return builder.ExecuteAsync(cancellationToken);
    });
}
