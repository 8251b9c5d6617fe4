using System.Management.Automation;
using ExoConnect.Core.Compatibility;

namespace ExoConnect.Cmdlets.Compatibility;

/// <summary>Removes what Install-ExoCompatibility has installed.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "ExoCompatibility", SupportsShouldProcess = true)]
public sealed class UninstallExoCompatibilityCommand : CompatibilityCmdlet
{
    private protected override void Run(string modules)
    {
        if (!CompatibilityModule.IsIn(modules))
        {
            WriteWarning($"There is no {CompatibilityModule.Name} of ExoConnect in {modules}.");
            return;
        }

        if (!ShouldProcess(CompatibilityModule.Manifest(modules), "Remove"))
        {
            return;
        }

        CompatibilityModule.Uninstall(modules);
        if (IsOfProcess)
        {
            CloseProcessFolder(modules);
        }
    }
}
