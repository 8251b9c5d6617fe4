namespace ExoConnect.Core.Certificates.Making;

/// <summary>The files that a certificate can be written to.</summary>
[Flags]
public enum CertificateFormats
{
    /// <summary>No file.</summary>
    None = 0,

    /// <summary>PKCS #12: the certificate and its private key, for signing in.</summary>
    Pfx = 1,

    /// <summary>DER: the certificate alone, for the application in Microsoft Entra ID.</summary>
    Cer = 2,

    /// <summary>PEM: the certificate and its private key (PKCS #8), for signing in and for tools such as openssl.</summary>
    Pem = 4,
}

/// <summary>The two kinds of Windows providers for keys.</summary>
public enum CertificateKeyProvider
{
    /// <summary>The Microsoft Software Key Storage Provider.</summary>
    Cng,

    /// <summary>
    /// The Microsoft Enhanced RSA and AES Cryptographic Provider, for programs that know no newer one; the ExchangeOnlineManagement module is one.
    /// </summary>
    Csp,
}

/// <summary>The properties of a new certificate, and where to write it.</summary>
public sealed record NewCertificateOptions
{
    /// <summary>The common name of subject and issuer, 1 to 64 characters; a leading <c>CN=</c> is taken off.</summary>
    public required string CommonName { get; init; }

    /// <summary>DNS names for the subject alternative name; <c>*.</c> may begin one. None leaves the extension out.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>When it begins to be valid. Default: five minutes ago, for machines whose clocks are slow.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it stops being valid; excludes <see cref="ValidYears"/>.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>How many years it is valid, 1 to 10. Default: 1, the longest that tenants with a policy for credentials commonly accept.</summary>
    public int? ValidYears { get; init; }

    /// <summary>The length of the RSA key in bits: 2048, 3072 or 4096.</summary>
    public int KeyLength { get; init; } = 2048;

    /// <summary>The hash of the signature: <c>SHA256</c>, <c>SHA384</c> or <c>SHA512</c>, in any case, with or without a dash.</summary>
    public string HashAlgorithm { get; init; } = "SHA256";

    /// <summary>The folder of the files; it must exist. Default: <see cref="BaseDirectory"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>Where a relative <see cref="Folder"/> starts; null for the current directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>
    /// The name of the files without the extension. Default: the common name, with dashes for characters that no file name should have.
    /// </summary>
    public string? FileName { get; init; }

    /// <summary>The files to write. Default: PFX and CER; with <see cref="InstallToStore"/> CER alone.</summary>
    public CertificateFormats? Formats { get; init; }

    /// <summary>Write private keys without a password.</summary>
    public bool NoPassword { get; init; }

    /// <summary>
    /// Encrypt the PFX file with Triple DES and SHA-1, which Windows before version 1709 and Server 2019, and old Java, can read; instead of
    /// AES-256 and SHA-256.
    /// </summary>
    public bool LegacyEncryption { get; init; }

    /// <summary>Put the certificate with its key into <c>CurrentUser\My</c>.</summary>
    public bool InstallToStore { get; init; }

    /// <summary>
    /// The provider in which Windows keeps the key, in this machine's store and wherever the PFX file is imported. Default: Windows' choice.
    /// </summary>
    public CertificateKeyProvider? KeyProvider { get; init; }

    /// <summary>Replace files that exist.</summary>
    public bool Force { get; init; }
}
