using System.Management.Automation;
using System.Runtime.Loader;

namespace ExoConnect.Isolation;

/// <summary>
/// Gives the engine and all its dependencies a load context of their own when the module is imported, so that other modules' versions of them,
/// loaded before or after, never meet ours. The default context learns one name only, the engine's, and finds it there.
/// </summary>
/// <remarks>
/// PowerShell calls this once per importing runspace; the context and the handler belong to the process and stay. PowerShell lists the exported
/// types of this assembly before it calls this, so no public type here may have an engine type as its base class or interface, nor a field of an
/// engine struct or enum.
/// </remarks>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static int _registered;

    /// <inheritdoc/>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0)
        {
            var engine = new EngineLoadContext(Path.Combine(Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!, "dependencies"));

            // Only the engine's name: a handler that resolved any file would give our MSAL to any caller.
            AssemblyLoadContext.Default.Resolving += (_, name) => name.Name == EngineLoadContext.EngineName ? engine.LoadEngine() : null;
        }

        ModuleHost.OnImport();
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => ModuleHost.OnRemove();
}
