using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace ExoConnect.Pipeline;

/// <summary>
/// Whether a caller on the stack waits for an error with <c>try</c> and <c>catch</c>. PowerShell passes a <c>throw</c> to it even if
/// <c>-ErrorAction</c> is silent.
/// </summary>
internal static class EnclosingTry
{
    /// <summary>Checks the call stack of the current runspace.</summary>
    public static bool Exists() => Runspace.DefaultRunspace?.Debugger.GetCallStack().Any(static frame => IsInTry(frame.Position)) ?? false;

    private static bool IsInTry(IScriptExtent? at)
    {
        if (at?.StartScriptPosition?.GetFullScript() is not { Length: > 0 } text)
        {
            return false;
        }

        // The last node that contains the position is the innermost. A script block inside a try may run elsewhere; if it runs inside, the caller's
        // frame shows it.
        var node = Parser.ParseInput(text, out _, out _).FindAll(ast => Holds(ast, at), searchNestedScriptBlocks: true).LastOrDefault();
        for (; node is not null and not ScriptBlockAst; node = node.Parent)
        {
            if (node.Parent is TryStatementAst { CatchClauses.Count: > 0 } waiting && waiting.Body == node)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Holds(Ast ast, IScriptExtent at) => ast.Extent.StartOffset <= at.StartOffset && at.EndOffset <= ast.Extent.EndOffset;
}
