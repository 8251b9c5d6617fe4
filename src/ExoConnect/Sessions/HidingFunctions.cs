using System.Management.Automation;

namespace ExoConnect.Sessions;

/// <summary>
/// Takes away another module's functions that would hide ours. EXO's Connect-ExchangeOnline, Connect-IPPSSession and Disconnect-ExchangeOnline are
/// functions, and PowerShell prefers functions to cmdlets whichever came last: with both modules imported, people would connect with the one and ask
/// the other. Had ours been functions, their import would have replaced those; so this does.
/// </summary>
internal static class HidingFunctions
{
    private static readonly string[] Names = ["Connect-ExchangeOnline", "Connect-IPPSSession", "Disconnect-ExchangeOnline"];

    // Asked for as a variable: a command that is looked for and not there would make PowerShell search every module on its path. A function without
    // a module is somebody's own, written to stand before ours. Within a module that imports us for itself, the functions may be
    // everybody's. By its module's name the other module's function can be called all the same.
    private static readonly Lazy<ScriptBlock> Script = new(static () => ScriptBlock.Create("""
        param($names)
        if ($ExecutionContext.SessionState.Module) { return }
        foreach ($name in $names) {
            $body = $ExecutionContext.SessionState.PSVariable.GetValue("Function:$name")
            if ($body -and $body.Module) { $ExecutionContext.InvokeProvider.Item.Remove("Function:\$name", $false, $true, $true) }
        }
        """));

    private static readonly Lazy<ScriptBlock> OwnerScript = new(static () => ScriptBlock.Create("""
        param($name)
        $body = $ExecutionContext.SessionState.PSVariable.GetValue("Function:$name")
        if ($body) { $body.Module.Name }
        """));

    /// <summary>Takes them out of the runspace that has just imported the module.</summary>
    public static void Remove() => Script.Value.Invoke([Names]);

    /// <summary>Whose function people get here when they type Connect-ExchangeOnline.</summary>
    /// <returns>The module's name; empty if it is ours.</returns>
    public static string Owner() => OwnerScript.Value.Invoke(Names[0]) is [{ BaseObject: string owner }, ..] ? owner : "";
}
