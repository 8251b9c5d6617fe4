using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pacing;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Makes a failure from a response that is not a success. The body's meaning differs from service to service.</summary>
/// <param name="bodies">Reads the body.</param>
/// <param name="clock">The clock.</param>
internal abstract class FailurePolicy(ResponseBody bodies, TimeProvider clock) : PipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        await ProcessNextAsync(message, next).ConfigureAwait(false);
        var response = message.Response!;
        if (IsSuccess(response))
        {
            return;
        }

        var body = await bodies.ReadErrorAsync(response, message.CancellationToken).ConfigureAwait(false);
        var now = Now;
        var failure = Read(message, response, body.Span, RateLimitHeaders.RetryAfter(response.Headers, now));
        if (failure.IsThrottling && !PacingPolicy.IsRefusal(response, now))
        {
            // A refusal in plain text, which the pacer hasn't read.
            message.Pacer?.Refused(now, failure.RetryAfter);
        }

        throw failure;
    }

    /// <summary>The time.</summary>
    protected DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Whether this policy has nothing to do.</summary>
    protected virtual bool IsSuccess(HttpResponseMessage response) => response.IsSuccessStatusCode;

    /// <summary>Classifies a response that is not a success.</summary>
    /// <param name="message">The message.</param>
    /// <param name="response">The response.</param>
    /// <param name="body">The readable part of its body, unpacked.</param>
    /// <param name="retryAfter">The pause that the response requests; null for none.</param>
    protected abstract RequestFailure Read(PipelineMessage message, HttpResponseMessage response, ReadOnlySpan<byte> body, TimeSpan? retryAfter);
}
