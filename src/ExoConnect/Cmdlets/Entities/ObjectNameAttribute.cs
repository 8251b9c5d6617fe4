using System.Management.Automation;
using ExoConnect.Core.AdminApi.Answers;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>
/// Lets an object of an earlier answer, or a row of a CSV file, stand for its name: the service knows a mailbox by its Guid, not by its
/// text. What has no name is left to the other parameters, or refused.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ObjectNameAttribute : ArgumentTransformationAttribute
{
    /// <summary>From what is unique and never changes to what may be neither.</summary>
    private static readonly string[] Names =
        ["Guid", "Identity", "MailboxGuid", "ExternalDirectoryObjectId", "UserPrincipalName", "PrimarySmtpAddress", "DistinguishedName", "Id", "Name"];

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => inputData switch
    {
        ExoObject record => NameOf(name => ExoRecord.Value(record, name)),
        PSObject { BaseObject: ExoObject record } => NameOf(name => ExoRecord.Value(record, name)),
        PSObject { BaseObject: PSCustomObject } bag => NameOf(name => bag.Properties[name]?.Value),
        _ => inputData,
    };

    private static string NameOf(Func<string, object?> property)
    {
        // A folder is named by its mailbox and its id; its Identity is a path that names no mailbox exactly.
        if (property("FolderId") is string { Length: > 0 } folder && property("ContentMailboxGuid") is { } mailbox)
        {
            return $"{mailbox}:{folder}";
        }

        foreach (var name in Names)
        {
            if (property(name)?.ToString() is { } text && !string.IsNullOrWhiteSpace(text))
            {
                return text;
            }
        }

        // With this cause the binder tries the other parameters, and reports only an object that none of them takes.
        const string Reason = "The object has no Guid, Identity or address that says which object is meant.";
        throw new ArgumentTransformationMetadataException(Reason, new PSInvalidCastException(Reason));
    }
}
