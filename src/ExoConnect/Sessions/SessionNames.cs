using ExoConnect.Core.Sessions;

namespace ExoConnect.Sessions;

/// <summary>What a session's module and its commands are called.</summary>
internal static class SessionNames
{
    /// <summary>What the name of every session's module begins with.</summary>
    public const string ModulePrefix = "ExoConnect.";

    /// <summary>The module's name for a session: what <c>Get-Command -Module</c> takes.</summary>
    public static string ModuleOf(ExoSession session) => ModulePrefix + session.Description.Name;

    /// <summary>The command's name in the session: with its prefix before the noun.</summary>
    public static string CommandOf(string cmdlet, string prefix) =>
        prefix.Length == 0 ? cmdlet : cmdlet.Insert(cmdlet.IndexOf('-', StringComparison.Ordinal) + 1, prefix);
}
