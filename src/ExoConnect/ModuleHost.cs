using ExoConnect.Pipeline;
using ExoConnect.SessionModules;
using ExoConnect.Sessions;

namespace ExoConnect;

/// <summary>What happens when a runspace imports the module or lets go of it.</summary>
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

    /// <summary>Takes the commands out of a runspace that lets go of the module. The sessions stay: other runspaces use them.</summary>
    public static void OnRemove()
    {
        if (EngineHost.IsUsed)
        {
            SessionModule.RemoveAll();
        }
    }
}
