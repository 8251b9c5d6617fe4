using System.Security.Cryptography;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>
/// Gives a tenant its RSA keys. Creating one takes a tenth of a second, which is most of a start. With a folder, tenants take turns with the keys
/// in it: a key belongs to one running tenant at a time, by a lock on its file, and is free when that tenant stops or its process ends.
/// Thread-safe.
/// </summary>
/// <param name="directory">The folder, created when needed; null to create every key.</param>
internal sealed class TenantKeys(string? directory) : IDisposable
{
    /// <summary>More keys than tenants could need at a time: if none of so many can be locked, the folder has another problem.</summary>
    private const int MaxKeys = 4096;

    private readonly Lock _gate = new();
    private readonly List<FileStream> _held = [];

    /// <summary>Gives a key of 2048 bits that no other running tenant has.</summary>
    /// <returns>The key, which the caller owns.</returns>
    /// <exception cref="TenantException">The folder cannot be used.</exception>
    public RSA Create()
    {
        if (directory is null)
        {
            return RSA.Create(2048);
        }

        try
        {
            PrivateFiles.CreateDirectory(directory);
            var file = TakeFile(directory);
            lock (_gate)
            {
                _held.Add(file);
            }

            return Read(file) ?? Make(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TenantException($"The folder of keys '{directory}' cannot be used: {e.Message}", "Name a folder that you can write to.", e);
        }
    }

    /// <summary>Releases every key.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _held.ForEach(file => file.Dispose());
            _held.Clear();
        }
    }

    private static FileStream TakeFile(string directory)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (var number = 1; ; number++)
        {
            try
            {
                return new FileStream(Path.Combine(directory, $"{number}.key"), options);
            }
            catch (IOException) when (number < MaxKeys)
            {
                // Another tenant has it.
            }
        }
    }

    // An empty file is new; a file without a whole key comes from a process that was killed while it wrote.
    private static RSA? Read(FileStream file)
    {
        var content = new byte[file.Length];
        file.ReadExactly(content);
        var key = RSA.Create();
        try
        {
            key.ImportPkcs8PrivateKey(content, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    private static RSA Make(FileStream file)
    {
        var key = RSA.Create(2048);
        file.SetLength(0);
        file.Write(key.ExportPkcs8PrivateKey());
        file.Flush();
        return key;
    }
}
