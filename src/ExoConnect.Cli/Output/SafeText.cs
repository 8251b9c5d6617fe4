using System.Buffers;
using System.Text;

namespace ExoConnect.Cli.Output;

/// <summary>
/// Makes foreign text safe for a terminal: a display name may hold escape sequences that move the cursor, or marks that change the direction of a
/// line. Only text for people goes through here; data for programs stays unchanged.
/// </summary>
internal static class SafeText
{
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Concat([0x200E, 0x200F, 0x2028, 0x2029])
            .Concat(Enumerable.Range(0x202A, 5)).Concat(Enumerable.Range(0x2066, 4)).Select(c => (char)c)]);

    /// <summary>One line.</summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>Lines.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    private static string Clean(string text, bool keepLines)
    {
        if (!text.AsSpan().ContainsAny(Unsafe))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!Unsafe.Contains(c) || (keepLines && c == '\n'))
            {
                clean.Append(c);
            }
            else if (c is '\n' or '\t' or '\u2028' or '\u2029')
            {
                clean.Append(' ');
            }
            else if (c is not '\r')
            {
                clean.Append('\uFFFD');
            }
        }

        return clean.ToString();
    }
}
