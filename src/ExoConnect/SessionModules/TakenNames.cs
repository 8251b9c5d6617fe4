using ExoConnect.Core.Sessions;
using ExoConnect.Sessions;

namespace ExoConnect.SessionModules;

/// <summary>
/// Names that a session's commands never take: those of PowerShell's own modules and of ours. A service with a function
/// <c>ConvertTo-SecureString</c> would otherwise get every password that a script converts. The names are in a file, since PowerShell knows its own
/// only after it has read every module, which takes longer than connecting; tests compare the file with PowerShell.
/// </summary>
internal static class TakenNames
{
    private const int Named = 5;
    private const string List = "ExoConnect.SessionModules.TakenNames.txt";

    private static readonly Lazy<HashSet<string>> Names = new(static () => new(Read(), StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether a command must not have this name.</summary>
    /// <param name="command">The name, with the session's prefix in it.</param>
    public static bool Contains(string command) => Names.Value.Contains(command);

    /// <summary>The warning about a session's cmdlets without a command for that reason.</summary>
    /// <param name="session">The session.</param>
    /// <returns>The warning; null if there are none.</returns>
    public static string? Warning(ExoSession session)
    {
        var leftOut = session.Catalog.Cmdlets.Select(c => SessionNames.CommandOf(c.Name, session.Description.Prefix)).Where(Contains).ToList();
        return leftOut.Count == 0 ? null
            : $"The service lists {leftOut.Count} cmdlets with names of PowerShell's or of this module's own commands, which keep them "
                + $"({string.Join(", ", leftOut.Take(Named))}{(leftOut.Count > Named ? ", …" : "")}). Invoke-ExoCommand still runs the service's.";
    }

    private static IEnumerable<string> Read()
    {
        using var text = new StreamReader(typeof(TakenNames).Assembly.GetManifestResourceStream(List)!);
        while (text.ReadLine() is { } name)
        {
            yield return name;
        }
    }
}
