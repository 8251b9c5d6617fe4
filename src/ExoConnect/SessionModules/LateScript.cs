using System.Management.Automation;
using System.Reflection;

namespace ExoConnect.SessionModules;

/// <summary>
/// Defines hundreds of functions at little cost: each is parsed on first use, and defined directly. PowerShell does both for itself only, so its
/// methods are looked up by their names. In a version without them, functions are parsed at once and set as items of their drive: the same result
/// with more time and memory.
/// </summary>
internal static class LateScript
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;

    private static readonly Func<string, bool, ScriptBlock>? Late = typeof(ScriptBlock).GetMethod(
        "CreateDelayParsedScriptBlock", Internal, [typeof(string), typeof(bool)])?.CreateDelegate<Func<string, bool, ScriptBlock>>();

    private static readonly PropertyInfo? State = typeof(SessionState).GetProperty("Internal", Internal);

    private static readonly MethodInfo? SetFunction =
        State?.PropertyType.GetMethod("SetFunction", Internal, [typeof(string), typeof(ScriptBlock), typeof(bool)]) is { } set
        && set.ReturnType == typeof(FunctionInfo) ? set : null;

    /// <summary>Makes a script block.</summary>
    /// <param name="text">Its text.</param>
    public static ScriptBlock Create(string text) => Late is null ? ScriptBlock.Create(text) : Late(text, false);

    /// <summary>The method that sets a function of a session state by its name with the scope.</summary>
    /// <param name="state">The session state.</param>
    public static Action<string, ScriptBlock> SetterOf(SessionState state)
    {
        // Setting an item takes ten times as long: PowerShell resolves a path and makes a provider.
        if (SetFunction?.CreateDelegate<Func<string, ScriptBlock, bool, FunctionInfo>>(State!.GetValue(state)) is { } set)
        {
            return (name, body) => set(name, body, false);
        }

        return (name, body) => state.InvokeProvider.Item.Set(["function:" + name], body, force: false, literalPath: true);
    }
}
