using System.Net;
using System.Text.Json;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Transport;
using Microsoft.Identity.Client;

namespace ExoConnect.Core.Authentication.Msal;

/// <summary>The common part of all MSAL clients: the connection to the sign-in host, and the meaning of its failures.</summary>
internal sealed class MsalHost
{
    private const int LargestResponse = 1024 * 1024;

    private readonly SignInIdentity _identity;
    private readonly SignInOptions _options;

    public MsalHost(ExoEnvironment environment, SignInIdentity identity, SignInOptions options)
    {
        _identity = identity;
        _options = options;

        // Its connections belong to the environment's pool; there is nothing in it to dispose.
        var http = new HttpClient(new SignInOnly(environment, options)) { Timeout = Timeout.InfiniteTimeSpan };
        Factory = new ClientFactory(http);
    }

    /// <summary>Lets MSAL send to the sign-in host, and to no other.</summary>
    public IMsalHttpClientFactory Factory { get; }

    /// <summary>The address that MSAL calls the authority.</summary>
    public string Authority => new Uri(_identity.SignIn, _identity.Organization).AbsoluteUri;

    /// <summary>Converts MSAL's result or exception to a response.</summary>
    /// <param name="resource">What the token is for.</param>
    /// <param name="acquire">The call.</param>
    /// <returns>A token or a failure.</returns>
    public async Task<TokenResponse> AcquireAsync(string resource, Func<Task<AuthenticationResult>> acquire)
    {
        try
        {
            var result = await acquire().ConfigureAwait(false);

            // MSAL uses the machine's clock; only the token's lifetime can be relied on.
            var goodFor = result.ExpiresOn - DateTimeOffset.UtcNow;
            return string.IsNullOrEmpty(result.AccessToken) || goodFor <= TimeSpan.Zero
                ? new TokenResponse(null, SignInErrors.NotAResponse(_identity, resource, 200, null))
                : new TokenResponse((result.AccessToken, goodFor));
        }
        catch (Exception e) when (e is not (OperationCanceledException or ExoException))
        {
            return Failed(resource, e);
        }
    }

    /// <summary>Converts MSAL's exception to a response.</summary>
    /// <param name="resource">What the token is for.</param>
    /// <param name="cause">The exception.</param>
    /// <returns>The failure.</returns>
    public TokenResponse Failed(string resource, Exception cause)
    {
        switch (cause)
        {
            case MsalServiceException { ErrorCode: MsalError.RequestTimeout }:
                return new TokenResponse(null, SignInErrors.TimedOut(_identity, resource, _options.RequestTimeout, cause));
            case MsalUiRequiredException e when string.IsNullOrEmpty(e.ResponseBody):
                return new TokenResponse(null, SignInErrors.Unexpected(_identity, resource, e), NeedsPerson: true);
            case MsalServiceException e:
                // A browser's response has no body, but the same content.
                var body = string.IsNullOrEmpty(e.ResponseBody) && e.StatusCode == 0 ? SignInErrors.ToBody(e.ErrorCode, e.Message) : e.ResponseBody;
                var failure = SignInErrors.Refused(_identity, resource, e.StatusCode, body, e.Headers?.Date, _options.Clock, e);
                return new TokenResponse(null, failure, SignInErrors.Wait(e.Headers?.RetryAfter, _options.Clock), e is MsalUiRequiredException);
            case MsalClientException { ErrorCode: MsalError.CodeExpired }:
                return Refused("expired_token", "AADSTS70020: The code was not entered in time.");
            case MsalClientException { ErrorCode: MsalError.AuthenticationCanceledError }:
                return Refused("access_denied", "AADSTS65004: The sign-in was cancelled.");
            case HttpRequestException or IOException:
                return new TokenResponse(null, SignInErrors.Unreachable(_identity, resource, cause));
            case var e when IsUnreadable(e):
                return new TokenResponse(null, SignInErrors.NotAResponse(_identity, resource, 200, e));
            default:
                return new TokenResponse(null, SignInErrors.Unexpected(_identity, resource, cause));
        }

        TokenResponse Refused(string error, string description) => new(
            null, SignInErrors.Refused(_identity, resource, 400, SignInErrors.ToBody(error, description), null, _options.Clock, cause));
    }

    /// <summary>
    /// The exceptions that MSAL throws for a body that it cannot read: some its own, some the JSON reader's, some by accident.
    /// </summary>
    private static bool IsUnreadable(Exception e) =>
        e is JsonException or FormatException or OverflowException or NullReferenceException
            or MsalClientException { ErrorCode: MsalError.JsonParseError or MsalError.AccessTokenTypeMissing or MsalError.TokenTypeMismatch };

    private sealed class ClientFactory(HttpClient client) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => client;
    }

    /// <summary>Lets requests out to the sign-in host alone, without MSAL's usage counters.</summary>
    internal sealed class SignInOnly(ExoEnvironment environment, SignInOptions? options = null) : HttpMessageHandler
    {
        private static readonly string[] Telemetry = ["x-client-current-telemetry", "x-client-last-telemetry"];

        private readonly HttpMessageInvoker _pool = EnvironmentTransport.For(environment);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri is not { Scheme: "https" } uri
                || !string.Equals(uri.Authority, environment.SignIn.Authority, StringComparison.OrdinalIgnoreCase))
            {
                throw new HttpRequestException(
                    $"A sign-in request for {request.RequestUri?.Authority} was held back.", null, HttpStatusCode.MisdirectedRequest);
            }

            foreach (var header in Telemetry)
            {
                request.Headers.Remove(header);
            }

            if (options is null)
            {
                return await _pool.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }

            // By the clock that everything else goes by, which HttpClient's own timeout isn't.
            using var timeout = new CancellationTokenSource(options.RequestTimeout, options.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            HttpResponseMessage? response = null;
            try
            {
                response = await _pool.SendAsync(request, either.Token).ConfigureAwait(false);
                await response.Content.LoadIntoBufferAsync(LargestResponse).WaitAsync(either.Token).ConfigureAwait(false);
                var whole = response;
                response = null;
                return whole;
            }
            catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // What MSAL takes for a timeout.
                throw new TaskCanceledException(e.Message, e);
            }
            finally
            {
                response?.Dispose();
            }
        }
    }
}
