using System.Text;

namespace ExoConnect.HelpBuilder;

/// <summary>Converts a page of the guide to the text of <c>Get-Help about_…</c>.</summary>
internal static class AboutTopic
{
    private const int Width = 80;
    private const string Indent = "    ";

    /// <summary>The topics and their pages.</summary>
    public static IReadOnlyDictionary<string, string> Pages { get; } = new Dictionary<string, string>
    {
        ["about_ExoConnect"] = "getting-started.md",
        ["about_ExoConnect_MovingOver"] = "moving-over.md",
        ["about_ExoConnect_Unattended"] = "unattended.md",
    };

    /// <summary>Writes a page as a topic.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="path">The page.</param>
    /// <returns>The text.</returns>
    /// <exception cref="FormatException">The page doesn't begin with a title and a paragraph.</exception>
    public static string Of(string topic, string path)
    {
        if (Markdown.Blocks(File.ReadLines(path)).ToList() is not [Heading { Level: 1 }, Paragraph first, .. var rest])
        {
            throw new FormatException($"{path}(1): error : begins with neither a title nor a paragraph behind it");
        }

        var text = new StringBuilder();
        Line(text, "TOPIC");
        Line(text, Indent + topic);
        Line(text, "");
        Line(text, "SHORT DESCRIPTION");
        Wrap(text, Markdown.Plain(first), Indent, Indent);
        Line(text, "");
        Line(text, "LONG DESCRIPTION");
        foreach (var block in rest)
        {
            switch (block)
            {
                case Heading heading:
                    Line(text, "");
                    Line(text, heading.Level == 2 ? Markdown.Plain(heading).ToUpperInvariant() : "  " + Markdown.Plain(heading));
                    break;
                case CodeBlock code:
                    Line(text, "");
                    foreach (var line in code.Text.Split('\n'))
                    {
                        Line(text, (Indent + Indent + line).TrimEnd());
                    }

                    break;
                case Table table:
                    foreach (var row in table.Rows)
                    {
                        Line(text, "");
                        Wrap(text, Markdown.Plain(row[0]), Indent, Indent);
                        foreach (var cell in row.Skip(1).Where(c => c.Length > 0))
                        {
                            Wrap(text, Markdown.Plain(cell), Indent + Indent, Indent + Indent);
                        }
                    }

                    break;
                case Paragraph paragraph:
                    var plain = Markdown.Plain(paragraph);
                    Line(text, "");
                    Wrap(text, plain, Indent, plain.StartsWith("- ", StringComparison.Ordinal) ? Indent + "  " : Indent);
                    break;
            }
        }

        return text.ToString();
    }

    private static void Wrap(StringBuilder text, string words, string first, string further)
    {
        var line = first;
        var isEmpty = true;
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                Line(text, line);
                (line, isEmpty) = (further, true);
            }

            line += (isEmpty ? "" : " ") + word;
            isEmpty = false;
        }

        Line(text, line);
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
