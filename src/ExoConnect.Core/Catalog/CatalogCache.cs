using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// Keeps catalogs on disk, so that a session can start without fetching the module file. Any problem with the cache, from a damaged file to a
/// folder that can't be written, costs a fetch and is never an error. Safe for many threads and processes at once.
/// </summary>
/// <remarks>
/// <para>
/// A file holds the service's list of cmdlets, compressed: names, parameters, the public key, the regional host. It holds nothing secret, and no
/// names of people; tenant and app appear only as a hash. The folder belongs to its owner alone (0700, files 0600 on Unix).
/// </para>
/// <para>
/// A half-written or damaged file fails its checksum and counts as missing. A checksum keeps nobody out who can write to the owner's folder and
/// knows the format, since there is no secret to sign with. So the cache trusts a file only as far as that is harmless. The reader of the service's
/// own response parses it, by the same rules (no text is run, names are letters, digits, <c>-</c> and <c>_</c>). Its host must belong to the
/// session's environment, since a token will go there. At worst a forged file shows wrong cmdlets or parameters, or a key with which the service
/// can't read a password. On Unix the cache doesn't use a folder or file that others may write to.
/// </para>
/// </remarks>
/// <param name="options">Folder and limits; the defaults if null.</param>
/// <param name="time">The clock for a file's age; the system's if null.</param>
/// <param name="messages">Receives the one message that says why there is no cache; null for none.</param>
public sealed class CatalogCache(CatalogCacheOptions? options = null, TimeProvider? time = null, IEngineMessages? messages = null)
{
    private const string Extension = ".exocat";
    private const string ExpectedExtension = ".exonext";
    private const int HashLength = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly CatalogCacheOptions _options = options ?? new CatalogCacheOptions();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly IEngineMessages _messages = messages ?? NullMessages.Instance;
    private int _told;

    /// <summary>
    /// Reads the catalog that a sign-in will most likely lead to, by the note that <see cref="NoteAsync"/> wrote at the last one.
    /// </summary>
    /// <param name="beforeSignIn">The key as far as it is known before there is a token.</param>
    /// <param name="cancellationToken">Stops waiting for the disk.</param>
    /// <returns>The catalog, or null if there is no note, or its catalog is gone.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ExpectedCatalog?> ExpectAsync(CatalogCacheKey beforeSignIn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(beforeSignIn);
        return await NotedAsync(beforeSignIn, cancellationToken).ConfigureAwait(false) is { } hash
            && await ReadAsync(hash, beforeSignIn, cancellationToken).ConfigureAwait(false) is { } cached
            ? new ExpectedCatalog(hash, cached)
            : null;
    }

    /// <summary>Notes which catalog a sign-in led to, unless the note exists.</summary>
    /// <param name="beforeSignIn">The key as far as it was known before there was a token.</param>
    /// <param name="key">The catalog's key.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>A task that ends when it is noted, or can't be.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task NoteAsync(CatalogCacheKey beforeSignIn, CatalogCacheKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(beforeSignIn);
        ArgumentNullException.ThrowIfNull(key);
        var hash = key.Hash();
        if (PathOf(beforeSignIn.Hash(), ExpectedExtension) is not { } path
            || await NotedAsync(beforeSignIn, cancellationToken).ConfigureAwait(false) == hash)
        {
            return;
        }

        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            await ReplaceFileAsync(path, Encoding.ASCII.GetBytes(hash), _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
            ReportFailure(e);
        }
    }

    /// <summary>Reads a catalog.</summary>
    /// <param name="key">The catalog's key.</param>
    /// <param name="expected">The catalog that was read before the key was known; used if it is the same.</param>
    /// <param name="cancellationToken">Stops waiting for the disk.</param>
    /// <returns>The catalog, or null if there is no complete, young enough catalog of this key's environment.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<CachedCatalog?> ReadAsync(CatalogCacheKey key, ExpectedCatalog? expected, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var hash = key.Hash();
        return expected?.Hash == hash ? Task.FromResult<CachedCatalog?>(expected.Cached) : ReadAsync(hash, key, cancellationToken);
    }

    /// <summary>Reads a catalog.</summary>
    /// <param name="key">The catalog's key.</param>
    /// <param name="cancellationToken">Stops waiting for the disk.</param>
    /// <returns>The catalog, or null if there is no complete, young enough catalog of this key's environment.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<CachedCatalog?> ReadAsync(CatalogCacheKey key, CancellationToken cancellationToken = default) =>
        ReadAsync(key, null, cancellationToken);

    private async Task<CachedCatalog?> ReadAsync(string hash, CatalogCacheKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (PathOf(hash) is not { } path)
        {
            return null;
        }

        try
        {
            if (await ReadFileAsync(path, cancellationToken).ConfigureAwait(false) is not { } bytes
                || CatalogFile.Read(bytes, hash, key) is not { } cached)
            {
                return null;
            }

            // A wrong clock wrote a file from the future; its age is unknown.
            var age = _time.GetUtcNow() - cached.Created;
            return age <= _options.MaximumAge && age >= -ClockTolerance ? cached : null;
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
            ReportFailure(e);
            return null;
        }
    }

    /// <summary>Writes a catalog, replacing an earlier one of the same key, and removes the oldest if they take too much space.</summary>
    /// <param name="key">The catalog's key.</param>
    /// <param name="catalog">The cmdlets.</param>
    /// <param name="host">The service's base address at the end of the session start.</param>
    /// <param name="cancellationToken">Stops writing; what was there before stays.</param>
    /// <returns>False if it could not be written.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<bool> WriteAsync(CatalogCacheKey key, CmdletCatalog catalog, Uri host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(host);
        cancellationToken.ThrowIfCancellationRequested();
        var hash = key.Hash();
        if (PathOf(hash) is not { } path || !key.Environment.OwnsService(host))
        {
            return false;
        }

        var now = _time.GetUtcNow();
        var bytes = CatalogFile.Write(hash, catalog, new Uri(host.GetLeftPart(UriPartial.Authority)), now);
        if (bytes.Length > Math.Min(_options.MaximumSize, CatalogFile.MaximumLength))
        {
            return false;
        }

        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            await ReplaceFileAsync(path, bytes, now, cancellationToken).ConfigureAwait(false);
            RemoveOldest(path);
            return true;
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
            ReportFailure(e);
            return false;
        }
    }

    /// <summary>Removes a catalog, for example because the service refused one of its cmdlets.</summary>
    /// <param name="key">The catalog's key.</param>
    public void Remove(CatalogCacheKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        try
        {
            if (PathOf(key.Hash()) is { } path && File.Exists(path))
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
            ReportFailure(e);
        }
    }

    private async Task<string?> NotedAsync(CatalogCacheKey beforeSignIn, CancellationToken cancellationToken)
    {
        if (PathOf(beforeSignIn.Hash(), ExpectedExtension) is not { } path)
        {
            return null;
        }

        try
        {
            return await ReadFileAsync(path, cancellationToken).ConfigureAwait(false) is { Length: HashLength } bytes
                && Encoding.ASCII.GetString(bytes) is var hash && hash.All(char.IsAsciiHexDigitUpper) ? hash : null;
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
            ReportFailure(e);
            return null;
        }
    }

    private static bool IsDiskTrouble(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException or ArgumentException;

    private static async Task<byte[]?> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        MustBePrivate(Path.GetDirectoryName(path)!);
        RegularFile.ThrowIfSpecial(path);

        // Others may replace or remove the file meanwhile; an open file stays complete.
        using var file = File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OthersWrite) != 0)
        {
            return null;
        }

        var length = RandomAccess.GetLength(file);
        if (length is <= 0 or > CatalogFile.MaximumLength)
        {
            return null;
        }

        var bytes = new byte[length];
        var read = 0;
        while (read < bytes.Length)
        {
            var count = await RandomAccess.ReadAsync(file, bytes.AsMemory(read), read, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return null;
            }

            read += count;
        }

        return bytes;
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            MustBePrivate(folder);
        }
    }

    private static void MustBePrivate(string folder)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & OthersWrite) != 0)
        {
            throw new UnauthorizedAccessException("Others may write to it.");
        }
    }

    private static async Task ReplaceFileAsync(string path, byte[] bytes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Written under a temporary name and then renamed: a reader sees the old file or the new one, never a part.
        var temporary = $"{path}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}.tmp";
        var setUp = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
            PreallocationSize = bytes.Length,
        };
        if (!OperatingSystem.IsWindows())
        {
            setUp.UnixCreateMode = OwnerOnly;
        }

        try
        {
            var stream = new FileStream(temporary, setUp);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            }

            File.SetLastWriteTimeUtc(temporary, now.UtcDateTime);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    // Another process may clean up too: a missing file, or one in use, is no error.
    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsDiskTrouble(e))
        {
        }
    }

    private void RemoveOldest(string justWritten)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(justWritten)!);
        var now = _time.GetUtcNow().UtcDateTime;
        long total = 0;
        foreach (var file in folder.EnumerateFiles("*" + Extension).OrderByDescending(file => file.LastWriteTimeUtc))
        {
            var mine = string.Equals(file.FullName, justWritten, StringComparison.Ordinal);
            total += file.Length;
            if (!mine && (total > _options.MaximumSize || now - file.LastWriteTimeUtc > _options.MaximumAge))
            {
                total -= file.Length;
                Delete(file.FullName);
            }
        }

        foreach (var file in folder.EnumerateFiles("*" + ExpectedExtension))
        {
            if (now - file.LastWriteTimeUtc > _options.MaximumAge)
            {
                Delete(file.FullName);
            }
        }

        foreach (var file in folder.EnumerateFiles("*.tmp"))
        {
            if (now - file.LastWriteTimeUtc > AbandonedAfter)
            {
                Delete(file.FullName);
            }
        }
    }

    private string? PathOf(string hash, string extension = Extension) =>
        _options.Folder is { Length: > 0 } folder ? Path.Combine(folder, hash[..32] + extension) : null;

    private void ReportFailure(Exception e)
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            _messages.Verbose($"The catalog cache in '{_options.Folder}' cannot be used, so the cmdlets are fetched each time: {e.Message}");
        }
    }
}
