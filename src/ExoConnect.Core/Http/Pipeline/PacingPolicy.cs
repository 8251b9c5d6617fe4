using System.Net;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Http.Pacing;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Sends when the pacer admits the message, and passes the limits in responses to the pacer.</summary>
/// <param name="pacers">Finds a message's pacer.</param>
/// <param name="clock">The clock.</param>
internal sealed class PacingPolicy(Func<PipelineMessage, RequestPacer> pacers, TimeProvider clock) : PipelinePolicy
{
    /// <summary>Whether a response's status says that requests come too fast.</summary>
    public static bool IsRefusal(HttpResponseMessage response, DateTimeOffset now) =>
        response.StatusCode == HttpStatusCode.TooManyRequests
        || (response.StatusCode == HttpStatusCode.ServiceUnavailable && RateLimitHeaders.RetryAfter(response.Headers, now) is not null);

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        var pacer = message.Pacer = pacers(message);

        // A batch whose token was refused, or that was redirected, goes again as it is, even if the pacer would admit fewer now.
        var ticket = message.Admission ?? await EnterAsync(pacer, message).ConfigureAwait(false);
        message.Admission = null;
        try
        {
            await ProcessNextAsync(message, next).ConfigureAwait(false);
        }
        finally
        {
            var now = clock.GetUtcNow();
            if (message.Response is not { } response)
            {
                pacer.Complete(ticket, now, null);
            }
            else if (IsRefusal(response, now))
            {
                pacer.Throttled(ticket, now, RateLimitHeaders.Read(response.Headers, now), RateLimitHeaders.RetryAfter(response.Headers, now));
            }
            else
            {
                pacer.Complete(ticket, now, RateLimitHeaders.Read(response.Headers, now));
            }
        }
    }

    private ValueTask<Ticket> EnterAsync(RequestPacer pacer, PipelineMessage message)
    {
        var entering = pacer.EnterAsync(message.Count, clock, message.CancellationToken);
        return entering.IsCompleted || message.Operation is null ? entering : WaitAsync(entering, message.Operation);
    }

    private async ValueTask<Ticket> WaitAsync(ValueTask<Ticket> entering, Operation operation)
    {
        var start = clock.GetTimestamp();
        try
        {
            return await entering.ConfigureAwait(false);
        }
        finally
        {
            operation.Waited(clock.GetElapsedTime(start));
        }
    }
}
