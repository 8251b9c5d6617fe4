using System.Globalization;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli;

/// <summary>The process.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (OpenFileLimit.Problem() is { } problem)
        {
            await Console.Error.WriteAsync(problem).ConfigureAwait(false);
            return ExitCodes.Failed;
        }

        // Scripts read the output: it is the same in every country.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

        using var signals = new Signals();
        var code = await CliApplication.RunAsync(args, CliHost.ForProcess(), signals.Token).ConfigureAwait(false);
        return code == ExitCodes.Interrupted ? signals.ExitCode : code;
    }
}
