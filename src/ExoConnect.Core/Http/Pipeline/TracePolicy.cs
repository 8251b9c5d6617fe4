using System.Diagnostics;
using System.Globalization;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Tells of each response: who answered what, how fast, and under which id.</summary>
internal sealed class TracePolicy : PipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        var start = Stopwatch.GetTimestamp();
        await ProcessNextAsync(message, next).ConfigureAwait(false);
        message.Messages.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"{message.Name}: {(int)message.Response!.StatusCode} from {message.Address.Host} in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms "
            + $"(client-request-id {message.ClientRequestId})."));
    }
}
