using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.CommandLine;

/// <summary>Paths as people type them.</summary>
internal static class UserPath
{
    /// <summary>Makes a path absolute. Shells don't expand <c>~</c> in <c>--option=~/file</c>, so this does.</summary>
    public static string Full(string path, CliHost host)
    {
        var text = path.Trim();
        if (text.StartsWith("~/", StringComparison.Ordinal) && (host.Variable("HOME") ?? host.Variable("USERPROFILE")) is { Length: > 0 } home)
        {
            text = Path.Join(home, text[1..]);
        }

        return Path.GetFullPath(text);
    }
}
