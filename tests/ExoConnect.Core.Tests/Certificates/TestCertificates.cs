using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ExoConnect.Core.Tests.Certificates;

/// <summary>Makes the certificates that tests need, in memory.</summary>
internal static class TestCertificates
{
    private static readonly Lazy<RSA> SharedKey = new(() => RSA.Create(2048));
    private static readonly Lazy<RSA> SecondKey = new(() => RSA.Create(2048));

    /// <summary>A key for tests that do not care which; making one takes a tenth of a second.</summary>
    public static RSA Key => SharedKey.Value;

    /// <summary>A key that is not <see cref="Key"/>.</summary>
    public static RSA OtherKey => SecondKey.Value;

    public static X509Certificate2 Rsa(
        RSA? key = null, DateTimeOffset? from = null, DateTimeOffset? to = null, string subject = "CN=ExoConnect tests")
    {
        var request = new CertificateRequest(subject, key ?? Key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(from ?? DateTimeOffset.UtcNow.AddDays(-1), to ?? DateTimeOffset.UtcNow.AddYears(1));
    }

    public static X509Certificate2 EllipticCurve(ECDsa key) =>
        new CertificateRequest("CN=Curve", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));

    public static SecureString Secure(string text)
    {
        var secure = new SecureString();
        foreach (var c in text)
        {
            secure.AppendChar(c);
        }

        secure.MakeReadOnly();
        return secure;
    }

    public static byte[] Pfx(this X509Certificate2 certificate, string? password = null) => certificate.Export(X509ContentType.Pkcs12, password);

    public static X509Certificate2 PublicPart(this X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);
}

/// <summary>A folder for one test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("exoconnect-test-").FullName;

    public string Write(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
