using ExoConnect.Core.Objects;
using ExoConnect.Output;
using ExoConnect.Pipeline;
using ExoConnect.SessionModules;

namespace ExoConnect;

/// <summary>What happens when a runspace imports the module or lets go of it, and when the engine is first used.</summary>
internal static class ModuleHost
{
    private static int _usesEngine;

    /// <summary>Called before anything of the engine is used. Importing the module alone does not load it.</summary>
    public static void UseEngine()
    {
        if (Interlocked.Exchange(ref _usesEngine, 1) == 0)
        {
            HostTypes.Present = UntypedObject.ToPSObject;
            HostTypes.WithMembers = ServiceValue.ToPSObject;
            HostTypes.Unwrap = PowerShellValue.Unwrap;
            HostTypes.Properties = PowerShellValue.Properties;
            HostTypes.Entries = PowerShellValue.Entries;
        }
    }

    /// <summary>Brings the process's sessions into a runspace that imports the module after they were connected.</summary>
    public static void OnImport()
    {
        LastExecutionStatus.Begin();
        HidingFunctions.Remove();
        if (Volatile.Read(ref _usesEngine) == 1)
        {
            SessionModule.ImportAll();
        }
    }

    /// <summary>Takes the commands out of a runspace that lets go of the module. The sessions stay: other runspaces use them.</summary>
    public static void OnRemove()
    {
        if (Volatile.Read(ref _usesEngine) == 1)
        {
            SessionModule.RemoveAll();
        }
    }
}
