using ExoConnect.Core.Sessions;

namespace ExoConnect.Sessions;

/// <summary>The names of a session's module and its commands.</summary>
internal static class SessionNames
{
    /// <summary>The beginning of the name of every session's module.</summary>
    public const string ModulePrefix = "ExoConnect.";

    /// <summary>The module's name for a session, for <c>Get-Command -Module</c>.</summary>
    public static string ModuleOf(ExoSession session) => ModulePrefix + session.Description.Name;

    /// <summary>The command's name in the session: with its prefix before the noun.</summary>
    public static string CommandOf(string cmdlet, string prefix) =>
        prefix.Length == 0 ? cmdlet : cmdlet.Insert(cmdlet.IndexOf('-', StringComparison.Ordinal) + 1, prefix);

    /// <summary>The cmdlet's name: the command's without its prefix.</summary>
    public static string CmdletOf(string command, string prefix) => command.Remove(command.IndexOf('-', StringComparison.Ordinal) + 1, prefix.Length);
}
