using System.Text.RegularExpressions;

namespace ExoConnect.Module.Tests;

/// <summary>The error ids of the source against the page that explains them. What is looked for is literals, where this code writes them.</summary>
public partial class ErrorIdTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "troubleshooting.md");

    [Fact]
    public void The_page_explains_every_error_id()
    {
        var explained = Explained().ToHashSet();
        var ids = Sources().SelectMany(Ids).Distinct().ToList();

        // Enough of them to be sure that they are found at all, in each of the ways they are written.
        Assert.Superset(
            new HashSet<string>
            {
                "CertificateExpired", "SignInRefused", "ConditionalAccessBlocked", "InvalidCmdletName", "UntrustedCertificate", "InvalidIdentity",
                "ParameterTooLarge", "ConnectionUriInvalid", "NotConnected", "SessionNotFound", "AccessDenied", "CmdletError",
            },
            ids.ToHashSet());
        Assert.Empty(ids.Where(id => !explained.Contains(id)).Order());
    }

    [Fact]
    public void The_page_explains_no_error_id_that_there_is_not()
    {
        var source = string.Concat(Sources());

        Assert.Empty(Explained().Where(id => !source.Contains($"\"{id}\"", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void The_page_explains_each_error_id_once() =>
        Assert.Empty(Explained().GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key));

    private static IEnumerable<string> Explained() => File.ReadLines(Page)
        .Select(line => ExplainedId().Match(line)).Where(m => m.Success).SelectMany(m => Name().Matches(m.Value)).Select(m => m.Value);

    private static IEnumerable<string> Sources() => new[] { "ExoConnect.Core", "ExoConnect" }
        .Select(project => Path.Combine(Repository.Root, "src", project))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"))
        .Select(File.ReadAllText);

    private static IEnumerable<string> Ids(string source)
    {
        // ErrorId = "Id", ErrorId = a ? "Id" : "Id", and functions that choose one: string Id(...) => ... switch { ... => "Id" }
        var found = Assigned().Matches(source).Concat(Chosen().Matches(source))
            .SelectMany(m => Literal().Matches(m.Value)).Select(m => m.Groups[1].Value);

        // var (id, message, remedy) = ... switch { ... => ("Id", ...
        if (source.Contains("ErrorId = id", StringComparison.Ordinal))
        {
            found = found.Concat(Tuple().Matches(source).Select(m => m.Groups[1].Value));
        }

        // A table of entries that begin with their id, and PowerShell's own records.
        return found.Concat(Entry().Matches(source).Select(m => m.Groups[1].Value))
            .Concat(Record().Matches(source).Select(m => m.Groups[1].Value))
            .Concat(PassedOn(source));
    }

    /// <summary>Ids that are arguments of a helper with a parameter named so: of a helper in the same file, or of ParameterErrors.</summary>
    private static IEnumerable<string> PassedOn(string source)
    {
        const string Arguments = @"\(((?:[^()""]|""(?:[^""\\]|\\.)*""|\((?:[^()]|\([^()]*\))*\))*)";
        var helpers = Helper().Matches(source)
            .Select(m => (Call: $@"(?<![\w.]){m.Groups[1].Value}", Place: m.Groups[2].Value.Count(c => c == ',')))
            .Append((Call: @"ParameterErrors\.Invalid", Place: 0));
        return from helper in helpers
               from call in Regex.Matches(source, helper.Call + Arguments, RegexOptions.None, TimeSpan.FromSeconds(5))
               let arguments = Argument().Matches(call.Groups[1].Value)
               where arguments.Count > helper.Place
               let literal = Literal().Match(arguments[helper.Place].Value.Trim())
               where literal.Success && literal.Length == arguments[helper.Place].Value.Trim().Length
               select literal.Groups[1].Value;
    }

    [GeneratedRegex(@"^\| (`[A-Z]\w+`(, )?)+ \|")]
    private static partial Regex ExplainedId();

    [GeneratedRegex("[A-Z][A-Za-z0-9]+")]
    private static partial Regex Name();

    [GeneratedRegex("\"([A-Z][A-Za-z0-9]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"ErrorId( \{ get; init; \})? = [^;{}]*?[,;]\r?\n")]
    private static partial Regex Assigned();

    [GeneratedRegex(@"static string (ById|ErrorId)\([^)]*\) => [^;]*;")]
    private static partial Regex Chosen();

    [GeneratedRegex(@"=>\s*\(\s*""([A-Z][A-Za-z0-9]+)"",")]
    private static partial Regex Tuple();

    [GeneratedRegex(@"\] = new\(\s*""([A-Z][A-Za-z0-9]+)""")]
    private static partial Regex Entry();

    [GeneratedRegex(@"new ErrorRecord\([^;]*?,\s*""([A-Z][A-Za-z0-9]+)"",\s*ErrorCategory\.")]
    private static partial Regex Record();

    [GeneratedRegex(@"static \w+ (\w+)\(([^()]*)string (?:errorId|id)\b")]
    private static partial Regex Helper();

    [GeneratedRegex(@"(?:[^,()""]|""(?:[^""\\]|\\.)*""|\((?:[^()]|\([^()]*\))*\))+")]
    private static partial Regex Argument();
}
