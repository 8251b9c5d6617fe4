using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ExoConnect.Core.Certificates.Making;

/// <summary>PKCS #12's derivation of keys from passwords (RFC 7292, appendix B.2).</summary>
internal static class Pkcs12Kdf
{
    public const byte EncryptionKey = 1;
    public const byte InitializationVector = 2;
    public const byte MacKey = 3;

    /// <summary>The block of SHA-1 and SHA-256.</summary>
    private const int Block = 64;

    /// <summary>Makes a key.</summary>
    /// <param name="hash">SHA-1 or SHA-256.</param>
    /// <param name="purpose">One of the constants above.</param>
    /// <param name="password">The password.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="iterations">The number of rounds.</param>
    /// <param name="key">Takes the key; any length.</param>
    public static void Derive(
        HashAlgorithmName hash, byte purpose, ReadOnlySpan<char> password, ReadOnlySpan<byte> salt, int iterations, Span<byte> key)
    {
        // The password is UTF-16, high byte first, with a zero at its end; an empty one is that zero.
        var secret = GC.AllocateArray<byte>(2 * (password.Length + 1), pinned: true);
        for (var i = 0; i < password.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(secret.AsSpan(2 * i), password[i]);
        }

        var saltLength = RoundUp(salt.Length);
        var input = GC.AllocateArray<byte>(Block + saltLength + RoundUp(secret.Length), pinned: true);
        var digest = GC.AllocateArray<byte>(hash == HashAlgorithmName.SHA1 ? SHA1.HashSizeInBytes : SHA256.HashSizeInBytes, pinned: true);
        var step = GC.AllocateArray<byte>(Block, pinned: true);
        try
        {
            input.AsSpan(0, Block).Fill(purpose);
            Repeat(salt, input.AsSpan(Block, saltLength));
            Repeat(secret, input.AsSpan(Block + saltLength));
            using var hasher = IncrementalHash.CreateHash(hash);
            while (true)
            {
                hasher.AppendData(input);
                hasher.GetHashAndReset(digest);
                for (var i = 1; i < iterations; i++)
                {
                    hasher.AppendData(digest);
                    hasher.GetHashAndReset(digest);
                }

                var count = Math.Min(digest.Length, key.Length);
                digest.AsSpan(0, count).CopyTo(key);
                key = key[count..];
                if (key.IsEmpty)
                {
                    return;
                }

                Repeat(digest, step);
                for (var at = Block; at < input.Length; at += Block)
                {
                    AddPlusOne(input.AsSpan(at, Block), step);
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(input);
            CryptographicOperations.ZeroMemory(digest);
            CryptographicOperations.ZeroMemory(step);
        }
    }

    private static int RoundUp(int length) => (length + Block - 1) / Block * Block;

    private static void Repeat(ReadOnlySpan<byte> what, Span<byte> into)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = what[i % what.Length];
        }
    }

    private static void AddPlusOne(Span<byte> number, ReadOnlySpan<byte> other)
    {
        var carry = 1;
        for (var i = number.Length - 1; i >= 0; i--)
        {
            carry += number[i] + other[i];
            number[i] = (byte)carry;
            carry >>= 8;
        }
    }
}
