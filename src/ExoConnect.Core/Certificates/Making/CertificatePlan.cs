using System.Buffers;
using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ExoConnect.Core.Certificates.Loading;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Certificates.Making;

/// <summary>
/// A plan for a self-signed certificate that an application signs in with. The plan finds everything that cannot work before it makes a key or
/// writes a file.
/// </summary>
public sealed class CertificatePlan
{
    internal const string StoreName = @"CurrentUser\My";

    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int LongestName = 64;
    private const int MostYears = 10;
    private const int PemIterations = 100_000;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    // The characters that Windows forbids in file names; a name must work on any machine to which the file is copied.
    private static readonly SearchValues<char> NotInFileNames = SearchValues.Create("<>:\"/\\|?*");

    private readonly NewCertificateOptions _options;
    private readonly CertificateFormats _formats;
    private readonly HashAlgorithmName _hash;
    private readonly string _name;
    private readonly string[] _dnsNames;

    private CertificatePlan(NewCertificateOptions options, TimeProvider clock)
    {
        _options = options;
        _name = CommonNameOf(options.CommonName);
        _dnsNames = [.. options.DnsNames.Select(DnsNameOf).Distinct(StringComparer.OrdinalIgnoreCase)];
        _hash = HashOf(options.HashAlgorithm);
        if (options.KeyLength is not (2048 or 3072 or 4096))
        {
            throw NewCertificateErrors.KeyLengthInvalid(options.KeyLength);
        }

        (NotBefore, NotAfter) = DatesOf(options, clock.GetUtcNow());
        _formats = options.Formats ?? (options.InstallToStore ? CertificateFormats.Cer : CertificateFormats.Pfx | CertificateFormats.Cer);
        CheckCombination();

        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(_name);
        SubjectName = builder.Build();

        var folder = string.IsNullOrWhiteSpace(options.Folder)
            ? Path.GetFullPath(options.BaseDirectory ?? ".")
            : PathText.Resolve(options.Folder, options.BaseDirectory);
        var file = options.FileName is null ? FileNameFrom(_name) : CheckedFileName(options.FileName);
        PfxPath = PathFor(CertificateFormats.Pfx, ".pfx");
        CerPath = PathFor(CertificateFormats.Cer, ".cer");
        PemPath = PathFor(CertificateFormats.Pem, ".pem");
        CheckTargets(folder);

        string? PathFor(CertificateFormats format, string extension) => _formats.HasFlag(format) ? Path.Join(folder, file + extension) : null;
    }

    /// <summary>The subject, for example <c>CN=nightly</c>.</summary>
    public string Subject => SubjectName.Name;

    /// <summary>When it will begin to be valid (UTC).</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>When it will stop being valid (UTC).</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The PFX file to be written, or null.</summary>
    public string? PfxPath { get; }

    /// <summary>The CER file to be written, or null.</summary>
    public string? CerPath { get; }

    /// <summary>The PEM file to be written, or null.</summary>
    public string? PemPath { get; }

    /// <summary>The store to put it into, or null.</summary>
    public string? Store => _options.InstallToStore ? StoreName : null;

    /// <summary>Everything that will be written, for a prompt or <c>-WhatIf</c>.</summary>
    public IReadOnlyList<string> Targets => [.. new[] { PfxPath, CerPath, PemPath, Store }.OfType<string>()];

    /// <summary>True if a file will hold the private key under a password.</summary>
    public bool NeedsPassword => HoldsKey && !_options.NoPassword;

    private X500DistinguishedName SubjectName { get; }

    private bool HoldsKey => (_formats & (CertificateFormats.Pfx | CertificateFormats.Pem)) != 0;

    /// <summary>Checks that the requested certificate can be made. Writes nothing.</summary>
    /// <param name="options">The certificate's properties.</param>
    /// <param name="clock">The clock for its dates; null for the machine's.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ExoException">
    /// One of <c>NewCertificateNameInvalid</c>, <c>NewCertificateDnsNameInvalid</c>, <c>NewCertificateKeyLengthInvalid</c>,
    /// <c>NewCertificateHashRefused</c>, <c>NewCertificateDatesInvalid</c>, <c>NewCertificateFileNameInvalid</c>,
    /// <c>NewCertificateOptionsExclude</c>,
    /// <c>NewCertificateFolderNotFound</c>, <c>NewCertificateFileExists</c>; each names the parameter at fault and what to do.
    /// </exception>
    public static CertificatePlan Of(NewCertificateOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new CertificatePlan(options, clock ?? TimeProvider.System);
    }

    /// <summary>Checks that there is a password if one is needed, and none otherwise.</summary>
    /// <param name="password">The password; null for none.</param>
    /// <exception cref="ExoException"><c>NewCertificatePasswordMissing</c>, <c>NewCertificateOptionsExclude</c>.</exception>
    public void CheckPassword(SecureString? password)
    {
        var isGiven = password is { Length: > 0 };
        if (NeedsPassword && !isGiven)
        {
            throw NewCertificateErrors.PasswordMissing();
        }

        if (password is not null && !NeedsPassword)
        {
            throw NewCertificateErrors.OptionsExclude(
                "Password",
                _options.NoPassword ? "-Password and -NoPassword exclude each other." : "There is no file that the password could protect.",
                _options.NoPassword ? "Leave one of them out." : "Leave out -Password, or ask for a file with the private key: -Format Pfx.");
        }
    }

    /// <summary>
    /// Makes the certificate and writes it. If anything fails, no file is left behind, and existing files are unchanged.
    /// </summary>
    /// <param name="password">The password of the files that hold the private key; read here and not kept.</param>
    /// <returns>The new certificate.</returns>
    /// <exception cref="ExoException">
    /// Those of <see cref="CheckPassword"/>, <c>NewCertificateFileExists</c>, <c>NewCertificateFileUnwritable</c> or
    /// <c>NewCertificateStoreUnwritable</c>.
    /// </exception>
    public NewCertificate Make(SecureString? password)
    {
        CheckPassword(password);
        using var key = RSA.Create(_options.KeyLength);
        using var certificate = SelfSign(key);
        var pkcs8 = key.ExportPkcs8PrivateKey();
        using var clear = new PasswordText(password);
        using var files = new StagedFiles(_options.Force);
        try
        {
            if (PfxPath is not null)
            {
                files.Add(
                    PfxPath, Pkcs12Writer.Write(certificate.RawData, pkcs8, clear.Span, FriendlyName, ProviderName, _options.LegacyEncryption),
                    isPrivate: true);
            }

            if (CerPath is not null)
            {
                files.Add(CerPath, certificate.RawData, isPrivate: false);
            }

            if (PemPath is not null)
            {
                var pem = Pem(certificate, key, pkcs8, clear);
                files.Add(PemPath, pem, isPrivate: true);
                CryptographicOperations.ZeroMemory(pem);
            }

            files.Place();
            if (_options.InstallToStore)
            {
                Install(certificate.RawData, pkcs8);
            }

            files.Keep();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }

        return new NewCertificate
        {
            Thumbprint = certificate.Thumbprint,
            Sha256Thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256),
            Subject = Subject,
            DnsNames = _dnsNames,
            NotBefore = NotBefore,
            NotAfter = NotAfter,
            KeyLength = _options.KeyLength,
            HashAlgorithm = _hash.Name!,
            PfxPath = PfxPath,
            CerPath = CerPath,
            PemPath = PemPath,
            Store = Store,
            PublicPart = certificate.RawData,
        };
    }

    /// <summary>The certificate's name in Windows' lists; PKCS #12 takes no character beyond the first 65,536.</summary>
    private string FriendlyName => string.Concat(_name.Select(c => char.IsSurrogate(c) ? '?' : c));

    private string? ProviderName => _options.KeyProvider switch
    {
        CertificateKeyProvider.Csp => "Microsoft Enhanced RSA and AES Cryptographic Provider",
        CertificateKeyProvider.Cng => "Microsoft Software Key Storage Provider",
        _ => null,
    };

    private static string CommonNameOf(string text)
    {
        var name = text.Trim();
        name = name.StartsWith("CN=", StringComparison.OrdinalIgnoreCase) ? name[3..].Trim() : name;
        return name switch
        {
            "" => throw NewCertificateErrors.NameInvalid(text, "it is empty"),
            { Length: > LongestName } => throw NewCertificateErrors.NameInvalid(
                text, string.Create(CultureInfo.InvariantCulture, $"it has {name.Length} characters, and certificates take {LongestName}")),
            _ when name.Any(char.IsControl) => throw NewCertificateErrors.NameInvalid("…", "it has control characters"),
            _ when !IsWellFormed(name) => throw NewCertificateErrors.NameInvalid("…", "it is not valid Unicode"),
            _ => name,
        };
    }

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    private static string DnsNameOf(string text)
    {
        var name = text.Trim().TrimEnd('.');
        try
        {
            // In the form of certificates and of the wire.
            var host = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
            var ascii = new IdnMapping().GetAscii(host);
            if (Uri.CheckHostName(ascii) == UriHostNameType.Dns && ascii.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            {
                return name[..^host.Length] + ascii;
            }
        }
        catch (ArgumentException)
        {
            // Said below.
        }

        throw NewCertificateErrors.DnsNameInvalid(text);
    }

    private static HashAlgorithmName HashOf(string text) => text.Trim().Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        "SHA256" => HashAlgorithmName.SHA256,
        "SHA384" => HashAlgorithmName.SHA384,
        "SHA512" => HashAlgorithmName.SHA512,
        "SHA1" or "SHA" => throw NewCertificateErrors.HashRefused("SHA-1", "signatures with it can be forged"),
        "MD5" or "MD4" or "MD2" => throw NewCertificateErrors.HashRefused(text, "signatures with it can be forged"),
        _ => throw NewCertificateErrors.HashRefused($"'{text}'", "it is not known here"),
    };

    private static (DateTimeOffset From, DateTimeOffset To) DatesOf(NewCertificateOptions options, DateTimeOffset now)
    {
        if (options is { NotAfter: not null, ValidYears: not null })
        {
            throw NewCertificateErrors.OptionsExclude("ValidYears", "-ValidYears and -NotAfter exclude each other.", "Leave one of them out.");
        }

        if (options.ValidYears is { } years && years is < 1 or > MostYears)
        {
            throw NewCertificateErrors.DatesInvalid(
                "ValidYears", options.ValidYears,
                string.Create(CultureInfo.InvariantCulture, $"A certificate can't be made for {options.ValidYears} years."),
                string.Create(CultureInfo.InvariantCulture, $"Give 1 to {MostYears} years, or the end itself with -NotAfter."));
        }

        var from = Seconds(options.NotBefore ?? now - ClockTolerance);
        DateTimeOffset to;
        try
        {
            to = Seconds(options.NotAfter ?? (options.NotBefore ?? now).AddYears(options.ValidYears ?? 1));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw NewCertificateErrors.DatesInvalid(
                "NotBefore", options.NotBefore, "The validity ends after the year 9999.", "Give an earlier -NotBefore.");
        }

        var end = options.NotAfter is null ? "NotBefore" : "NotAfter";
        if (from.Year < 1950)
        {
            throw NewCertificateErrors.DatesInvalid(
                "NotBefore", from, "Certificates know no time before 1950.", "Give a later -NotBefore, or leave it out.");
        }

        if (to <= from)
        {
            throw NewCertificateErrors.DatesInvalid(
                end, to, $"The validity would end ({CertificateErrors.Date(to)}) before it begins ({CertificateErrors.Date(from)}).",
                "Give a later -NotAfter or an earlier -NotBefore.");
        }

        return to > now
            ? (from, to)
            : throw NewCertificateErrors.DatesInvalid(
                end, to, $"The certificate would have expired already, on {CertificateErrors.Date(to)}.",
                options.NotAfter is null ? "Give a later -NotBefore, or leave it out." : "Give a -NotAfter that is to come.");
    }

    /// <summary>Certificates have no fractions of seconds.</summary>
    private static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private static string FileNameFrom(string name)
    {
        var text = new string([.. name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')]).Trim('-', '.');
        return text.Length > 0 ? text : "certificate";
    }

    private static string CheckedFileName(string text)
    {
        var name = text.Trim();
        return name.Length is > 0 and <= 200 && !name.AsSpan().ContainsAny(NotInFileNames) && !name.Any(char.IsControl) && name.Trim('.').Length > 0
            ? name
            : throw NewCertificateErrors.FileNameInvalid(text);
    }

    private void CheckCombination()
    {
        var hasPfx = _formats.HasFlag(CertificateFormats.Pfx);
        if (!HoldsKey && !_options.InstallToStore)
        {
            throw NewCertificateErrors.OptionsExclude(
                "Format", "The private key would be lost: no file is to hold it, and it isn't to be put into the store.",
                "Add Pfx or Pem to -Format, or use -InstallToStore.");
        }

        if (_options.LegacyEncryption && !hasPfx)
        {
            throw NewCertificateErrors.OptionsExclude(
                nameof(_options.LegacyEncryption), "-LegacyEncryption is for a PFX file, and none is to be written.",
                "Add Pfx to -Format, or leave it out.");
        }

        if (_options.NoPassword && !HoldsKey)
        {
            throw NewCertificateErrors.OptionsExclude(
                nameof(_options.NoPassword), "-NoPassword is for files with the private key, and none is to be written.",
                "Leave it out, or add Pfx or Pem to -Format.");
        }

        if (_options.KeyProvider is not null && !hasPfx && !(_options.InstallToStore && OperatingSystem.IsWindows()))
        {
            throw NewCertificateErrors.OptionsExclude(
                nameof(_options.KeyProvider),
                "-KeyProvider is for the store of Windows and for a PFX file that Windows will import, and neither is to be written.",
                "Add Pfx to -Format, or leave it out.");
        }
    }

    private void CheckTargets(string folder)
    {
        var paths = new[] { PfxPath, CerPath, PemPath }.OfType<string>().ToArray();
        if (paths.Length == 0)
        {
            return;
        }

        if (!Directory.Exists(folder))
        {
            throw NewCertificateErrors.FolderNotFound(folder);
        }

        if (paths.FirstOrDefault(Directory.Exists) is { } taken)
        {
            throw NewCertificateErrors.PathIsFolder(taken);
        }

        if (!_options.Force && paths.Where(File.Exists).ToArray() is { Length: > 0 } existing)
        {
            throw NewCertificateErrors.FileExists(existing);
        }
    }

    private X509Certificate2 SelfSign(RSA key)
    {
        var request = new CertificateRequest(SubjectName, key, _hash, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (_dnsNames.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in _dnsNames)
            {
                names.AddDnsName(name);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        return request.CreateSelfSigned(NotBefore, NotAfter);
    }

    private static byte[] Pem(X509Certificate2 certificate, RSA key, ReadOnlySpan<byte> pkcs8, PasswordText password)
    {
        var block = password.IsEmpty
            ? PemEncoding.Write("PRIVATE KEY", pkcs8)
            : PemEncoding.Write(
                "ENCRYPTED PRIVATE KEY",
                key.ExportEncryptedPkcs8PrivateKey(
                    password.Span, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, PemIterations)));
        try
        {
            var head = certificate.ExportCertificatePem() + "\n";
            var content = new byte[head.Length + block.Length + 1];
            Encoding.ASCII.GetBytes(head, content);
            Encoding.ASCII.GetBytes(block, content.AsSpan(head.Length));
            content[^1] = (byte)'\n';
            return content;
        }
        finally
        {
            Array.Clear(block);
        }
    }

    /// <summary>Imports a PFX that never leaves memory: only a PFX can tell Windows which provider keeps the key.</summary>
    private void Install(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> pkcs8)
    {
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var provider = OperatingSystem.IsWindows() ? ProviderName : null;

        // Every Windows reads the old encryption, and here it protects nothing.
        var pfx = Pkcs12Writer.Write(certificate, pkcs8, password, FriendlyName, provider, legacy: OperatingSystem.IsWindows());
        try
        {
            // The key in the store cannot be exported; a file must be requested now.
            using var imported = new X509Certificate2(pfx, password, X509KeyStorageFlags.PersistKeySet | X509KeyStorageFlags.UserKeySet);
            using var store = new X509Store(System.Security.Cryptography.X509Certificates.StoreName.My, StoreLocation.CurrentUser);
            store.Open(OpenFlags.ReadWrite);
            store.Add(imported);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            throw NewCertificateErrors.StoreUnwritable(e);
        }
    }
}
