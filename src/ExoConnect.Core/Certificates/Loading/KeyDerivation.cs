using System.Formats.Asn1;

namespace ExoConnect.Core.Certificates.Loading;

/// <summary>
/// The cost of a file's key derivation: the rounds that make a key from the password. .NET runs them in one call that nobody can stop. Read from
/// the unencrypted part (RFC 7292, RFC 8018).
/// </summary>
internal static class KeyDerivation
{
    /// <summary>More than a few seconds of work; OpenSSL uses 2,048 rounds, Windows 2,000, and careful people a million.</summary>
    public const long Most = 5_000_000;

    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Data = "1.2.840.113549.1.7.1";
    private const string EncryptedData = "1.2.840.113549.1.7.6";
    private const string EncryptedKey = "1.2.840.113549.1.12.10.1.2";

    /// <summary>Counts the rounds of a PFX.</summary>
    /// <param name="content">PKCS #12.</param>
    /// <returns>The sum of the visible rounds; an unreadable part counts as none, since it can't be opened either.</returns>
    public static long OfPfx(ReadOnlySpan<byte> content)
    {
        long rounds = 0;
        try
        {
            var pfx = new AsnReader(content.ToArray(), AsnEncodingRules.BER).ReadSequence();
            pfx.ReadInteger();
            var safe = pfx.ReadSequence();
            if (pfx.HasData)
            {
                var mac = pfx.ReadSequence();
                mac.ReadSequence();
                mac.ReadOctetString();
                rounds = mac.HasData ? Count(mac) : 1;
            }

            if (safe.ReadObjectIdentifier() == Data)
            {
                rounds = Add(rounds, OfContents(Inner(safe)));
            }
        }
        catch (AsnContentException)
        {
            // .NET reports what is wrong with it.
        }

        return rounds;
    }

    /// <summary>Counts the rounds of an encrypted PKCS #8 key.</summary>
    /// <param name="content">The key.</param>
    /// <returns>The rounds; none if it can't be read.</returns>
    public static long OfKey(ReadOnlyMemory<byte> content)
    {
        try
        {
            return OfAlgorithm(new AsnReader(content, AsnEncodingRules.BER).ReadSequence().ReadSequence());
        }
        catch (AsnContentException)
        {
            return 0;
        }
    }

    private static long OfContents(AsnReader explicitData)
    {
        long rounds = 0;
        for (var parts = new AsnReader(explicitData.ReadOctetString(), AsnEncodingRules.BER).ReadSequence(); parts.HasData;)
        {
            var part = parts.ReadSequence();
            switch (part.ReadObjectIdentifier())
            {
                case EncryptedData:
                    var encrypted = Inner(part).ReadSequence();
                    encrypted.ReadInteger();
                    var content = encrypted.ReadSequence();
                    content.ReadObjectIdentifier();
                    rounds = Add(rounds, OfAlgorithm(content.ReadSequence()));
                    break;
                case Data:
                    rounds = Add(rounds, OfBags(new AsnReader(Inner(part).ReadOctetString(), AsnEncodingRules.BER).ReadSequence()));
                    break;
            }
        }

        return rounds;
    }

    private static long OfBags(AsnReader bags)
    {
        long rounds = 0;
        while (bags.HasData)
        {
            var bag = bags.ReadSequence();
            if (bag.ReadObjectIdentifier() == EncryptedKey)
            {
                rounds = Add(rounds, OfAlgorithm(Inner(bag).ReadSequence().ReadSequence()));
            }
        }

        return rounds;
    }

    /// <summary>PBES2 with PBKDF2 inside, or one of the old schemes, whose parameters are a salt and a count.</summary>
    private static long OfAlgorithm(AsnReader algorithm)
    {
        if (algorithm.ReadObjectIdentifier() == Pbes2)
        {
            algorithm = algorithm.ReadSequence().ReadSequence();
            algorithm.ReadObjectIdentifier();
        }

        var parameters = algorithm.ReadSequence();
        parameters.ReadOctetString();
        return Count(parameters);
    }

    private static AsnReader Inner(AsnReader reader) => reader.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0));

    private static long Count(AsnReader reader)
    {
        var count = reader.ReadInteger();
        return count > Most ? Most + 1 : (long)count;
    }

    private static long Add(long one, long other) => Math.Min(Most + 1, one + other);
}
