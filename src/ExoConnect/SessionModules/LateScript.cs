using System.Management.Automation;
using System.Reflection;

namespace ExoConnect.SessionModules;

/// <summary>Script blocks that are parsed when they are first used, as PowerShell makes those of its own functions.</summary>
internal static class LateScript
{
    /// <summary>
    /// PowerShell has it for its own functions only, so it is looked up by its name. Where a version hasn't got it, script blocks are parsed at once,
    /// and all is the same but for time and memory.
    /// </summary>
    private static readonly Func<string, bool, ScriptBlock>? Late = typeof(ScriptBlock).GetMethod(
        "CreateDelayParsedScriptBlock", BindingFlags.Static | BindingFlags.NonPublic, [typeof(string), typeof(bool)])
        ?.CreateDelegate<Func<string, bool, ScriptBlock>>();

    /// <summary>Makes a script block.</summary>
    /// <param name="text">Its text.</param>
    public static ScriptBlock Create(string text) => Late is null ? ScriptBlock.Create(text) : Late(text, false);
}
