namespace ExoConnect.Core.Hosting;

/// <summary>The user's folder for data that can be fetched again: lists of cmdlets and, beside them, stored sign-ins.</summary>
internal static class CacheFolder
{
    /// <summary>The name of the environment variable that overrides the folder.</summary>
    public const string Variable = "EXOCONNECT_CACHE";

    /// <summary>Finds the folder by the platform's rules.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>The folder, which need not exist; null if there is no home folder.</returns>
    public static string? Find(Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        if (OperatingSystem.IsWindows())
        {
            var local = System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData);
            return local.Length == 0 ? null : Path.Combine(local, "ExoConnect");
        }

        // A relative XDG_CACHE_HOME is invalid by its own specification, and must be ignored.
        if (!OperatingSystem.IsMacOS() && variable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathFullyQualified(cache))
        {
            return Path.Combine(cache, "exoconnect");
        }

        var home = variable("HOME") is { Length: > 0 } set && Path.IsPathFullyQualified(set)
            ? set
            : System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        return home.Length == 0
            ? null
            : OperatingSystem.IsMacOS()
                ? Path.Combine(home, "Library", "Caches", "ExoConnect")
                : Path.Combine(home, ".cache", "exoconnect");
    }
}
