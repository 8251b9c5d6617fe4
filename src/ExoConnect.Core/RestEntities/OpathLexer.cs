using System.Globalization;
using System.Text;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>The kinds of tokens in a filter.</summary>
internal enum TokenKind
{
    /// <summary>Nothing is left.</summary>
    End,

    /// <summary>A property name, or text that lacks its quotation marks.</summary>
    Word,

    /// <summary>A whole or decimal number.</summary>
    Number,

    /// <summary>A text that starts like a number but isn't one: a date, a size, a GUID without quotation marks.</summary>
    Unquoted,

    /// <summary>Quoted text; the token's text is the part between the marks.</summary>
    Text,

    /// <summary>A dollar sign and a name.</summary>
    Variable,

    /// <summary>A dash and letters; the token's text is the name in lower case, without the dash. <c>!</c> is <c>not</c>.</summary>
    Operator,

    /// <summary>An opening parenthesis.</summary>
    Open,

    /// <summary>A closing parenthesis.</summary>
    Close,
}

/// <summary>A token of a filter.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="End">Where the next token may start.</param>
/// <param name="Text">Its text.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End, string Text);

/// <summary>Cuts a filter into tokens, one at a time, in one pass.</summary>
internal sealed class OpathLexer(string text)
{
    private int _position;

    /// <summary>Reads the next token.</summary>
    /// <exception cref="ExoException"><c>InvalidFilter</c>: no token can start here, or a text has no end.</exception>
    public Token Next()
    {
        while (_position < text.Length && (char.IsWhiteSpace(text[_position]) || IsInvisible(text[_position])))
        {
            _position++;
        }

        var start = _position;
        if (start == text.Length)
        {
            return new Token(TokenKind.End, start, start, string.Empty);
        }

        var c = text[start];
        return c switch
        {
            '(' => Take(TokenKind.Open, start + 1),
            ')' => Take(TokenKind.Close, start + 1),
            '!' => Take(TokenKind.Operator, start + 1) with { Text = "not" },
            '\'' or '"' => ReadText(c),
            '$' => Take(TokenKind.Variable, EndOf(start + 1, static x => char.IsAsciiLetterOrDigit(x) || x is '_' or '.' or ':')),
            _ when IsDash(c) => ReadDash(),
            _ when char.IsAsciiDigit(c) => ReadNumber(),
            _ when char.IsLetter(c) || c == '_' => Take(TokenKind.Word, EndOf(start, static x => char.IsLetterOrDigit(x) || x == '_')),
            _ => throw Unexpected(c),
        };
    }

    /// <summary>Word processors turn hyphens into dashes; PowerShell accepts these, so filters do as well.</summary>
    private static bool IsDash(char c) => c is '-' or '\u2013' or '\u2014' or '\u2015';

    /// <summary>Invisible marks in text copied from a page.</summary>
    public static bool IsInvisible(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    /// <summary>Everything up to the next blank, parenthesis or quotation mark: one word to a user.</summary>
    public static string RunAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && !(char.IsWhiteSpace(text[end]) || text[end] is '(' or ')' or '\'' or '"'))
        {
            end++;
        }

        return text[start..end];
    }

    private Token Take(TokenKind kind, int end)
    {
        var token = new Token(kind, _position, end, text[_position..end]);
        _position = end;
        return token;
    }

    private int EndOf(int start, Func<char, bool> belongs)
    {
        while (start < text.Length && belongs(text[start]))
        {
            start++;
        }

        return start;
    }

    private Token ReadDash()
    {
        var next = _position + 1 < text.Length ? text[_position + 1] : '\0';
        if (char.IsAsciiDigit(next))
        {
            return ReadNumber();
        }

        if (!char.IsAsciiLetter(next))
        {
            throw FilterErrors.At(
                text,
                _position,
                "a dash must be followed by the name of an operator.",
                "Write -eq, -like, -and and so on without a blank after the dash.");
        }

        var token = Take(TokenKind.Operator, EndOf(_position + 1, char.IsAsciiLetter));
        return token with { Text = token.Text[1..].ToLowerInvariant() };
    }

    private Token ReadNumber()
    {
        var run = RunAt(text, _position);
        var digits = run.AsSpan(IsDash(run[0]) ? 1 : 0);
        var point = digits.IndexOf('.');
        var isNumber = point < 0
            ? !digits.ContainsAnyExceptInRange('0', '9')
            : point > 0 && point < digits.Length - 1
                && !digits[..point].ContainsAnyExceptInRange('0', '9') && !digits[(point + 1)..].ContainsAnyExceptInRange('0', '9');
        var token = Take(isNumber ? TokenKind.Number : TokenKind.Unquoted, _position + run.Length);
        return isNumber && IsDash(run[0]) ? token with { Text = "-" + digits.ToString() } : token;
    }

    private Token ReadText(char mark)
    {
        var start = _position;
        var content = new StringBuilder();
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] != mark)
            {
                content.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == mark)
            {
                content.Append(mark);
                i++;
            }
            else
            {
                _position = i + 1;
                return new Token(TokenKind.Text, start, _position, content.ToString());
            }
        }

        throw FilterErrors.At(
            text, start, $"the text that starts here has no closing {mark}.", "Close it; a quotation mark inside text is doubled, as in 'O''Brien'.");
    }

    private ExoException Unexpected(char c)
    {
        var (problem, remedy) = c switch
        {
            '\u2018' or '\u2019' or '\u201A' or '\u201B' or '\u201C' or '\u201D' or '\u201E' =>
                ("this is a typographic quotation mark.", "Put text in straight quotation marks, as in 'text'."),
            '{' or '}' => ("a filter has no braces.", "Leave them out; group conditions with parentheses."),
            '=' => ("= isn't an operator.", "Compare with -eq."),
            '<' or '>' => ($"{c} isn't an operator.", "Compare with -lt, -le, -gt or -ge."),
            '&' or '|' => ($"{c} isn't an operator.", "Join conditions with -and or -or."),
            '`' => ("a backtick has no meaning here.", "PowerShell takes it away inside double quotation marks only."),
            _ => ($"{FilterErrors.Printable(c.ToString())} has no meaning here.", "Put text in single quotation marks, as in 'text'."),
        };
        return FilterErrors.At(text, _position, problem, remedy);
    }
}
