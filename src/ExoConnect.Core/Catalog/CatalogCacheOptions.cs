namespace ExoConnect.Core.Catalog;

/// <summary>Where the cache of cmdlet catalogs is and how much it may keep.</summary>
public sealed record CatalogCacheOptions
{
    /// <summary>The name of the environment variable that overrides the folder.</summary>
    public const string FolderVariable = "EXOCONNECT_CACHE";

    /// <summary>The folder, made when first written to. Null where the platform names none: then there is no cache.</summary>
    public string? Folder { get; init; } = DefaultFolder;

    /// <summary>How old a catalog may be; 24 hours by default.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How many bytes all catalogs together may take; 32 MiB by default. The oldest go first.</summary>
    public long MaximumSize { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// The folder used unless told otherwise: <c>catalog</c> in what <c>EXOCONNECT_CACHE</c> says, else
    /// <c>%LOCALAPPDATA%\ExoConnect\catalog</c> on Windows, <c>~/Library/Caches/ExoConnect/catalog</c> on macOS,
    /// <c>$XDG_CACHE_HOME/exoconnect/catalog</c> or <c>~/.cache/exoconnect/catalog</c>
    /// elsewhere. Null where there is no home folder.
    /// </summary>
    public static string? DefaultFolder => FindFolder(System.Environment.GetEnvironmentVariable);

    internal static string? FindFolder(Func<string, string?> variable)
    {
        if (variable(FolderVariable) is { Length: > 0 } chosen)
        {
            return Path.Combine(Path.GetFullPath(chosen), "catalog");
        }

        if (OperatingSystem.IsWindows())
        {
            var local = System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData);
            return local.Length == 0 ? null : Path.Combine(local, "ExoConnect", "catalog");
        }

        // A relative XDG_CACHE_HOME is invalid by its own specification, and must be ignored.
        if (!OperatingSystem.IsMacOS() && variable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathFullyQualified(cache))
        {
            return Path.Combine(cache, "exoconnect", "catalog");
        }

        var home = variable("HOME") is { Length: > 0 } set && Path.IsPathFullyQualified(set)
            ? set
            : System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        return home.Length == 0
            ? null
            : OperatingSystem.IsMacOS()
                ? Path.Combine(home, "Library", "Caches", "ExoConnect", "catalog")
                : Path.Combine(home, ".cache", "exoconnect", "catalog");
    }
}
