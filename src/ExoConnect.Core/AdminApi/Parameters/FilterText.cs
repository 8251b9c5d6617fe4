using System.Text;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>
/// The service knows no PowerShell variables, so the module file's own code replaces <c>$true</c> and <c>$false</c> in filters by <c>'True'</c> and
/// <c>'False'</c> before it sends them. We do the same. Inside quotes they are text and stay.
/// </summary>
public static class FilterText
{
    /// <summary>Whether a parameter takes a filter.</summary>
    /// <param name="parameter">Its name, in any case.</param>
    public static bool Takes(string parameter) => parameter is not null && (parameter.Equals("Filter", StringComparison.OrdinalIgnoreCase)
        || parameter.Equals("RecipientFilter", StringComparison.OrdinalIgnoreCase)
        || parameter.Equals("RecipientPreviewFilter", StringComparison.OrdinalIgnoreCase));

    /// <summary>Replaces the two variables.</summary>
    /// <param name="filter">An OPATH filter.</param>
    /// <returns>The filter to send; the same string where there is nothing to replace.</returns>
    public static string Translate(string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!filter.Contains('$', StringComparison.Ordinal))
        {
            return filter;
        }

        var result = new StringBuilder(filter.Length + 8);
        var quote = '\0';
        var position = 0;
        while (position < filter.Length)
        {
            var c = filter[position];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == '$' && Word(filter, position + 1) is { } word)
            {
                result.Append('\'').Append(word).Append('\'');
                position += word.Length + 1;
                continue;
            }

            result.Append(c);
            position++;
        }

        return result.ToString();
    }

    private static string? Word(string filter, int position)
    {
        foreach (var word in (ReadOnlySpan<string>)["True", "False"])
        {
            var end = position + word.Length;
            if (string.Compare(filter, position, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
                && (end >= filter.Length || !(char.IsLetterOrDigit(filter[end]) || filter[end] is '_' or ':')))
            {
                return word;
            }
        }

        return null;
    }
}
