using System.Text.Json;

namespace ExoConnect.LocalTenant.Faults;

/// <summary>
/// Reads a file of faults. It is a JSON object, comments and trailing commas allowed:
/// <code>
/// {
///   "seed": 7,                        // of the probabilities; 0 if absent
///   "faults": [
///     {
///       "path": "InvokeCommand",      // which requests; each may be absent
///       "cmdlet": "Get-Mailbox",
///       "service": "exchange",        // entra, graph, exchange or compliance
///       "method": "POST",
///       "skip": 1, "times": 2, "probability": 0.5,
///       "status": 503,                // of the response instead of the service's
///       "retryAfter": 5,              // seconds
///       "body": "html",               // json, html, empty, text or nulgzip; json if absent
///       "content": "&lt;html&gt;…",         // the exact text of a json, html or text body
///       "drop": "middle",             // before or middle
///       "truncate": 100,              // bytes
///       "slow": 20,                   // milliseconds per KB
///       "delay": 500                  // milliseconds
///     }
///   ]
/// }
/// </code>
/// <see cref="FaultRule"/> describes the members in full.
/// </summary>
public static class FaultFile
{
    private const string Remedy = "Correct the faults file.";

    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly Dictionary<string, Func<FaultRule, JsonElement, FaultRule>> Members = new(StringComparer.Ordinal)
    {
        ["path"] = (rule, value) => rule with { Path = Text(value) },
        ["cmdlet"] = (rule, value) => rule with { Cmdlet = Text(value) },
        ["service"] = (rule, value) => rule with { Service = Service(value) },
        ["method"] = (rule, value) => rule with { Method = Text(value) },
        ["skip"] = (rule, value) => rule with { Skip = Whole(value) },
        ["times"] = (rule, value) => rule with { Times = Whole(value) },
        ["probability"] = (rule, value) => rule with { Probability = Number(value) },
        ["status"] = (rule, value) => rule with { Status = Whole(value) },
        ["retryAfter"] = (rule, value) => rule with { RetryAfter = TimeSpan.FromSeconds(Whole(value)) },
        ["body"] = (rule, value) => rule with { Body = Name<FaultBody>(value) },
        ["content"] = (rule, value) => rule with { Content = Text(value) },
        ["drop"] = (rule, value) => rule with { Drop = Name<FaultDrop>(value) },
        ["truncate"] = (rule, value) => rule with { TruncateAt = Whole(value) },
        ["slow"] = (rule, value) => rule with { SlowPerKilobyte = TimeSpan.FromMilliseconds(Whole(value)) },
        ["delay"] = (rule, value) => rule with { Delay = TimeSpan.FromMilliseconds(Whole(value)) },
    };

    /// <summary>Reads a file and adds its rules.</summary>
    /// <param name="path">The file.</param>
    /// <param name="faults">Receives the rules; unchanged if the file has a mistake.</param>
    /// <exception cref="TenantException">The file cannot be read, or has a mistake; the message names the place and the mistake.</exception>
    public static void Load(string path, FaultSet faults)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(faults);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TenantException($"The faults file '{path}' cannot be read: {e.Message}", "Check the path and that you may read the file.", e);
        }

        Parse(text, $"The faults file '{path}'", faults);
    }

    /// <summary>Reads JSON and adds its rules.</summary>
    /// <param name="json">The content of a file.</param>
    /// <param name="source">The source's name in errors, as the beginning of a sentence.</param>
    /// <param name="faults">Receives the rules; unchanged if there is a mistake.</param>
    /// <exception cref="TenantException">There is a mistake; the message names its place and kind.</exception>
    public static void Parse(string json, string source, FaultSet faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            var (seed, rules) = Read(document.RootElement);
            if (seed is { } value)
            {
                faults.Seed(value);
            }

            rules.ForEach(rule => faults.Add(rule));
        }
        catch (JsonException e)
        {
            throw new TenantException(
                $"{source} is not JSON: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {e.Message}",
                Remedy,
                e);
        }
        catch (FormatException e)
        {
            throw new TenantException($"{source} has a mistake: {e.Message}.", Remedy, e);
        }
    }

    private static (int? Seed, List<FaultRule> Rules) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("it is not an object with a member 'faults'");
        }

        int? seed = null;
        List<FaultRule>? rules = null;
        foreach (var member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "seed":
                    seed = At("seed", () => Whole(member.Value));
                    break;
                case "faults" when member.Value.ValueKind == JsonValueKind.Array:
                    rules = [.. member.Value.EnumerateArray().Select(ReadRule)];
                    break;
                case "faults":
                    throw new FormatException("faults is not an array");
                default:
                    throw new FormatException($"there is no member '{member.Name}'; known are seed and faults");
            }
        }

        return (seed, rules ?? throw new FormatException("it has no member 'faults'"));
    }

    private static FaultRule ReadRule(JsonElement json, int index)
    {
        var place = $"faults[{index}]";
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{place} is not an object");
        }

        var rule = new FaultRule();
        foreach (var member in json.EnumerateObject())
        {
            if (!Members.TryGetValue(member.Name, out var set))
            {
                throw new FormatException($"{place} has an unknown member '{member.Name}'; known are {string.Join(", ", Members.Keys)}");
            }

            var before = rule;
            rule = At($"{place}.{member.Name}", () => set(before, member.Value));
        }

        return rule.Check() is var (name, problem) ? throw new FormatException($"{place}.{name}: {problem}") : rule;
    }

    private static T At<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw new FormatException($"{place} {e.Message}", e);
        }
    }

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException("is not a string");

    private static int Whole(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw new FormatException("is not a whole number");

    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw new FormatException("is not a number");

    private static T Name<T>(JsonElement value)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(value), ignoreCase: true, out var name) && Enum.IsDefined(name) && !char.IsAsciiDigit(Text(value)[0])
            ? name
            : throw new FormatException($"is not one of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}");

    private static TenantService Service(JsonElement value) => Text(value).ToUpperInvariant() switch
    {
        "ENTRA" => TenantService.Entra,
        "GRAPH" => TenantService.Graph,
        "EXCHANGE" => TenantService.ExchangeOnline,
        "COMPLIANCE" => TenantService.SecurityCompliance,
        _ => throw new FormatException("is not one of entra, graph, exchange, compliance"),
    };
}
