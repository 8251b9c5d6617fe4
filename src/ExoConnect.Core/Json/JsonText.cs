using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;

namespace ExoConnect.Core.Json;

/// <summary>Undoes the escapes of a JSON string piece by piece, for texts of which no part should wait for the end.</summary>
internal static class JsonText
{
    /// <summary>Undoes escapes.</summary>
    /// <param name="json">The rest of the string, and perhaps bytes after it.</param>
    /// <param name="text">Receives the text; as long as the bytes.</param>
    /// <param name="read">How many bytes were read: fewer than given if the string ends, or an escape isn't complete.</param>
    /// <param name="written">How many bytes of text there are.</param>
    /// <returns>True if the string ended; its quote has been read.</returns>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Unescape(ReadOnlySpan<byte> json, Span<byte> text, out int read, out int written)
    {
        read = written = 0;
        while (true)
        {
            // Plain bytes are copied sixteen at once; the surplus is overwritten by what follows.
            while (json.Length - read >= Vector128<byte>.Count && text.Length - written >= Vector128<byte>.Count)
            {
                var bytes = Vector128.Create(json.Slice(read, Vector128<byte>.Count));
                bytes.CopyTo(text[written..]);
                var special = (Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                    | Vector128.Equals(bytes, Vector128.Min(bytes, Vector128.Create((byte)0x1F)))).ExtractMostSignificantBits();
                var plain = special == 0 ? Vector128<byte>.Count : BitOperations.TrailingZeroCount(special);
                read += plain;
                written += plain;
                if (special == 0)
                {
                    continue;
                }

                // Nearly all escapes are the quotes of attributes.
                if (json[read] != '\\' || read + 1 >= json.Length || json[read + 1] != '"')
                {
                    break;
                }

                text[written++] = (byte)'"';
                read += 2;
            }

            if (read == json.Length)
            {
                return false;
            }

            var rest = json[read..];
            if (rest[0] == '"')
            {
                read++;
                return true;
            }

            if (rest[0] < 0x20)
            {
                throw new JsonException("A string holds a control character.");
            }

            if (rest[0] != '\\')
            {
                text[written++] = rest[0];
                read++;
                continue;
            }

            if (rest.Length < 2)
            {
                return false;
            }

            if (rest[1] != 'u')
            {
                text[written++] = rest[1] switch
                {
                    (byte)'"' or (byte)'\\' or (byte)'/' => rest[1],
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    _ => throw new JsonException("A string has an escape that JSON doesn't have."),
                };
                read += 2;
                continue;
            }

            if (rest.Length < 6)
            {
                return false;
            }

            var unit = Unit(rest);
            if (unit < 0x80)
            {
                text[written++] = (byte)unit;
                read += 6;
                continue;
            }

            var rune = Rune.ReplacementChar;
            var used = 6;
            if (char.IsHighSurrogate(unit))
            {
                if (rest.Length < 12 && (rest.Length == 6 || rest[6] == '\\'))
                {
                    return false;
                }

                if (rest.Length >= 12 && rest[6] == '\\' && rest[7] == 'u' && Rune.TryCreate(unit, Unit(rest[6..]), out rune))
                {
                    used = 12;
                }
                else
                {
                    rune = Rune.ReplacementChar;
                }
            }
            else if (!Rune.TryCreate(unit, out rune))
            {
                rune = Rune.ReplacementChar;
            }

            written += rune.EncodeToUtf8(text[written..]);
            read += used;
        }
    }

    private static char Unit(ReadOnlySpan<byte> escape)
    {
        var unit = 0;
        foreach (var digit in escape.Slice(2, 4))
        {
            var value = HexValue(digit);
            unit = value < 0 ? throw new JsonException("A string has an escape that JSON doesn't have.") : (unit << 4) | value;
        }

        return (char)unit;
    }

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => -1,
    };
}
