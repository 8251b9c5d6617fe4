using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.Commands;

/// <summary>The profile of a command.</summary>
internal static class ProfileName
{
    /// <summary>The option, else the variable; null for the default one.</summary>
    public static string? Chosen(string? option, CliHost host) => option ?? (
        host.Variable("EXOCONNECT_PROFILE") is { Length: > 0 } name ? name : null);
}
