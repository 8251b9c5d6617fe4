using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace ExoConnect.Core.Json;

/// <summary>
/// Checks that a response is UTF-8, as JSON has to be. Otherwise decoding would replace letters by U+FFFD, and a script that writes back what it
/// read would put them into the directory.
/// </summary>
internal struct Utf8Check
{
    private const string NotUtf8 = "It is not UTF-8.";

    private uint _begun;
    private int _count;

    /// <summary>Checks a whole response.</summary>
    /// <exception cref="JsonException">It is not UTF-8.</exception>
    public static void Whole(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new JsonException(NotUtf8);
        }
    }

    /// <summary>Checks the next bytes; none at the end.</summary>
    /// <exception cref="JsonException">They are not UTF-8.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty && _count > 0)
        {
            throw new JsonException(NotUtf8);
        }

        Span<byte> character = stackalloc byte[sizeof(uint)];

        // A character that began in the previous piece is joined and checked separately.
        for (; _count > 0 && !bytes.IsEmpty; bytes = bytes[1..])
        {
            _begun |= (uint)bytes[0] << (8 * _count++);
            if (_count == Length((byte)_begun))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(character, _begun);
                Whole(character[.._count]);
                (_begun, _count) = (0, 0);
            }
        }

        var begun = Begun(bytes);
        Whole(bytes[..^begun]);
        for (var i = 0; i < begun; i++)
        {
            _begun |= (uint)bytes[bytes.Length - begun + i] << (8 * _count++);
        }
    }

    /// <summary>How many bytes at the end belong to an incomplete character.</summary>
    private static int Begun(ReadOnlySpan<byte> bytes)
    {
        for (var i = 1; i <= 3 && i <= bytes.Length; i++)
        {
            if ((bytes[^i] & 0xC0) != 0x80)
            {
                return Length(bytes[^i]) > i ? i : 0;
            }
        }

        return 0;
    }

    private static int Length(byte lead) => lead switch
    {
        >= 0xF0 => 4,
        >= 0xE0 => 3,
        >= 0xC0 => 2,
        _ => 1,
    };
}
