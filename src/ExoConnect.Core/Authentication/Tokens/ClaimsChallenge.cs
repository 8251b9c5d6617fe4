using System.Text;
using System.Text.Json;

namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>
/// The claims challenge of a 401. A service that evaluates access continuously says in <c>WWW-Authenticate</c> what the next token must prove, and
/// the sign-in host needs that text.
/// </summary>
public static class ClaimsChallenge
{
    private const int MaximumLength = 64 * 1024;

    /// <summary>Finds the challenge.</summary>
    /// <param name="wwwAuthenticate">The values of the header; any text.</param>
    /// <returns>The claims as JSON, or null for none. Never throws.</returns>
    public static string? Parse(IEnumerable<string?>? wwwAuthenticate)
    {
        foreach (var value in wwwAuthenticate ?? [])
        {
            if (Parse(value) is { } claims)
            {
                return claims;
            }
        }

        return null;
    }

    /// <summary>Finds the challenge.</summary>
    /// <param name="wwwAuthenticate">One value of the header; any text.</param>
    /// <returns>The claims as JSON, or null for none. Never throws.</returns>
    public static string? Parse(string? wwwAuthenticate)
    {
        if (string.IsNullOrEmpty(wwwAuthenticate) || wwwAuthenticate.Length > MaximumLength)
        {
            return null;
        }

        var scanner = new Scanner(wwwAuthenticate);
        while (scanner.NextParameter(out var scheme, out var name, out var value))
        {
            if (name.Equals("claims", StringComparison.OrdinalIgnoreCase)
                && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
                && Decode(value) is { } claims)
            {
                return claims;
            }
        }

        return null;
    }

    private static string? Decode(string value)
    {
        if (!TokenReader.TryDecode(value.Trim(), out var bytes))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Encoding.UTF8.GetString(bytes.Span) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Scans <c>Scheme name=value, name="quoted \" value", Scheme2 name=value</c>.</summary>
    private ref struct Scanner(string text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;
        private string _scheme = string.Empty;

        public bool NextParameter(out string scheme, out string name, out string value)
        {
            while (_at < _text.Length)
            {
                var word = Word();
                if (word.Length == 0)
                {
                    _at++;
                    continue;
                }

                var before = _at;
                SkipSpaces();
                if (_at < _text.Length && _text[_at] == '=')
                {
                    _at++;
                    SkipSpaces();
                    (scheme, name, value) = (_scheme, word, _at < _text.Length && _text[_at] == '"' ? Quoted() : Bare());
                    return true;
                }

                // A word without '=' begins the next challenge.
                _at = before;
                _scheme = word;
            }

            (scheme, name, value) = (string.Empty, string.Empty, string.Empty);
            return false;
        }

        private string Word()
        {
            var start = _at;
            while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not (',' or '=' or '"'))
            {
                _at++;
            }

            return _text[start.._at].ToString();
        }

        private string Bare()
        {
            var start = _at;
            while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not ',')
            {
                _at++;
            }

            return _text[start.._at].ToString();
        }

        private string Quoted()
        {
            var value = new StringBuilder();
            for (_at++; _at < _text.Length && _text[_at] != '"'; _at++)
            {
                if (_text[_at] == '\\' && _at + 1 < _text.Length)
                {
                    _at++;
                }

                value.Append(_text[_at]);
            }

            _at++;
            return value.ToString();
        }

        private void SkipSpaces()
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            {
                _at++;
            }
        }
    }
}
