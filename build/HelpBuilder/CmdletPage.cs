using System.Text.RegularExpressions;

namespace ExoConnect.Build.Help;

/// <summary>A page of docs/cmdlets, taken apart.</summary>
/// <param name="Name">The cmdlet.</param>
/// <param name="Synopsis">The paragraph under the title.</param>
/// <param name="Description">The paragraphs of "Description".</param>
/// <param name="Syntax">The parameter sets, as <c>Get-Command -Syntax</c> prints them.</param>
/// <param name="Parameters">The rows of the tables in "Parameters".</param>
/// <param name="Examples">The parts of "Examples".</param>
/// <param name="Notes">The paragraphs of every other section.</param>
/// <param name="Links">The links of "See also": text and address.</param>
internal sealed record CmdletPage(
    string Name,
    string Synopsis,
    IReadOnlyList<string> Description,
    IReadOnlyList<SyntaxLine> Syntax,
    IReadOnlyList<ParameterRow> Parameters,
    IReadOnlyList<Example> Examples,
    IReadOnlyList<string> Notes,
    IReadOnlyList<(string Text, string Address)> Links)
{
    private static readonly string[] Needed = ["Description", "Syntax", "Parameters", "Examples", "See also"];

    /// <summary>Reads a page.</summary>
    /// <param name="path">Its file, named for the cmdlet.</param>
    /// <returns>The page.</returns>
    /// <exception cref="FormatException">Something is missing, or not in its place.</exception>
    public static CmdletPage Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var blocks = Markdown.Blocks(File.ReadLines(path)).ToList();
        if (blocks is not [Heading { Level: 1 } title, Paragraph synopsis, ..] || title.Text != name)
        {
            throw Wrong(path, $"begins with neither '# {name}' nor a synopsis behind it");
        }

        var sections = Markdown.Sections(blocks, level: 2).ToDictionary(s => s.Title, s => s.Blocks);
        if (Needed.FirstOrDefault(s => !sections.ContainsKey(s)) is { } section)
        {
            throw Wrong(path, $"has no section '{section}'");
        }

        var syntax = sections["Syntax"].OfType<Code>().SelectMany(c => c.Text.Split('\n')).Where(l => l.Length > 0).Select(SyntaxLine.Parse).ToList();
        var parameters = sections["Parameters"].OfType<Table>().SelectMany(t => t.Rows).Select(ParameterRow.Of).ToList();
        if (syntax.Count == 0 || syntax.Any(l => l.Name != name))
        {
            throw Wrong(path, "has a syntax of another cmdlet, or none");
        }

        if (syntax.SelectMany(l => l.Parameters).FirstOrDefault(p => parameters.All(r => r.Name != p.Name)) is { } missing)
        {
            throw Wrong(path, $"does not describe -{missing.Name}");
        }

        return new CmdletPage(
            name,
            Markdown.Plain(synopsis.Text),
            Texts(sections["Description"]),
            syntax,
            parameters,
            [.. Markdown.Sections(sections["Examples"], level: 3).Select(s => Example.Of(s.Title, s.Blocks))],
            [.. sections.Where(s => !Needed.Contains(s.Key)).SelectMany(s => Texts(s.Value).Prepend(s.Key + ":"))],
            [.. sections["See also"].OfType<Paragraph>().SelectMany(p => Markdown.Links(p.Text))]);
    }

    private static List<string> Texts(IEnumerable<Block> blocks) => [.. blocks.Select(Markdown.Plain).Where(t => t.Length > 0)];

    private static FormatException Wrong(string path, string what) => new($"{path}(1,1): error HELP001: The page {what}.");
}

/// <summary>A row of a table of parameters.</summary>
/// <param name="Name">The parameter, without the dash.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Text">What it is.</param>
/// <param name="Pipeline">How it takes pipeline input, as PowerShell's help says it.</param>
internal sealed partial record ParameterRow(string Name, string Type, string Text, string Pipeline)
{
    /// <summary>Reads a row: name, type, text, where the text may end in <c>*Pipeline: by value, by property name.*</c></summary>
    public static ParameterRow Of(IReadOnlyList<string> cells)
    {
        var pipeline = PipelineNote().Match(cells[2]);
        var note = pipeline.Groups[1].Value;
        string[] ways = [.. note.Contains("by value", StringComparison.Ordinal) ? ["ByValue"] : Array.Empty<string>(),
            .. note.Contains("by property name", StringComparison.Ordinal) ? ["ByPropertyName"] : Array.Empty<string>()];
        return new ParameterRow(
            Markdown.Plain(cells[0]).TrimStart('-'),
            Markdown.Plain(cells[1]),
            Markdown.Plain(PipelineNote().Replace(cells[2], "")),
            ways.Length == 0 ? "False" : $"True ({string.Join(", ", ways)})");
    }

    [GeneratedRegex(@"\s*\*Pipeline: ([^*]+)\*")]
    private static partial Regex PipelineNote();
}

/// <summary>A parameter set.</summary>
/// <param name="Name">The cmdlet.</param>
/// <param name="Parameters">Its parameters in order.</param>
internal sealed partial record SyntaxLine(string Name, IReadOnlyList<SyntaxParameter> Parameters)
{
    /// <summary>Reads a line as <c>Get-Command -Syntax</c> prints it.</summary>
    public static SyntaxLine Parse(string line)
    {
        var position = 0;
        var parameters = new List<SyntaxParameter>();
        foreach (Match match in Parameter().Matches(line))
        {
            var isPositional = match.Groups["positional"].Success;
            parameters.Add(new SyntaxParameter(
                match.Groups["name"].Value,
                match.Groups["type"].Success ? match.Groups["type"].Value : null,
                IsRequired: !match.Groups["optional"].Success,
                isPositional ? position++ : null));
        }

        return new SyntaxLine(line.Split(' ', 2)[0], parameters);
    }

    // [[-Name] <type>], [-Name] <type>, [-Name <type>], -Name <type>, [-Switch]
    [GeneratedRegex(@"(?<= )((?<optional>\[)?(?<positional>\[-)(?<name>\w+)\] <(?<type>[^>]+)>\]?|(?<optional>\[)?-(?<name>\w+)( <(?<type>[^>]+)>)?\]?)(?= |$)")]
    private static partial Regex Parameter();
}

/// <summary>A parameter in a set.</summary>
/// <param name="Name">Its name, without the dash.</param>
/// <param name="Type">What it takes; null for a switch.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="Position">Its position; null for a named one.</param>
internal sealed record SyntaxParameter(string Name, string? Type, bool IsRequired, int? Position);

/// <summary>An example.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Code">What to type.</param>
/// <param name="Remarks">What comes of it, and what there is to say.</param>
internal sealed record Example(string Title, string Code, IReadOnlyList<string> Remarks)
{
    /// <summary>Reads a part of the page: the first code is what to type, the rest what comes of it.</summary>
    public static Example Of(string title, IReadOnlyList<Block> blocks)
    {
        var code = blocks.OfType<Code>().FirstOrDefault();
        return new Example(title, code?.Text ?? "", [.. blocks.Where(b => b != code).Select(Markdown.Plain)]);
    }
}
