using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>Makes the error that shows a filter with a mark before the unreadable position.</summary>
internal static class FilterErrors
{
    private const int Before = 60;
    private const int After = 40;
    private const string Mark = "-->";

    public static ExoException At(string filter, int position, string problem, string remedy) =>
        new($"The filter can't be read at character {position + 1}: {problem} Near: {Excerpt(filter, position)}")
        {
            ErrorId = ErrorIds.InvalidFilter,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = "Filter",
            Target = filter,
            Remedy = remedy,
        };

    /// <summary>
    /// The filter, or the part around the position if it is long, with a mark before the position. All on one line: PowerShell shows the lines of
    /// an error's message in a script as one, and a caret below the filter would stand anywhere.
    /// </summary>
    private static string Excerpt(string filter, int position)
    {
        var start = Math.Max(0, position - Before);
        var end = Math.Min(filter.Length, position + After);
        return (start > 0 ? "…" : string.Empty) + Printable(filter[start..position]) + Mark + Printable(filter[position..end])
            + (end < filter.Length ? "…" : string.Empty);
    }

    /// <summary>One visible character for each, so that a terminal gets no control characters.</summary>
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
