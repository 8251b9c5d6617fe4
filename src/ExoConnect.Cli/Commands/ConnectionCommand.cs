using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect connection</c>: the saved connections, which are the profiles, by names.</summary>
internal static class ConnectionCommand
{
    public static Command Create(CliHost host, Messenger messenger)
    {
        var list = StatusCommand.Create(host, messenger, "list", "List them; the same as exoconnect status.", "connection list");

        var used = Name();
        var use = new DocumentedCommand("use", "Make one the default, to be used where none is named.")
        {
            Usage = "connection use <Name>",
            Examples = ["exoconnect connection use contoso-prod"],
            Arguments = { used },
        };
        use.SetAction(parsed =>
        {
            var name = ProfileStore.Open(host.Variable).Use(parsed.GetRequiredValue(used));
            host.Output.WriteLine($"'{name}' is the default connection now.");
            if (host.Variable("EXOCONNECT_PROFILE") is { Length: > 0 } variable && !variable.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                messenger.Warning($"The variable EXOCONNECT_PROFILE names '{variable}', which counts before the default.");
            }

            return ExitCodes.Success;
        });

        var removed = Name();
        var remove = new DocumentedCommand("remove", "Remove one. The certificate and the app registration are left alone.")
        {
            Usage = "connection remove <Name>",
            Examples = ["exoconnect connection remove nightly"],
            Arguments = { removed },
        };
        remove.SetAction(parsed => DisconnectCommand.Run(host, messenger, parsed.GetRequiredValue(removed), all: false));
        return new DocumentedCommand("connection", "List the connections, choose the default one, remove one.")
        {
            Usage = "connection <command> [options]",
            Subcommands = { list, use, remove },
        };
    }

    private static Argument<string> Name() => new("Name") { Description = "A profile's name." };
}
