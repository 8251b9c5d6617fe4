using System.CommandLine;
using System.Text.Json;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.CommandLine;

/// <summary>
/// The arguments after the cmdlet on the command line of <c>run</c>. Our own options are lower-case and match exactly; every other <c>--Name</c>
/// (or <c>-Name</c>, as in PowerShell) is a parameter of the cmdlet.
/// </summary>
internal static class CmdletArguments
{
    private const string Raw = ":=";

    /// <summary>Separates the cmdlet's arguments from a command line.</summary>
    /// <param name="arguments">The arguments after <c>run</c>.</param>
    /// <param name="own">Our own options.</param>
    /// <returns>The arguments for the parser, and the cmdlet's own.</returns>
    /// <exception cref="UsageException">There is an unknown option before the cmdlet.</exception>
    public static (IReadOnlyList<string> Own, IReadOnlyList<string> Cmdlet) Split(IReadOnlyList<string> arguments, IEnumerable<Option> own)
    {
        var names = own.SelectMany(o => o.Aliases.Append(o.Name).Select(n => (Name: n, Option: o)))
            .DistinctBy(n => n.Name).ToDictionary(n => n.Name, n => n.Option, StringComparer.Ordinal);
        List<string> ours = [], cmdlets = [];
        var named = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (named && word == "--")
            {
                cmdlets.AddRange(arguments.Skip(i + 1));
                break;
            }

            var end = word.IndexOfAny(['=', ':']);
            if (names.TryGetValue(end > 0 ? word[..end] : word, out var option))
            {
                ours.Add(word);
                if (end < 0 && option.Arity.MaximumNumberOfValues > 0 && i + 1 < arguments.Count)
                {
                    ours.Add(arguments[++i]);
                }
            }
            else if (named)
            {
                cmdlets.Add(word);
            }
            else if (word.StartsWith('-'))
            {
                // The parser would take it for the cmdlet.
                throw new UsageException($"exoconnect run has no option {word}.",
                    "Parameters of the cmdlet follow its name: exoconnect run Get-Mailbox --Identity x");
            }
            else
            {
                ours.Add(word);
                named = true;
            }
        }

        return (ours, cmdlets);
    }

    /// <summary>Parses the cmdlet's arguments, as far as that is possible without knowing the cmdlet.</summary>
    /// <param name="words">The arguments.</param>
    /// <returns>Names and values, in order.</returns>
    /// <exception cref="UsageException">One of them is neither.</exception>
    public static IReadOnlyList<CmdletWord> Read(IReadOnlyList<string> words) => [.. words.Select(Read)];

    private static CmdletWord Read(string word)
    {
        var start = word.StartsWith("--", StringComparison.Ordinal) ? 2 : word.StartsWith('-') ? 1 : 0;
        if (start == 0 || word.Length == start || !char.IsAsciiLetter(word[start]))
        {
            return start == 2
                ? throw new UsageException(
                    $"'{word}' is not a valid parameter name.",
                    "Names begin with a letter, as in --Identity; a value that begins with dashes follows a '=': --Filter=--x")
                : new CmdletWord(null, NotPowerShell(null, word));
        }

        var end = start;
        while (end < word.Length && (char.IsAsciiLetterOrDigit(word[end]) || word[end] == '_'))
        {
            end++;
        }

        var name = word[start..end];
        if (end == word.Length)
        {
            return new CmdletWord(name, null);
        }

        if (word[end] is not ('=' or ':'))
        {
            throw new UsageException(
                $"'{word}' is not a valid parameter name.",
                "Names are letters and digits, as in --Identity; a value that begins with a dash follows a '=': --Filter=\"-not (Alias -eq 'x')\"");
        }

        return word.AsSpan(end).StartsWith(Raw)
            ? new CmdletWord(name, null, Json(name, word[(end + Raw.Length)..]))
            : new CmdletWord(name, NotPowerShell(name, word[(end + 1)..]));
    }

    /// <summary>Many users will try PowerShell's own notation; sent as text it would do harm.</summary>
    private static string NotPowerShell(string? name, string text) =>
        text.StartsWith("@{", StringComparison.Ordinal) || text.StartsWith("@(", StringComparison.Ordinal)
            ? throw new UsageException(
                $"'{text}' is a PowerShell expression, and there is no PowerShell here.",
                $"Write a table or list as JSON: --{name ?? "EmailAddresses"}:='{{\"Add\": [\"a@contoso.com\"]}}' or --{name ?? "Name"}:='[\"a\", "
                    + "\"b\"]'")
            : text;

    private static JsonValue Json(string name, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true });
            return new JsonValue(FromJson(document.RootElement));
        }
        catch (JsonException e)
        {
            throw new UsageException(
                $"--{name}:= is followed by something that is not JSON (at character {(e.BytePositionInLine ?? 0) + 1}).",
                $"Quote it for the shell: --{name}:='{{\"Add\": [\"a@contoso.com\"]}}'. Text needs double quotes inside: --{name}:='\"true\"'");
        }
    }

    /// <summary>A JSON value as a .NET value, independent of its document.</summary>
    /// <exception cref="JsonException">A text in it is invalid Unicode, such as half a surrogate pair.</exception>
    public static object? FromJson(JsonElement json)
    {
        try
        {
            return Value(json);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A text in it is invalid Unicode.", e);
        }
    }

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().DistinctBy(m => m.Name).ToDictionary(m => m.Name, m => Value(m.Value)),
        JsonValueKind.Array => json.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when json.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number when json.TryGetDecimal(out var exact) => exact,
        JsonValueKind.Number => json.GetDouble(),
        _ => null,
    };
}
