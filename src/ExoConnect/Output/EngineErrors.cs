using System.Management.Automation;
using System.Text;
using ExoConnect.Core.Errors;

namespace ExoConnect.Output;

/// <summary>Makes error records of the engine's exceptions.</summary>
internal static class EngineErrors
{
    /// <summary>Makes a record: id, category, target, request ids, and what to do, which PowerShell shows as a recommendation.</summary>
    /// <param name="exception">The engine's exception.</param>
    /// <param name="target">What it is about, where the exception does not say.</param>
    /// <param name="next">A further thing to do; null for none.</param>
    /// <returns>The record.</returns>
    public static ErrorRecord ToRecord(ExoException exception, object? target = null, string? next = null)
    {
        var record = new ErrorRecord(exception, exception.ErrorId, Category(exception.Category), exception.Target ?? target);
        var text = new StringBuilder(exception.Message);
        if (exception.ClientRequestId is { } clientId)
        {
            text.AppendLine().Append("client-request-id: ").Append(clientId);
            if (exception.ServerRequestId is { } serverId)
            {
                text.Append(", request-id: ").Append(serverId);
            }
        }

        record.ErrorDetails = new ErrorDetails(text.ToString()) { RecommendedAction = next is null ? exception.Remedy ?? "" : exception.Remedy is { } remedy ? $"{remedy.TrimEnd('.')}. {next}" : next };
        return record;
    }

    private static ErrorCategory Category(ExoErrorCategory category) => category switch
    {
        ExoErrorCategory.InvalidArgument => ErrorCategory.InvalidArgument,
        ExoErrorCategory.ObjectNotFound => ErrorCategory.ObjectNotFound,
        ExoErrorCategory.ResourceExists => ErrorCategory.ResourceExists,
        ExoErrorCategory.PermissionDenied => ErrorCategory.PermissionDenied,
        ExoErrorCategory.AuthenticationError => ErrorCategory.AuthenticationError,
        ExoErrorCategory.ResourceUnavailable => ErrorCategory.ResourceUnavailable,
        ExoErrorCategory.OperationTimeout => ErrorCategory.OperationTimeout,
        ExoErrorCategory.InvalidData => ErrorCategory.InvalidData,
        ExoErrorCategory.InvalidOperation => ErrorCategory.InvalidOperation,
        ExoErrorCategory.InvalidResult => ErrorCategory.InvalidResult,
        _ => ErrorCategory.NotSpecified,
    };
}
