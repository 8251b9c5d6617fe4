using System.Globalization;
using ExoConnect.Core.Hosting;
using Polly;
using Polly.Retry;

namespace ExoConnect.Core.Http.Failures;

/// <summary>
/// When a failed attempt is made again: a read on anything transient, a write only where the service cannot have carried it out. The
/// pauses grow and are spread, or are what the service asked for.
/// </summary>
internal static class RetryPolicy
{
    public static readonly ResiliencePropertyKey<bool> IsRead = new(nameof(IsRead));
    public static readonly ResiliencePropertyKey<IEngineMessages> Messages = new(nameof(IEngineMessages));

    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);

    /// <summary>Makes the pipeline of one session. The context says of each request whether it is a read.</summary>
    /// <param name="baseDelay">The first pause; it doubles from try to try.</param>
    /// <param name="clock">The clock.</param>
    public static ResiliencePipeline Create(TimeSpan baseDelay, TimeProvider clock) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            // Each failure says itself how often; this is only the outer bound.
            MaxRetryAttempts = 10,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is RequestFailure failure
                && args.AttemptNumber < failure.MaxRetries
                && (failure.NotExecuted || args.Context.Properties.GetValue(IsRead, false))),
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Pause((RequestFailure)args.Outcome.Exception!, args.AttemptNumber, baseDelay)),
            OnRetry = args =>
            {
                var failure = (RequestFailure)args.Outcome.Exception!;
                args.Context.Properties.GetValue(Messages, NullMessages.Instance).Verbose(string.Create(CultureInfo.InvariantCulture,
                    $"{failure.Error.Message} Trying again in {args.RetryDelay.TotalSeconds:0.0} s ({args.AttemptNumber + 1} of {failure.MaxRetries})."));
                return default;
            },
        })
        .Build();

    private static TimeSpan Pause(RequestFailure failure, int attempt, TimeSpan baseDelay)
    {
        // Many clients are told the same time: a tenth of it, at random, keeps them from coming back as one.
        var spread = 1 + (Random.Shared.NextDouble() / 10);
        if (failure.RetryAfter is { } asked)
        {
            return asked * spread;
        }

        var pause = baseDelay * Math.Pow(2, attempt) * (failure.IsThrottling ? 4 : 1) * (0.5 + Random.Shared.NextDouble());
        return pause < LongestBackOff ? pause : LongestBackOff;
    }
}
