using System.Collections;
using System.Management.Automation;
using System.Text;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;

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
        var (shown, id, reason) = AsExoSays(exception);
        var record = new ErrorRecord(shown, id, CategoryOf(exception), exception.Target ?? target) { CategoryInfo = { Reason = reason } };
        if (record.TargetObject is IDictionary)
        {
            // All parameters of a call that names no object: of use to a script, and no name.
            record.CategoryInfo.TargetName = "";
        }

        var text = new StringBuilder(shown.Message);
        if (exception.ClientRequestId is { } clientId)
        {
            text.AppendLine().Append("client-request-id: ").Append(clientId);
            if (exception.ServerRequestId is { } serverId)
            {
                text.Append(", request-id: ").Append(serverId);
            }
        }

        record.ErrorDetails = new ErrorDetails(
            text.ToString())
        {
            RecommendedAction = next is null ? exception.Remedy ?? "" : exception.Remedy is { } remedy
            ? $"{remedy.TrimEnd('.')}. {next}" : next
        };
        return record;
    }

    /// <summary>
    /// What scripts written for EXO look at: the service's exception in the message, in the id, as the reason and as
    /// <c>Exception.Data['RemoteException']</c>.
    /// </summary>
    private static (Exception Exception, string Id, string Reason) AsExoSays(ExoException exception)
    {
        if (exception is not ServiceException failure)
        {
            return (exception, exception.ErrorId, exception.GetType().Name);
        }

        var shown = failure.InExoForm();
        if (failure.ServiceType is not { } type)
        {
            return (shown, failure.ErrorId, nameof(ServiceException));
        }

        var remote = new PSObject();
        remote.Properties.Add(new PSNoteProperty("ClassName", type));
        remote.Properties.Add(new PSNoteProperty("Message", failure.Message));
        var localized = new PSObject();
        localized.Properties.Add(new PSNoteProperty("stringId", failure.MessageId is { Length: > 0 } text ? text : null));
        remote.Properties.Add(new PSNoteProperty("localizedString", localized));
        shown.Data["RemoteException"] = remote;
        return (shown, failure.ErrorId + ",Write-ErrorMessage", failure.ErrorId);
    }

    /// <summary>The service's own word, as Microsoft's client has it, and else what we make of the failure.</summary>
    private static ErrorCategory CategoryOf(ExoException exception) =>
        exception is ServiceException { CategoryName: { Length: > 0 } name } && Enum.TryParse(name, out ErrorCategory said) && Enum.IsDefined(said)
            && said != ErrorCategory.NotSpecified ? said : Category(exception.Category);

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
