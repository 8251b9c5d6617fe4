using System.Globalization;
using System.Runtime.ExceptionServices;
using ExoConnect.Core.Http.Failures;
using Polly;
using Polly.Retry;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>
/// Retries a failed attempt: a read after anything transient, a write only where the service cannot have carried it out. The pauses double from
/// attempt to attempt and are spread a little, or are those that the service requests.
/// </summary>
/// <param name="baseDelay">The first pause.</param>
/// <param name="clock">The clock.</param>
internal sealed class RetryPolicy(TimeSpan baseDelay, TimeProvider clock) : PipelinePolicy
{
    /// <summary>The default for the first pause; then 4, 8, 16 and 32 s, as EXO waits.</summary>
    public static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(2);

    private Retries? _retries;

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        RequestFailure first;
        message.BeginAttempt();
        try
        {
            await ProcessNextAsync(message, next).ConfigureAwait(false);
            return;
        }
        catch (RequestFailure failure) when (message.IsRetried && failure.MayRepeat(message.IsRead, 0))
        {
            first = failure;
        }

        // Polly loads, and its options are checked, only after a failure: otherwise it would be a part of every first connect.
        _retries ??= new Retries(baseDelay, clock);
        await _retries.RetryAsync(message, next, first).ConfigureAwait(false);
    }

    /// <summary>The attempts after the first.</summary>
    private sealed class Retries
    {
        private static readonly ResiliencePropertyKey<PipelineMessage> Message = new(nameof(Message));
        private readonly ResiliencePipeline _retry;

        public Retries(TimeSpan baseDelay, TimeProvider clock)
        {
            _retry = new ResiliencePipelineBuilder { TimeProvider = clock }
                .AddRetry(new RetryStrategyOptions
                {
                    // Each failure has its own number of retries; this is only the outer limit.
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
                        var pause = args.RetryDelay.TotalSeconds;
                        message.Messages.Verbose(string.Create(CultureInfo.InvariantCulture,
                            $"{failure.Error.Message} Trying again in {pause:0.0} s ({args.AttemptNumber + 1} of {failure.MaxRetries})."));
                        return default;
                    },
                })
                .Build();
        }

        /// <summary>Retries after the first attempt, whose failure is the result of the first attempt here.</summary>
        public async ValueTask RetryAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next, RequestFailure first)
        {
            var context = ResilienceContextPool.Shared.Get(message.CancellationToken);
            context.Properties.Set(Message, message);
            var state = new Attempts(message, next, first);
            try
            {
                await _retry.ExecuteAsync(static (_, attempts) => attempts.NextAsync(), context, state).ConfigureAwait(false);
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }
    }

    private sealed class Attempts(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next, RequestFailure first)
    {
        private RequestFailure? _first = first;

        public ValueTask NextAsync()
        {
            if (_first is { } failure)
            {
                _first = null;
                ExceptionDispatchInfo.Throw(failure);
            }

            message.BeginAttempt();
            return ProcessNextAsync(message, next);
        }
    }
}
