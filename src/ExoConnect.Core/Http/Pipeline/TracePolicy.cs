using System.Diagnostics;
using System.Globalization;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Reports each response as verbose output and to its operation: the host, the status, the time and the id.</summary>
internal sealed class TracePolicy : PipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        var start = Stopwatch.GetTimestamp();
        await ProcessNextAsync(message, next).ConfigureAwait(false);
        var response = message.Response!;
        message.Operation?.OnResponse((int)response.StatusCode, message.Address.Host, message.ClientRequestId, ResponseHeaders.RequestId(response));
        message.Messages.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"{message.Name}: {(int)response.StatusCode} from {message.Address.Host} in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms "
            + $"(client-request-id {message.ClientRequestId})."));
    }
}
