using System.Text;
using System.Text.RegularExpressions;

namespace ExoConnect.Core.Text;

/// <summary>
/// Text from outside (a service's errors and warnings, an exception of the HTTP stack) for people: without bearer tokens, assertions, passwords in
/// addresses, and without characters that drive a terminal.
/// </summary>
public static partial class ShownText
{
    private const string Removed = "[removed]";

    /// <summary>The parts that every secret has; nearly all text has none of them and is returned unchanged.</summary>
    private static readonly string[] Signs =
        ["eyJ", "bearer", "basic", "://", "secret", "assertion", "password", "passwd", "pwd", "token", "saml", "sig="];

    /// <summary>Removes everything that must not be shown.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text; the same object if there was nothing to remove. Line breaks and tabs stay.</returns>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // Control characters first: they could stand in the middle of a token.
        var shown = text.Any(IsControl) ? WithoutControls(text) : text;
        if (!Array.Exists(Signs, sign => shown.Contains(sign, StringComparison.OrdinalIgnoreCase)))
        {
            return shown;
        }

        shown = AddressPassword().Replace(shown, "$1" + Removed + "@");
        shown = JsonToken().Replace(shown, Removed);
        shown = Scheme().Replace(shown, "$1 " + Removed);
        shown = WrittenPassword().Replace(shown, "$1" + Removed);
        return NamedSecret().Replace(shown, "$1$2" + Removed);
    }

    /// <summary>
    /// Control characters except line breaks and tabs, those that change the direction of text, and those that nobody sees. The joiners and marks
    /// that scripts write words with stay.
    /// </summary>
    private static bool IsControl(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
        || c is '\u00AD' or '\u200B' or (>= '\u2028' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or '\uFEFF' or (>= '\uFFF9' and <= '\uFFFB');

    private static string WithoutControls(string text)
    {
        var whole = TerminalSequence().Replace(text, "");
        var kept = new StringBuilder(whole.Length);
        foreach (var c in whole)
        {
            if (!IsControl(c))
            {
                kept.Append(c);
            }
        }

        return kept.ToString();
    }

    /// <summary>A sequence of ECMA-48: CSI with its parameters, or a string of OSC, DCS, PM or APC up to its end.</summary>
    [GeneratedRegex(
        @"(?:\x1B\[|\x9B)[0-?]*[ -/]*[@-~]|(?:\x1B[\]PX^_]|[\x90\x98\x9D-\x9F])[^\x07\x1B\x9C]*(?:\x07|\x1B\\|\x9C)", RegexOptions.CultureInvariant)]
    private static partial Regex TerminalSequence();

    [GeneratedRegex(@"\b([a-z][a-z0-9+.-]{1,20}://)[^/\s@:]*:[^/\s@]+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AddressPassword();

    /// <summary>
    /// A JWS or JWE, complete or cut: the header is base64url of a JSON object, so it begins with eyJ. It may be wrapped into lines: a piece that
    /// follows has digits, capitals and small letters.
    /// </summary>
    [GeneratedRegex(
        @"eyJ[A-Za-z0-9_-]{8,}(?:\.{1,2}[A-Za-z0-9_-]+){0,4}"
            + @"(?:[\s.\u200C-\u200F]+(?=[a-z0-9._-]*[A-Z])(?=[A-Z0-9._-]*[a-z])(?=[A-Za-z._-]*[0-9])[A-Za-z0-9._-]{16,})*",
        RegexOptions.CultureInvariant)]
    private static partial Regex JsonToken();

    /// <summary>
    /// The credentials of an Authorization header. A word after "bearer" that has neither a digit nor a capital in its middle is prose.
    /// </summary>
    [GeneratedRegex(
        @"\b(Bearer|Basic)\s+(?!\[removed\])(?=[A-Za-z0-9._~+/-]*(?:[0-9]|(?-i:[a-z][A-Z]))|[A-Za-z0-9._~+/-]{24})[A-Za-z0-9._~+/-]{8,}=*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    /// <summary>A password behind a colon. A word that has neither a digit nor a capital in its middle is prose.</summary>
    [GeneratedRegex(
        @"\b((?:password|passwd|pwd|client_secret):\s*)(?!\[removed\])(?=\S*(?:[0-9]|(?-i:[a-z][A-Z])))[^\s""&<>;,]{6,}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WrittenPassword();

    /// <summary>A secret by its name, in a form, a query or JSON.</summary>
    [GeneratedRegex(
        @"\b(client_assertion|assertion|client_secret|access_token|refresh_token|id_token|password|passwd|pwd|SAMLResponse|sig)(=|""\s*:\s*"")(?!\[removed\])[^\s""&<>;]{1,}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamedSecret();
}
