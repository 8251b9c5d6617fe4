using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Certificates;

namespace ExoConnect.Pipeline;

/// <summary>The certificate in a cmdlet's parameters. The parameter sets allow at most one.</summary>
internal static class GivenCertificate
{
    public static CertificateSource? Find(
        PSCmdlet cmdlet, string thumbprint, string path, SecureString? password, string? keyPath, X509Certificate2? certificate) =>
        thumbprint.Length > 0 ? new CertificateSource.Thumbprint(thumbprint)
        : path.Length > 0 ? new CertificateSource.File(Paths.Full(cmdlet, path), password, keyPath is null ? null : Paths.Full(cmdlet, keyPath))
        : certificate is null ? null : new CertificateSource.Instance(certificate);
}
