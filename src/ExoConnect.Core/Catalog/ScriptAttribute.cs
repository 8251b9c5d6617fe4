using System.Buffers.Text;
using System.Text;

namespace ExoConnect.Core.Catalog;

/// <summary>One <c>[...]</c> before a parameter or a param block: an attribute with its arguments, or a type.</summary>
internal readonly ref struct ScriptAttribute
{
    private ScriptAttribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, bool isType, ReadOnlySpan<byte> text)
    {
        Name = name;
        Arguments = arguments;
        IsType = isType;
        Text = text;
    }

    /// <summary>The attribute's last name, without a namespace or the suffix <c>Attribute</c>.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The text between its round brackets.</summary>
    public ReadOnlySpan<byte> Arguments { get; }

    /// <summary>Whether it is a type, not an attribute.</summary>
    public bool IsType { get; }

    /// <summary>The text between the square brackets.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Reads the bracket at a position and moves after it; false, unmoved, if it never closes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out ScriptAttribute attribute)
    {
        var end = ScriptText.SkipBalanced(text, position);
        if (end < 0)
        {
            attribute = default;
            return false;
        }

        var inner = text[(position + 1)..(end - 1)];
        position = end;

        var start = ScriptText.SkipTrivia(inner, 0);
        var nameEnd = start;
        while (nameEnd < inner.Length && (ScriptText.IsWord(inner[nameEnd]) || inner[nameEnd] == '.'))
        {
            nameEnd++;
        }

        var name = inner[start..nameEnd];
        name = name[(name.LastIndexOf((byte)'.') + 1)..];
        if (name.Length > 9 && Ascii.EqualsIgnoreCase(name[^9..], "attribute"u8))
        {
            name = name[..^9];
        }

        var open = ScriptText.SkipTrivia(inner, nameEnd);
        if (open < inner.Length && inner[open] == '(')
        {
            var close = ScriptText.SkipBalanced(inner, open);
            attribute = new ScriptAttribute(name, inner[(open + 1)..(close < 0 ? inner.Length : close - 1)], isType: false, inner);
        }
        else
        {
            // [Parameter] without round brackets is the attribute without arguments; no type has that name.
            var bare = open >= inner.Length && (Is(name, "parameter"u8) || Is(name, "cmdletbinding"u8));
            attribute = new ScriptAttribute(name, default, !bare, inner);
        }

        return true;
    }

    public bool Is(ReadOnlySpan<byte> lowerCaseName) => !IsType && Is(Name, lowerCaseName);

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowerCaseName) => Ascii.EqualsIgnoreCase(name, lowerCaseName);
}

/// <summary>Enumerates an attribute's arguments.</summary>
internal ref struct AttributeArguments(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _position;
    private bool _bare;

    /// <summary>The current argument's name; empty for one given by position.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The current argument's value as written.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool MoveNext()
    {
        var start = ScriptText.SkipTrivia(_text, _position);
        if (start >= _text.Length)
        {
            return false;
        }

        var end = ScriptText.SkipEntry(_text, start);
        _position = end + 1;
        var entry = _text[start..end];

        var nameEnd = 0;
        while (nameEnd < entry.Length && ScriptText.IsWord(entry[nameEnd]))
        {
            nameEnd++;
        }

        var behind = ScriptText.SkipTrivia(entry, nameEnd);
        _bare = nameEnd > 0 && behind == entry.Length;
        var named = nameEnd > 0 && behind < entry.Length && entry[behind] == '=';
        Name = named || _bare ? entry[..nameEnd] : default;
        Value = named ? entry[ScriptText.SkipTrivia(entry, behind + 1)..] : _bare ? default : entry;
        return true;
    }

    public readonly bool Is(ReadOnlySpan<byte> lowerCaseName) => Ascii.EqualsIgnoreCase(Name, lowerCaseName);

    /// <summary>The value as true or false; an argument without a value is true.</summary>
    public readonly bool ReadBoolean() => _bare || ScriptText.Matches(Value, 0, "$true"u8) || ReadInteger() is > 0;

    /// <summary>The value as a number, null if it isn't one or is negative.</summary>
    public readonly int? ReadInteger() =>
        Utf8Parser.TryParse(Value, out int number, out var length) && number >= 0 && ScriptText.SkipTrivia(Value, length) == Value.Length
            ? number
            : null;

    /// <summary>The value as a number of any sign, null if it isn't one.</summary>
    public readonly long? ReadNumber()
    {
        var text = _bare ? Name : Value;
        return Utf8Parser.TryParse(text, out long number, out var length) && ScriptText.SkipTrivia(text, length) == text.Length ? number : null;
    }

    /// <summary>The value as text, null if it is not a plain string.</summary>
    public readonly string? ReadText() => ReadText(Value);

    private static string? ReadText(ReadOnlySpan<byte> value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        var quote = ScriptText.QuoteAt(value, 0, out var opening);
        if (quote == ScriptText.Quote.None)
        {
            return null;
        }

        var end = ScriptText.SkipString(value, 0);
        if (end < 0 || ScriptText.SkipTrivia(value, end) != value.Length)
        {
            return null;
        }

        // The closing quote may be of the other, typographic kind.
        var closing = end >= 3 + opening && ScriptText.QuoteAt(value, end - 3, out var length) == quote && length == 3 ? 3 : 1;
        var content = value[opening..(end - closing)];
        var text = Encoding.UTF8.GetString(content);
        return content.ContainsAny("'\"`\u2018"u8) ? Unescape(text, quote) : text;
    }

    // Two quotes mean one, the second of them: the typographic ones count as quotes too.
    private static string Unescape(string text, ScriptText.Quote quote)
    {
        var quotes = quote == ScriptText.Quote.Single ? "'\u2018\u2019\u201A\u201B" : "\"\u201C\u201D\u201E";
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '`' && quote == ScriptText.Quote.Double && i + 1 < text.Length)
            {
                c = text[++i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', var other => other };
            }
            else if (quotes.Contains(c, StringComparison.Ordinal) && i + 1 < text.Length)
            {
                c = text[++i];
            }

            result.Append(c);
        }

        return result.ToString();
    }
}
