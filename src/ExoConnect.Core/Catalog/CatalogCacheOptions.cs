using ExoConnect.Core.Hosting;

namespace ExoConnect.Core.Catalog;

/// <summary>The folder and the limits of the cache of cmdlet catalogs.</summary>
public sealed record CatalogCacheOptions
{
    /// <summary>The folder, made by the first write. Null if the platform names none: then there is no cache.</summary>
    public string? Folder { get; init; } = DefaultFolder;

    /// <summary>How old a catalog may be; 24 hours by default.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How many bytes all catalogs together may take; 32 MiB by default. The oldest go first.</summary>
    public long MaximumSize { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// The default folder: <c>catalog</c> in the folder that <c>EXOCONNECT_CACHE</c> names, else <c>%LOCALAPPDATA%\ExoConnect\catalog</c> on
    /// Windows, <c>~/Library/Caches/ExoConnect/catalog</c> on macOS, <c>$XDG_CACHE_HOME/exoconnect/catalog</c> or
    /// <c>~/.cache/exoconnect/catalog</c> elsewhere. Null without a home folder.
    /// </summary>
    public static string? DefaultFolder => FindFolder(System.Environment.GetEnvironmentVariable);

    internal static string? FindFolder(Func<string, string?> variable) => CacheFolder.Find(variable) is { } root ? Path.Combine(root, "catalog")
        : null;
}
