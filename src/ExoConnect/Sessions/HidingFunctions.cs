using System.Management.Automation;

namespace ExoConnect.Sessions;

/// <summary>
/// Removes another module's functions that would hide ours. EXO's Connect-ExchangeOnline, Connect-IPPSSession and Disconnect-ExchangeOnline are
/// functions, and PowerShell prefers functions to cmdlets whichever came last. With both modules imported, people would connect with one and call
/// the other. If ours were functions, their import would replace those; so this class does the same.
/// </summary>
internal static class HidingFunctions
{
    private static readonly string[] Names = ["Connect-ExchangeOnline", "Connect-IPPSSession", "Disconnect-ExchangeOnline"];

    // Asked for as a variable: for a missing command, PowerShell would search every module on its path. A function without a module is the user's
    // own, written to replace ours. Within a module that imports ours for itself, the functions may belong to everybody. The other module's
    // function can still be called by its module's name.
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

    /// <summary>Removes them from the runspace that has just imported the module.</summary>
    public static void Remove() => Script.Value.Invoke([Names]);

    /// <summary>The owner of the function Connect-ExchangeOnline in this runspace.</summary>
    /// <returns>The module's name; empty if it is ours.</returns>
    public static string Owner() => OwnerScript.Value.Invoke(Names[0]) is [{ BaseObject: string owner }, ..] ? owner : "";
}
