using System.CommandLine;
using System.CommandLine.Help;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Commands;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;

namespace ExoConnect.Cli;

/// <summary>All commands of the program.</summary>
internal static class CommandTree
{
    /// <summary>Makes them.</summary>
    /// <returns>The root, the <c>run</c> command, which needs its arguments separately, and the common options.</returns>
    public static (RootCommand Root, RunCommand Run, CommonOptions Common) Create(CliHost host, Messenger messenger)
    {
        var run = new RunCommand(host, messenger);
        var root = new RootCommand("Exchange Online and Security & Compliance from the command line: sign in and run cmdlets.")
        {
            DemoCommand.Create(host, messenger),
            TenantCommand.Create(host, messenger),
            CertificateCommand.Create(host, messenger),
            AppCommand.Create(host, messenger),
            ConnectCommand.Create(host, messenger),
            run.Command,
            RequestCommand.Create(host, messenger),
            TokenCommand.Create(host, messenger),
            StatusCommand.Create(host, messenger),
            ConnectionCommand.Create(host, messenger),
            CompatibilityCommand.Create(host),
            DisconnectCommand.Create(host, messenger),
            CompletionCommand.Create(host),
        };
        var help = new HelpText(host);
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = help;
            option.Description = "Show this.";
        }

        foreach (var version in root.Options.OfType<VersionOption>())
        {
            version.Description = "Show the version.";
            version.Action = new VersionText(host);
        }

        var common = new CommonOptions();
        foreach (var option in common.All)
        {
            option.Recursive = true;
            root.Options.Add(option);
        }

        root.SetAction(_ =>
        {
            help.Write(root);
            return ExitCodes.Success;
        });
        return (root, run, common);
    }
}
