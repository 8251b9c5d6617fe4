using System.Management.Automation;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Takes blank text for no value: an empty column of a CSV file names no mailbox, and is no mistake either.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BlankAsNullAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text && string.IsNullOrWhiteSpace(text) ? null! : inputData;
}
