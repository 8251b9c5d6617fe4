using System.Management.Automation;
using ExoConnect.Core.Compatibility;
using ExoConnect.Output;

namespace ExoConnect.Cmdlets.Compatibility;

/// <summary>Lays down a module that is called ExchangeOnlineManagement and loads ExoConnect.</summary>
[Cmdlet(VerbsLifecycle.Install, "ExoCompatibility", SupportsShouldProcess = true)]
[OutputType(typeof(CompatibilityInformation))]
public sealed class InstallExoCompatibilityCommand : CompatibilityCmdlet
{
    private protected override void Run(string modules)
    {
        CompatibilityModule.Check(modules);
        if (!ShouldProcess(CompatibilityModule.Manifest(modules),
            $"Install {CompatibilityModule.Name} {CompatibilityModule.Version}, which loads ExoConnect"))
        {
            return;
        }

        CompatibilityModule.Install(
            modules, MyInvocation.MyCommand.Module is { ModuleBase: { } folder } ? Path.Combine(folder, "ExoConnect.psd1") : null);
        if (IsOfProcess)
        {
            OpenProcessFolder(modules);
        }
        else if (!Folders().Contains(modules, OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal))
        {
            WriteWarning($"PowerShell doesn't look for modules in {modules} here: add it to $env:PSModulePath.");
        }

        WriteObject(new CompatibilityInformation(
            CompatibilityModule.Name, new Version(CompatibilityModule.Version), Scope, Path.GetDirectoryName(
            CompatibilityModule.Manifest(modules))!));
    }
}
