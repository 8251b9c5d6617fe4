using System.Security.Cryptography.X509Certificates;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>A certificate registered on an application, as Graph describes it.</summary>
/// <param name="KeyId">Its id.</param>
/// <param name="Certificate">The certificate, without its key.</param>
/// <param name="Name">A name for people.</param>
/// <param name="CustomKeyIdentifier">Bytes that identify it; by default its SHA-1 hash.</param>
/// <param name="Start">The start of its validity.</param>
/// <param name="End">The end of its validity.</param>
/// <param name="Since">The time from which sign-in accepts it.</param>
internal sealed record KeyCredential(
    Guid KeyId,
    X509Certificate2 Certificate,
    string? Name,
    byte[] CustomKeyIdentifier,
    DateTimeOffset Start,
    DateTimeOffset End,
    DateTimeOffset Since)
{
    /// <summary>The credential of a certificate with default values.</summary>
    public static KeyCredential Of(X509Certificate2 certificate, string? name, DateTimeOffset since) =>
        new(Guid.NewGuid(), certificate, name, certificate.GetCertHash(), certificate.NotBefore, certificate.NotAfter, since);
}
