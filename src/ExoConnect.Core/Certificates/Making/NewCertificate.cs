namespace ExoConnect.Core.Certificates.Making;

/// <summary>A new certificate, without its private key.</summary>
public sealed record NewCertificate
{
    /// <summary>The SHA-1 thumbprint: 40 hexadecimal digits in upper case.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>The SHA-256 thumbprint: 64 hexadecimal digits in upper case.</summary>
    public required string Sha256Thumbprint { get; init; }

    /// <summary>The subject, for example <c>CN=nightly</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The DNS names.</summary>
    public required IReadOnlyList<string> DnsNames { get; init; }

    /// <summary>When it begins to be valid (UTC).</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>When it stops being valid (UTC).</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The length of its RSA key in bits.</summary>
    public required int KeyLength { get; init; }

    /// <summary>The hash of its signature, for example <c>SHA256</c>.</summary>
    public required string HashAlgorithm { get; init; }

    /// <summary>The PFX file; null if none was written.</summary>
    public string? PfxPath { get; init; }

    /// <summary>The CER file; null if none was written.</summary>
    public string? CerPath { get; init; }

    /// <summary>The PEM file; null if none was written.</summary>
    public string? PemPath { get; init; }

    /// <summary>The store it was put into, <c>CurrentUser\My</c>; null for none.</summary>
    public string? Store { get; init; }

    /// <summary>The certificate (DER), as Microsoft Graph takes it.</summary>
    public required ReadOnlyMemory<byte> PublicPart { get; init; }
}
