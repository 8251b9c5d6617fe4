using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ExoConnect.SessionModules;

/// <summary>
/// One sentence about each cmdlet, for Get-Help. The file Synopses.txt has what is hand-made: whole sentences by the cmdlet's name, what a noun means
/// by the noun, and how a word of a noun is written. Everything else follows from the verb and the words of the noun, so a cmdlet that the service
/// names tomorrow has a sentence too.
/// </summary>
internal static partial class Synopses
{
    private const string List = "ExoConnect.SessionModules.Synopses.txt";

    private static readonly Lazy<FrozenDictionary<string, string>> Table = new(
        static () => Read().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));

    /// <summary>The sentence about a cmdlet.</summary>
    /// <param name="cmdlet">Its name without a session's prefix.</param>
    public static string Of(string cmdlet)
    {
        if (Table.Value.TryGetValue(cmdlet, out var sentence))
        {
            return sentence;
        }

        var dash = cmdlet.IndexOf('-', StringComparison.Ordinal);
        var (verb, noun) = (cmdlet[..dash], cmdlet[(dash + 1)..]);
        var (one, many) = Things(noun);
        return verb.ToUpperInvariant() switch
        {
            "GET" => $"Gets {many}.",
            "SEARCH" => $"Searches {many}.",
            "SET" => $"Changes {one}.",
            "NEW" => $"Creates {one}.",
            "INVOKE" => $"Runs {one}.",
            "CHECK" or "VALIDATE" => $"Checks {one}.",
            "EXECUTE" => $"Carries out {one}.",
            _ => $"{Third(verb)} {one}.",
        };
    }

    /// <summary>What a noun means: one of it with its article, and many.</summary>
    private static (string One, string Many) Things(string noun)
    {
        if (Table.Value.TryGetValue(noun, out var made))
        {
            var parts = made.Split(';', StringSplitOptions.TrimEntries);
            return parts.Length == 2 ? (parts[0], parts[1]) : (made, made);
        }

        var words = string.Join(' ', Word().Matches(noun).Select(static m => Written(m.Value)));
        var last = words[(words.LastIndexOf(' ') + 1)..];
        return last switch
        {
            "configuration" or "status" or "information" or "data" or "progress" or "availability" or "connectivity" =>
                ("the " + words, "the " + words),
            _ when last.EndsWith('s') && !last.EndsWith("ss", StringComparison.Ordinal) => (words, words),
            _ => (Article(words) + words, Plural(words)),
        };
    }

    private static string Written(string word) => Table.Value.TryGetValue("." + word, out var written) ? written
        : word.Length > 1 && word.All(static c => !char.IsAsciiLetterLower(c)) ? word : word.ToLowerInvariant();

    // By the sound of the first letter: "an SMTP…", "a URL…".
    private static string Article(string words) =>
        words is [_, >= 'A' and <= 'Z' or >= '0' and <= '9', ..] ? "AEFHILMNORSX".Contains(words[0], StringComparison.Ordinal) ? "an " : "a "
        : words.StartsWith("uni", StringComparison.Ordinal) || words.StartsWith("use", StringComparison.Ordinal) ? "a "
        : "aeiouAEIO".Contains(words[0], StringComparison.Ordinal) ? "an " : "a ";

    private static string Plural(string words) => words switch
    {
        [.. var stem, not ('a' or 'e' or 'o' or 'u'), 'y'] => words[..^1] + "ies",
        [.., 's' or 'x'] or [.., 's' or 'c', 'h'] => words + "es",
        _ => words + "s",
    };

    private static string Third(string verb) => verb switch
    {
        [.., 's' or 'x' or 'o'] or [.., 's' or 'c', 'h'] => verb + "es",
        [.., not ('a' or 'e' or 'o' or 'u'), 'y'] => verb[..^1] + "ies",
        _ => verb + "s",
    };

    /// <summary>Each line is a key, an equals sign and a text; a key with a dot is a word of a noun.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Read()
    {
        using var text = new StreamReader(typeof(Synopses).Assembly.GetManifestResourceStream(List)!);
        while (text.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                var equals = line.IndexOf('=', StringComparison.Ordinal);
                yield return new(line[..equals].TrimEnd(), line[(equals + 1)..].TrimStart());
            }
        }
    }

    // What is one word in spite of its capitals stands first.
    [GeneratedRegex(
        "ActiveSync|SecOps|CrossTenant|IntraOrganization|OnPrem(ises)?|AtRest|OAuth|M365|IPs|IPv6|V2|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+|[0-9]+",
        RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
