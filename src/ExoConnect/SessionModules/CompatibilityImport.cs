using System.Management.Automation;
using ExoConnect.Core.Compatibility;

namespace ExoConnect.SessionModules;

/// <summary>
/// Imports the module of Microsoft's name, if it is installed, when a session starts: scripts check then whether it is loaded, and PowerShell may
/// have found the Connect cmdlet in ExoConnect itself.
/// </summary>
internal static class CompatibilityImport
{
    private static readonly Lazy<ScriptBlock> ImportScript = new(static () => ScriptBlock.Create("""
        param($name, $manifest)
        if (-not (Microsoft.PowerShell.Core\Get-Module -Name $name)) { Microsoft.PowerShell.Core\Import-Module -Name $manifest -Global }
        """));

    /// <summary>Imports it into the current runspace, unless a module of its name is loaded.</summary>
    public static void Run()
    {
        var folders = (System.Environment.GetEnvironmentVariable("PSModulePath") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (folders.FirstOrDefault(CompatibilityModule.IsIn) is { } folder)
        {
            ImportScript.Value.Invoke(CompatibilityModule.Name, CompatibilityModule.Manifest(folder));
        }
    }
}
