using System.Text.RegularExpressions;

namespace ExoConnect.HelpBuilder;

/// <summary>A piece of a page.</summary>
internal abstract record Block;

/// <summary>A heading.</summary>
internal sealed record Heading(int Level, string Text) : Block;

/// <summary>A paragraph or an item of a list, its lines joined.</summary>
internal sealed record Paragraph(string Text) : Block;

/// <summary>A fenced block.</summary>
internal sealed record CodeBlock(string Text) : Block;

/// <summary>A table without its head.</summary>
internal sealed record Table(IReadOnlyList<IReadOnlyList<string>> Rows) : Block;

/// <summary>Reads the Markdown that our own pages use.</summary>
internal static partial class Markdown
{
    /// <summary>Splits a page into blocks.</summary>
    /// <param name="lines">Its lines.</param>
    /// <returns>The blocks, in order.</returns>
    public static IEnumerable<Block> Blocks(IEnumerable<string> lines)
    {
        List<string>? code = null;
        List<string> paragraph = [];
        List<IReadOnlyList<string>> rows = [];
        foreach (var line in lines.Append(""))
        {
            if (code is not null)
            {
                if (line.StartsWith("```", StringComparison.Ordinal))
                {
                    yield return new CodeBlock(string.Join('\n', code));
                    code = null;
                }
                else
                {
                    code.Add(line);
                }

                continue;
            }

            var isFence = line.StartsWith("```", StringComparison.Ordinal);
            var isRow = line.StartsWith('|');
            var heading = HeadingLine().Match(line);
            if (paragraph.Count > 0 && (line.Length == 0 || isFence || isRow || heading.Success || line.StartsWith("- ", StringComparison.Ordinal)))
            {
                yield return new Paragraph(string.Join(' ', paragraph));
                paragraph = [];
            }

            if (rows.Count > 0 && !isRow)
            {
                // The first two rows are the head and the line under it.
                yield return new Table([.. rows.Skip(2)]);
                rows = [];
            }

            if (isFence)
            {
                code = [];
            }
            else if (isRow)
            {
                rows.Add([.. line.Trim().TrimStart('|').TrimEnd('|').Split('|').Select(c => c.Trim())]);
            }
            else if (heading.Success)
            {
                yield return new Heading(heading.Groups[1].Length, heading.Groups[2].Value);
            }
            else if (line.Length > 0 && !line.StartsWith("<!--", StringComparison.Ordinal))
            {
                paragraph.Add(line.Trim());
            }
        }
    }

    /// <summary>Groups blocks under their headings.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="level">The headings' level.</param>
    /// <returns>Titles, each with its blocks.</returns>
    public static IEnumerable<(string Title, IReadOnlyList<Block> Blocks)> Sections(IReadOnlyList<Block> blocks, int level)
    {
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i] is Heading heading && heading.Level == level)
            {
                yield return (heading.Text, [.. blocks.Skip(i + 1).TakeWhile(b => b is not Heading h || h.Level > level)]);
            }
        }
    }

    /// <summary>The text that a terminal shows for a block.</summary>
    public static string Plain(Block block) => block switch
    {
        Paragraph p => Plain(p.Text),
        CodeBlock c => c.Text,
        Heading h => h.Text,
        Table t => string.Join('\n', t.Rows.Select(r => string.Join(": ", r.Select(Plain)))),
        _ => "",
    };

    /// <summary>Text without its marks: a link is its text, code and emphasis are their letters.</summary>
    public static string Plain(string text) => Emphasis().Replace(Link().Replace(text, "$1").Replace("`", "", StringComparison.Ordinal), "$1");

    /// <summary>The links in a text.</summary>
    public static IEnumerable<(string Text, string Address)> Links(string text) => Link().Matches(text).Select(
        m => (m.Groups[1].Value, m.Groups[2].Value));

    [GeneratedRegex("^(#{1,6}) (.+)$")]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\*{1,2}(\S[^*]*)\*{1,2}")]
    private static partial Regex Emphasis();
}
