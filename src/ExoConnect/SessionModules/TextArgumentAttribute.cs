using System.Collections;
using System.Management.Automation;

namespace ExoConnect.SessionModules;

/// <summary>
/// Makes a text of what has one and PowerShell's binder refuses for a parameter that takes text: a list (no array), whose text is its items
/// with blanks between, as in a parameter of a script, and a block.
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
