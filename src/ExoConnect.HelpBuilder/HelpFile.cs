using System.Globalization;
using System.Xml.Linq;

namespace ExoConnect.HelpBuilder;

/// <summary>Writes the form that <c>Get-Help</c> reads, MAML.</summary>
internal static class HelpFile
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The help of all pages.</summary>
    /// <param name="pages">The pages.</param>
    /// <param name="site">The address of the pages; it ends with a slash.</param>
    /// <returns>The file.</returns>
    public static XDocument Of(IEnumerable<CmdletPage> pages, Uri site) => new(
        new XElement((XNamespace)"http://msh" + "helpItems", new XAttribute("schema", "maml"), pages.Select(page => Of(page, site))));

    private static XElement Of(CmdletPage page, Uri site)
    {
        var words = page.Name.Split('-', 2);
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", page.Name),
                new XElement(Command + "verb", words[0]),
                new XElement(Command + "noun", words[1]),
                Text(Maml + "description", [page.Synopsis])),
            Text(Maml + "description", page.Description),
            new XElement(Command + "syntax", page.Syntax.Select(line => Of(page, line))),
            new XElement(Command + "parameters", page.Parameters.Select(row => Parameter(row, Placed(page, row)))),
            new XElement(Command + "returnValues", page.Output.Select(o =>
                new XElement(Command + "returnValue", new XElement(Dev + "type", new XElement(Maml + "name", o))))),
            new XElement(Maml + "alertSet", Text(Maml + "alert", page.Notes)),
            new XElement(Command + "examples", page.Examples.Select((e, i) => Of(e, i + 1))),
            new XElement(
                Command + "relatedLinks",
                // Get-Help -Online opens the first.
                page.Links.Prepend(("Online version:", page.Name + ".md")).Select(l => new XElement(
                    Maml + "navigationLink",
                    new XElement(Maml + "linkText", l.Item1),
                    new XElement(Maml + "uri", new Uri(site, l.Item2).AbsoluteUri)))));
    }

    private static XElement Of(CmdletPage page, SyntaxLine line) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", page.Name),
        line.Parameters.Select(p => new XElement(Command + "parameter", Place(page.Parameters.First(r => r.Name == p.Name), p))));

    private static XElement Parameter(ParameterRow row, SyntaxParameter placed) => new(
        Command + "parameter",
        new XAttribute("variableLength", "true"),
        new XAttribute("globbing", "false"),
        new XAttribute("pipelineInput", row.Pipeline),
        Place(row, placed),
        Text(Maml + "description", [row.Text]),
        new XElement(Dev + "type", new XElement(Maml + "name", row.Type), new XElement(Maml + "uri")));

    /// <summary>What a line of the syntax shows of a parameter; with the rest of it the file would be half as large again.</summary>
    private static object?[] Place(ParameterRow row, SyntaxParameter placed) =>
    [
        new XAttribute("required", placed.IsRequired ? "true" : "false"),
        new XAttribute("position", placed.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
        new XElement(Maml + "name", row.Name),
        placed.Type is null ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), placed.Type),
    ];

    /// <summary>A parameter's position in the first set that has it; parameters without effect are in no set.</summary>
    private static SyntaxParameter Placed(CmdletPage page, ParameterRow row)
    {
        var places = page.Syntax.SelectMany(l => l.Parameters).Where(p => p.Name == row.Name).ToList();
        return places.Count == 0
            ? new SyntaxParameter(
            row.Name, row.Type.Equals("switch", StringComparison.OrdinalIgnoreCase) ? null : row.Type, IsRequired: false, Position: null)
            : places[0] with { IsRequired = places.All(p => p.IsRequired) };
    }

    private static XElement Of(Example example, int number) => new(
        Command + "example",
        new XElement(Maml + "title", string.Create(CultureInfo.InvariantCulture, $"Example {number}: {example.Title}")),
        new XElement(Dev + "code", example.Code),
        Text(Dev + "remarks", example.Remarks.Append("")));

    private static XElement Text(XName name, IEnumerable<string> paragraphs) => new(name, paragraphs.Select(p => new XElement(Maml + "para", p)));
}
