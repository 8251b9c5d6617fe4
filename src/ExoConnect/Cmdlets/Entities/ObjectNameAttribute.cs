using System.Management.Automation;
using ExoConnect.Core.Objects;
using ExoConnect.Pipeline;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>
/// Converts an object that a cmdlet returned, or a row of a CSV file, to its identity: the service knows a mailbox by its Guid, not by its text. An
/// object without an identity is left to the other parameters, or refused.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ObjectNameAttribute : ArgumentTransformationAttribute
{
    private const string Reason = "The object has no Guid, Identity or address that identifies it.";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // Parameters are bound before the cmdlet begins.
        EngineHost.Use();
        return inputData switch
        {
            ExoObject record => NameOf(record),
            PSObject { BaseObject: ExoObject record } => NameOf(record),
            PSObject { BaseObject: PSCustomObject } bag => NameOf(bag),
            _ => inputData,
        };
    }

    // With this cause the binder tries the other parameters, and reports only an object that none of them takes.
    private static string NameOf(object value) =>
        ObjectNames.Of(value) ?? throw new ArgumentTransformationMetadataException(Reason, new PSInvalidCastException(Reason));
}
