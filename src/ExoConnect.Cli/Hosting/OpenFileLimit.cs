using System.Globalization;
using System.Runtime.CompilerServices;

namespace ExoConnect.Cli.Hosting;

/// <summary>
/// How many files the process may open. .NET keeps a file open for each assembly. Where the limit is reached in the middle of a command, any
/// part can fail, and each fails in its own way; so the program looks first.
/// </summary>
internal static class OpenFileLimit
{
    /// <summary>What a command needs, some 130, and room for what the process has inherited.</summary>
    public const int Needed = 160;

    /// <summary>What to do about a limit that is too low; null if there is room, or if the system doesn't tell (Linux does).</summary>
    public static string? Problem()
    {
        // The program as machine code is one file.
        if (!OperatingSystem.IsLinux() || !RuntimeFeature.IsDynamicCodeSupported)
        {
            return null;
        }

        try
        {
            return Problem(File.ReadAllText("/proc/self/limits"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A sandbox may hide the file.
            return null;
        }
    }

    /// <summary>What to do about the limit in Linux's table of limits; null if there is room, or if the table doesn't have it.</summary>
    /// <param name="limits">The text of <c>/proc/self/limits</c>: a limit's name, its soft value, its hard one. .NET raises the soft one.</param>
    public static string? Problem(string limits)
    {
        const string name = "Max open files";
        var at = limits.IndexOf(name, StringComparison.Ordinal);
        var soft = at < 0 ? "" : limits[(at + name.Length)..].TrimStart();
        soft = soft[..Math.Max(0, soft.IndexOf(' ', StringComparison.Ordinal))];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files) && files < Needed
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"error: This process may open {files} files. exoconnect needs {Needed}.\n       Allow more before the command: ulimit -n 256\n")
            : null;
    }
}
