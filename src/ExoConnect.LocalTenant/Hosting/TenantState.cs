using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>
/// The state folder of a tenant. A folder that the user named keeps the authority's key, the ids and the app's certificate, so that clients
/// keep working; a temporary one is deleted with the tenant. The server's key is never written: each start issues a new one.
/// </summary>
internal sealed class TenantState : IDisposable
{
    private readonly FileStream _lock;
    private readonly TenantKeys _keys;
    private readonly bool _temporary;

    private TenantState(
        string directory, bool temporary, FileStream @lock, TenantKeys keys, Identity identity, X509Certificate2 authority, X509Certificate2 app)
    {
        Directory = directory;
        _keys = keys;
        _temporary = temporary;
        _lock = @lock;
        Ids = identity;
        Authority = authority;
        App = app;
    }

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>The ids and secrets of the first start.</summary>
    public Identity Ids { get; }

    /// <summary>The certificate authority with its key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The registered app's certificate with its key.</summary>
    public X509Certificate2 App { get; }

    /// <summary>The authority's certificate.</summary>
    public string CaPath => Path.Combine(Directory, "ca.pem");

    /// <summary>The app's certificate and key, PKCS #12.</summary>
    public string PfxPath => Path.Combine(Directory, "app.pfx");

    /// <summary>The app's certificate and key, PEM.</summary>
    public string PemPath => Path.Combine(Directory, "app.pem");

    /// <summary>The app's certificate alone, DER.</summary>
    public string CertificatePath => Path.Combine(Directory, "app.cer");

    /// <summary>The environment file.</summary>
    public string EnvironmentFile => Path.Combine(Directory, "environment.json");

    /// <summary>The administrator's token for Graph.</summary>
    public string AdministratorTokenFile => Path.Combine(Directory, "administrator.token");

    /// <summary>Opens or creates a state folder.</summary>
    /// <param name="directory">The folder; null for a temporary one.</param>
    /// <param name="clock">The clock for the app's certificate.</param>
    /// <param name="keys">The source of the app's key for a temporary folder. The keys end with the state.</param>
    /// <returns>The state, to be disposed when the tenant stops.</returns>
    /// <exception cref="TenantException">The folder cannot be used, or is in use by another tenant.</exception>
    public static TenantState Open(string? directory, TimeProvider clock, TenantKeys keys)
    {
        var temporary = directory is null;
        var path = temporary ? System.IO.Directory.CreateTempSubdirectory("exoconnect-tenant-").FullName : Path.GetFullPath(directory!);
        FileStream? held = null;
        try
        {
            PrivateFiles.CreateDirectory(path);
            held = Lock(path);
            var identity = (ReadIdentity(path) ?? Identity.Create()).Completed();
            var (app, authority) = Certificates(path, identity.PfxPassword, clock, temporary ? keys : null);
            PrivateFiles.Write(Path.Combine(path, "tenant.json"), JsonSerializer.Serialize(identity, TenantJson.Default.Identity));
            return new TenantState(path, temporary, held, keys, identity, authority, app);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or JsonException or ArgumentException)
        {
            GiveUp();
            throw new TenantException(
                $"The state folder '{path}' cannot be used: {e.Message}",
                "Name a folder that you can write to and that belongs to a local tenant or is empty.",
                e);
        }
        catch
        {
            GiveUp();
            throw;
        }

        void GiveUp()
        {
            held?.Dispose();
            keys.Dispose();
            if (temporary)
            {
                System.IO.Directory.Delete(path, recursive: true);
            }
        }
    }

    /// <summary>Writes the environment file.</summary>
    /// <param name="content">Its JSON.</param>
    public void WriteEnvironment(string content) => PrivateFiles.Write(EnvironmentFile, content);

    /// <summary>Writes the administrator's token.</summary>
    /// <param name="token">The token, which ends with this tenant's signing key at the latest.</param>
    public void WriteAdministratorToken(string token) => PrivateFiles.Write(AdministratorTokenFile, token);

    /// <summary>Releases the folder, and deletes it if it is temporary.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        Authority.Dispose();
        App.Dispose();
        _keys.Dispose();
        if (_temporary && System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, "tenant.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new TenantException(
                $"The state folder '{path}' is in use by another local tenant.",
                "Stop that one, or name another folder.",
                e);
        }
    }

    private static Identity? ReadIdentity(string path)
    {
        var file = Path.Combine(path, "tenant.json");
        return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllText(file), TenantJson.Default.Identity) : null;
    }

    private static (X509Certificate2 App, X509Certificate2 Authority) Certificates(string path, string password, TimeProvider clock, TenantKeys? keys)
    {
        // TLS uses the machine's clock, whatever the tenant's clock shows; the app's certificate has to be valid by both.
        var real = DateTimeOffset.UtcNow;
        var told = clock.GetUtcNow();
        var (early, late) = real < told ? (real, told) : (told, real);

        var app = ReadApp(path, password);
        if (app is null || app.NotBefore.ToUniversalTime() > early || app.NotAfter.ToUniversalTime() < late.AddDays(1))
        {
            app?.Dispose();
            (app, var pfx, var pem) = CreateApp(password, early, late, keys);
            PrivateFiles.Write(Path.Combine(path, "app.pfx"), pfx);
            PrivateFiles.Write(Path.Combine(path, "app.pem"), pem);
            PrivateFiles.Write(Path.Combine(path, "app.cer"), app.RawData);
        }

        var authority = ReadAuthority(path);
        if (authority is null || authority.NotAfter.ToUniversalTime() < real.AddYears(1))
        {
            authority?.Dispose();
            authority = CertificateFactory.CreateAuthority(real);
            PrivateFiles.Write(Path.Combine(path, "ca.pem"), authority.ExportCertificatePem() + "\n");
            if (keys is null)
            {
                using var key = authority.GetECDsaPrivateKey()!;
                PrivateFiles.Write(Path.Combine(path, "ca.key"), key.ExportPkcs8PrivateKeyPem() + "\n");
            }
        }

        return (app, authority);
    }

    private static (X509Certificate2 App, byte[] Pfx, string Pem) CreateApp(string password, DateTimeOffset from, DateTimeOffset to, TenantKeys? keys)
    {
        try
        {
            using var key = keys?.Create() ?? RSA.Create(2048);
            var app = CertificateFactory.CreateSelfSigned("ExoConnect local tenant app", from.AddDays(-1), to.AddYears(1), key);
            return (
                app, app.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password),
                app.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        }
        catch (CryptographicException e)
        {
            // No fault of the folder's, which is what others of these mean.
            throw new TenantException(
                $"This system can't make the RSA keys that a local tenant needs: {e.Message.TrimEnd('.')}.",
                "Run the tenant on Linux, macOS or Windows itself, not in Wine; clients in Wine reach it at 127.0.0.1.",
                e);
        }
    }

    private static X509Certificate2? ReadApp(string path, string password)
    {
        var pfx = Path.Combine(path, "app.pfx");
        return File.Exists(pfx) && File.Exists(Path.Combine(path, "app.pem")) && File.Exists(Path.Combine(path, "app.cer"))
            ? X509CertificateLoader.LoadPkcs12FromFile(pfx, password, X509KeyStorageFlags.Exportable)
            : null;
    }

    private static X509Certificate2? ReadAuthority(string path)
    {
        var certificate = Path.Combine(path, "ca.pem");
        var key = Path.Combine(path, "ca.key");
        return File.Exists(certificate) && File.Exists(key) ? X509Certificate2.CreateFromPemFile(certificate, key) : null;
    }

    /// <summary>The ids and secrets that a tenant generates at its first start.</summary>
    /// <param name="TenantId">The tenant.</param>
    /// <param name="AppId">The registered app.</param>
    /// <param name="ObjectId">The registered app's application object.</param>
    /// <param name="ServicePrincipalId">The registered app's service principal.</param>
    /// <param name="PfxPassword">The password of <c>app.pfx</c>.</param>
    /// <param name="ClientSecret">The registered app's client secret; null in a folder of an earlier version.</param>
    /// <param name="UserPassword">The first user's password; null in a folder of an earlier version.</param>
    internal sealed record Identity(
        Guid TenantId, Guid AppId, Guid ObjectId, Guid ServicePrincipalId, string PfxPassword, string? ClientSecret = null,
        string? UserPassword = null)
    {
        private const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

        public Identity Completed() => this with
        {
            ClientSecret = ClientSecret ?? RandomNumberGenerator.GetString(Letters, 40),
            UserPassword = UserPassword ?? RandomNumberGenerator.GetString(Letters, 16),
        };

        public static Identity Create() => new(
            Guid.NewGuid(),
            Guid.NewGuid(),
            Guid.NewGuid(),
            Guid.NewGuid(),
            RandomNumberGenerator.GetString(Letters, 24));

        // The compiler's ToString would print the secrets.
        public override string ToString() => $"tenant {TenantId}, app {AppId}";
    }
}
