using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Follows a few redirects. Whether one may be followed, and with which token, differs from service to service.</summary>
internal abstract class RedirectPolicy : PipelinePolicy
{
    private const int MaxRedirects = 5;

    /// <summary>The remedy for endless redirects.</summary>
    protected abstract string Remedy { get; }

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        for (var hops = 0; ; hops++)
        {
            await ProcessNextAsync(message, next).ConfigureAwait(false);
            var response = message.Response!;
            if (!IsRedirect(message, (int)response.StatusCode) || response.Headers.Location is not { } location)
            {
                return;
            }

            location = location.IsAbsoluteUri ? location : new Uri(message.Address, location);
            var from = message.Address.Host;
            Follow(message, response, location);
            if (hops == MaxRedirects)
            {
                var last = ShownText.Clean(location.Host);
                throw new RequestFailure(new ServiceException($"{from} keeps redirecting '{message.Name}', at last to {last}.")
                {
                    ErrorId = ErrorIds.TooManyRedirects,
                    Category = ExoErrorCategory.InvalidData,
                    Remedy = Remedy,
                    CmdletName = message.CmdletName,
                    Target = message.Target,
                    ClientRequestId = message.ClientRequestId,
                    ServerRequestId = ResponseHeaders.RequestId(response),
                });
            }

            message.DropResponse();
        }
    }

    /// <summary>Whether a status sends the message elsewhere.</summary>
    protected virtual bool IsRedirect(PipelineMessage message, int status) => status is 301 or 302 or 303 or 307 or 308;

    /// <summary>Sends the message to the target of a redirect.</summary>
    /// <param name="message">The message.</param>
    /// <param name="response">The redirect.</param>
    /// <param name="location">Its target, absolute.</param>
    /// <exception cref="RequestFailure">It may not be followed.</exception>
    protected abstract void Follow(PipelineMessage message, HttpResponseMessage response, Uri location);
}
