using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Origin = ExoConnect.Core.Certificates.CertificateErrors.Origin;

namespace ExoConnect.Core.Certificates.Loading;

/// <summary>Opens PEM text: certificates and a key, in one file or two, PKCS #8 (encrypted or not) or PKCS #1, with or without a chain.</summary>
internal static class PemLoader
{
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";

    /// <summary>Joins the certificate with its key.</summary>
    /// <param name="certificateText">PEM text with certificates; null if the certificate is in <paramref name="certificateBytes"/>.</param>
    /// <param name="certificateBytes">A DER certificate.</param>
    /// <param name="keyText">PEM text with the key; may be the same text. Null if the key's file is not PEM.</param>
    /// <param name="password">The password of an encrypted key.</param>
    /// <param name="origin">Where it came from, for messages.</param>
    /// <returns>The certificate with its key.</returns>
    public static X509Certificate2 Load(
        ReadOnlySpan<char> certificateText, ReadOnlySpan<byte> certificateBytes, char[]? keyText, PasswordText password, Origin origin)
    {
        var certificates = certificateText.IsEmpty ? FromBytes(certificateBytes, origin) : FromText(certificateText, origin);
        try
        {
            if (certificates.Count == 0)
            {
                throw CertificateErrors.Invalid(
                    origin, "is missing: the file has no CERTIFICATE block", "Give the file with the certificate, and the key's file beside it.");
            }

            // The certificate's key algorithm is checked before the key, so that the error names an EC pair.
            if (certificates.All(c => c.GetKeyAlgorithm() != CertificateErrors.RsaOid))
            {
                throw CertificateErrors.KeyNotRsa(origin, CertificateErrors.Algorithm(certificates[0].GetKeyAlgorithm()));
            }

            using var key = ReadKey(keyText, password, origin);
            var certificate = certificates.FirstOrDefault(c => Fits(c, key)) ?? throw CertificateErrors.KeyMismatch(origin);
            return certificate.CopyWithPrivateKey(key);
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    private static List<X509Certificate2> FromBytes(ReadOnlySpan<byte> content, Origin origin)
    {
        try
        {
            return X509Certificate2.GetCertContentType(content) == X509ContentType.Cert
                ? [new X509Certificate2(content)]
                : throw CertificateErrors.Invalid(
                    origin, "is in a file that needs no key file", "Leave the key file out: a PFX file has its key inside.");
        }
        catch (CryptographicException e)
        {
            throw CertificateErrors.Invalid(origin, "is not a certificate that can be read", "Give a PEM or DER certificate beside its key.", e);
        }
    }

    private static List<X509Certificate2> FromText(ReadOnlySpan<char> text, Origin origin)
    {
        List<X509Certificate2> certificates = [];
        try
        {
            while (PemEncoding.TryFind(text, out var block))
            {
                if (text[block.Label].SequenceEqual("CERTIFICATE"))
                {
                    certificates.Add(X509Certificate2.CreateFromPem(text[block.Location]));
                }

                text = text[block.Location.End..];
            }

            return certificates;
        }
        catch (CryptographicException e)
        {
            certificates.ForEach(c => c.Dispose());
            throw CertificateErrors.Invalid(
                origin, "has a CERTIFICATE block that is not a certificate", "Copy the file again; it may have been cut or changed on the way.", e);
        }
    }

    private static RSA ReadKey(ReadOnlySpan<char> text, PasswordText password, Origin origin)
    {
        var rest = text;
        while (PemEncoding.TryFind(rest, out var block))
        {
            var label = rest[block.Label];
            var pem = rest[block.Location];
            rest = rest[block.Location.End..];
            switch (label)
            {
                case "PRIVATE KEY" or "RSA PRIVATE KEY":
                    return Import(pem, encrypted: false, password, origin);
                case "ENCRYPTED PRIVATE KEY":
                    return password.IsEmpty ? throw CertificateErrors.PasswordRequired(origin, null)
                        : KeyDerivation.OfKey(Decode(pem)) > KeyDerivation.Most ? throw CertificateErrors.DerivationTooCostly(origin)
                        : Import(pem, encrypted: true, password, origin);
                case "EC PRIVATE KEY":
                    throw CertificateErrors.KeyNotRsa(origin, CertificateErrors.EllipticCurve);
                case "DSA PRIVATE KEY":
                    throw CertificateErrors.KeyNotRsa(origin, "DSA");
                case "OPENSSH PRIVATE KEY":
                    throw CertificateErrors.Invalid(
                        origin, "has its key in OpenSSH's own form", "Convert a copy of it with: ssh-keygen -p -m PKCS8 -f copy-of-the-key");
            }
        }

        if (text.IndexOf("Proc-Type: 4,ENCRYPTED") >= 0)
        {
            throw CertificateErrors.Invalid(
                origin,
                "has its key encrypted in OpenSSL's old form, which .NET does not read",
                "Convert it with: openssl pkcs8 -topk8 -in old-key.pem -out new-key.pem");
        }

        throw CertificateErrors.NoPrivateKey(
            origin, "Put the certificate and its key into one PEM file, name the key's own file too, or use a PFX file.");
    }

    private static RSA Import(ReadOnlySpan<char> pem, bool encrypted, PasswordText password, Origin origin)
    {
        var key = RSA.Create();
        try
        {
            if (encrypted)
            {
                key.ImportFromEncryptedPem(pem, password.Span);
            }
            else
            {
                key.ImportFromPem(pem);
            }

            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            if (IsEllipticCurve(pem, encrypted, password))
            {
                throw CertificateErrors.KeyNotRsa(origin, CertificateErrors.EllipticCurve);
            }

            if (encrypted && UsesUnknownEncryption(pem))
            {
                throw CertificateErrors.Invalid(
                    origin,
                    "has its key encrypted in a way that .NET does not read",
                    "Encrypt it again with: openssl pkcs8 -topk8 -in old-key.pem -out new-key.pem",
                    e);
            }

            throw encrypted
                ? CertificateErrors.PasswordIncorrect(origin, e)
                : CertificateErrors.Invalid(origin, "has a private key that cannot be read", "Export the key again, as PKCS #8 PEM.", e);
        }
    }

    private static byte[] Decode(ReadOnlySpan<char> pem)
    {
        var block = PemEncoding.Find(pem);
        var content = new byte[block.DecodedDataLength];
        Convert.TryFromBase64Chars(pem[block.Base64Data], content, out _);
        return content;
    }

    /// <summary>Whether a key is derived from a password by another method than PBKDF2 (mostly scrypt), so that no password would fit.</summary>
    private static bool UsesUnknownEncryption(ReadOnlySpan<char> pem)
    {
        try
        {
            var algorithm = new AsnReader(Decode(pem), AsnEncodingRules.BER).ReadSequence().ReadSequence();
            return algorithm.ReadObjectIdentifier() == Pbes2 && algorithm.ReadSequence().ReadSequence().ReadObjectIdentifier() != Pbkdf2;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static bool IsEllipticCurve(ReadOnlySpan<char> pem, bool encrypted, PasswordText password)
    {
        using var key = ECDsa.Create();
        try
        {
            if (encrypted)
            {
                key.ImportFromEncryptedPem(pem, password.Span);
            }
            else
            {
                key.ImportFromPem(pem);
            }

            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static bool Fits(X509Certificate2 certificate, RSA key)
    {
        using var publicKey = certificate.GetRSAPublicKey();
        if (publicKey is null)
        {
            return false;
        }

        var (a, b) = (publicKey.ExportParameters(false), key.ExportParameters(false));
        return a.Modulus.AsSpan().SequenceEqual(b.Modulus) && a.Exponent.AsSpan().SequenceEqual(b.Exponent);
    }
}
