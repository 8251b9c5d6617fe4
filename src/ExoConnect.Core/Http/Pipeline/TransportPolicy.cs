using ExoConnect.Core.Http.Failures;

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
            throw RequestFailure.FromTransport(e, message);
        }
    }
}
