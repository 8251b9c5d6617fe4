using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace ExoConnect.Core.Certificates.Making;

/// <summary>
/// Writes a PFX file (RFC 7292): one certificate and its key. .NET 8 can only write Triple DES with SHA-1, and cannot name the provider in which
/// Windows keeps the key.
/// </summary>
internal static class Pkcs12Writer
{
    /// <summary>Enough to slow down guessing, and too short to notice when a script connects: about a twentieth of a second.</summary>
    private const int Iterations = 50_000;

    /// <summary>The number that Windows itself uses.</summary>
    private const int LegacyIterations = 2_000;

    private const string Data = "1.2.840.113549.1.7.1";
    private const string EncryptedData = "1.2.840.113549.1.7.6";
    private const string CertificateBag = "1.2.840.113549.1.12.10.1.3";
    private const string ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
    private const string X509 = "1.2.840.113549.1.9.22.1";
    private const string FriendlyName = "1.2.840.113549.1.9.20";
    private const string LocalKeyId = "1.2.840.113549.1.9.21";
    private const string MicrosoftProviderName = "1.3.6.1.4.1.311.17.1";

    private static readonly Asn1Tag Explicit = new(TagClass.ContextSpecific, 0);

    /// <summary>Writes the file.</summary>
    /// <param name="certificate">The certificate (DER).</param>
    /// <param name="key">Its private key (PKCS #8).</param>
    /// <param name="password">The password; may be empty.</param>
    /// <param name="friendlyName">The name in Windows' list.</param>
    /// <param name="provider">The Windows provider to keep the key in; null for its choice.</param>
    /// <param name="legacy">Triple DES and SHA-1 instead of AES-256 and SHA-256.</param>
    /// <returns>The content of the file.</returns>
    public static byte[] Write(
        ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> key, ReadOnlySpan<char> password, string friendlyName, string? provider, bool legacy)
    {
        var keyId = new byte[4];
        keyId[0] = 1;

        // The certificate is encrypted too, though it is not secret: some versions of Windows refuse a file with a part in the clear.
        var encrypted = new AsnWriter(AsnEncodingRules.DER);
        using (encrypted.PushSequence())
        {
            encrypted.WriteInteger(0);
            using (encrypted.PushSequence())
            {
                encrypted.WriteObjectIdentifier(Data);
                encrypted.WriteOctetString(Encrypt(encrypted, CertificateContents(certificate, keyId, friendlyName), password, legacy), Explicit);
            }
        }

        var safe = new AsnWriter(AsnEncodingRules.DER);
        using (safe.PushSequence())
        {
            WriteContent(safe, EncryptedData, encrypted.Encode());
            WriteContent(safe, Data, OctetString(KeyContents(key, password, keyId, friendlyName, provider, legacy)));
        }

        var content = safe.Encode();
        var file = new AsnWriter(AsnEncodingRules.DER);
        using (file.PushSequence())
        {
            file.WriteInteger(3);
            WriteContent(file, Data, OctetString(content));
            WriteMac(file, content, password, legacy);
        }

        return file.Encode();
    }

    private static byte[] CertificateContents(ReadOnlySpan<byte> certificate, byte[] keyId, string friendlyName)
    {
        var contents = new AsnWriter(AsnEncodingRules.DER);
        using (contents.PushSequence())
        using (contents.PushSequence())
        {
            contents.WriteObjectIdentifier(CertificateBag);
            using (contents.PushSequence(Explicit))
            using (contents.PushSequence())
            {
                contents.WriteObjectIdentifier(X509);
                using (contents.PushSequence(Explicit))
                {
                    contents.WriteOctetString(certificate);
                }
            }

            using (contents.PushSetOf())
            {
                WriteAttribute(contents, LocalKeyId, a => a.WriteOctetString(keyId));
                WriteAttribute(contents, FriendlyName, a => a.WriteCharacterString(UniversalTagNumber.BMPString, friendlyName));
            }
        }

        return contents.Encode();
    }

    private static byte[] KeyContents(
        ReadOnlySpan<byte> key, ReadOnlySpan<char> password, byte[] keyId, string friendlyName, string? provider, bool legacy)
    {
        var contents = new AsnWriter(AsnEncodingRules.DER);
        using (contents.PushSequence())
        using (contents.PushSequence())
        {
            contents.WriteObjectIdentifier(ShroudedKeyBag);
            using (contents.PushSequence(Explicit))
            using (contents.PushSequence())
            {
                contents.WriteOctetString(Encrypt(contents, key, password, legacy));
            }

            using (contents.PushSetOf())
            {
                WriteAttribute(contents, LocalKeyId, a => a.WriteOctetString(keyId));
                WriteAttribute(contents, FriendlyName, a => a.WriteCharacterString(UniversalTagNumber.BMPString, friendlyName));
                if (provider is not null)
                {
                    WriteAttribute(contents, MicrosoftProviderName, a => a.WriteCharacterString(UniversalTagNumber.BMPString, provider));
                }
            }
        }

        return contents.Encode();
    }

    private static void WriteAttribute(AsnWriter writer, string type, Action<AsnWriter> value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSetOf())
            {
                value(writer);
            }
        }
    }

    private static void WriteContent(AsnWriter writer, string type, byte[] content)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(Explicit))
            {
                writer.WriteEncodedValue(content);
            }
        }
    }

    private static byte[] OctetString(ReadOnlySpan<byte> content)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(content);
        return writer.Encode();
    }

    /// <summary>Encrypts, and writes the algorithm.</summary>
    private static byte[] Encrypt(AsnWriter writer, ReadOnlySpan<byte> content, ReadOnlySpan<char> password, bool legacy) =>
        legacy ? EncryptTripleDes(writer, content, password) : EncryptAes(writer, content, password);

    /// <summary>PBES2 with PBKDF2, HMAC-SHA-256 and AES-256 (RFC 8018).</summary>
    private static byte[] EncryptAes(AsnWriter writer, ReadOnlySpan<byte> content, ReadOnlySpan<char> password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var vector = RandomNumberGenerator.GetBytes(16);
        var secret = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(password), pinned: true);
        var key = GC.AllocateArray<byte>(32, pinned: true);
        try
        {
            Encoding.UTF8.GetBytes(password, secret);
            Rfc2898DeriveBytes.Pbkdf2(secret, salt, key, Iterations, HashAlgorithmName.SHA256);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.5.13");
                using (writer.PushSequence())
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier("1.2.840.113549.1.5.12");
                        using (writer.PushSequence())
                        {
                            writer.WriteOctetString(salt);
                            writer.WriteInteger(Iterations);
                            WriteAlgorithm(writer, "1.2.840.113549.2.9");
                        }
                    }

                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier("2.16.840.1.101.3.4.1.42");
                        writer.WriteOctetString(vector);
                    }
                }
            }

            using var aes = Aes.Create();
            aes.Key = key;
            return aes.EncryptCbc(content, vector);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292, appendix C).</summary>
    private static byte[] EncryptTripleDes(AsnWriter writer, ReadOnlySpan<byte> content, ReadOnlySpan<char> password)
    {
        var salt = RandomNumberGenerator.GetBytes(8);
        var vector = new byte[8];
        var key = GC.AllocateArray<byte>(24, pinned: true);
        try
        {
            Pkcs12Kdf.Derive(HashAlgorithmName.SHA1, Pkcs12Kdf.EncryptionKey, password, salt, LegacyIterations, key);
            Pkcs12Kdf.Derive(HashAlgorithmName.SHA1, Pkcs12Kdf.InitializationVector, password, salt, LegacyIterations, vector);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.12.1.3");
                using (writer.PushSequence())
                {
                    writer.WriteOctetString(salt);
                    writer.WriteInteger(LegacyIterations);
                }
            }

#pragma warning disable CA5350 // Asked for by name, for readers that know nothing else.
            using var tripleDes = TripleDES.Create();
#pragma warning restore CA5350
            tripleDes.Key = key;
            return tripleDes.EncryptCbc(content, vector);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void WriteMac(AsnWriter writer, byte[] content, ReadOnlySpan<char> password, bool legacy)
    {
        var hash = legacy ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        var iterations = legacy ? LegacyIterations : Iterations;
        var salt = RandomNumberGenerator.GetBytes(legacy ? 8 : 16);
        var key = GC.AllocateArray<byte>(legacy ? SHA1.HashSizeInBytes : SHA256.HashSizeInBytes, pinned: true);
        try
        {
            Pkcs12Kdf.Derive(hash, Pkcs12Kdf.MacKey, password, salt, iterations, key);
            using var mac = IncrementalHash.CreateHMAC(hash, key);
            mac.AppendData(content);
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    WriteAlgorithm(writer, legacy ? "1.3.14.3.2.26" : "2.16.840.1.101.3.4.2.1");
                    writer.WriteOctetString(mac.GetHashAndReset());
                }

                writer.WriteOctetString(salt);
                writer.WriteInteger(iterations);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, string identifier)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(identifier);
            writer.WriteNull();
        }
    }
}
