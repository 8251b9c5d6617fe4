using System.Buffers.Binary;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The kinds of object with a generated GUID.</summary>
internal enum IdentityKind : byte
{
    /// <summary>The object in Exchange's directory (<c>Guid</c>).</summary>
    Object = 1,

    /// <summary>The mailbox (<c>ExchangeGuid</c>).</summary>
    Mailbox = 2,

    /// <summary>The user in Entra ID (<c>ExternalDirectoryObjectId</c>).</summary>
    Directory = 3,

    /// <summary>The archive (<c>ArchiveGuid</c>).</summary>
    Archive = 4,

    /// <summary>The object over all of Exchange (<c>ExchangeObjectId</c>).</summary>
    Exchange = 5,

    /// <summary>A mobile device.</summary>
    Device = 6,

    /// <summary>A record of the audit log.</summary>
    Audit = 7,

    /// <summary>A message.</summary>
    Message = 8,
}

/// <summary>
/// GUIDs that look random and identify their object: their first half encrypts kind and index, the other half is a check. Computed from the
/// organization's name, so that tenants of the same name have the same GUIDs.
/// </summary>
internal sealed class IdentityCipher
{
    private const ulong Mask = (1UL << 48) - 1;
    private const ulong First = 0x2545F4914F6D & Mask | 1;
    private const ulong Second = 0x9E3779B97F4B & Mask | 1;

    private static readonly ulong FirstInverse = Inverse(First);
    private static readonly ulong SecondInverse = Inverse(Second);

    private readonly ulong _key;

    /// <summary>Creates a cipher for an organization.</summary>
    public IdentityCipher(string organization)
    {
        var key = 14695981039346656037;
        foreach (var letter in organization)
        {
            key = (key ^ char.ToLowerInvariant(letter)) * 1099511628211;
        }

        _key = Scramble(key);
    }

    /// <summary>A number that looks random, always the same for the same input.</summary>
    public ulong Random(int index, int salt) => Scramble(_key + ((ulong)(uint)index << 16) + (uint)salt);

    /// <summary>The GUID of a kind and an index.</summary>
    public Guid Encode(IdentityKind kind, int index)
    {
        var value = (((ulong)kind << 40) | (uint)index) ^ (_key & Mask);
        value ^= value >> 24;
        value = (value * First) & Mask;
        value ^= value >> 24;
        value = (value * Second) & Mask;
        value ^= value >> 24;
        var proof = Scramble(value ^ _key);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (value << 16) | 0x4000 | ((proof >> 52) & 0xFFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (proof & 0x3FFFFFFFFFFFFFFF) | 0x8000000000000000);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The kind and the index of a GUID.</summary>
    /// <returns>False if the GUID has another origin.</returns>
    public bool TryDecode(Guid guid, out IdentityKind kind, out int index)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = guid.TryWriteBytes(bytes, bigEndian: true, out _);
        var value = BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16;
        value ^= value >> 24;
        value = (value * SecondInverse) & Mask;
        value ^= value >> 24;
        value = (value * FirstInverse) & Mask;
        value ^= value >> 24;
        value ^= _key & Mask;
        kind = (IdentityKind)(value >> 40);
        index = (int)(uint)value;
        return index >= 0 && kind is >= IdentityKind.Object and <= IdentityKind.Device && Encode(kind, index) == guid;
    }

    private static ulong Scramble(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    // Newton's iteration doubles the correct bits, from 3 to over 48 in five steps.
    private static ulong Inverse(ulong odd)
    {
        var inverse = odd;
        for (var i = 0; i < 5; i++)
        {
            inverse *= 2 - (odd * inverse);
        }

        return inverse & Mask;
    }
}
