using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ExoConnect.Core.Clixml;

/// <summary>
/// Reads the subset of XML that PowerShell's serialisation uses (MS-PSRP 2.2.5), tag by tag, from incomplete UTF-8. It knows elements, the
/// attributes <c>N</c> and <c>RefId</c>, text and the five named entities. It refuses document types and CDATA, so a document can't declare
/// anything.
/// </summary>
/// <param name="xml">The bytes.</param>
/// <param name="isFinal">True if no more bytes will come: an incomplete element is then an error.</param>
internal ref struct ClixmlScanner(ReadOnlySpan<byte> xml, bool isFinal)
{
    private static readonly SearchValues<byte> NameEnd = SearchValues.Create(" \t\r\n/>"u8);
    private readonly ReadOnlySpan<byte> _xml = xml;
    private readonly bool _isFinal = isFinal;

    /// <summary>The position of the next byte. Undefined after a method that needed more bytes.</summary>
    public int Position { get; set; }

    /// <summary>The name of the last tag.</summary>
    public ReadOnlySpan<byte> Tag { get; private set; }

    /// <summary>Its attribute <c>N</c>, not decoded; empty for none.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Its attribute <c>RefId</c>; -1 for none.</summary>
    public int RefId { get; private set; }

    /// <summary>That attribute's text; empty for none.</summary>
    public ReadOnlySpan<byte> RefIdText { get; private set; }

    /// <summary>The remaining bytes.</summary>
    public readonly ReadOnlySpan<byte> Rest => _xml[Position..];

    /// <summary>The bytes from a position to the current one.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => _xml[start..Position];

    /// <summary>Whether it ends an element.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Whether its element is empty: no end comes for it.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>A value's decoded text, in UTF-8. Readers set it.</summary>
    public ReadOnlySpan<byte> Value { get; set; }

    /// <summary>Reads a tag.</summary>
    /// <returns>False if it needs more bytes; so do all methods that follow.</returns>
    /// <exception cref="JsonException">The bytes are not such a document, or have ended; so for all methods that follow.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTag()
    {
        while (true)
        {
            SkipSpace();
            if (Position + 1 >= _xml.Length)
            {
                return NeedsMore();
            }

            if (_xml[Position] != '<')
            {
                throw Malformed("text stands between elements");
            }

            var first = _xml[Position + 1];
            if (first is not ((byte)'?' or (byte)'!'))
            {
                break;
            }

            // A declaration at the beginning, and comments, carry no data.
            var isComment = first == '!';
            var opening = isComment ? "<!--"u8 : "<?"u8;
            var closing = isComment ? "-->"u8 : "?>"u8;
            if (!_xml[Position..].StartsWith(opening))
            {
                return _xml.Length - Position < opening.Length ? NeedsMore() : throw Malformed("it declares something");
            }

            var end = _xml[(Position + opening.Length)..].IndexOf(closing);
            if (end < 0)
            {
                return NeedsMore();
            }

            Position += opening.Length + end + closing.Length;
        }

        var at = Position + 1;
        IsEnd = _xml[at] == '/';
        if (IsEnd)
        {
            at++;
        }

        var length = _xml[at..].IndexOfAny(NameEnd);
        if (length < 0)
        {
            return NeedsMore();
        }

        if (length == 0)
        {
            throw Malformed("an element has no name");
        }

        Tag = _xml.Slice(at, length);
        Name = default;
        RefId = -1;
        RefIdText = default;
        IsEmpty = false;
        at += length;
        while (true)
        {
            while (at < _xml.Length && IsSpace(_xml[at]))
            {
                at++;
            }

            if (at >= _xml.Length)
            {
                return NeedsMore();
            }

            if (_xml[at] == '>')
            {
                Position = at + 1;
                return true;
            }

            if (_xml[at] == '/')
            {
                if (at + 1 >= _xml.Length)
                {
                    return NeedsMore();
                }

                IsEmpty = _xml[at + 1] == '>' && !IsEnd ? true : throw Malformed("a tag doesn't end");
                Position = at + 2;
                return true;
            }

            var equals = _xml[at..].IndexOf((byte)'=');
            if (equals < 0 || at + equals + 1 >= _xml.Length)
            {
                return NeedsMore();
            }

            var attribute = _xml.Slice(at, equals);
            at += equals + 1;
            var quote = _xml[at];
            if (quote is not ((byte)'"' or (byte)'\''))
            {
                throw Malformed("an attribute has no quotes");
            }

            var valueLength = _xml[(at + 1)..].IndexOf(quote);
            if (valueLength < 0)
            {
                return NeedsMore();
            }

            var value = _xml.Slice(at + 1, valueLength);
            at += valueLength + 2;
            if (attribute.Length == 1 && attribute[0] == 'N')
            {
                Name = value;
            }
            else if (attribute.SequenceEqual("RefId"u8))
            {
                RefIdText = value;
                RefId = Utf8Parser.TryParse(value, out int id, out var used) && used == value.Length && id >= 0 ? id
                    : throw Malformed("a RefId is not a number");
            }
        }
    }

    /// <summary>Reads the text of the element whose tag was read last, and its end, into <see cref="Value"/>, as it stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryText()
    {
        Value = default;
        if (IsEmpty)
        {
            return true;
        }

        var rest = _xml[Position..];
        var length = rest.IndexOf((byte)'<');
        if (length < 0 || length + Tag.Length + 3 > rest.Length)
        {
            return NeedsMore();
        }

        Value = rest[..length];
        var end = rest[(length + 1)..];
        if (end[0] == '/' && end[1..].StartsWith(Tag) && end[Tag.Length + 1] == '>')
        {
            Position += length + Tag.Length + 3;
            return true;
        }

        var tag = Tag;
        Position += length;
        if (!TryTag())
        {
            return false;
        }

        return IsEnd && Tag.SequenceEqual(tag) ? true : throw Malformed("a value holds an element");
    }

    /// <summary>Goes over text to the next tag.</summary>
    private bool TrySkipText()
    {
        var length = _xml[Position..].IndexOf((byte)'<');
        Position += Math.Max(length, 0);
        return length >= 0 || NeedsMore();
    }

    /// <summary>Goes to the end of the element whose tag was read last.</summary>
    /// <param name="depth">How deep it stands.</param>
    public bool TrySkip(int depth)
    {
        const int MaxOpen = 256;
        if (IsEmpty)
        {
            return true;
        }

        for (var open = 1; open > 0;)
        {
            if (!TrySkipText() || !TryTag())
            {
                return false;
            }

            open += IsEnd ? -1 : IsEmpty ? 0 : 1;
            if (open + depth > MaxOpen)
            {
                throw Malformed($"elements nest more than {MaxOpen} deep");
            }
        }

        return true;
    }

    /// <summary>Checks that the tag that was read last ends an element.</summary>
    /// <param name="tag">The element's name.</param>
    public readonly void Close(ReadOnlySpan<byte> tag)
    {
        if (!IsEnd || !Tag.SequenceEqual(tag))
        {
            throw Malformed($"'{Encoding.UTF8.GetString(tag)}' doesn't end where it should");
        }
    }

    /// <summary>Whether text is literal: it has no entity and no <c>_xHHHH_</c>.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text) => text.IndexOf((byte)'&') < 0 && text.IndexOf("_x"u8) < 0;

    /// <summary>Decodes text.</summary>
    /// <param name="text">The text, as it is in the document.</param>
    /// <returns>The text; half a surrogate pair becomes U+FFFD where it is put into UTF-8.</returns>
    public static string Decode(ReadOnlySpan<byte> text)
    {
        var source = Encoding.UTF8.GetString(text);
        var result = new StringBuilder(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            if (c == '_' && i + 6 < source.Length && source[i + 1] == 'x' && source[i + 6] == '_'
                && ushort.TryParse(source.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                result.Append((char)unit);
                i += 6;
            }
            else if (c == '&')
            {
                var end = source.IndexOf(';', i, Math.Min(12, source.Length - i));
                result.Append(end < 0 ? throw Malformed("an entity doesn't end") : Entity(source.AsSpan(i + 1, end - i - 1)));
                i = end;
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    /// <summary>The error of an invalid document.</summary>
    public static JsonException Malformed(string what) => new($"The CLIXML in the response can't be read: {what}.");

    private static string Entity(ReadOnlySpan<char> name)
    {
        switch (name)
        {
            case "amp":
                return "&";
            case "lt":
                return "<";
            case "gt":
                return ">";
            case "quot":
                return "\"";
            case "apos":
                return "'";
        }

        var isHex = name.StartsWith("#x", StringComparison.Ordinal);
        return name.StartsWith("#", StringComparison.Ordinal)
            && int.TryParse(
            name[(isHex ? 2 : 1)..], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            && Rune.IsValid(code) ? new Rune(code).ToString() : throw Malformed("it uses an entity that XML doesn't have");
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private void SkipSpace()
    {
        while (Position < _xml.Length && IsSpace(_xml[Position]))
        {
            Position++;
        }
    }

    private readonly bool NeedsMore() => _isFinal ? throw Malformed("it ends too early") : false;
}
