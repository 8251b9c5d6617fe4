using ExoConnect.Core.Objects;
using ExoConnect.Output;

namespace ExoConnect.Pipeline;

/// <summary>The first use of the engine in a process. Importing the module alone does not load the engine.</summary>
internal static class EngineHost
{
    private static int _isUsed;

    /// <summary>Whether the process has used the engine.</summary>
    public static bool IsUsed => Volatile.Read(ref _isUsed) == 1;

    /// <summary>Called before the first use of the engine: gives the engine PowerShell's types.</summary>
    public static void Use()
    {
        if (Interlocked.Exchange(ref _isUsed, 1) == 0)
        {
            HostTypes.Present = UntypedObject.ToPSObject;
            HostTypes.WithMembers = ServiceValue.ToPSObject;
            HostTypes.Unwrap = PowerShellValue.Unwrap;
            HostTypes.Properties = PowerShellValue.Properties;
            HostTypes.Entries = PowerShellValue.Entries;
        }
    }
}
