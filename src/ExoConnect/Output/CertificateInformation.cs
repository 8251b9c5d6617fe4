using ExoConnect.Core.Certificates.Making;

namespace ExoConnect.Output;

/// <summary>The result of New-ExoCertificate: the certificate's names, and where it is. It doesn't hold the private key.</summary>
public sealed class CertificateInformation
{
    /// <summary>The SHA-1 thumbprint, for Connect-ExchangeOnline and the portal.</summary>
    public string Thumbprint { get; private init; } = "";

    /// <summary>The SHA-256 thumbprint.</summary>
    public string Sha256Thumbprint { get; private init; } = "";

    /// <summary>The subject.</summary>
    public string Subject { get; private init; } = "";

    /// <summary>The DNS names.</summary>
    public string[] DnsNames { get; private init; } = [];

    /// <summary>When it begins to be valid, in local time.</summary>
    public DateTime NotBefore { get; private init; }

    /// <summary>When it stops being valid, in local time.</summary>
    public DateTime NotAfter { get; private init; }

    /// <summary>The length of its RSA key in bits.</summary>
    public int KeyLength { get; private init; }

    /// <summary>The hash of its signature.</summary>
    public string HashAlgorithm { get; private init; } = "";

    /// <summary>The PFX file; null if none was written.</summary>
    public string? PfxPath { get; private init; }

    /// <summary>The CER file; null if none was written.</summary>
    public string? CerPath { get; private init; }

    /// <summary>The PEM file; null if none was written.</summary>
    public string? PemPath { get; private init; }

    /// <summary>The store it was put into; null for none.</summary>
    public string? Store { get; private init; }

    internal static CertificateInformation Of(NewCertificate made) => new()
    {
        Thumbprint = made.Thumbprint,
        Sha256Thumbprint = made.Sha256Thumbprint,
        Subject = made.Subject,
        DnsNames = [.. made.DnsNames],
        NotBefore = made.NotBefore.LocalDateTime,
        NotAfter = made.NotAfter.LocalDateTime,
        KeyLength = made.KeyLength,
        HashAlgorithm = made.HashAlgorithm,
        PfxPath = made.PfxPath,
        CerPath = made.CerPath,
        PemPath = made.PemPath,
        Store = made.Store,
    };
}
