using ExoConnect.Cmdlets;
using ExoConnect.Core;
using ExoConnect.Output;

namespace ExoConnect;

/// <summary>What of the engine is told, once, that it runs in PowerShell.</summary>
internal static class ModuleHost
{
    private static int _told;

    /// <summary>Called for the first cmdlet that needs the engine; importing the module does not load it.</summary>
    public static void UseEngine()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            HostTypes.Present = UntypedObject.ToPSObject;
            HostTypes.Unwrap = PowerShellValue.Unwrap;
        }
    }
}
