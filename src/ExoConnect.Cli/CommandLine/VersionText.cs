using System.CommandLine;
using System.CommandLine.Invocation;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.CommandLine;

/// <summary>Prints the version.</summary>
/// <param name="host">Where to.</param>
internal sealed class VersionText(CliHost host) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        host.Output.WriteLine("exoconnect " + typeof(VersionText).Assembly.GetName().Version?.ToString(3));
        return ExitCodes.Success;
    }
}
