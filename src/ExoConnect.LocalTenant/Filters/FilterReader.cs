using System.Text;

namespace ExoConnect.LocalTenant.Filters;

/// <summary>Reads the text of a filter; both languages use it.</summary>
/// <param name="text">The filter.</param>
internal sealed class FilterReader(string text)
{
    // The deepest parentheses that the parsers follow; filters that people write have fewer.
    private const int MaxDepth = 100;

    private int _depth;

    /// <summary>The current position.</summary>
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

    /// <summary>The next character after white space; NUL at the end.</summary>
    public char Peek()
    {
        SkipSpace();
        return Position < text.Length ? text[Position] : '\0';
    }

    /// <summary>Skips a character if it is next.</summary>
    public bool Take(char expected)
    {
        if (Peek() != expected || Position >= text.Length)
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>Skips a word if it is next and ends there, in any case.</summary>
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

    /// <summary>A quoted string; a doubled quote is a quote.</summary>
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

    /// <summary>Parses a condition in parentheses, after the opening one.</summary>
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

    /// <summary>Skips a character that has to be next.</summary>
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
