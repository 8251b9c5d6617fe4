using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Text;
using Origin = ExoConnect.Core.Certificates.CertificateErrors.Origin;

namespace ExoConnect.Core.Certificates.Loading;

/// <summary>Opens PFX (PKCS #12) content without leaving a key anywhere.</summary>
internal static class PfxLoader
{
    /// <summary>The HRESULT of ERROR_INVALID_PASSWORD, which .NET gives on every platform for a wrong password.</summary>
    private const int InvalidPassword = unchecked((int)0x80070056);

    // macOS keeps every imported key in a keychain of its own while it is open; it has no other way.
    private static readonly X509KeyStorageFlags Flags =
        OperatingSystem.IsMacOS() ? X509KeyStorageFlags.DefaultKeySet : X509KeyStorageFlags.EphemeralKeySet;

    public static X509Certificate2 Load(ReadOnlySpan<byte> content, PasswordText password, Origin origin)
    {
        switch (ContentType(content))
        {
            case X509ContentType.Pkcs12:
                if (KeyDerivation.OfPfx(content) > KeyDerivation.Most)
                {
                    throw CertificateErrors.DerivationTooCostly(origin);
                }

                return Choose(Import(content, password, origin), origin);
            case X509ContentType.Cert or X509ContentType.Pkcs7 or X509ContentType.SerializedCert or X509ContentType.SerializedStore:
                throw CertificateErrors.NoPrivateKey(
                    origin, "A .cer, .crt or .p7b file is the public part. Use the PFX file, or a PEM file together with its key.");
            default:
                throw CertificateErrors.Invalid(
                    origin, "is not a certificate that can be read", "Give a PFX file, or a PEM file with the certificate and its key.");
        }
    }

    private static X509Certificate2Collection Import(ReadOnlySpan<byte> content, PasswordText password, Origin origin)
    {
        try
        {
            return ImportWith(content, password.Span);
        }
        catch (CryptographicException e) when (e.HResult == InvalidPassword)
        {
            if (password.IsEmpty)
            {
                throw CertificateErrors.PasswordRequired(origin, e);
            }

            try
            {
                return ImportWith(content, default);
            }
            catch (CryptographicException)
            {
                throw CertificateErrors.PasswordIncorrect(origin, e);
            }
        }
        catch (CryptographicException e)
        {
            throw CertificateErrors.Invalid(
                origin, $"cannot be read: {FailureText.Reason(e)}", "Export the certificate with its private key again. The key must be RSA.", e);
        }
    }

    private static X509Certificate2Collection ImportWith(ReadOnlySpan<byte> content, ReadOnlySpan<char> password)
    {
        var collection = new X509Certificate2Collection();
        collection.Import(content, password, Flags);
        return collection;
    }

    private static X509Certificate2 Choose(X509Certificate2Collection collection, Origin origin)
    {
        X509Certificate2? chosen = null;
        try
        {
            var candidates = collection.Where(c => c.HasPrivateKey).ToArray();
            if (candidates.Length > 1)
            {
                // Of an old and a new certificate in one file, the valid one is meant.
                var now = DateTime.Now;
                var usable = candidates.Where(
                    c => c.NotBefore <= now && now <= c.NotAfter && c.GetKeyAlgorithm() == CertificateErrors.RsaOid).ToArray();
                candidates = usable.Length > 0 ? usable : candidates[..1];
            }

            chosen = candidates switch
            {
                [var one] => one,
                [] => throw CertificateErrors.NoPrivateKey(origin, "Export it again, and choose to export the private key with it."),
                _ => throw CertificateErrors.Ambiguous(origin, candidates.Select(c => $"{c.Thumbprint} ({c.Subject})")),
            };
            return chosen;
        }
        finally
        {
            foreach (var certificate in collection)
            {
                if (!ReferenceEquals(certificate, chosen))
                {
                    certificate.Dispose();
                }
            }
        }
    }

    private static X509ContentType ContentType(ReadOnlySpan<byte> content)
    {
        try
        {
            return X509Certificate2.GetCertContentType(content);
        }
        catch (CryptographicException)
        {
            return X509ContentType.Unknown;
        }
    }
}
