using System.Collections;
using System.Management.Automation;
using System.Text;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;

namespace ExoConnect.Output;

/// <summary>Makes error records from the engine's exceptions.</summary>
internal static class EngineErrors
{
    /// <summary>Makes a record: id, category, target, request ids, and the remedy, which PowerShell shows as a recommendation.</summary>
    /// <param name="exception">The engine's exception.</param>
    /// <param name="target">The object, if the exception doesn't name it.</param>
    /// <param name="next">A further remedy; null for none.</param>
    /// <returns>The record.</returns>
    public static ErrorRecord ToRecord(ExoException exception, object? target = null, string? next = null)
    {
        var (shown, id, reason) = AsExoSays(exception);
        var record = new ErrorRecord(shown, id, CategoryOf(exception), exception.Target ?? target) { CategoryInfo = { Reason = reason } };
        if (record.TargetObject is IDictionary)
        {
            // All parameters of a call that names no object: useful to a script, but not a name.
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
    /// The parts that scripts written for EXO read: the service's exception in the message, in the id, as the reason and as
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

    /// <summary>The service's own category, as Microsoft's client shows it, and else the engine's.</summary>
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
