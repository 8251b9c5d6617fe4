using System.Buffers;

namespace ExoConnect.Core.Catalog;

/// <summary>A function found in a module file: the positions of its name and its text.</summary>
/// <param name="NameStart">Where the name begins, after its scope.</param>
/// <param name="NameLength">The name's length in bytes.</param>
/// <param name="Scoped">Whether it is written <c>script:Name</c>, as cmdlets are and the file's own helpers are not.</param>
/// <param name="InlineStart">Where a parameter list before the body begins, with its bracket; 0 if there is none.</param>
/// <param name="Body">The position after the brace that opens the body.</param>
/// <param name="End">The position after the function, or where the next one begins if this one never ends.</param>
/// <remarks>
/// A class, like all types on the way to a catalog: lists and dictionaries of classes come compiled with the runtime; those of our own structs
/// would be compiled on the first connect of each process.
/// </remarks>
internal sealed record ScannedFunction(int NameStart, int NameLength, bool Scoped, int InlineStart, int Body, int End);

/// <summary>
/// Finds the functions of a module file (protocol.md section 3) without running or compiling any of it. One pass over the UTF-8 text jumps from one
/// relevant byte to the next (vectorised), and takes each function at the top level, outside strings and comments. If the text is damaged, so that
/// brackets or quotes do not match to the end, a second pass takes every line that begins like a function. Both passes are linear in the text's
/// length, whatever it holds.
/// </summary>
internal static class ModuleFileScanner
{
    private const byte QuoteLead = 0xE2;

    private static readonly SearchValues<byte> Structure = SearchValues.Create([.. "{}'\"#`fF"u8, QuoteLead]);

    /// <summary>Finds the top-level functions of well-formed text.</summary>
    /// <param name="text">The module file's UTF-8 text.</param>
    /// <param name="functions">The functions, in the order of the text; on false, those that were complete before the damage.</param>
    /// <returns>False if brackets, strings or comments do not match.</returns>
    public static bool TryScan(ReadOnlySpan<byte> text, out List<ScannedFunction> functions)
    {
        functions = [];
        var open = new List<OpenFunction>();
        var depth = 0;
        var clean = true;
        var position = 0;
        while (position < text.Length)
        {
            var next = text[position..].IndexOfAny(Structure);
            if (next < 0)
            {
                break;
            }

            position += next;
            switch (text[position])
            {
                case (byte)'f' or (byte)'F':
                    position = ReadHeader(text, position, out var header);
                    if (position < 0)
                    {
                        return false;
                    }

                    if (header is not null)
                    {
                        open.Add(new OpenFunction(header, depth, functions.Count));
                        depth++;
                    }

                    break;

                case (byte)'{':
                    var behind = ScriptText.SkipVariableBraces(text, position);
                    depth += behind == position + 1 ? 1 : 0;
                    position = behind;
                    break;

                case (byte)'}':
                    position++;
                    if (--depth < 0)
                    {
                        depth = 0;
                        clean = false;
                    }
                    else if (open.Count > 0 && open[^1].Depth == depth)
                    {
                        var (function, _, nestedFrom) = open[^1];
                        open.RemoveAt(open.Count - 1);

                        // Functions inside a function are not cmdlets.
                        functions.RemoveRange(nestedFrom, functions.Count - nestedFrom);
                        functions.Add(function with { End = position });
                    }

                    break;

                case (byte)'`':
                    position += 2;
                    break;

                case (byte)'#':
                    position = ScriptText.SkipHash(text, position);
                    break;

                default:
                    position = ScriptText.QuoteAt(text, position, out _) == ScriptText.Quote.None
                        ? position + 1
                        : ScriptText.SkipString(text, position);
                    break;
            }

            if (position < 0)
            {
                return false;
            }
        }

        return clean && depth == 0;
    }

    /// <summary>Finds the lines that begin like a function, for text whose brackets or quotes do not match.</summary>
    /// <param name="text">The module file's UTF-8 text.</param>
    /// <returns>The functions, each reaching to the next one's first byte. Some may lie in strings or comments.</returns>
    public static List<ScannedFunction> Recover(ReadOnlySpan<byte> text)
    {
        var functions = new List<ScannedFunction>();
        var start = NextLineStart(text, 0);
        while (start < text.Length)
        {
            var end = NextLineStart(text, start + 1);
            if (ReadHeader(text[..end], start, out var header) >= 0 && header is not null)
            {
                functions.Add(header with { End = end });
            }

            start = end;
        }

        return functions;
    }

    private static int NextLineStart(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length)
        {
            var next = text[position..].IndexOfAny((byte)'f', (byte)'F');
            if (next < 0)
            {
                break;
            }

            position += next;
            var before = position - 1;
            while (before >= 0 && text[before] is (byte)' ' or (byte)'\t')
            {
                before--;
            }

            var startsLine = before < 0 || text[before] is (byte)'\n' or (byte)'\r' || (before == 2 && text.StartsWith("\uFEFF"u8));
            if (startsLine && IsKeyword(text, position))
            {
                return position;
            }

            position++;
        }

        return text.Length;
    }

    private static bool IsKeyword(ReadOnlySpan<byte> text, int position) =>
        ScriptText.Matches(text, position, "function"u8) && position + 8 < text.Length && ScriptText.IsSpace(text[position + 8]);

    private static bool IsPartOfWord(ReadOnlySpan<byte> text, int position)
    {
        if (position == 0 || (position == 3 && text.StartsWith("\uFEFF"u8)))
        {
            return false;
        }

        var before = text[position - 1];
        return ScriptText.IsWord(before) || "$-.:@&"u8.Contains(before);
    }

    // The position after an "f" that may begin a function; after the opening brace if it does. -1 if an inline parameter list never ends.
    private static int ReadHeader(ReadOnlySpan<byte> text, int position, out ScannedFunction? header)
    {
        header = null;
        if (!IsKeyword(text, position) || IsPartOfWord(text, position))
        {
            return position + 1;
        }

        position += 8;
        while (position < text.Length && ScriptText.IsSpace(text[position]))
        {
            position++;
        }

        var nameStart = position;
        while (position < text.Length && !ScriptText.IsSpace(text[position]) && !"{}()'\"#`;,"u8.Contains(text[position]))
        {
            position++;
        }

        if (position == nameStart)
        {
            return position;
        }

        var name = text[nameStart..position];
        var scope = name.IndexOf((byte)':');
        var scoped = scope >= 0;
        if (scoped && scope <= 7)
        {
            nameStart += scope + 1;
            name = name[(scope + 1)..];
        }

        // Block comments are not skipped here: one that never ends must not be searched for at header after header.
        var behind = SkipSpaceAndLineComments(text, position);
        var inline = 0;
        if (behind < text.Length && text[behind] == '(')
        {
            inline = behind;
            behind = ScriptText.SkipBalanced(text, behind);
            if (behind < 0)
            {
                return -1;
            }

            behind = SkipSpaceAndLineComments(text, behind);
        }

        if (name.Length == 0 || behind >= text.Length || text[behind] != '{')
        {
            return Math.Max(position, Math.Min(behind, text.Length));
        }

        header = new ScannedFunction(nameStart, name.Length, scoped, inline, behind + 1, behind + 1);
        return behind + 1;
    }

    private static int SkipSpaceAndLineComments(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length && (ScriptText.IsSpace(text[position]) || text[position] == '#'))
        {
            position = text[position] == '#' ? ScriptText.SkipLine(text, position) : position + 1;
        }

        return position;
    }

    private sealed record OpenFunction(ScannedFunction Function, int Depth, int NestedFrom);
}
