using ExoConnect.Core.Diagnostics;

namespace ExoConnect.Core.Http.Failures;

/// <summary>Ends operations by an exception.</summary>
internal static class OperationFailures
{
    /// <summary>Ends an operation that has failed, or that its caller has cancelled.</summary>
    /// <param name="operation">The operation; null without a listener.</param>
    /// <param name="exception">The exception.</param>
    /// <param name="isRead">True if the service changes nothing, so that the outcome can't be unknown.</param>
    public static void EndWith(this Operation? operation, Exception exception, bool isRead)
    {
        if (operation is null)
        {
            return;
        }

        var failure = exception is RequestFailure { Error: var error } ? error : exception;
        var response = failure as ServiceException;
        operation.Fail(failure, response?.StatusCode ?? 0, response is { IsOutcomeUnknown: true } && !isRead);
    }
}
