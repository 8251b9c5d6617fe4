using ExoConnect.Pipeline;
using ExoConnect.SessionModules;
using ExoConnect.Sessions;

namespace ExoConnect;

/// <summary>Runs when a runspace imports or removes the module.</summary>
internal static class ModuleHost
{
    /// <summary>Brings the process's sessions into a runspace that imports the module after they were connected.</summary>
    public static void OnImport()
    {
        LastExecutionStatus.Begin();
        HidingFunctions.Remove();
        if (EngineHost.IsUsed)
        {
            SessionModule.ImportAll();
        }
    }

    /// <summary>Removes the commands from a runspace that removes the module. The sessions stay: other runspaces use them.</summary>
    public static void OnRemove()
    {
        if (EngineHost.IsUsed)
        {
            SessionModule.RemoveAll();
        }
    }
}
