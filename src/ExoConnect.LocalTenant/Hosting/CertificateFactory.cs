using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>Creates the certificates of a tenant.</summary>
internal static class CertificateFactory
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>A certificate authority with a P-256 key: handshakes cost a fraction of RSA's, and benchmarks use this server.</summary>
    /// <param name="now">The start of its validity.</param>
    /// <returns>The certificate with its key; valid for ten years.</returns>
    public static X509Certificate2 CreateAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ExoConnect local tenant CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
    }

    /// <summary>A server certificate.</summary>
    /// <param name="authority">The issuer.</param>
    /// <param name="names">Its DNS names and IP addresses.</param>
    /// <param name="now">The start of its validity.</param>
    /// <returns>The certificate with a key that lives in memory only; valid for a year at most.</returns>
    public static X509Certificate2 CreateServer(X509Certificate2 authority, IEnumerable<string> names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ExoConnect local tenant", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());

        // The authority may begin a moment later, since the clock is read twice and certificates have whole seconds.
        var start = now.AddDays(-1);
        var end = now.AddYears(1);
        using var certificate = request.Create(
            authority,
            start > authority.NotBefore ? start : authority.NotBefore,
            end < authority.NotAfter ? end : authority.NotAfter,
            RandomNumberGenerator.GetBytes(16));
        return WithUsableKey(certificate.CopyWithPrivateKey(key));
    }

    /// <summary>A self-signed RSA certificate: of the registered app, and of the tenant's token signing key.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="from">The start of its validity.</param>
    /// <param name="to">The end of its validity.</param>
    /// <param name="key">Its key.</param>
    /// <returns>The certificate with its key, which can be exported.</returns>
    public static X509Certificate2 CreateSelfSigned(string name, DateTimeOffset from, DateTimeOffset to, RSA key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(from, to);
    }

    private static X509Certificate2 WithUsableKey(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows' TLS refuses keys that exist only in this process, unless they came in by PKCS #12.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
