using System.Management.Automation;
using System.Management.Automation.Language;

namespace ExoConnect.Completion;

/// <summary>The common part of all completers.</summary>
internal static class CompletionText
{
    /// <summary>The values with the beginning of a word, quoted if needed.</summary>
    public static IEnumerable<CompletionResult> Matching(IEnumerable<string> values, string? word)
    {
        var start = Unquote(word);
        return values.Where(v => v.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(v => new CompletionResult(Quote(v), v, CompletionResultType.ParameterValue, v));
    }

    public static string Unquote(string? word) => (word ?? "").Trim('\'', '"');

    public static string Quote(string value) =>
        value.Length > 0 && value.All(static c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '@' or ':' or '\\') && value[0] != '@'
            && value[0] != '-'
            ? value
            : "'" + CodeGeneration.EscapeSingleQuotedStringContent(value) + "'";
}
