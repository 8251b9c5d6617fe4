using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Errors;
using static ExoConnect.Core.Tests.Certificates.TestCertificates;

namespace ExoConnect.Core.Tests.Certificates.Making;

public sealed class NewCertificateTests : IDisposable
{
    private const string Secret = "pass word é€";
    private const CertificateFormats All = CertificateFormats.Pfx | CertificateFormats.Cer | CertificateFormats.Pem;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private NewCertificateOptions Options(string name = "nightly") => new() { CommonName = name, Folder = _folder.Path };

    private static NewCertificate Make(NewCertificateOptions options, string? password = Secret) =>
        CertificatePlan.Of(options).Make(password is null ? null : Secure(password));

    private static ExoException Fails(string errorId, string parameter, Action action, ExoErrorCategory category = ExoErrorCategory.InvalidArgument)
    {
        var e = Assert.Throws<ExoException>(action);
        Assert.Equal(errorId, e.ErrorId);
        Assert.Equal(parameter, e.ParameterName);
        Assert.Equal(category, e.Category);
        Assert.False(string.IsNullOrWhiteSpace(e.Remedy));
        Assert.DoesNotContain(Secret, e.ToString(), StringComparison.Ordinal);
        return e;
    }

    private string[] Files() => [.. Directory.GetFileSystemEntries(_folder.Path).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    private static void CanSign(CertificateSource source, string thumbprint)
    {
        using var opened = source.Open();
        Assert.Equal(thumbprint, opened.Thumbprint);
        var data = "anything"u8;
        using var key = opened.Certificate.GetRSAPublicKey()!;
        Assert.True(key.VerifyData(data, opened.Sign(data), HashAlgorithmName.SHA256, opened.SignaturePadding));
    }

    [Fact]
    public void All_files_hold_the_same_certificate_and_sign_in()
    {
        var made = Make(Options() with { Formats = All });

        Assert.Equal(["nightly.cer", "nightly.pem", "nightly.pfx"], Files());
        CanSign(new CertificateSource.File(made.PfxPath!, Secure(Secret)), made.Thumbprint);
        CanSign(new CertificateSource.File(made.PemPath!, Secure(Secret)), made.Thumbprint);
        using var cer = X509CertificateLoader.LoadCertificateFromFile(made.CerPath!);
        Assert.Equal(made.Thumbprint, cer.Thumbprint);
        Assert.Equal(made.Sha256Thumbprint, cer.GetCertHashString(HashAlgorithmName.SHA256));
        Assert.Equal(made.PublicPart.ToArray(), cer.RawData);
        Assert.False(cer.HasPrivateKey);
        Assert.DoesNotContain("-BEGIN PRIVATE KEY", File.ReadAllText(made.PemPath!), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_more_words_it_is_a_pfx_and_a_cer_for_one_year()
    {
        var before = DateTimeOffset.UtcNow;
        var made = Make(Options());

        Assert.Equal(["nightly.cer", "nightly.pfx"], Files());
        Assert.Null(made.PemPath);
        Assert.Null(made.Store);
        Assert.Equal((2048, "SHA256", "CN=nightly"), (made.KeyLength, made.HashAlgorithm, made.Subject));
        Assert.InRange(made.NotBefore, before.AddMinutes(-5).AddSeconds(-1), before);
        Assert.InRange(made.NotAfter, before.AddYears(1).AddSeconds(-1), before.AddYears(1).AddMinutes(1));
        using var cer = X509CertificateLoader.LoadCertificateFromFile(made.CerPath!);
        Assert.Equal(made.NotBefore.UtcDateTime, cer.NotBefore.ToUniversalTime());
        Assert.Equal(made.NotAfter.UtcDateTime, cer.NotAfter.ToUniversalTime());
    }

    [Theory]
    [InlineData(2048, "SHA-256", "sha256RSA")]
    [InlineData(3072, "sha384", "sha384RSA")]
    [InlineData(4096, "SHA512", "sha512RSA")]
    public void Keys_and_hashes_are_as_asked_for(int bits, string hash, string signature)
    {
        var made = Make(
            Options() with { KeyLength = bits, HashAlgorithm = hash, DnsNames = ["scripts.contoso.com", "*.contoso.com", "bücher.example"] });

        using var cer = X509CertificateLoader.LoadCertificateFromFile(made.CerPath!);
        using var key = cer.GetRSAPublicKey()!;
        Assert.Equal(bits, key.KeySize);
        Assert.Equal(signature, cer.SignatureAlgorithm.FriendlyName);
        var usage = cer.Extensions.OfType<X509KeyUsageExtension>().Single();
        Assert.Equal(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, usage.KeyUsages);
        var purpose = Assert.Single(cer.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>());
        Assert.Equal("1.3.6.1.5.5.7.3.2", purpose.Value);
        Assert.False(cer.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(
            ["scripts.contoso.com", "*.contoso.com", "xn--bcher-kva.example"],
            cer.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        CanSign(new CertificateSource.File(made.PfxPath!, Secure(Secret)), made.Thumbprint);
    }

    [Theory]
    [InlineData("SHA1")]
    [InlineData("sha-1")]
    [InlineData("MD5")]
    [InlineData("SHA3")]
    public void Weak_and_unknown_hashes_are_refused(string hash)
    {
        var e = Fails("NewCertificateHashRefused", "HashAlgorithm", () => Make(Options() with { HashAlgorithm = hash }));

        Assert.Contains("SHA256", e.Remedy!, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2049)]
    [InlineData(8192)]
    public void Other_key_lengths_are_refused(int bits) =>
        Fails("NewCertificateKeyLengthInvalid", "KeyLength", () => Make(Options() with { KeyLength = bits }));

    [Theory]
    [InlineData("")]
    [InlineData("CN=")]
    [InlineData("a\nb")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void Names_that_no_certificate_takes_are_refused(string name) =>
        Fails("NewCertificateNameInvalid", "CommonName", () => Make(Options(name)));

    [Fact]
    public void Half_a_character_is_no_name() => Fails("NewCertificateNameInvalid", "CommonName", () => Make(Options("a" + '\ud800')));

    [Theory]
    [InlineData("CN=nightly", "CN=nightly", "nightly")]
    [InlineData("a, b=c/d", "CN=\"a, b=c/d\"", "a--b-c-d")]
    [InlineData("Büro 🌍", "CN=Büro 🌍", "Büro")]
    [InlineData("../..", "CN=../..", "certificate")]
    public void Any_name_is_escaped_in_the_subject_and_made_safe_for_a_file(string name, string subject, string file)
    {
        var made = Make(Options(name));

        Assert.Equal(subject, made.Subject);
        Assert.Equal([file + ".cer", file + ".pfx"], Files());
        CanSign(new CertificateSource.File(made.PfxPath!, Secure(Secret)), made.Thumbprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://contoso.com")]
    [InlineData("a b")]
    [InlineData("*")]
    [InlineData("a.*.com")]
    [InlineData("host:443")]
    public void What_is_no_dns_name_is_refused(string name) =>
        Fails("NewCertificateDnsNameInvalid", "DnsName", () => Make(Options() with { DnsNames = ["good.contoso.com", name] }));

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(" ")]
    [InlineData("a:b")]
    public void A_file_name_names_no_folder(string name) =>
        Fails("NewCertificateFileNameInvalid", "FileName", () => Make(Options() with { FileName = name }));

    [Fact]
    public void Dates_that_make_no_sense_are_refused()
    {
        var now = DateTimeOffset.UtcNow;
        Fails("NewCertificateDatesInvalid", "NotAfter", () => Make(Options() with { NotBefore = now.AddDays(2), NotAfter = now.AddDays(1) }));
        Fails("NewCertificateDatesInvalid", "NotAfter", () => Make(Options() with { NotBefore = now.AddDays(-2), NotAfter = now.AddDays(-1) }));
        Fails("NewCertificateDatesInvalid", "NotBefore", () => Make(Options() with { NotBefore = now.AddYears(-3) }));
        Fails("NewCertificateDatesInvalid", "NotBefore", () => Make(Options() with { NotBefore = DateTimeOffset.MaxValue }));
        Fails("NewCertificateDatesInvalid", "ValidYears", () => Make(Options() with { ValidYears = 0 }));
        Fails("NewCertificateDatesInvalid", "ValidYears", () => Make(Options() with { ValidYears = 11 }));
        Fails("NewCertificateOptionsExclude", "ValidYears", () => Make(Options() with { ValidYears = 1, NotAfter = now.AddDays(1) }));
        Assert.Empty(Files());
    }

    [Fact]
    public void Dates_are_kept_to_the_second()
    {
        var from = new DateTimeOffset(2049, 12, 31, 23, 0, 0, TimeSpan.FromHours(2));
        var made = Make(Options() with { NotBefore = from, ValidYears = 2 });

        using var cer = X509CertificateLoader.LoadCertificateFromFile(made.CerPath!);
        Assert.Equal(from, new DateTimeOffset(cer.NotBefore.ToUniversalTime()));
        Assert.Equal(from.AddYears(2), new DateTimeOffset(cer.NotAfter.ToUniversalTime()));
    }

    [Fact]
    public void A_key_in_the_clear_is_only_written_on_request()
    {
        Fails("NewCertificatePasswordMissing", "Password", () => Make(Options(), password: null));
        Fails("NewCertificatePasswordMissing", "Password", () => Make(Options() with { Formats = CertificateFormats.Pem }, password: ""));
        Fails("NewCertificateOptionsExclude", "Password", () => Make(Options() with { NoPassword = true }));
        Assert.Empty(Files());

        var made = Make(Options() with { Formats = All, NoPassword = true }, password: null);
        CanSign(new CertificateSource.File(made.PfxPath!), made.Thumbprint);
        CanSign(new CertificateSource.File(made.PemPath!), made.Thumbprint);
    }

    [Fact]
    public void Options_that_would_do_nothing_or_lose_the_key_are_refused()
    {
        Fails("NewCertificateOptionsExclude", "Format", () => Make(Options() with { Formats = CertificateFormats.Cer }, null));
        Fails("NewCertificateOptionsExclude", "LegacyEncryption", () =>
            Make(Options() with { Formats = CertificateFormats.Pem, LegacyEncryption = true }));
        Fails("NewCertificateOptionsExclude", "KeyProvider", () =>
            Make(Options() with { Formats = CertificateFormats.Pem, KeyProvider = CertificateKeyProvider.Csp }));
        Fails("NewCertificateOptionsExclude", "NoPassword", () => Make(Options() with { InstallToStore = true, NoPassword = true }, null));
        Fails("NewCertificateOptionsExclude", "Password", () => Make(Options() with { InstallToStore = true }));
        Assert.Empty(Files());
    }

    [Theory]
    [InlineData("nightly.pfx")]
    [InlineData("nightly.cer")]
    [InlineData("nightly.pem")]
    public void Nothing_is_overwritten_and_nothing_else_written(string existing)
    {
        _folder.Write(existing, "mine");

        var e = Fails(
            "NewCertificateFileExists", "Path", () => Make(Options() with { Formats = All }), ExoErrorCategory.ResourceExists);

        Assert.Contains(existing, e.Message, StringComparison.Ordinal);
        Assert.Contains("-Force", e.Remedy!, StringComparison.Ordinal);
        Assert.Equal([existing], Files());
        Assert.Equal("mine", File.ReadAllText(Path.Join(_folder.Path, existing)));
    }

    [Fact]
    public void Force_replaces_what_is_there()
    {
        _folder.Write("nightly.pfx", "old");
        _folder.Write("nightly.pem", "old");

        var made = Make(Options() with { Formats = All, Force = true });

        Assert.Equal(["nightly.cer", "nightly.pem", "nightly.pfx"], Files());
        CanSign(new CertificateSource.File(made.PfxPath!, Secure(Secret)), made.Thumbprint);
        CanSign(new CertificateSource.File(made.PemPath!, Secure(Secret)), made.Thumbprint);
        AssertOwnerOnly(made.PfxPath!, made.PemPath!);
    }

    [Fact]
    public void A_file_that_appears_meanwhile_is_not_overwritten_and_the_others_are_taken_back()
    {
        var plan = CertificatePlan.Of(Options() with { Formats = All });
        _folder.Write("nightly.pem", "mine");

        Fails("NewCertificateFileExists", "Path", () => plan.Make(Secure(Secret)), ExoErrorCategory.ResourceExists);

        Assert.Equal(["nightly.pem"], Files());
        Assert.Equal("mine", File.ReadAllText(Path.Join(_folder.Path, "nightly.pem")));
    }

    [Fact]
    public void If_one_file_cannot_be_replaced_the_others_are_as_before()
    {
        var plan = CertificatePlan.Of(Options() with { Formats = All, Force = true });
        var pfx = _folder.Write("nightly.pfx", "old");
        Directory.CreateDirectory(Path.Join(_folder.Path, "nightly.pem"));

        Fails("NewCertificateFileUnwritable", "Path", () => plan.Make(Secure(Secret)), ExoErrorCategory.InvalidOperation);

        Assert.Equal(["nightly.pem", "nightly.pfx"], Files());
        Assert.Equal("old", File.ReadAllText(pfx));
    }

    [Fact]
    public void A_folder_that_is_not_there_and_a_folder_in_the_place_of_a_file_are_named()
    {
        var missing = Path.Join(_folder.Path, "missing");
        Assert.Contains(
            missing, Fails("NewCertificateFolderNotFound", "Path", () =>
                Make(Options() with { Folder = missing })).Message, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Join(_folder.Path, "nightly.cer"));
        Fails("NewCertificateFileExists", "Path", () => Make(Options() with { Force = true }));
        Assert.Equal(["nightly.cer"], Files());
    }

    [Fact]
    public void Only_the_owner_reads_private_files()
    {
        var made = Make(Options() with { Formats = All });

        AssertOwnerOnly(made.PfxPath!, made.PemPath!);
        if (!OperatingSystem.IsWindows())
        {
            Assert.NotEqual(UnixFileMode.None, File.GetUnixFileMode(made.CerPath!) & UnixFileMode.UserRead);
        }
    }

    [Fact]
    public void A_certificate_in_the_store_signs_in_by_its_thumbprint()
    {
        var made = Make(Options() with { InstallToStore = true }, password: null);
        try
        {
            Assert.Equal(@"CurrentUser\My", made.Store);
            Assert.Equal(["nightly.cer"], Files());
            CanSign(new CertificateSource.Thumbprint(made.Thumbprint), made.Thumbprint);
        }
        finally
        {
            using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
            store.Open(OpenFlags.ReadWrite);
            foreach (var certificate in store.Certificates.Where(c => c.Thumbprint == made.Thumbprint))
            {
                store.Remove(certificate);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wrong_password_is_called_that(bool legacy)
    {
        var made = Make(Options() with { LegacyEncryption = legacy });

        var e = Assert.Throws<ExoException>(() => new CertificateSource.File(made.PfxPath!, Secure("wrong")).Open());
        Assert.Equal("CertificatePasswordIncorrect", e.ErrorId);
        CanSign(new CertificateSource.File(made.PfxPath!, Secure(Secret)), made.Thumbprint);
    }

    [Fact]
    public void A_long_password_opens_both_kinds()
    {
        // Longer than a block of the hash, so that the key is made of several.
        var secret = string.Concat(Enumerable.Repeat("0123456789", 10));
        foreach (var legacy in new[] { false, true })
        {
            var made = Make(Options() with { LegacyEncryption = legacy, Force = true }, secret);
            CanSign(new CertificateSource.File(made.PfxPath!, Secure(secret)), made.Thumbprint);
        }
    }

    [OpenSslFact]
    public void Openssl_reads_the_pfx_with_modern_encryption()
    {
        var made = Make(Options() with { KeyProvider = CertificateKeyProvider.Csp }, "secret");

        var said = OpenSsl.Say("pkcs12", "-in", made.PfxPath!, "-passin", "pass:secret", "-info", "-nodes");

        Assert.Contains("MAC: sha256, Iteration 50000", said, StringComparison.Ordinal);
        Assert.Contains("PBES2, PBKDF2, AES-256-CBC, Iteration 50000, PRF hmacWithSHA256", said, StringComparison.Ordinal);
        Assert.Contains("Microsoft CSP Name: Microsoft Enhanced RSA and AES Cryptographic Provider", said, StringComparison.Ordinal);
        Assert.Contains("friendlyName: nightly", said, StringComparison.Ordinal);
        Assert.Contains("BEGIN PRIVATE KEY", said, StringComparison.Ordinal);
        Assert.NotEqual(0, OpenSsl.Run("pkcs12", "-in", made.PfxPath!, "-passin", "pass:wrong", "-nodes").Code);
    }

    [OpenSslFact]
    public void Openssl_reads_the_pfx_for_old_windows()
    {
        var made = Make(Options() with { LegacyEncryption = true }, "secret");

        var said = OpenSsl.Say("pkcs12", "-in", made.PfxPath!, "-passin", "pass:secret", "-info", "-nodes");

        Assert.Contains("MAC: sha1, Iteration 2000", said, StringComparison.Ordinal);
        Assert.Contains("pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2000", said, StringComparison.Ordinal);
        Assert.DoesNotContain("PBES2", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft CSP Name", said, StringComparison.Ordinal);
    }

    [OpenSslFact]
    public void Openssl_reads_a_pfx_without_a_password()
    {
        foreach (var legacy in new[] { false, true })
        {
            var made = Make(Options() with { NoPassword = true, LegacyEncryption = legacy, Force = true }, password: null);
            Assert.Contains("BEGIN PRIVATE KEY", OpenSsl.Say("pkcs12", "-in", made.PfxPath!, "-passin", "pass:", "-nodes"), StringComparison.Ordinal);
        }
    }

    [OpenSslFact]
    public void Openssl_reads_certificate_and_key()
    {
        var made = Make(Options() with { Formats = All, DnsNames = ["scripts.contoso.com"], KeyLength = 3072 }, "secret");

        var text = OpenSsl.Say("x509", "-inform", "DER", "-in", made.CerPath!, "-noout", "-text", "-fingerprint", "-sha256");
        Assert.Contains("Signature Algorithm: sha256WithRSAEncryption", text, StringComparison.Ordinal);
        Assert.Contains("(3072 bit)", text, StringComparison.Ordinal);
        Assert.Contains("Digital Signature, Key Encipherment", text, StringComparison.Ordinal);
        Assert.Contains("TLS Web Client Authentication", text, StringComparison.Ordinal);
        Assert.Contains("DNS:scripts.contoso.com", text, StringComparison.Ordinal);
        Assert.Contains("CA:FALSE", text, StringComparison.Ordinal);
        Assert.Contains(made.Sha256Thumbprint, text.Replace(":", "", StringComparison.Ordinal), StringComparison.Ordinal);
        OpenSsl.Say("verify", "-CAfile", made.PemPath!, "-check_ss_sig", "-purpose", "sslclient", made.PemPath!);

        // The key is whole, and the certificate's own.
        Assert.Contains("RSA key ok", OpenSsl.Say("rsa", "-in", made.PemPath!, "-passin", "pass:secret", "-check", "-noout"),
            StringComparison.Ordinal);
        var ofKey = OpenSsl.Say("pkey", "-in", made.PemPath!, "-passin", "pass:secret", "-pubout");
        Assert.Equal(ofKey, OpenSsl.Say("x509", "-in", made.PemPath!, "-noout", "-pubkey"));
        Assert.NotEqual(0, OpenSsl.Run("rsa", "-in", made.PemPath!, "-passin", "pass:wrong", "-check", "-noout").Code);
    }

    private static void AssertOwnerOnly(params string[] paths)
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (var path in paths)
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
        }
    }
}
