using System.Globalization;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Cancels a request if its response doesn't begin within the message's timeout.</summary>
/// <param name="remedy">The remedy in the error.</param>
/// <param name="clock">The clock.</param>
internal sealed class TimeoutPolicy(string remedy, TimeProvider clock) : PipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        var caller = message.CancellationToken;
        using var timeout = new CancellationTokenSource(message.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, timeout.Token);
        message.CancellationToken = either.Token;
        try
        {
            await ProcessNextAsync(message, next).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!caller.IsCancellationRequested)
        {
            throw new RequestFailure(new ServiceException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{message.Address.Host} didn't respond to '{message.Name}' within {message.Timeout.TotalSeconds:0.###} seconds."),
                e)
            {
                ErrorId = ErrorIds.ServiceTimeout,
                IsOutcomeUnknown = !message.IsRead,
                Category = ExoErrorCategory.OperationTimeout,
                Remedy = remedy,
                CmdletName = message.CmdletName,
                Target = message.Target,
                ClientRequestId = message.ClientRequestId,
            });
        }
        finally
        {
            message.CancellationToken = caller;
        }
    }
}
