using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace ExoConnect.Output;

/// <summary>
/// The views of a session's objects. A runspace gets the views with its first session and not with the module: reading them takes longer than all
/// the rest of the import.
/// </summary>
internal static class ObjectViews
{
    private const string Module = "ExoConnect.Views";

    /// <summary>Unreadable views are no error: PowerShell's own views then show the objects.</summary>
    private static readonly Lazy<ScriptBlock> ImportScript =
        new(static () => ScriptBlock.Create(
            @"param($path) Microsoft.PowerShell.Core\Import-Module -Name $path -Global -DisableNameChecking -ErrorAction Ignore"));

    private static readonly ConditionalWeakTable<Runspace, object> Loaded = [];

    /// <summary>Gives the current runspace the views, if it does not have them yet.</summary>
    public static void Load()
    {
        if (Runspace.DefaultRunspace is { } runspace && Loaded.TryAdd(runspace, Module))
        {
            var folder = Path.GetDirectoryName(typeof(ObjectViews).Assembly.Location)!;
            ImportScript.Value.Invoke(Path.Combine(folder, "views", Module + ".psd1"));
        }
    }

    /// <summary>Notes that the current runspace has removed the views.</summary>
    public static void Forget()
    {
        if (Runspace.DefaultRunspace is { } runspace)
        {
            Loaded.Remove(runspace);
        }
    }
}
