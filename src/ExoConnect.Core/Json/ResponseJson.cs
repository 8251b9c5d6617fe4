using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ExoConnect.Core.Json;

/// <summary>The common rules of all readers of responses.</summary>
internal static class ResponseJson
{
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = JsonScanner.MaxDepth, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>
    /// Makes every text in a JSON document readable: bytes that are not UTF-8, or an escape for half a surrogate pair, become U+FFFD. A
    /// <see cref="JsonDocument"/> accepts both, and fails only when the text is read.
    /// </summary>
    /// <param name="json">Any bytes.</param>
    /// <returns>The same bytes if there was nothing to replace.</returns>
    public static ReadOnlyMemory<byte> Readable(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        }

        byte[]? copy = null;
        for (var i = Escape(json.Span, 0); i >= 0; i = Escape(json.Span, i))
        {
            var (unit, next) = (Unit(json.Span, i), Unit(json.Span, i + 6));
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(next))
            {
                i += 12;
                continue;
            }

            if (char.IsSurrogate(unit))
            {
                copy ??= json.ToArray();
                "fffd"u8.CopyTo(copy.AsSpan(i + 2));
            }

            i += unit == 0 ? 2 : 6;
        }

        return copy ?? json;
    }

    /// <summary>Where the next escape begins; negative if there is none.</summary>
    private static int Escape(ReadOnlySpan<byte> json, int from) =>
        from >= json.Length ? -1 : json[from..].IndexOf((byte)'\\') is >= 0 and var at ? from + at : -1;

    /// <summary>The UTF-16 unit of an escape; 0 for another escape, or none.</summary>
    private static char Unit(ReadOnlySpan<byte> json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out var used, 'x') && used == 4 ? (char)unit : '\0';

    /// <summary>The text of a string element; null for any other.</summary>
    public static string? Text(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: the escapes unchanged say more than nothing. Bytes that are not UTF-8 say nothing.
            try
            {
                return element.GetRawText().Trim('"');
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }
}
