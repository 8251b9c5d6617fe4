using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Core.Compatibility;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect compatibility</c>: the module of Microsoft's name, for images that run scripts.</summary>
internal static class CompatibilityCommand
{
    public static Command Create(CliHost host)
    {
        var folder = Folder();
        var module = new Option<string>("--module")
        {
            Description = "The folder of the ExoConnect module to load. Without it, PowerShell finds ExoConnect by name.",
            HelpName = "DIR",
        };
        var install = new DocumentedCommand("install", "Install a PowerShell module called ExchangeOnlineManagement that loads ExoConnect.")
        {
            Usage = "compatibility install [options]",
            Examples = ["exoconnect compatibility install", "exoconnect compatibility install --to /opt/modules --module /opt/modules/ExoConnect"],
            Options = { folder, module },
        };
        install.SetAction(parsed =>
        {
            var modules = TargetFolder(host, parsed.GetValue(folder));
            var from = parsed.GetValue(module) is { Length: > 0 } given ? Path.Combine(UserPath.Full(given, host), "ExoConnect.psd1") : null;
            if (from is not null && !File.Exists(from))
            {
                throw new UsageException(
                    $"There is no ExoConnect.psd1 in '{parsed.GetValue(module)}'.", "Give --module the folder of the ExoConnect module.");
            }

            CompatibilityModule.Install(modules, from);
            host.Output.WriteLine($"{CompatibilityModule.Name} {CompatibilityModule.Version}, which loads ExoConnect, is in {modules}.");
            return ExitCodes.Success;
        });

        var removed = Folder();
        var uninstall = new DocumentedCommand("uninstall", "Remove the installed module; Microsoft's own module stays.")
        {
            Usage = "compatibility uninstall [options]",
            Examples = ["exoconnect compatibility uninstall"],
            Options = { removed },
        };
        uninstall.SetAction(parsed =>
        {
            var modules = TargetFolder(host, parsed.GetValue(removed));
            host.Output.WriteLine(CompatibilityModule.Uninstall(modules)
                ? $"{CompatibilityModule.Name} {CompatibilityModule.Version} is removed from {modules}."
                : $"There is no {CompatibilityModule.Name} of ExoConnect in {modules}.");
            return ExitCodes.Success;
        });
        return new DocumentedCommand("compatibility", "Let scripts that ask for ExchangeOnlineManagement by name run with ExoConnect.")
        {
            Usage = "compatibility <command> [options]",
            Subcommands = { install, uninstall },
        };
    }

    private static Option<string> Folder() => new("--to")
    {
        Description = "A folder that PowerShell finds modules in; by default that of the current user.",
        HelpName = "DIR",
    };

    private static string TargetFolder(CliHost host, string? given) => given is { Length: > 0 }
        ? UserPath.Full(given, host)
        : CompatibilityModule.UserModules() ?? throw new UsageException("This account has no folder for modules.", "Name one with --to.");
}
