using System.Net;
using System.Security.Authentication;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Http.Failures;

/// <summary>A failed attempt, and what is known of trying again. It never leaves the client; <see cref="Error"/> does.</summary>
internal sealed class RequestFailure(ServiceException error) : Exception(error.Message, error)
{
    public ServiceException Error { get; } = error;

    /// <summary>How often to try again, if the request may be sent again at all.</summary>
    public int MaxRetries { get; init; }

    /// <summary>True where the service cannot have run the cmdlet, so that a write may be sent again too.</summary>
    public bool NotExecuted { get; init; }

    /// <summary>How long the service asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True where the service is asking for fewer requests, not failing.</summary>
    public bool IsThrottling { get; init; }

    /// <summary>Judges an answer that is no success.</summary>
    public static RequestFailure FromAnswer(ServiceException error, TimeSpan? retryAfter, bool hasCmdletError)
    {
        const int Transient = 4;
        const int Throttled = 10;

        // Some gateways say it in plain text, with whatever status.
        if (error.StatusCode == (int)HttpStatusCode.TooManyRequests
            || error.Message.Contains("maximum number of concurrent requests", StringComparison.OrdinalIgnoreCase))
        {
            return new RequestFailure(NotCarriedOut(error)) { MaxRetries = Throttled, NotExecuted = true, RetryAfter = retryAfter, IsThrottling = true };
        }

        return error.StatusCode switch
        {
            503 => new RequestFailure(retryAfter is null ? error : NotCarriedOut(error))
            {
                MaxRetries = Transient, NotExecuted = retryAfter is not null, RetryAfter = retryAfter, IsThrottling = retryAfter is not null,
            },
            408 or 502 or 504 => new RequestFailure(error) { MaxRetries = Transient, RetryAfter = retryAfter },

            // 500 is how a cmdlet's own failure arrives too; only a gateway's has no error object.
            500 when !hasCmdletError => new RequestFailure(error) { MaxRetries = Transient, RetryAfter = retryAfter },
            _ => new RequestFailure(error),
        };
    }

    /// <summary>Judges an exception of the HTTP stack.</summary>
    public static RequestFailure FromTransport(Exception exception, string host, string cmdletName, object? target, string clientRequestId)
    {
        var kind = (exception as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown;
        var untrusted = kind == HttpRequestError.SecureConnectionError || exception.InnerException is AuthenticationException;
        var neverConnected = untrusted
            || kind is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError;
        var (id, message, remedy) = kind switch
        {
            _ when untrusted => ("UntrustedCertificate", $"The certificate of {host} isn't trusted, or TLS with it failed.",
                "If a proxy inspects TLS, add its certificate authority to this machine's store; for a custom environment, check certificateAuthority."),
            HttpRequestError.NameResolutionError => ("HostNotFound", $"The name {host} can't be resolved.",
                "Check the network, DNS, and the environment name or -ConnectionUri."),
            HttpRequestError.ConnectionError => ("ConnectionFailed", $"No connection to {host}: {Root(exception)}.",
                "Check the network, the proxy and the firewall, then try again."),
            HttpRequestError.ProxyTunnelError => ("ProxyFailed", $"The proxy gave no connection to {host}: {Root(exception)}.",
                "Check the proxy settings (HTTPS_PROXY) and whether the proxy wants a sign-in."),
            _ => ("ConnectionBroken", $"The connection to {host} broke while '{cmdletName}' waited for its answer: {Root(exception)}.",
                "Whether the service carried it out isn't known: look at the object before you run a change again."),
        };
        return new RequestFailure(new ServiceException(message, exception)
        {
            ErrorId = id,
            IsOutcomeUnknown = !neverConnected,
            Category = ExoErrorCategory.ResourceUnavailable,
            Remedy = remedy,
            CmdletName = cmdletName,
            Target = target,
            ClientRequestId = clientRequestId,
        })
        {
            MaxRetries = untrusted ? 0 : kind == HttpRequestError.NameResolutionError ? 1 : 3,
            NotExecuted = neverConnected,
        };
    }

    private static ServiceException NotCarriedOut(ServiceException error) =>
        error.IsOutcomeUnknown ? error.NotCarriedOut("The service is busy and did nothing. Wait and try again, with fewer requests at once.") : error;

    private static string Root(Exception exception) => exception.GetBaseException().Message.TrimEnd('.');
}
