using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Text;
using FsCheck;
using FsCheck.Fluent;
using static ExoConnect.Core.Tests.Certificates.TestCertificates;

namespace ExoConnect.Core.Tests.Certificates;

public sealed class CertificateFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static void CanSign(ClientCertificate certificate)
    {
        var data = "anything"u8;
        using var key = certificate.Certificate.GetRSAPublicKey()!;
        Assert.True(key.VerifyData(data, certificate.Sign(data), HashAlgorithmName.SHA256, certificate.SignaturePadding));
    }

    private static ExoException Fails(CertificateSource source, string errorId, string? parameter)
    {
        var e = Assert.Throws<ExoException>(() => source.Open().Dispose());
        Assert.Equal(errorId, e.ErrorId);
        Assert.Equal(parameter, e.ParameterName);
        Assert.Equal(ExoErrorCategory.InvalidArgument, e.Category);
        Assert.False(string.IsNullOrWhiteSpace(e.Remedy));
        return e;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pass word é€")]
    public void Pfx_opens_and_signs(string? password)
    {
        using var made = Rsa();
        var path = _folder.Write("app.pfx", made.Pfx(password));

        using var opened = new CertificateSource.File(path, password is null ? null : Secure(password)).Open();

        Assert.Equal(made.Thumbprint, opened.Thumbprint);
        Assert.True(opened.IsOwned);
        Assert.Equal(RSASignaturePadding.Pss, opened.SignaturePadding);
        CanSign(opened);
    }

    [Fact]
    public void Pfx_with_a_modern_cipher_opens()
    {
        using var made = Rsa();
        var pbe = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000);

        using var opened = new CertificateSource.Bytes(made.ExportPkcs12(pbe, "secret"), Secure("secret")).Open();

        CanSign(opened);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Pfx_that_asks_for_millions_of_rounds_is_refused_before_the_first(int place)
    {
        // The count of rounds is changed in one place after another: they are made by calls that nobody could stop.
        using var made = Rsa();
        var pfx = made.ExportPkcs12(new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000), "secret");
        byte[] rounds = [0x02, 0x03, 0x01, 0x86, 0xA0];
        var start = 0;
        for (var i = 0; i <= place; i++)
        {
            start += pfx.AsSpan(start).IndexOf(rounds) is var next && next >= 0 ? next + rounds.Length : throw new InvalidDataException();
        }

        new byte[] { 0x7F, 0xFF, 0xFF }.CopyTo(pfx, start - 3);

        var e = Fails(new CertificateSource.Bytes(pfx, Secure("secret")), "CertificateInvalid", "Certificate");
        Assert.Contains("rounds", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pem_key_that_asks_for_millions_of_rounds_is_refused_before_the_first()
    {
        using var made = Rsa();
        var key = Key.ExportEncryptedPkcs8PrivateKey(
            "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000));
        new byte[] { 0x7F, 0xFF, 0xFF }.CopyTo(key, key.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0x03, 0x01, 0x86, 0xA0]) + 2);
        var path = _folder.Write("app.pem", $"{made.ExportCertificatePem()}\n{PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", key)}\n");

        var e = Fails(new CertificateSource.File(path, Secure("secret")), "CertificateInvalid", "CertificateFilePath");
        Assert.Contains("rounds", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us-ascii", "")]
    [InlineData("us-ascii", "\r\n")]
    [InlineData("utf-8", "\n")]
    [InlineData("utf-16", "\n")]
    [InlineData("utf-16BE", "")]
    public void File_with_base64_of_a_pfx_opens_as_Key_Vault_gives_it(string encoding, string end)
    {
        using var made = Rsa();
        var text = Encoding.GetEncoding(encoding);
        var base64 = Convert.ToBase64String(made.Pfx("x"), Base64FormattingOptions.InsertLineBreaks) + end;
        byte[] content = [.. text.GetPreamble(), .. text.GetBytes(base64)];

        using var opened = new CertificateSource.File(_folder.Write("app.txt", content), Secure("x")).Open();

        Assert.Equal(made.Thumbprint, opened.Thumbprint);
        CanSign(opened);
    }

    [Fact]
    public void File_with_base64_of_a_pfx_still_wants_its_password()
    {
        using var made = Rsa();
        var path = _folder.Write("app.txt", Convert.ToBase64String(made.Pfx("x")));

        Fails(new CertificateSource.File(path), "CertificatePasswordRequired", "CertificatePassword");
        Fails(new CertificateSource.File(path, Secure("y")), "CertificatePasswordIncorrect", "CertificatePassword");
    }

    [SpecialFileTheory]
    [MemberData(nameof(SpecialFiles.Paths), MemberType = typeof(SpecialFiles))]
    public void Pipe_or_device_is_refused_and_not_opened(string path)
    {
        var pipe = SpecialFiles.Make(path, _folder);
        using var made = Rsa();
        var certificate = _folder.Write("app.pem", made.ExportCertificatePem());

        Fails(new CertificateSource.File(pipe), "CertificateFileUnreadable", "CertificateFilePath");
        Fails(new CertificateSource.File(certificate, null, pipe), "CertificateFileUnreadable", "CertificateKeyPath");
    }

    [Fact]
    public void Pfx_with_a_chain_gives_the_certificate_that_has_the_key()
    {
        using var authority = Rsa(OtherKey, subject: "CN=Authority");
        using var made = Rsa();
        using var authorityPart = authority.PublicPart();
        var path = _folder.Write("chain.pfx", new X509Certificate2Collection { authorityPart, made }.Export(X509ContentType.Pkcs12, "x")!);

        using var opened = new CertificateSource.File(path, Secure("x")).Open();

        Assert.Equal(made.Thumbprint, opened.Thumbprint);
        CanSign(opened);
    }

    [Fact]
    public void Pfx_with_an_expired_certificate_beside_a_good_one_gives_the_good_one()
    {
        using var old = Rsa(OtherKey, DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(-1));
        using var made = Rsa();
        var content = new X509Certificate2Collection { old, made }.Export(X509ContentType.Pkcs12)!;

        using var opened = new CertificateSource.Bytes(content).Open();

        Assert.Equal(made.Thumbprint, opened.Thumbprint);
    }

    [Fact]
    public void Pfx_with_two_good_certificates_is_ambiguous()
    {
        using var other = Rsa(OtherKey, subject: "CN=Other");
        using var made = Rsa();
        var path = _folder.Write("two.pfx", new X509Certificate2Collection { other, made }.Export(X509ContentType.Pkcs12)!);

        var e = Fails(new CertificateSource.File(path), "CertificateAmbiguous", "CertificateFilePath");

        Assert.Contains(made.Thumbprint, e.Message, StringComparison.Ordinal);
        Assert.Contains(other.Thumbprint, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_password_is_said_and_not_shown()
    {
        using var made = Rsa();
        var path = _folder.Write("app.pfx", made.Pfx("right"));

        var e = Fails(new CertificateSource.File(path, Secure("hunter2")), "CertificatePasswordIncorrect", "CertificatePassword");

        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_password_is_asked_for()
    {
        using var made = Rsa();
        Fails(new CertificateSource.File(_folder.Write("app.pfx", made.Pfx("right"))), "CertificatePasswordRequired", "CertificatePassword");
    }

    [Fact]
    public void A_password_that_is_not_needed_is_ignored()
    {
        using var made = Rsa();
        using var opened = new CertificateSource.File(_folder.Write("app.pfx", made.Pfx()), Secure("unneeded")).Open();
        using var pem = new CertificateSource.File(_folder.Write("app.pem", Pem(made)), Secure("unneeded")).Open();
        Assert.Equal(opened.Thumbprint, pem.Thumbprint);
    }

    [Fact]
    public void Missing_file_names_its_full_path()
    {
        var e = Assert.Throws<ExoException>(() => new CertificateSource.File("nowhere.pfx").Open(_folder.Path));
        Assert.Equal("CertificateFileNotFound", e.ErrorId);
        Assert.Contains(Path.Combine(_folder.Path, "nowhere.pfx"), e.Message, StringComparison.Ordinal);
        Assert.Contains("current folder", e.Remedy, StringComparison.Ordinal);

        e = Fails(new CertificateSource.File(Path.Combine(_folder.Path, "no", "app.pfx")), "CertificateFileNotFound", "CertificateFilePath");
        Assert.Contains(Path.Combine(_folder.Path, "no"), e.Remedy, StringComparison.Ordinal);
        Fails(new CertificateSource.File(" "), "CertificateFileNotFound", "CertificateFilePath");
    }

    [Fact]
    public void Relative_path_starts_at_the_base_directory()
    {
        using var made = Rsa();
        _folder.Write("app.pfx", made.Pfx());
        using var opened = new CertificateSource.File("app.pfx").Open(_folder.Path);
        Assert.Equal(made.Thumbprint, opened.Thumbprint);
    }

    [Fact]
    public void Tilde_is_the_users_own_folder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.Equal(Path.Combine(home, "x.pfx"), PathText.Resolve("~/x.pfx", "/elsewhere"));
        Assert.Equal(home, PathText.Resolve("~", null));
        Assert.Equal(Path.GetFullPath("/elsewhere/~x"), PathText.Resolve("~x", "/elsewhere"));
    }

    [Fact]
    public void Folder_is_not_a_file() => Fails(new CertificateSource.File(_folder.Path), "CertificateFileIsDirectory", "CertificateFilePath");

    [Fact]
    public void Unreadable_file_is_said()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return;
        }

        using var made = Rsa();
        var path = _folder.Write("app.pfx", made.Pfx());
        File.SetUnixFileMode(path, UnixFileMode.None);
        Fails(new CertificateSource.File(path), "CertificateFileUnreadable", "CertificateFilePath");
    }

    [Fact]
    public void Huge_file_is_not_read()
    {
        var path = Path.Combine(_folder.Path, "huge.pfx");
        using (var file = File.Create(path))
        {
            file.SetLength(64L * 1024 * 1024);
        }

        Fails(new CertificateSource.File(path), "CertificateFileUnreadable", "CertificateFilePath");
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    public void Rubbish_is_not_a_certificate(string content) =>
        Fails(new CertificateSource.File(_folder.Write("x.pfx", content)), "CertificateInvalid", "CertificateFilePath");

    [Fact]
    public void Truncated_pfx_is_not_a_certificate()
    {
        using var made = Rsa();
        var pfx = made.Pfx("x");
        Fails(new CertificateSource.File(_folder.Write("x.pfx", pfx[..(pfx.Length / 2)]), Secure("x")), "CertificateInvalid", "CertificateFilePath");
    }

    [Fact]
    public void Public_part_alone_has_no_private_key()
    {
        using var made = Rsa();
        Fails(new CertificateSource.File(_folder.Write("app.cer", made.RawData)), "CertificateNoPrivateKey", "CertificateFilePath");
        Fails(new CertificateSource.File(_folder.Write("app.crt", made.ExportCertificatePem())), "CertificateNoPrivateKey", "CertificateFilePath");
        using var part = made.PublicPart();
        Fails(new CertificateSource.File(_folder.Write("pub.pfx", part.Pfx())), "CertificateNoPrivateKey", "CertificateFilePath");
    }

    [Fact]
    public void Elliptic_curve_is_refused_whatever_the_form()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = EllipticCurve(key);
        var pem = made.ExportCertificatePem();
        var e = Fails(new CertificateSource.File(_folder.Write("ec.pfx", made.Pfx())), "CertificateKeyNotRsa", "CertificateFilePath");
        Assert.Contains("elliptic", e.Message, StringComparison.Ordinal);
        Fails(new CertificateSource.File(_folder.Write("1.pem", pem + "\n" + key.ExportPkcs8PrivateKeyPem())), "CertificateKeyNotRsa",
            "CertificateFilePath");
        Fails(new CertificateSource.File(_folder.Write("2.pem", pem + "\n" + key.ExportECPrivateKeyPem())), "CertificateKeyNotRsa",
            "CertificateFilePath");

        // The certificate is RSA, the key beside it is not.
        using var rsa = Rsa();
        var pbe = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        var keys = new[] { key.ExportPkcs8PrivateKeyPem(), key.ExportECPrivateKeyPem(), key.ExportEncryptedPkcs8PrivateKeyPem("x", pbe) };
        foreach (var text in keys)
        {
            var path = _folder.Write("mixed.pem", rsa.ExportCertificatePem() + "\n" + text);
            Fails(new CertificateSource.File(path, Secure("x")), "CertificateKeyNotRsa", "CertificateFilePath");
        }
    }

    [Fact]
    public void Dsa_is_refused()
    {
        using var key = DSA.Create(2048);
        using var signer = Rsa(subject: "CN=Signer");
        var publicKey = new PublicKey(key);
        var request = new CertificateRequest(new X500DistinguishedName("CN=DSA"), publicKey, HashAlgorithmName.SHA256);
        var generator = X509SignatureGenerator.CreateForRSA(Key, RSASignaturePadding.Pkcs1);
        using var part = request.Create(signer.SubjectName, generator, signer.NotBefore, signer.NotAfter, [1, 2, 3]);
        using var made = part.CopyWithPrivateKey(key);
        var e = Fails(new CertificateSource.Bytes(made.Pfx()), "CertificateKeyNotRsa", "Certificate");
        Assert.Contains("DSA", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_key_is_refused()
    {
        using var key = RSA.Create(1024);
        using var made = Rsa(key);
        var e = Fails(new CertificateSource.File(_folder.Write("short.pfx", made.Pfx())), "CertificateKeyTooShort", "CertificateFilePath");
        Assert.Contains("1024", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pkcs8")]
    [InlineData("pkcs1")]
    [InlineData("encrypted")]
    public void Pem_opens_from_one_file_or_two(string form)
    {
        using var made = Rsa();
        var key = KeyPem(form);
        var password = form == "encrypted" ? Secure("pass") : null;
        var sources = new CertificateSource[]
        {
            new CertificateSource.File(_folder.Write("one.pem", made.ExportCertificatePem() + "\n" + key), password),
            new CertificateSource.File(_folder.Write("other-order.pem", key + "\n" + made.ExportCertificatePem()), password),
            new CertificateSource.File(_folder.Write("cert.pem", made.ExportCertificatePem()), password, _folder.Write("key.pem", key)),
            new CertificateSource.File(_folder.Write("cert.der", made.RawData), password, _folder.Write("key.pem", key)),
            new CertificateSource.Base64(
                Convert.ToBase64String(File.ReadAllBytes(Path.Combine(_folder.Path, "one.pem")), Base64FormattingOptions.InsertLineBreaks), password),
        };
        foreach (var source in sources)
        {
            using var opened = source.Open();
            Assert.Equal(made.Thumbprint, opened.Thumbprint);
            CanSign(opened);
        }
    }

    [Fact]
    public void Pem_may_carry_a_chain_in_any_order_and_words_between()
    {
        using var authority = Rsa(OtherKey, subject: "CN=Authority");
        using var made = Rsa();
        var text = "Bag Attributes\n  friendlyName: authority\n" + authority.ExportCertificatePem() + "\r\n" + KeyPem("pkcs8")
            + "\r\nsubject=CN = x\r\n"
            + made.ExportCertificatePem();
        using var opened = new CertificateSource.File(_folder.Write("chain.pem", text)).Open();
        Assert.Equal(made.Thumbprint, opened.Thumbprint);
        CanSign(opened);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    public void Pem_opens_in_the_encodings_that_tools_write(string name, bool mark)
    {
        using var made = Rsa();
        var encoding = Encoding.GetEncoding(name);
        var content = (mark ? encoding.GetPreamble() : []).Concat(encoding.GetBytes(Pem(made))).ToArray();
        using var opened = new CertificateSource.File(_folder.Write("app.pem", content)).Open();
        CanSign(opened);
    }

    [Fact]
    public void Pem_key_errors_are_told_apart()
    {
        using var made = Rsa();
        var certificate = made.ExportCertificatePem() + "\n";
        var encrypted = _folder.Write("encrypted.pem", certificate + KeyPem("encrypted"));
        Fails(new CertificateSource.File(encrypted), "CertificatePasswordRequired", "CertificatePassword");
        Fails(new CertificateSource.File(encrypted, Secure("wrong")), "CertificatePasswordIncorrect", "CertificatePassword");

        Fails(new CertificateSource.File(_folder.Write("mismatch.pem", certificate + OtherKey.ExportPkcs8PrivateKeyPem())), "CertificateKeyMismatch",
            "CertificateFilePath");

        const string old =
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        var e = Fails(new CertificateSource.File(_folder.Write("old.pem", certificate + old), Secure("x")), "CertificateInvalid",
            "CertificateFilePath");
        Assert.Contains("openssl pkcs8", e.Remedy, StringComparison.Ordinal);

        const string ssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
        e = Fails(new CertificateSource.File(_folder.Write("ssh.pem", certificate + ssh)), "CertificateInvalid", "CertificateFilePath");
        Assert.Contains("ssh-keygen", e.Remedy, StringComparison.Ordinal);

        const string broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        Fails(new CertificateSource.File(_folder.Write("broken.pem", certificate + broken)), "CertificateInvalid", "CertificateFilePath");
        Fails(new CertificateSource.File(_folder.Write("keyonly.pem", KeyPem("pkcs8"))), "CertificateInvalid", "CertificateFilePath");
        Fails(
            new CertificateSource.File(_folder.Write("c.pem", certificate), null, Path.Combine(_folder.Path, "none.pem")),
            "CertificateFileNotFound",
            "CertificateKeyPath");
        Fails(new CertificateSource.File(_folder.Write("c.pem", certificate), null, _folder.Write("k.pem", "no key")), "CertificateInvalid",
            "CertificateKeyPath");
        Fails(
            new CertificateSource.File(_folder.Write("c.pem", certificate), null, _folder.Write("k.pem", certificate)),
            "CertificateNoPrivateKey",
            "CertificateFilePath");
        Fails(new CertificateSource.File(_folder.Write("c.pfx", made.Pfx()), null, _folder.Write("k.pem", KeyPem("pkcs8"))), "CertificateInvalid",
            "CertificateFilePath");
    }

    [Fact]
    public void Encryption_that_dotnet_does_not_know_is_not_called_a_wrong_password()
    {
        // SEQUENCE { SEQUENCE { PBES2, SEQUENCE { SEQUENCE { scrypt, SEQUENCE {} }, SEQUENCE {} } }, OCTET STRING {} }
        byte[] scrypt =
        [
            0x30, 0x23, 0x30, 0x1F, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D, 0x30, 0x12, 0x30, 0x0E, 0x06, 0x09, 0x2B, 0x06,
            0x01,
            0x04, 0x01, 0xDA, 0x47, 0x04, 0x0B, 0x30, 0x01, 0x00, 0x30, 0x00, 0x04, 0x00,
        ];
        using var made = Rsa();
        var pem = made.ExportCertificatePem() + "\n" + new string(PemEncoding.Write("ENCRYPTED PRIVATE KEY", scrypt));
        var e = Fails(new CertificateSource.File(_folder.Write("scrypt.pem", pem), Secure("x")), "CertificateInvalid", "CertificateFilePath");
        Assert.Contains("encrypted in a way", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_and_any_change_to_a_good_file_give_a_certificate_or_an_error()
    {
        using var made = Rsa();
        var goods = new[] { made.Pfx("x"), Encoding.ASCII.GetBytes(Pem(made)),
            Encoding.ASCII.GetBytes(made.ExportCertificatePem() + KeyPem("encrypted")) };
        Prop.ForAll<byte[]>(bytes => GivesCertificateOrError(bytes ?? [])).QuickCheckThrowOnFailure();
        var change = from good in Gen.Elements(goods)
                     from at in Gen.Choose(0, good.Length - 1)
                     from with in Gen.Choose(0, 255)
                     from cut in Gen.Choose(0, 3)
                     select (Good: good, At: at, With: (byte)with, Cut: cut);
        Prop.ForAll(change.ToArbitrary(), c =>
        {
            var bytes = c.Good.ToArray();
            bytes[c.At] = c.With;
            return GivesCertificateOrError(c.Cut == 0 ? bytes[..c.At] : bytes);
        }).QuickCheckThrowOnFailure();
    }

    private static bool GivesCertificateOrError(byte[] bytes)
    {
        try
        {
            using var certificate = new CertificateSource.Bytes(bytes, Secure("x")).Open();
            return certificate.Thumbprint.Length == 40;
        }
        catch (ExoException e)
        {
            return e.ErrorId.StartsWith("Certificate", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Base64_of_a_pfx_opens_and_rubbish_does_not()
    {
        using var made = Rsa();
        using var opened = new CertificateSource.Base64(Convert.ToBase64String(made.Pfx("x")) + "\n", Secure("x")).Open();
        Assert.Equal(made.Thumbprint, opened.Thumbprint);
        Fails(new CertificateSource.Base64("not base64!"), "CertificateInvalid", "Certificate");
        Fails(new CertificateSource.Base64(string.Empty), "CertificateInvalid", "Certificate");
    }

    [Fact]
    public void Sources_print_no_secret()
    {
        using var made = Rsa();
        var pfx = made.Pfx("x");
        var sources = new CertificateSource[]
        {
            new CertificateSource.File("app.pfx", Secure("hunter2")), new CertificateSource.Bytes(pfx, Secure("hunter2")),
            new CertificateSource.Base64(Convert.ToBase64String(pfx), Secure("hunter2")), new CertificateSource.Instance(made),
        };
        foreach (var source in sources)
        {
            Assert.DoesNotContain("hunter2", source.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(pfx), source.ToString(), StringComparison.Ordinal);
        }
    }

    private static string Pem(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n" + KeyPem("pkcs8") + "\n";

    private static string KeyPem(string form) => form switch
    {
        "pkcs8" => Key.ExportPkcs8PrivateKeyPem(),
        "pkcs1" => Key.ExportRSAPrivateKeyPem(),
        _ => Key.ExportEncryptedPkcs8PrivateKeyPem("pass", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)),
    };
}
