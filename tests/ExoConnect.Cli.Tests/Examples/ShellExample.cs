using System.Text.RegularExpressions;

namespace ExoConnect.Cli.Tests.Examples;

/// <summary>A block of shell in a page that calls <c>exoconnect</c>, with the marks before it that tests/Pester/Examples.ps1 tells of.</summary>
/// <param name="Page">The page, from the root of the repository.</param>
/// <param name="Line">Its first line in the page.</param>
/// <param name="Code">What is typed.</param>
/// <param name="Marks">The marks: <c>not run</c>, <c>error</c>, <c>before</c>.</param>
internal sealed partial record ShellExample(string Page, int Line, string Code, IReadOnlyDictionary<string, string> Marks)
{
    /// <summary>All examples of the pages, in their order.</summary>
    /// <param name="root">The root of the repository.</param>
    public static IReadOnlyList<ShellExample> All(string root)
    {
        var pages = Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return [.. pages.Prepend(Path.Combine(root, "README.md")).SelectMany(page => Of(root, page))];
    }

    private static IEnumerable<ShellExample> Of(string root, string page)
    {
        Dictionary<string, string> marks = [];
        List<string>? block = null;
        var (language, number) = ("", 0);
        foreach (var line in File.ReadLines(page))
        {
            number++;
            if (block is null)
            {
                if (line.StartsWith("```", StringComparison.Ordinal))
                {
                    (language, block) = (line[3..], []);
                }
                else if (Mark().Match(line) is { Success: true } mark)
                {
                    marks[mark.Groups[1].Value] = mark.Groups[2].Value;
                }
            }
            else if (line != "```")
            {
                block.Add(line);
            }
            else
            {
                if (language is "" or "console" or "sh" && block.Any(l => Call().IsMatch(l)))
                {
                    var name = Path.GetRelativePath(root, page).Replace('\\', '/');
                    yield return new ShellExample(name, number - block.Count, string.Join('\n', block), marks);
                }

                (block, marks) = (null, []);
            }
        }
    }

    [GeneratedRegex("^<!-- (not run|error|before): (.+) -->$")]
    private static partial Regex Mark();

    [GeneratedRegex(@"(^|\| |\()exoconnect ")]
    private static partial Regex Call();
}
