using System.Security.Cryptography.X509Certificates;

namespace ExoConnect.Cli.Demo;

/// <summary>A certificate in <c>CurrentUser\My</c> for as long as this object lives.</summary>
internal sealed class TemporaryStoreEntry : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly List<string> _newFolders;
    private bool _disposed;

    /// <summary>Adds the certificate.</summary>
    /// <param name="pfxPath">The certificate with its key.</param>
    /// <param name="password">The file's password.</param>
    public TemporaryStoreEntry(string pfxPath, string password)
    {
        // Without PersistKeySet, Windows keeps the key only until this object is disposed, as intended.
        _certificate = X509CertificateLoader.LoadPkcs12FromFile(pfxPath, password, X509KeyStorageFlags.Exportable | X509KeyStorageFlags.UserKeySet);
        _newFolders = MissingFolders();
        try
        {
            using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
            store.Add(_certificate);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Thumbprint => _certificate.Thumbprint;

    /// <summary>Removes the certificate.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
            store.Remove(_certificate);
        }
        finally
        {
            _certificate.Dispose();
            foreach (var folder in _newFolders.Where(f => Directory.Exists(f) && !Directory.EnumerateFileSystemEntries(f).Any()))
            {
                Directory.Delete(folder);
            }
        }
    }

    /// <summary>On Linux the store is a folder, made for the first certificate: the missing folders of its path, innermost first.</summary>
    private static List<string> MissingFolders()
    {
        var missing = new List<string>();
        if (OperatingSystem.IsLinux() && Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home)
        {
            var folder = Path.Combine(home, ".dotnet", "corefx", "cryptography", "x509stores", "my");
            while (folder.Length > home.Length && !Directory.Exists(folder))
            {
                missing.Add(folder);
                folder = Path.GetDirectoryName(folder)!;
            }
        }

        return missing;
    }
}
