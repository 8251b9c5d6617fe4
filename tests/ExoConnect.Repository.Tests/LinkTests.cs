using System.Text.RegularExpressions;

namespace ExoConnect.Repository.Tests;

/// <summary>The links of the pages: each leads to a file of the repository, and to a heading which that file has.</summary>
public partial class LinkTests
{
    private static readonly IReadOnlyList<string> Pages = [.. Checkout.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    [Fact]
    public void Every_link_of_a_page_leads_to_a_file_and_to_a_heading_that_there_is()
    {
        var links = Pages.SelectMany(page => Links(page).Select(link => (page, link))).ToList();

        Assert.NotEmpty(links);
        Assert.Empty(links.Where(at => !Leads(at.page, at.link)).Select(at => $"{at.page}: {at.link}"));
    }

    [Theory]
    [InlineData("README.md", "docs/guide/getting-started.md", true)]
    [InlineData("docs/guide/getting-started.md", "../../README.md#a-first-script", true)]
    [InlineData("README.md", "#a-first-script", true)]
    [InlineData("README.md", "docs/nothing.md", false)]
    [InlineData("README.md", "#no-such-heading", false)]
    [InlineData("docs/guide/getting-started.md", "README.md", false)]
    public void A_link_leads_only_to_what_there_is(string page, string link, bool leads) => Assert.Equal(leads, Leads(page, link));

    private static bool Leads(string page, string link)
    {
        var (path, heading) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var target = path.Length == 0 ? page : Resolve(page, path);
        return (Checkout.Files.Contains(target) || Directory.Exists(Checkout.FullPath(target)))
            && (heading is null || Headings(target).Contains(heading));
    }

    private static string Resolve(string page, string path) =>
        Path.GetRelativePath(Checkout.Root, Path.Combine(Checkout.Root, Path.GetDirectoryName(page)!, path)).Replace('\\', '/');

    private static IEnumerable<string> Links(string page) => Prose(page).SelectMany(line => Link().Matches(line)).Select(m => m.Groups[1].Value)
        .Where(link => !Scheme().IsMatch(link));

    /// <summary>Headings as the web shows them in an address: lower case, words joined by hyphens, nothing but letters and digits.</summary>
    private static IEnumerable<string> Headings(string page) => Prose(page).Select(line => Heading().Match(line)).Where(m => m.Success)
        .Select(m => NotOfAnAddress().Replace(m.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>The lines outside of code.</summary>
    private static IEnumerable<string> Prose(string page)
    {
        var isCode = false;
        foreach (var line in Checkout.Lines(page))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else if (!isCode)
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();

    [GeneratedRegex("^#+ (.*)")]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotOfAnAddress();
}
