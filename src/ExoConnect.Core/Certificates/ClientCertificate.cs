using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Certificates;

/// <summary>
/// A certificate that can sign in: it has an RSA private key of at least 2048 bits that this process may use (a signature was made and
/// checked), and it is valid now. Nothing here prints a key.
/// </summary>
public sealed class ClientCertificate : IDisposable
{
    /// <summary>How long before its end a certificate brings a warning.</summary>
    public static readonly TimeSpan WarningPeriod = TimeSpan.FromDays(30);

    private const int MinimumKeyBits = 2048;

    private readonly RSA _key;
    private readonly TimeProvider _clock;
    private int _disposed;

    private ClientCertificate(X509Certificate2 certificate, RSA key, RSASignaturePadding padding, bool isOwned, TimeProvider clock)
    {
        Certificate = certificate;
        _key = key;
        SignaturePadding = padding;
        IsOwned = isOwned;
        _clock = clock;
        Thumbprint = certificate.Thumbprint;
        Sha1 = Base64Text.Url(certificate.GetCertHash());
        Sha256 = Base64Text.Url(certificate.GetCertHash(HashAlgorithmName.SHA256));
        RawData = certificate.RawDataMemory;
        Subject = certificate.Subject;
        NotBefore = new DateTimeOffset(certificate.NotBefore).ToUniversalTime();
        NotAfter = new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
    }

    /// <summary>The certificate itself.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>True if <see cref="Dispose"/> releases <see cref="Certificate"/>; false if the caller passed it in and keeps it.</summary>
    public bool IsOwned { get; }

    /// <summary>Its SHA-1 thumbprint: 40 upper-case digits.</summary>
    public string Thumbprint { get; }

    /// <summary>Its subject, for example <c>CN=ExoConnect</c>.</summary>
    public string Subject { get; }

    /// <summary>The start of its validity, in UTC.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>The end of its validity, in UTC.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The warning for the user in the last 30 days of its validity; null before.</summary>
    public string? ExpiryWarning
    {
        get
        {
            var left = NotAfter - _clock.GetUtcNow();
            if (left > WarningPeriod)
            {
                return null;
            }

            var days = (int)Math.Floor(left.TotalDays);
            var when = days switch { < 0 => "has expired", 0 => "expires today", 1 => "expires tomorrow", _ => $"expires in {days} days" };
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The certificate {Thumbprint} ({Subject}) {when}, on {CertificateErrors.Date(NotAfter)}. Make a new one and upload its public "
                + $"part to the application in Microsoft Entra ID before that.");
        }
    }

    /// <summary>The thumbprint as assertions name it (<c>x5t</c>).</summary>
    internal string Sha1 { get; }

    /// <summary>The SHA-256 thumbprint as assertions name it (<c>x5t#S256</c>).</summary>
    internal string Sha256 { get; }

    /// <summary>The public part, DER.</summary>
    internal ReadOnlyMemory<byte> RawData { get; }

    /// <summary>The padding that the key can sign with: PSS, or PKCS #1 v1.5 if its provider (an old CSP) knows no other.</summary>
    internal RSASignaturePadding SignaturePadding { get; }

    /// <summary>Signs with SHA-256 and <see cref="SignaturePadding"/>.</summary>
    /// <param name="data">The data to sign.</param>
    /// <returns>The signature.</returns>
    /// <exception cref="ObjectDisposedException">The last session that used the certificate has ended.</exception>
    internal byte[] Sign(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        lock (_key)
        {
            return _key.SignData(data, HashAlgorithmName.SHA256, SignaturePadding);
        }
    }

    /// <summary>Checks a certificate and takes ownership.</summary>
    /// <param name="certificate">The certificate; disposed here if it fails a check and is owned.</param>
    /// <param name="isOwned">Whether it was opened for this purpose.</param>
    /// <param name="origin">Where it came from, for messages.</param>
    /// <param name="clock">The clock for its validity.</param>
    /// <param name="key">Its private key, taken over; null to open the certificate's own.</param>
    /// <returns>The certificate, ready to sign.</returns>
    internal static ClientCertificate Accept(
        X509Certificate2 certificate, bool isOwned, CertificateErrors.Origin origin, TimeProvider clock, RSA? key = null)
    {
        try
        {
            Check(certificate, origin, clock);
            key ??= OpenKey(certificate, origin);
            try
            {
                return new ClientCertificate(certificate, key, Probe(certificate, key, origin), isOwned, clock);
            }
            catch
            {
                key.Dispose();
                throw;
            }
        }
        catch (Exception e)
        {
            if (isOwned)
            {
                certificate.Dispose();
            }

            if (e is CryptographicException)
            {
                throw CertificateErrors.Damaged(origin, e);
            }

            throw;
        }
    }

    /// <summary>The padding a key can sign with, found by signing data and checking the signature.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="key">Its private key.</param>
    /// <param name="origin">Where it came from, for messages.</param>
    /// <returns>The padding.</returns>
    internal static RSASignaturePadding Probe(X509Certificate2 certificate, RSA key, CertificateErrors.Origin origin)
    {
        var probe = "ExoConnect"u8;
        using var publicKey = certificate.GetRSAPublicKey()!;
        CryptographicException? first = null;
        foreach (var padding in (ReadOnlySpan<RSASignaturePadding>)[RSASignaturePadding.Pss, RSASignaturePadding.Pkcs1])
        {
            try
            {
                var signature = key.SignData(probe, HashAlgorithmName.SHA256, padding);
                return publicKey.VerifyData(probe, signature, HashAlgorithmName.SHA256, padding) ? padding
                    : throw CertificateErrors.KeyMismatch(origin);
            }
            catch (CryptographicException e)
            {
                first ??= e;
            }
        }

        throw CertificateErrors.KeyUnusable(origin, first);
    }

    private static void Check(X509Certificate2 certificate, CertificateErrors.Origin origin, TimeProvider clock)
    {
        var algorithm = certificate.GetKeyAlgorithm();
        if (algorithm != CertificateErrors.RsaOid)
        {
            throw CertificateErrors.KeyNotRsa(origin, CertificateErrors.Algorithm(algorithm));
        }

        using (var publicKey = certificate.GetRSAPublicKey())
        {
            if (publicKey is { KeySize: < MinimumKeyBits })
            {
                throw CertificateErrors.KeyTooShort(origin, publicKey.KeySize);
            }
        }

        var now = clock.GetUtcNow();
        if (now > certificate.NotAfter)
        {
            throw CertificateErrors.Expired(origin, certificate.NotAfter);
        }

        if (now < certificate.NotBefore)
        {
            throw CertificateErrors.NotYetValid(origin, certificate.NotBefore, now);
        }
    }

    private static RSA OpenKey(X509Certificate2 certificate, CertificateErrors.Origin origin)
    {
        try
        {
            return certificate.GetRSAPrivateKey() ?? throw CertificateErrors.NoPrivateKey(
                origin, "Use a certificate together with its private key: a PFX file, a PEM file with the key, or a store entry that was imported "
                    + "with its key.");
        }
        catch (CryptographicException e)
        {
            throw CertificateErrors.KeyUnusable(origin, e);
        }
    }

    /// <summary>Releases the key, and the certificate if it is owned.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        lock (_key)
        {
            _key.Dispose();
        }

        if (IsOwned)
        {
            Certificate.Dispose();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Subject} ({Thumbprint}, until {CertificateErrors.Date(NotAfter)})";
}
