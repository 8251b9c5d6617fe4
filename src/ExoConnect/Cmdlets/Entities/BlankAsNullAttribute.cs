using System.Management.Automation;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Treats blank text as no value: an empty column of a CSV file names no mailbox, and isn't a mistake either.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BlankAsNullAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text && string.IsNullOrWhiteSpace(text) ? null! : inputData;
}
