using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.CommandLine;

/// <summary>Paths as people type them.</summary>
internal static class UserPath
{
    /// <summary>Makes a path one that holds from any folder. <c>~</c> is what a shell leaves alone in <c>--option=~/file</c>.</summary>
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
