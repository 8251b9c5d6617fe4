using System.CommandLine;
using ExoConnect.Cli.CommandLine;
using ExoConnect.Cli.Demo;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;

namespace ExoConnect.Cli.Commands;

/// <summary><c>exoconnect demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create(CliHost host, Messenger messenger)
    {
        var latency = OptionTypes.Latency();
        var command = new DocumentedCommand("demo", "See it all work on this machine alone, in a few seconds.")
        {
            Usage = "demo [--latency MS]",
            Details =
            [
                "Starts a tenant of its own, signs in with a certificate in the three ways there are, lists mailboxes, changes one, asks Security "
                + "& Compliance, shows an error, and stops everything. It needs no account and no network, and leaves nothing behind.",
            ],
            Examples = ["exoconnect demo", "exoconnect demo --latency 80"],
            Options = { latency },
        };
        command.SetAction(async (parsed, token) =>
        {
            using var demo = new DemoScript(host, messenger);
            return await demo.RunAsync(TimeSpan.FromMilliseconds(parsed.GetValue(latency) ?? 0), token).ConfigureAwait(false);
        });
        return command;
    }
}
