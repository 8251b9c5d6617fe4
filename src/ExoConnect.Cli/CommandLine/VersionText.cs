using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.CommandLine;

/// <summary>Prints the version.</summary>
/// <param name="host">The host.</param>
internal sealed class VersionText(CliHost host) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        // The label of a prerelease, as the packages have it, without the commit that the build appends.
        var version = typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        host.Output.WriteLine("exoconnect " + version.Split('+')[0]);
        return ExitCodes.Success;
    }
}
