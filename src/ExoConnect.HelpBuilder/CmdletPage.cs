using System.Text.RegularExpressions;

namespace ExoConnect.HelpBuilder;

/// <summary>The parts of a page of docs/cmdlets.</summary>
/// <param name="Name">The cmdlet.</param>
/// <param name="Synopsis">The paragraph under the title.</param>
/// <param name="Description">The paragraphs after it, and those of "Description".</param>
/// <param name="Syntax">The parameter sets, as <c>Get-Command -Syntax</c> prints them.</param>
/// <param name="Parameters">The rows of the tables in "Parameters".</param>
/// <param name="Examples">The parts of "Examples".</param>
/// <param name="Output">The paragraphs of "Output".</param>
/// <param name="Notes">The paragraphs of every other section.</param>
/// <param name="Links">The links of "See also": text and address.</param>
internal sealed record CmdletPage(
    string Name,
    string Synopsis,
    IReadOnlyList<string> Description,
    IReadOnlyList<SyntaxLine> Syntax,
    IReadOnlyList<ParameterRow> Parameters,
    IReadOnlyList<Example> Examples,
    IReadOnlyList<string> Output,
    IReadOnlyList<string> Notes,
    IReadOnlyList<(string Text, string Address)> Links)
{
    private static readonly string[] Needed = ["Syntax", "Parameters", "Examples"];
    private static readonly string[] Placed = [.. Needed, "Description", "Output", "See also"];

    /// <summary>Reads a page.</summary>
    /// <param name="path">Its file, named for the cmdlet.</param>
    /// <returns>The page.</returns>
    /// <exception cref="FormatException">A part is missing or misplaced.</exception>
    public static CmdletPage Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var blocks = Markdown.Blocks(File.ReadLines(path)).ToList();
        if (blocks is not [Heading { Level: 1 } title, Paragraph synopsis, ..] || title.Text != name)
        {
            throw Invalid(path, $"begins with neither '# {name}' nor a synopsis behind it");
        }

        var sections = Markdown.Sections(blocks, level: 2).ToDictionary(s => s.Title, s => s.Blocks);
        if (Needed.FirstOrDefault(s => !sections.ContainsKey(s)) is { } section)
        {
            throw Invalid(path, $"has no section '{section}'");
        }

        // A blank line ends a parameter set; a long one may go over several lines.
        var syntax = sections["Syntax"].OfType<CodeBlock>().SelectMany(c => c.Text.Split("\n\n")).Select(SyntaxLine.Parse).ToList();
        var parameters = sections["Parameters"].OfType<Table>().SelectMany(t => t.Rows).Select(ParameterRow.Of).ToList();
        if (syntax.Count == 0 || syntax.Any(l => l.Name != name))
        {
            throw Invalid(path, "has a syntax of another cmdlet, or none");
        }

        if (syntax.SelectMany(l => l.Parameters).FirstOrDefault(p => parameters.All(r => r.Name != p.Name)) is { } missing)
        {
            throw Invalid(path, $"does not describe -{missing.Name}");
        }

        var description = Texts([.. blocks.Skip(1).TakeWhile(b => b is not Heading), .. sections.GetValueOrDefault("Description", [])]);
        return new CmdletPage(
            name,
            Markdown.Plain(synopsis.Text),
            description.Count > 1 ? description[1..] : description,
            syntax,
            parameters,
            Example.All(sections["Examples"]),
            Texts(sections.GetValueOrDefault("Output", [])),
            [.. sections.Where(s => !Placed.Contains(s.Key)).SelectMany(s => Texts(s.Value).Prepend(s.Key + ":"))],
            [.. sections.GetValueOrDefault("See also", []).OfType<Paragraph>().SelectMany(p => Markdown.Links(p.Text))]);
    }

    private static List<string> Texts(IEnumerable<Block> blocks) => [.. blocks.Select(Markdown.Plain).Where(t => t.Length > 0)];

    private static FormatException Invalid(string path, string what) => new($"{path}(1,1): error HELP001: The page {what}.");
}

/// <summary>A row of a table of parameters.</summary>
/// <param name="Name">The parameter, without the dash.</param>
/// <param name="Type">Its type.</param>
/// <param name="Text">Its description.</param>
/// <param name="Pipeline">Its pipeline input, in the text of PowerShell's help.</param>
internal sealed partial record ParameterRow(string Name, string Type, string Text, string Pipeline)
{
    /// <summary>Reads a row: name, type, and description, which may end in <c>*Pipeline: by value, by property name.*</c></summary>
    public static ParameterRow Of(IReadOnlyList<string> cells)
    {
        var how = PipelineNote().Match(cells[2]).Groups[1].Value;
        string[] ways =
        [
            .. how.Contains("by value", StringComparison.Ordinal) ? ["ByValue"] : Array.Empty<string>(),
            .. how.Contains("by property name", StringComparison.Ordinal) ? ["ByPropertyName"] : Array.Empty<string>(),
        ];
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
    /// <summary>Reads a parameter set as <c>Get-Command -Syntax</c> prints it.</summary>
    public static SyntaxLine Parse(string text)
    {
        var line = Space().Replace(text.Trim(), " ");
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

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    // [[-Name] <type>], [-Name] <type>, [-Name <type>], -Name <type>, [-Switch]
    [GeneratedRegex(
        @"(?<= )((?<optional>\[)?(?<positional>\[-)(?<name>\w+)\] <(?<type>[^>]+)>\]?|(?<optional>\[)?-(?<name>\w+)( <(?<type>[^>]+)>)?\]?)(?= |$)")]
    private static partial Regex Parameter();
}

/// <summary>A parameter in a set.</summary>
/// <param name="Name">Its name, without the dash.</param>
/// <param name="Type">Its type; null for a switch.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="Position">Its position; null for a named one.</param>
internal sealed record SyntaxParameter(string Name, string? Type, bool IsRequired, int? Position);

/// <summary>An example.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Code">The command.</param>
/// <param name="Remarks">The output and the remarks.</param>
internal sealed record Example(string Title, string Code, IReadOnlyList<string> Remarks)
{
    private const string Prompt = "PS> ";

    /// <summary>Reads the section: parts with a heading each, or texts that each introduce a code block.</summary>
    public static IReadOnlyList<Example> All(IReadOnlyList<Block> blocks)
    {
        var parts = Markdown.Sections(blocks, level: 3).ToList();
        if (parts.Count > 0)
        {
            return [.. parts.Select(p => Of(p.Title, p.Blocks))];
        }

        return [.. blocks.Zip(blocks.Skip(1)).Where(pair => pair is { First: Paragraph, Second: CodeBlock })
            .Select(pair => Of(Markdown.Plain(pair.First).TrimEnd(':'), [pair.Second]))];
    }

    /// <summary>The first code block is the command; if it shows a prompt, the lines without one are the output.</summary>
    private static Example Of(string title, IReadOnlyList<Block> blocks)
    {
        var code = blocks.OfType<CodeBlock>().FirstOrDefault();
        var rest = blocks.Where(b => b != code).Select(Markdown.Plain);
        if (code is null || !code.Text.StartsWith(Prompt, StringComparison.Ordinal))
        {
            return new Example(title, code?.Text ?? "", [.. rest]);
        }

        var lines = code.Text.Split('\n');
        var typed = string.Join('\n', lines.Where(l => l.StartsWith(Prompt, StringComparison.Ordinal)).Select(l => l[Prompt.Length..]));
        var shown = string.Join('\n', lines.SkipWhile(l => l.StartsWith(Prompt, StringComparison.Ordinal))).Trim('\n');
        return new Example(title, typed, [shown, .. rest]);
    }
}
