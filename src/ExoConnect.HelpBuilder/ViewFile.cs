using System.Globalization;
using System.Xml.Linq;

namespace ExoConnect.HelpBuilder;

/// <summary>Converts the short form of Views.txt, which the file explains, to PowerShell's tables of a session's objects.</summary>
internal static class ViewFile
{
    /// <summary>The smallest width of a terminal.</summary>
    private const int Window = 80;

    /// <summary>Reads the views.</summary>
    /// <param name="path">The file.</param>
    /// <returns>PowerShell's form.</returns>
    /// <exception cref="FormatException">A line can't be read, a header doesn't fit in a terminal, or the first column has no width.</exception>
    public static XDocument Read(string path)
    {
        var views = new XElement("ViewDefinitions");
        string[] nouns = [];
        List<Column> columns = [];
        var number = 0;
        foreach (var line in File.ReadLines(path).Append(""))
        {
            number++;
            if (line.StartsWith('#'))
            {
                continue;
            }

            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && line[0] == ' ')
            {
                columns.Add(Column.Read(words) ?? throw Invalid(path, number, "can't be read as a column"));
            }
            else if (words.Length > 0)
            {
                nouns = words;
            }
            else if (nouns.Length > 0)
            {
                var left = Window - columns.Sum(c => (c.Width ?? 0) + 1) + 1;
                var shares = columns.Count(c => c.Width is null);
                if (columns is not [{ Width: not null }, ..] || left < 0 || columns.Exists(c => (c.Width ?? (left / shares)) < c.Label.Length))
                {
                    throw Invalid(path, number, "ends a view whose first column has no width, or with a header that does not fit");
                }

                views.Add(View(nouns, columns));
                (nouns, columns) = ([], []);
            }
        }

        return new XDocument(new XElement("Configuration", views));
    }

    private static XElement View(string[] nouns, List<Column> columns) => new(
        "View",
        new XElement("Name", nouns[0]),
        new XElement("ViewSelectedBy", nouns.Select(n => new XElement("TypeName", "ExoConnect." + n))),
        new XElement(
            "TableControl",
            new XElement("TableHeaders", columns.Select(c => c.Header())),
            new XElement("TableRowEntries", new XElement(
                "TableRowEntry",
                columns.Exists(c => c.IsWhole) ? new XElement("Wrap") : null,
                new XElement("TableColumnItems", columns.Select(c => c.Item(isCut: !c.IsWhole && columns.Exists(o => o.IsWhole))))))));

    private static FormatException Invalid(string path, int line, string what) => new($"{path}({line},1): error VIEW001: The line {what}.");

    private sealed record Column(string[] Properties, int? Width, bool IsRight, bool IsWhole, string? Form, string Label)
    {
        private static readonly Dictionary<string, string> Forms = new(StringComparer.Ordinal)
        {
            ["time"] = "if ($v -is [datetime]) { $v.ToString('yyyy-MM-dd HH:mm') } else { $v }",
            ["size"] = "if ($v -is [ValueType]) { $u = 0; while ($v -ge 1KB -and $u -lt 5) { $v /= 1KB; $u++ }; "
                + "'{0:0.###} {1}' -f $v, ('B', 'KB', 'MB', 'GB', 'TB', 'PB')[$u] } else { \"$v\" -replace ' \\(.*' }",
            ["kind"] = "\"$v\" -replace '^MailUniversal'",
            ["address"] = "\"$v\" -replace '^smtp:'",
        };

        public static Column? Read(string[] words)
        {
            var properties = words[0].Split('|');
            var column = new Column(properties, null, false, false, null, properties[0]);
            for (var i = 1; i < words.Length; i++)
            {
                if (int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out var width))
                {
                    column = column with { Width = width };
                }
                else if (words[i] == "right")
                {
                    column = column with { IsRight = true };
                }
                else if (words[i] == "whole")
                {
                    column = column with { IsWhole = true };
                }
                else if (words[i] == "as" && i == words.Length - 2)
                {
                    return column with { Label = words[^1] };
                }
                else if (Forms.ContainsKey(words[i]))
                {
                    column = column with { Form = words[i] };
                }
                else
                {
                    return null;
                }
            }

            return column;
        }

        public XElement Header() => new(
            "TableColumnHeader",
            new XElement("Label", Label),
            Width is { } width ? new XElement("Width", width) : null,
            IsRight ? new XElement("Alignment", "Right") : null);

        public XElement Item(bool isCut) => new(
            "TableColumnItem",
            Form is null && Properties.Length == 1 && !isCut
                ? new XElement("PropertyName", Properties[0])
                : new XElement("ScriptBlock", isCut && Width is { } width ? Cut(Script(), width) : Script()));

        // Wrapping one column wraps all, and a kind over three lines is harder to read than its beginning.
        private static string Cut(string script, int width) => $$"""
            $s = {{script}}
            if (($s = "$s").Length -gt {{width}}) { $s.Substring(0, {{width - 1}}) + [char]0x2026 } else { $s }
            """;

        // An object may lack a property, and a caller's strict mode must not blank the column.
        private string Script() => $$"""
            foreach ($n in '{{string.Join("', '", Properties)}}') {
                $p = $_.psobject.Properties[$n]
                if ($p -and "$($p.Value)") { $v = $p.Value; {{(Form is null ? "$v" : Forms[Form])}}; break }
            }
            """;
    }
}
