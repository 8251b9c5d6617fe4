using System.Net;
using System.Text.Json;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http;
using Microsoft.Identity.Client;

namespace ExoConnect.Core.Authentication.Msal;

/// <summary>
/// A confidential client of MSAL's, stripped of what we do ourselves: no cache (one token would live on after its session), no retries
/// (theirs cannot be cancelled and send the same one-time assertion again), no instance discovery and no regional hosts (the environment
/// says where to sign in, and the assertion goes nowhere else).
/// </summary>
internal sealed class MsalTokenEndpoint : ITokenEndpoint
{
    // MSAL's word for "not even if MSAL_FORCE_REGION says so".
    private const string NoForcedRegion = "DisableMsalForceRegion";
    private const int LargestAnswer = 1024 * 1024;

    private readonly IConfidentialClientApplication _client;
    private readonly SignInIdentity _identity;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;

    public MsalTokenEndpoint(
        ExoEnvironment environment, SignInIdentity identity, ClientCertificate certificate, bool sendCertificate, TimeSpan timeout, TimeProvider clock)
    {
        _identity = identity;
        _clock = clock;
        _timeout = timeout;

        // Its connections belong to the environment's pool; there is nothing in it to dispose.
        var http = new HttpClient(new SignInOnly(environment)) { Timeout = timeout, MaxResponseContentBufferSize = LargestAnswer };
        _client = ConfidentialClientApplicationBuilder.Create(identity.AppId)
            .WithAuthority(new Uri(identity.SignIn, identity.Organization).AbsoluteUri, validateAuthority: false)
            .WithInstanceDiscovery(false)
            .WithAzureRegion(NoForcedRegion)
            .WithCacheOptions(CacheOptions.DisableInternalCacheOptions)
            .WithLegacyCacheCompatibility(false)
            .WithClientCapabilities(["cp1"])
            .WithHttpClientFactory(new ClientFactory(http), retryOnceOn5xx: false)
            .WithClientAssertion((AssertionRequestOptions options) => Task.FromResult(
                ClientAssertion.Create(certificate, identity.AppId, options.TokenEndpoint, sendCertificate, clock.GetUtcNow())))
            .Build();
    }

    public async Task<TokenAnswer> RequestAsync(string resource, string? claims, CancellationToken cancellationToken)
    {
        try
        {
            var builder = _client.AcquireTokenForClient([$"{resource}/.default"]);
            if (claims is not null)
            {
                builder = builder.WithClaims(claims);
            }

            var result = await builder.ExecuteAsync(cancellationToken).ConfigureAwait(false);

            // MSAL reckons by the machine's clock; what it knows is for how long the token is good.
            var goodFor = result.ExpiresOn - DateTimeOffset.UtcNow;
            return string.IsNullOrEmpty(result.AccessToken) || goodFor <= TimeSpan.Zero
                ? new TokenAnswer(null, SignInErrors.NotAnAnswer(_identity, resource, 200, null))
                : new TokenAnswer((result.AccessToken, goodFor));
        }
        catch (MsalServiceException e) when (e.ErrorCode == MsalError.RequestTimeout)
        {
            return new TokenAnswer(null, SignInErrors.TimedOut(_identity, resource, _timeout, e));
        }
        catch (MsalServiceException e)
        {
            var failure = SignInErrors.Refused(_identity, resource, e.StatusCode, e.ResponseBody, e.Headers?.Date, _clock, e);
            return new TokenAnswer(null, failure, SignInErrors.Wait(e.Headers?.RetryAfter, _clock));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new TokenAnswer(null, SignInErrors.Unreachable(_identity, resource, e));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return new TokenAnswer(null, SignInErrors.NotAnAnswer(_identity, resource, 200, e));
        }
        catch (Exception e) when (e is not (OperationCanceledException or ExoException))
        {
            return new TokenAnswer(null, SignInErrors.Unexpected(_identity, resource, e));
        }
    }

    /// <summary>What MSAL throws over a body that it cannot read: some of it its own, some of it from the JSON reader, some of it by accident.</summary>
    private static bool IsUnreadable(Exception e) =>
        e is JsonException or FormatException or OverflowException or NullReferenceException
            or MsalClientException { ErrorCode: MsalError.JsonParseError or MsalError.AccessTokenTypeMissing or MsalError.TokenTypeMismatch };

    private sealed class ClientFactory(HttpClient client) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => client;
    }

    /// <summary>Lets requests out to the sign-in host alone, without MSAL's usage counters.</summary>
    private sealed class SignInOnly(ExoEnvironment environment) : HttpMessageHandler
    {
        private static readonly string[] Telemetry = ["x-client-current-telemetry", "x-client-last-telemetry"];

        private readonly HttpMessageInvoker _pool = EnvironmentTransport.For(environment);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri is not { Scheme: "https" } uri
                || !string.Equals(uri.Authority, environment.SignIn.Authority, StringComparison.OrdinalIgnoreCase))
            {
                throw new HttpRequestException($"A sign-in request for {request.RequestUri?.Authority} was held back.", null, HttpStatusCode.MisdirectedRequest);
            }

            foreach (var header in Telemetry)
            {
                request.Headers.Remove(header);
            }

            return _pool.SendAsync(request, cancellationToken);
        }
    }
}
