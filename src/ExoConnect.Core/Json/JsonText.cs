using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ExoConnect.Core.Json;

/// <summary>Undoes the escapes of a JSON string piece by piece, for texts of which no part should wait for the end.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>Undoes escapes.</summary>
    /// <param name="json">What stands in the string from here on, and perhaps behind it.</param>
    /// <param name="text">Takes the text; as long as the bytes.</param>
    /// <param name="read">How many bytes were read: less than there are where the string ends, or an escape isn't complete.</param>
    /// <param name="written">How many bytes of text there are.</param>
    /// <returns>True where the string ended; its quote has been read.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Unescape(ReadOnlySpan<byte> json, Span<byte> text, out int read, out int written)
    {
        read = written = 0;
        while (true)
        {
            var rest = json[read..];
            var plain = rest.IndexOfAny(Special);
            if (plain < 0)
            {
                plain = rest.Length;
            }

            rest[..plain].CopyTo(text[written..]);
            read += plain;
            written += plain;
            if (plain == rest.Length)
            {
                return false;
            }

            if (rest[plain] == '"')
            {
                read++;
                return true;
            }

            if (rest[plain] != '\\')
            {
                throw new JsonException("A control character stands in a string.");
            }

            rest = rest[plain..];
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

    private static char Unit(ReadOnlySpan<byte> escape) =>
        ushort.TryParse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : throw new JsonException("A string has an escape that JSON doesn't have.");
}
