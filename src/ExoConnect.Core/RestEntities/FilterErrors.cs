using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>Makes the error that shows a filter with a mark under the place that cannot be read.</summary>
internal static class FilterErrors
{
    private const int Before = 60;
    private const int After = 40;

    public static ExoException At(string filter, int position, string problem, string remedy) =>
        new($"The filter can't be read at character {position + 1}: {problem}{Environment.NewLine}{Excerpt(filter, position)}")
        {
            ErrorId = ErrorIds.InvalidFilter,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = "Filter",
            Target = filter,
            Remedy = remedy,
        };

    /// <summary>Two lines: the filter, or what is around the place if it is long, and a caret under it.</summary>
    private static string Excerpt(string filter, int position)
    {
        var start = Math.Max(0, position - Before);
        var end = Math.Min(filter.Length, position + After);
        var lead = "  " + (start > 0 ? "…" : string.Empty);
        var line = lead + Printable(filter[start..end]) + (end < filter.Length ? "…" : string.Empty);
        return line + Environment.NewLine + new string(' ', lead.Length + position - start) + "^";
    }

    /// <summary>One visible character for each, so that the caret stands where it should and a terminal sees nothing odd.</summary>
    public static string Printable(string text) => string.Create(text.Length, text, static (output, input) =>
    {
        for (var i = 0; i < input.Length; i++)
        {
            var c = input[i];
            var paired = char.IsHighSurrogate(c) ? i + 1 < input.Length && char.IsLowSurrogate(input[i + 1])
                : char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(input[i - 1]);
            output[i] = char.IsWhiteSpace(c) ? ' '
                : char.IsControl(c) || OpathLexer.IsInvisible(c) || (char.IsSurrogate(c) && !paired) ? '\uFFFD'
                : c;
        }
    });
}
