using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ExoConnect.Cli.Output;

namespace ExoConnect.Cli.CommandLine;

/// <summary>Options whose errors name the valid values.</summary>
internal static class OptionTypes
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    private static readonly string[] Times = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK"];

    public static Option<string> Text(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result => result.Tokens[0].Value is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : Fail<string>(result, $"{name} is empty."),
    };

    public static Option<string[]> Texts(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<int?> Number(string name, string helpName, string description, int least, int most) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result =>
            int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
                && number <= most
                ? number
                : Fail<int?>(result, most == int.MaxValue
                    ? string.Create(CultureInfo.InvariantCulture, $"{name}: '{result.Tokens[0].Value}' is not a whole number from {least} on.")
                    : string.Create(
                    CultureInfo.InvariantCulture, $"{name}: '{result.Tokens[0].Value}' is not a whole number from {least} to {most}.")),
    };

    /// <summary>The profile of a command that signs in.</summary>
    public static Option<string> Profile() => Text("--profile", "NAME", "The profile to use, instead of EXOCONNECT_PROFILE or the default one.");

    /// <summary>Text for people or JSON for programs, for a command without objects of the service.</summary>
    public static Option<OutputFormat?> TextOrJson(string description = "How to write it. Default: text.")
    {
        var output = Choice("--output", description, ("text", OutputFormat.Table), ("json", OutputFormat.Json));
        output.Aliases.Add("-o");
        return output;
    }

    /// <summary>The latency of a local tenant.</summary>
    public static Option<int?> Latency() => Number("--latency", "MS", "Milliseconds added to every response of the services.", 0, 600_000);

    /// <summary>A time such as <c>90s</c>; a bare number is in seconds.</summary>
    public static Option<TimeSpan?> Duration(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result => ParseDuration(result.Tokens[0].Value)
            ?? Fail<TimeSpan?>(result, $"{name}: '{result.Tokens[0].Value}' is not a length of time. Write it as in 500ms, 90s, 15m, 2h or 1d."),
    };

    /// <summary>A day or a time in ISO 8601; UTC if it has no offset.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        HelpName = "DATE",
        Description = description,
        CustomParser = result => DateTimeOffset.TryParseExact(
            result.Tokens[0].Value, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : Fail<DateTimeOffset?>(
                result, $"{name}: '{result.Tokens[0].Value}' is not a date. Write it as in 2026-12-31 or 2026-12-31T18:00:00Z."),
    };

    public static Option<T?> Choice<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct, Enum
    {
        var words = string.Join('|', choices.Select(c => c.Word));
        var option = new Option<T?>(name)
        {
            HelpName = words,
            Description = description,
            CustomParser = result => choices.Where(c => string.Equals(c.Word, result.Tokens[0].Value, StringComparison.OrdinalIgnoreCase))
                .Select(c => (T?)c.Value).FirstOrDefault()
                ?? Fail<T?>(
                result, $"{name}: '{result.Tokens[0].Value}' is not known. Use one of {words.Replace("|", ", ", StringComparison.Ordinal)}."),
        };
        option.CompletionSources.Add([.. choices.Select(c => c.Word)]);
        return option;
    }

    internal static TimeSpan? ParseDuration(string text)
    {
        var digits = text.TrimEnd([.. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]);
        var unit = text[digits.Length..];
        var length = unit.Length == 0
            ? TimeSpan.FromSeconds(1)
            : Units.FirstOrDefault(u => string.Equals(u.Unit, unit, StringComparison.OrdinalIgnoreCase)).Length;
        return length > TimeSpan.Zero
            && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * length.TotalDays <= 3650
                ? length * count
                : null;
    }

    private static T Fail<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default!;
    }
}
