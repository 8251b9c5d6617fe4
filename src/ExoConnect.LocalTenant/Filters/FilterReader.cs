using System.Text;

namespace ExoConnect.LocalTenant.Filters;

/// <summary>Steps through the text of a filter; the two languages share it.</summary>
/// <param name="text">The filter.</param>
internal sealed class FilterReader(string text)
{
    // As deep as the parsers follow parentheses; more is no filter that anybody wrote.
    private const int MaxDepth = 100;

    private int _depth;

    /// <summary>Where it stands.</summary>
    public int Position { get; private set; }

    /// <summary>Whether only white space is left.</summary>
    public bool AtEnd
    {
        get
        {
            SkipSpace();
            return Position >= text.Length;
        }
    }

    /// <summary>The next character behind white space; NUL at the end.</summary>
    public char Peek()
    {
        SkipSpace();
        return Position < text.Length ? text[Position] : '\0';
    }

    /// <summary>Steps over a character if it is the next.</summary>
    public bool Take(char expected)
    {
        if (Peek() != expected || Position >= text.Length)
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>Steps over a word if it is the next and ends there, in any case.</summary>
    public bool TakeWord(string word)
    {
        SkipSpace();
        var end = Position + word.Length;
        if (string.Compare(text, Position, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0
            || (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_')))
        {
            return false;
        }

        Position = end;
        return true;
    }

    /// <summary>The next run of letters, digits and the characters given; empty when there is none.</summary>
    public string Word(string also = "_")
    {
        SkipSpace();
        var start = Position;
        while (Position < text.Length && (char.IsLetterOrDigit(text[Position]) || also.Contains(text[Position], StringComparison.Ordinal)))
        {
            Position++;
        }

        return text[start..Position];
    }

    /// <summary>A quoted string; the quote doubled stands for itself.</summary>
    public string Quoted()
    {
        var quote = Peek();
        var start = Position++;
        var value = new StringBuilder();
        while (Position < text.Length)
        {
            var letter = text[Position++];
            if (letter != quote)
            {
                value.Append(letter);
            }
            else if (Position < text.Length && text[Position] == quote)
            {
                value.Append(quote);
                Position++;
            }
            else
            {
                return value.ToString();
            }
        }

        throw new FormatException($"The string that begins at position {start + 1} has no closing quotation mark.");
    }

    /// <summary>Parses something inside of parentheses, the opening one already taken.</summary>
    public Filter Nested(Func<Filter> parse)
    {
        if (++_depth > MaxDepth)
        {
            throw new FormatException("The filter is nested too deeply.");
        }

        var inner = parse();
        Expect(')');
        _depth--;
        return inner;
    }

    /// <summary>Steps over a character that has to be next.</summary>
    public void Expect(char expected)
    {
        if (!Take(expected))
        {
            throw Unexpected($"'{expected}'");
        }
    }

    /// <summary>The error that something else was expected here.</summary>
    public FormatException Unexpected(string expected)
    {
        return new FormatException(
            AtEnd ? $"The filter ends where {expected} is expected."
                : $"'{text[Position]}' at position {Position + 1} is unexpected; expected {expected}.");
    }

    private void SkipSpace()
    {
        while (Position < text.Length && char.IsWhiteSpace(text[Position]))
        {
            Position++;
        }
    }
}
