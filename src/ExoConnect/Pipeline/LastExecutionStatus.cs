using System.Management.Automation;

namespace ExoConnect.Pipeline;

/// <summary>EXO's variable that says whether the last cmdlet succeeded.</summary>
internal static class LastExecutionStatus
{
    private const string Variable = "global:EXO_LastExecutionStatus";

    /// <summary>Sets the result of a cmdlet.</summary>
    public static void Set(PSCmdlet cmdlet, bool succeeded) => cmdlet.SessionState.PSVariable.Set(Variable, succeeded);

    /// <summary>Sets the variable in a runspace that has just imported the module: nothing has failed.</summary>
    public static void Begin() => ScriptBlock.Create($"${Variable} = $true").Invoke();
}
