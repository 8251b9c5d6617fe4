using ExoConnect.Core.Hosting;

namespace ExoConnect.Core.Diagnostics;

/// <summary>The level of detail of a log.</summary>
public enum LogLevel
{
    /// <summary>A line for each operation, with the names of its parameters.</summary>
    Default,

    /// <summary>Also the values of the parameters, except secrets, and the texts of errors.</summary>
    All,
}

/// <summary>The folder of a session's log, and how much of it is kept. Immutable.</summary>
public sealed record LogOptions
{
    /// <summary>The folder; made if it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>The level of detail.</summary>
    public LogLevel Level { get; init; }

    /// <summary>How large a file may grow, in bytes, before the session begins another; 10 MiB by default.</summary>
    public long MaximumFileSize { get; init; } = 10 * 1024 * 1024;

    /// <summary>How many files of one session are kept; the oldest go first. 10 by default.</summary>
    public int MaximumFiles { get; init; } = 10;

    /// <summary>How many bytes all logs in the folder may take; 256 MiB by default. The oldest go first.</summary>
    public long MaximumSize { get; init; } = 256 * 1024 * 1024;

    /// <summary>How long a file is kept after its last write; 30 days by default.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// The default folder: <c>logs</c> in the user's folder of caches, see <see cref="CacheFolder.Find"/>. Null if the platform has no such folder.
    /// </summary>
    public static string? DefaultFolder =>
        CacheFolder.Find(Environment.GetEnvironmentVariable) is { } root ? Path.Combine(root, "logs") : null;
}
