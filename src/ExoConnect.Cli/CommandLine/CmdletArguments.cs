using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace ExoConnect.Cli.CommandLine;

/// <summary>
/// What follows the cmdlet on the command line of <c>run</c>. Our own options are lower-case and go by their exact names; every other
/// <c>--Name</c> (or <c>-Name</c>, as PowerShell has it) is a parameter of the cmdlet.
/// </summary>
internal static class CmdletArguments
{
    private const string Raw = ":=";

    /// <summary>Takes the parameters of the cmdlet out of a command line.</summary>
    /// <param name="arguments">What stands behind <c>run</c>.</param>
    /// <param name="own">Our own options.</param>
    /// <returns>What is left for the parser, and the cmdlet's own words.</returns>
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
            else
            {
                ours.Add(word);
                named = !word.StartsWith('-');
            }
        }

        return (ours, cmdlets);
    }

    /// <summary>Reads the cmdlet's words: names and values.</summary>
    /// <param name="words">The words.</param>
    /// <returns>The parameters, by name in any case.</returns>
    /// <exception cref="UsageException">They make no parameters.</exception>
    public static Dictionary<string, object?> Read(IReadOnlyList<string> words)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var lists = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < words.Count; i++)
        {
            var (name, inline) = Name(words[i]) ?? throw Stray(words[i]);
            object? value;
            if (inline is null)
            {
                value = i + 1 < words.Count && Name(words[i + 1]) is null ? Value(name, words[++i]) : true;
            }
            else if (inline.StartsWith(Raw, StringComparison.Ordinal))
            {
                value = Json(name, inline[Raw.Length..]);
            }
            else
            {
                value = Value(name, inline[1..]);
            }

            if (!parameters.TryAdd(name, value))
            {
                var before = parameters[name];
                if (!lists.Add(name))
                {
                    ((List<object?>)before!).Add(value);
                }
                else if (before is string && value is string)
                {
                    parameters[name] = new List<object?> { before, value };
                }
                else
                {
                    throw new UsageException(
                        $"--{name} is given more than once.", $"Only text makes a list so. Write the list as JSON: --{name}:='[1, 2]'");
                }

                if (value is not string)
                {
                    throw new UsageException($"--{name}: a list is given one value at a time, or whole as JSON.", $"Write --{name}:='[\"a\", \"b\"]'");
                }
            }
        }

        return parameters;
    }

    /// <summary>A word that names a parameter: the name, and what stands behind it, from the <c>=</c> or <c>:</c> on.</summary>
    private static (string Name, string? Inline)? Name(string word)
    {
        var start = word.StartsWith("--", StringComparison.Ordinal) ? 2 : word.StartsWith('-') ? 1 : 0;
        if (start == 0 || word.Length == start || !char.IsAsciiLetter(word[start]))
        {
            return null;
        }

        var end = start;
        while (end < word.Length && (char.IsAsciiLetterOrDigit(word[end]) || word[end] == '_'))
        {
            end++;
        }

        return end == word.Length ? (word[start..], null)
            : word[end] is '=' or ':' ? (word[start..end], word[end..])
            : null;
    }

    /// <summary>A value as text, but for the few words that PowerShell's people write for something else.</summary>
    private static object? Value(string name, string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "$TRUE" => true,
        "FALSE" or "$FALSE" => false,
        "$NULL" => null,
        _ when text.StartsWith("@{", StringComparison.Ordinal) || text.StartsWith("@(", StringComparison.Ordinal) => throw new UsageException(
            $"--{name}: '{text}' is PowerShell, and there is none here.",
            $"Write a table or list as JSON: --{name}:='{{\"Add\": [\"a@contoso.com\"]}}' or --{name}:='[\"a\", \"b\"]'"),
        _ => text,
    };

    private static object? Json(string name, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true });
            return FromJson(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new UsageException(
                $"--{name}:= is followed by something that is not JSON (at character {(e.BytePositionInLine ?? 0) + 1}).",
                $"Quote it for the shell: --{name}:='{{\"Add\": [\"a@contoso.com\"]}}'. Text needs double quotes inside: --{name}:='\"true\"'");
        }
    }

    private static object? FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().DistinctBy(m => m.Name).ToDictionary(m => m.Name, m => FromJson(m.Value)),
        JsonValueKind.Array => json.EnumerateArray().Select(FromJson).ToList(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when json.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number when json.TryGetDecimal(out var exact) => exact,
        JsonValueKind.Number => json.GetDouble(),
        _ => null,
    };

    private static UsageException Stray(string word) => word.StartsWith('-')
        ? new UsageException($"'{word}' is no name of a parameter.", "Names are letters and digits, as in --Identity; a value that begins with a dash follows a '=': --Filter=-x")
        : new UsageException(
            $"'{word}' stands alone: no parameter's name is before it.",
            string.Create(CultureInfo.InvariantCulture, $"Name it (--Identity {Shell(word)}), quote a value with blanks, and repeat a name to give it several values."));

    private static string Shell(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || c is '@' or '.' or '-' or '_') ? word : "…";
}
