using System.Security.Authentication;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Sends the request over the environment's pool of connections. The last policy: it calls no other.</summary>
/// <param name="http">The pool.</param>
internal sealed class TransportPolicy(HttpMessageInvoker http) : PipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        using var request = message.CreateRequest();
        try
        {
            message.Response = await http.SendAsync(request, message.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ToFailure(e, message);
        }
    }

    /// <summary>Converts an exception of the HTTP stack to the request's failure.</summary>
    private static RequestFailure ToFailure(Exception exception, PipelineMessage message)
    {
        var host = message.Address.Host;
        var kind = (exception as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown;
        var untrusted = exception.InnerException is AuthenticationException;
        var neverConnected = untrusted
            || kind is HttpRequestError.SecureConnectionError or HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.ProxyTunnelError;
        var (id, text, remedy) = kind switch
        {
            _ when untrusted => (ErrorIds.UntrustedCertificate, $"The certificate of {host} isn't trusted, or TLS with it failed.",
                "If a proxy inspects TLS, add its certificate authority to this machine's store; for a custom environment, check "
                    + "certificateAuthority."),
            HttpRequestError.NameResolutionError => (ErrorIds.HostNotFound, $"The name {host} can't be resolved.",
                "Check the network, DNS, and the environment name or -ConnectionUri."),
            HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError => (
                ErrorIds.ConnectionFailed, $"No connection to {host}: {Root(exception)}.",
                "Check the network, the proxy and the firewall, then try again."),
            HttpRequestError.ProxyTunnelError => (ErrorIds.ProxyFailed, $"The proxy gave no connection to {host}: {Root(exception)}.",
                "Check the proxy settings (HTTPS_PROXY) and whether the proxy wants a sign-in."),
            _ => (ErrorIds.ConnectionBroken, $"The connection to {host} broke while '{message.Name}' waited for its response: {Root(exception)}.",
                message.IsRead ? "Try again. If it persists, check whether a proxy or a firewall ends connections."
                    : "Whether the service carried it out isn't known: look at the object before you run the change again."),
        };
        return new RequestFailure(new ServiceException(text, exception)
        {
            ErrorId = id,
            IsOutcomeUnknown = !neverConnected,
            Category = ExoErrorCategory.ResourceUnavailable,
            Remedy = remedy,
            CmdletName = message.CmdletName,
            Target = message.Target,
            ClientRequestId = message.ClientRequestId,
        })
        {
            MaxRetries = untrusted ? 0 : kind == HttpRequestError.NameResolutionError ? 1 : 3,
            NotExecuted = neverConnected,
        };
    }

    private static string Root(Exception exception) => ShownText.Clean(exception.GetBaseException().Message.TrimEnd('.'));
}
