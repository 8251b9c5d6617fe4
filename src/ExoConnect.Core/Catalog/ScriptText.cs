using System.Buffers;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// Scans PowerShell text (UTF-8). It knows no more of the language than where strings, comments and brackets begin and end. Every method reads each
/// byte a bounded number of times and moves forward only, so no text can make it hang.
/// </summary>
internal static class ScriptText
{
    /// <summary>How deep strings and <c>$( )</c> may nest in each other before the text counts as unreadable.</summary>
    private const int MaximumNesting = 64;

    private const int MaximumVariableName = 256;
    private const int MaximumWord = 64;

    // A lead byte of the typographic quotes (U+2018 to U+201E), which PowerShell accepts as the plain ones.
    private const byte QuoteLead = 0xE2;

    private static readonly SearchValues<byte> InLiteral = SearchValues.Create([(byte)'\'', QuoteLead]);
    private static readonly SearchValues<byte> InExpandable = SearchValues.Create([(byte)'"', (byte)'`', (byte)'$', QuoteLead]);
    private static readonly SearchValues<byte> InHereString = SearchValues.Create([(byte)'\n', (byte)'`', (byte)'$']);
    private static readonly SearchValues<byte> InSubexpression = SearchValues.Create([(byte)'(', (byte)')', .. "'\"#`"u8, QuoteLead]);
    private static readonly SearchValues<byte> InParentheses = SearchValues.Create([(byte)'(', (byte)')', .. "'\"#`{"u8, QuoteLead]);
    private static readonly SearchValues<byte> InBrackets = SearchValues.Create([(byte)'[', (byte)']', .. "'\"#`{"u8, QuoteLead]);
    private static readonly SearchValues<byte> InEntry = SearchValues.Create([.. ",()[]{}'\"#`"u8, QuoteLead]);
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    internal enum Quote
    {
        None,
        Single,
        Double,
    }

    /// <summary>Whether a name is accepted for a cmdlet, a parameter or an alias: it can be placed in generated script unchanged.</summary>
    public static bool IsSafeName(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= 128 && name[0] != '-' && !name.ContainsAnyExcept(NameBytes);

    /// <summary>
    /// Whether a name is a verb of letters, a hyphen and a noun without another, as a request must name it. A function <c>if</c> or <c>prompt</c>
    /// would change the caller's shell.
    /// </summary>
    public static bool IsCmdletName(ReadOnlySpan<byte> name) =>
        IsSafeName(name) && name.IndexOf((byte)'-') is > 0 and <= 40 and var hyphen && hyphen < name.Length - 1
        && !name[(hyphen + 1)..].Contains((byte)'-') && !name[..hyphen].ContainsAnyExcept(Letters);

    /// <summary>Whether the bytes at a position spell an ASCII word, in any case. The word is given in lower case.</summary>
    public static bool Matches(ReadOnlySpan<byte> text, int position, ReadOnlySpan<byte> word) =>
        text.Length - position >= word.Length && System.Text.Ascii.EqualsIgnoreCase(text.Slice(position, word.Length), word);

    public static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f' or (byte)'\v';

    public static bool IsWord(byte value) =>
        value is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_' or >= 0x80;

    /// <summary>The quote at a position, and how many bytes it takes.</summary>
    public static Quote QuoteAt(ReadOnlySpan<byte> text, int position, out int length)
    {
        length = 1;
        switch (text[position])
        {
            case (byte)'\'':
                return Quote.Single;
            case (byte)'"':
                return Quote.Double;
            case QuoteLead when text.Length - position >= 3 && text[position + 1] == 0x80:
                length = 3;
                return text[position + 2] switch
                {
                    >= 0x98 and <= 0x9B => Quote.Single,
                    >= 0x9C and <= 0x9E => Quote.Double,
                    _ => Quote.None,
                };
            default:
                return Quote.None;
        }
    }

    /// <summary>The first byte that is neither white space nor comment, or the text's end.</summary>
    public static int SkipTrivia(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length)
        {
            var value = text[position];
            if (IsSpace(value))
            {
                position++;
            }
            else if (value == '#')
            {
                position = SkipLine(text, position);
            }
            else if (value == '<' && position + 1 < text.Length && text[position + 1] == '#')
            {
                position = SkipBlockComment(text, position + 2);
                if (position < 0)
                {
                    return text.Length;
                }
            }
            else if (value == '`' && position + 1 < text.Length && IsSpace(text[position + 1]))
            {
                position += 2;
            }
            else if (value == 0xC2 && position + 1 < text.Length && text[position + 1] == 0xA0)
            {
                position += 2;
            }
            else if (value == 0xEF && text[position..].StartsWith("\uFEFF"u8))
            {
                position += 3;
            }
            else
            {
                return position;
            }
        }

        return text.Length;
    }

    public static int SkipLine(ReadOnlySpan<byte> text, int position)
    {
        var end = text[position..].IndexOfAny((byte)'\n', (byte)'\r');
        return end < 0 ? text.Length : position + end;
    }

    /// <summary>The position after <c>#&gt;</c>, or -1 if the comment never ends.</summary>
    public static int SkipBlockComment(ReadOnlySpan<byte> text, int position)
    {
        if (position >= text.Length)
        {
            return -1;
        }

        var end = text[position..].IndexOf("#>"u8);
        return end < 0 ? -1 : position + end + 2;
    }

    /// <summary>
    /// Handles a <c>#</c> in code: the position after the comment it starts, after itself if it is part of a word, or -1 if a block comment never
    /// ends.
    /// </summary>
    public static int SkipHash(ReadOnlySpan<byte> text, int position)
    {
        if (position == 0)
        {
            return SkipLine(text, position);
        }

        var before = text[position - 1];
        if (before == '<')
        {
            return position > 1 && IsInWord(text, position - 1) ? position + 1 : SkipBlockComment(text, position + 1);
        }

        // In the middle of a word it is a letter like any other: issue#3, a/#b.
        return IsInWord(text, position) || "-.\\/:*?$%+~^!`#"u8.Contains(before) ? position + 1 : SkipLine(text, position);
    }

    // Whether the text before a position is part of a bare word, in which quotes and hashes are letters; a variable and a number end.
    private static bool IsInWord(ReadOnlySpan<byte> text, int position)
    {
        var start = position;
        while (start > 0 && position - start < MaximumWord && IsWord(text[start - 1]))
        {
            start--;
        }

        return start < position && (start == 0 || text[start - 1] != '$')
            && text[start..position].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>The position after the string or here-string whose opening quote is at a position, or -1 if it never ends.</summary>
    public static int SkipString(ReadOnlySpan<byte> text, int position)
    {
        var quote = QuoteAt(text, position, out var length);
        var content = position + length;
        if (IsAfterAt(text, position) && StartsHereString(text, content, out var firstLine))
        {
            return quote == Quote.Single ? SkipLiteralHereString(text, firstLine) : SkipExpandable(text, firstLine, hereString: true);
        }

        return quote == Quote.Single ? SkipLiteral(text, content) : SkipExpandable(text, content, hereString: false);
    }

    /// <summary>
    /// The position after the bracket that closes the one at a position, or -1 if none does. Brackets of other kinds don't count.
    /// </summary>
    public static int SkipBalanced(ReadOnlySpan<byte> text, int position)
    {
        var open = text[position];
        var stops = open == '(' ? InParentheses : InBrackets;
        var depth = 0;
        while (true)
        {
            var next = text[position..].IndexOfAny(stops);
            if (next < 0)
            {
                return -1;
            }

            position += next;
            var value = text[position];
            if (value == open)
            {
                depth++;
                position++;
            }
            else if (value is (byte)')' or (byte)']')
            {
                position++;
                if (--depth == 0)
                {
                    return position;
                }
            }
            else
            {
                position = SkipInCode(text, position);
                if (position < 0)
                {
                    return -1;
                }
            }

            if (position >= text.Length)
            {
                return -1;
            }
        }
    }

    /// <summary>The position of the comma that ends the entry at a position, or the text's end.</summary>
    public static int SkipEntry(ReadOnlySpan<byte> text, int position)
    {
        var depth = 0;
        while (position < text.Length)
        {
            var next = text[position..].IndexOfAny(InEntry);
            if (next < 0)
            {
                return text.Length;
            }

            position += next;
            switch (text[position])
            {
                case (byte)',' when depth <= 0:
                    return position;
                case (byte)',':
                    position++;
                    break;
                case (byte)'(' or (byte)'[':
                    depth++;
                    position++;
                    break;
                case (byte)'{':
                    var behind = SkipVariableBraces(text, position);
                    depth += behind == position + 1 ? 1 : 0;
                    position = behind;
                    break;
                case (byte)')' or (byte)']' or (byte)'}':
                    depth--;
                    position++;
                    break;
                default:
                    position = SkipInCode(text, position);
                    if (position < 0)
                    {
                        return text.Length;
                    }

                    break;
            }
        }

        return text.Length;
    }

    /// <summary>The position after <c>${name}</c> if the brace at a position belongs to one, else after the brace.</summary>
    public static int SkipVariableBraces(ReadOnlySpan<byte> text, int position)
    {
        if (position > 0 && text[position - 1] == '$')
        {
            // Searched nearby only: no name is longer, and a text full of beginnings must not cost a search to the end for each.
            var rest = text.Slice(position + 1, Math.Min(MaximumVariableName, text.Length - position - 1));
            var end = rest.IndexOfAny((byte)'}', (byte)'`');
            if (end >= 0 && rest[end] == '}')
            {
                return position + end + 2;
            }
        }

        return position + 1;
    }

    // A quote, hash, backtick, brace or lead byte in code; -1 if what starts there never ends.
    private static int SkipInCode(ReadOnlySpan<byte> text, int position) => text[position] switch
    {
        (byte)'`' => Math.Min(position + 2, text.Length),
        (byte)'#' => SkipHash(text, position),
        (byte)'{' => SkipVariableBraces(text, position),
        _ => QuoteAt(text, position, out _) == Quote.None ? position + 1 : SkipString(text, position),
    };

    private static int SkipLiteral(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length)
        {
            var next = text[position..].IndexOfAny(InLiteral);
            if (next < 0)
            {
                return -1;
            }

            position += next;
            if (QuoteAt(text, position, out var length) != Quote.Single)
            {
                position++;
                continue;
            }

            position += length;
            if (position >= text.Length || QuoteAt(text, position, out length) != Quote.Single)
            {
                return position;
            }

            position += length;
        }

        return -1;
    }

    // An @ that begins something, not one in the middle of a word.
    private static bool IsAfterAt(ReadOnlySpan<byte> text, int position) =>
        position > 0 && text[position - 1] == '@' && !(position > 1 && (IsWord(text[position - 2]) || "'\""u8.Contains(text[position - 2])));

    private static bool StartsHereString(ReadOnlySpan<byte> text, int position, out int firstLine)
    {
        while (position < text.Length && text[position] is (byte)' ' or (byte)'\t')
        {
            position++;
        }

        if (position < text.Length && text[position] == '\r')
        {
            position++;
        }

        // The line feed stays, so that the same rule finds an empty here-string's end.
        firstLine = position;
        return position < text.Length && text[position] == '\n';
    }

    private static int SkipLiteralHereString(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length)
        {
            var next = text[position..].IndexOf((byte)'\n');
            if (next < 0)
            {
                return -1;
            }

            position += next + 1;
            if (position < text.Length && QuoteAt(text, position, out var length) == Quote.Single
                && position + length < text.Length && text[position + length] == '@')
            {
                return position + length + 1;
            }
        }

        return -1;
    }

    private static int SkipExpandable(ReadOnlySpan<byte> text, int position, bool hereString)
    {
        // The enclosing constructs, innermost last: a string, a here-string, or a subexpression with its number of open brackets.
        const int InString = -1;
        const int InHere = -2;
        Span<int> within = stackalloc int[MaximumNesting];
        var level = 0;
        within[0] = hereString ? InHere : InString;

        while (position < text.Length)
        {
            var stops = within[level] switch { InString => InExpandable, InHere => InHereString, _ => InSubexpression };
            var next = text[position..].IndexOfAny(stops);
            if (next < 0)
            {
                return -1;
            }

            position += next;
            var value = text[position];
            if (value == '`')
            {
                position += 2;
                continue;
            }

            if (value == '$')
            {
                position++;
                if (position < text.Length && text[position] == '(')
                {
                    if (++level == MaximumNesting)
                    {
                        return -1;
                    }

                    within[level] = 0;
                    position++;
                }

                continue;
            }

            switch (within[level])
            {
                case InString:
                    if (QuoteAt(text, position, out var length) != Quote.Double)
                    {
                        position++;
                        continue;
                    }

                    position += length;
                    if (position < text.Length && QuoteAt(text, position, out length) == Quote.Double)
                    {
                        position += length;
                        continue;
                    }

                    break;

                case InHere:
                    position++;
                    if (position >= text.Length || QuoteAt(text, position, out length) != Quote.Double
                        || position + length >= text.Length || text[position + length] != '@')
                    {
                        continue;
                    }

                    position += length + 1;
                    break;

                default:
                    if (value == '(')
                    {
                        within[level]++;
                        position++;
                        continue;
                    }

                    if (value == ')')
                    {
                        position++;
                        if (within[level]-- > 0)
                        {
                            continue;
                        }

                        break;
                    }

                    if (value == '#')
                    {
                        position = SkipHash(text, position);
                    }
                    else if (QuoteAt(text, position, out length) is var quote && quote == Quote.Double)
                    {
                        if (++level == MaximumNesting)
                        {
                            return -1;
                        }

                        var here = IsAfterAt(text, position) & StartsHereString(text, position + length, out var firstLine);
                        within[level] = here ? InHere : InString;
                        position = here ? firstLine : position + length;
                    }
                    else
                    {
                        position = quote == Quote.Single ? SkipString(text, position) : position + 1;
                    }

                    if (position < 0)
                    {
                        return -1;
                    }

                    continue;
            }

            if (--level < 0)
            {
                return position;
            }
        }

        return -1;
    }
}
