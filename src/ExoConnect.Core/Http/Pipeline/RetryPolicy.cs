using System.Globalization;
using ExoConnect.Core.Http.Failures;
using Polly;
using Polly.Retry;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>
/// Makes a failed attempt again: a read on anything transient, a write only where the service cannot have carried it out. The pauses double
/// from attempt to attempt and are spread a little, or are what the service asked for.
/// </summary>
internal sealed class RetryPolicy : PipelinePolicy
{
    /// <summary>The first pause where nobody says otherwise; then 4, 8, 16 and 32 s, as EXO waits.</summary>
    public static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(2);

    private static readonly ResiliencePropertyKey<PipelineMessage> Message = new(nameof(Message));
    private readonly ResiliencePipeline _retry;

    /// <summary>Makes the policy.</summary>
    /// <param name="baseDelay">The first pause.</param>
    /// <param name="clock">The clock.</param>
    public RetryPolicy(TimeSpan baseDelay, TimeProvider clock)
    {
        _retry = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                // Each failure says itself how often; this is only the outer bound.
                MaxRetryAttempts = RequestFailure.MostRetries,
                ShouldHandle = static args => ValueTask.FromResult(
                    args.Outcome.Exception is RequestFailure failure
                    && args.Context.Properties.GetValue(Message, null!) is { IsRetried: true } message
                    && failure.MayRepeat(message.IsRead, args.AttemptNumber)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(
                    ((RequestFailure)args.Outcome.Exception!).Pause(args.AttemptNumber, baseDelay)),
                OnRetry = static args =>
                {
                    var failure = (RequestFailure)args.Outcome.Exception!;
                    var message = args.Context.Properties.GetValue(Message, null!);
                    message.Operation?.Retried();
                    message.Messages.Verbose(string.Create(CultureInfo.InvariantCulture,
                        $"{failure.Error.Message} Trying again in {args.RetryDelay.TotalSeconds:0.0} s ({args.AttemptNumber + 1} of {failure.MaxRetries})."));
                    return default;
                },
            })
            .Build();
    }

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        var context = ResilienceContextPool.Shared.Get(message.CancellationToken);
        context.Properties.Set(Message, message);
        try
        {
            await _retry.ExecuteAsync(
                static (_, state) =>
                {
                    state.Message.BeginAttempt();
                    return ProcessNextAsync(state.Message, state.Next);
                },
                context,
                (Message: message, Next: next)).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
