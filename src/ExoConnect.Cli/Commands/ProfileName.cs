using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.Commands;

/// <summary>Which profile a command is to use.</summary>
internal static class ProfileName
{
    /// <summary>What the command line says, else what the variable does; null for the default one.</summary>
    public static string? Chosen(string? option, CliHost host) => option ?? (
        host.Variable("EXOCONNECT_PROFILE") is { Length: > 0 } name ? name : null);
}
