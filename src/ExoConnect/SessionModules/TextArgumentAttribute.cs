using System.Collections;
using System.Management.Automation;

namespace ExoConnect.SessionModules;

/// <summary>
/// Converts values that PowerShell's binder refuses for a text parameter: a list that isn't an array, whose text is its items with blanks between,
/// as for a parameter of a script, and a script block.
/// </summary>
internal sealed class TextArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData switch
    {
        IList and not Array => PSObject.AsPSObject(inputData).ToString(),
        PSObject { BaseObject: IList and not Array } wrapped => wrapped.ToString(),
        ScriptBlock block => block.ToString(),
        PSObject { BaseObject: ScriptBlock block } => block.ToString(),
        _ => inputData,
    };
}
