using System.Text;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>A segment of an OData path: a name, and the text in parentheses after it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Arguments">The text in the parentheses, decoded; null when there are none.</param>
internal sealed record PathSegment(string Name, string? Arguments)
{
    /// <summary>Whether the segment has a name, in any case.</summary>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The key between quotation marks; null when there is none.</summary>
    /// <param name="encoded">Whether it is base64 of UTF-8.</param>
    /// <exception cref="ServiceError">The key is not encoded, though it should be.</exception>
    public string? Key(bool encoded)
    {
        if (Arguments is null || Arguments.Length < 2 || Arguments[0] != '\'' || Arguments[^1] != '\'')
        {
            return null;
        }

        var key = Arguments[1..^1].Replace("''", "'", StringComparison.Ordinal);
        return encoded ? Decode(key) : key;
    }

    /// <summary>A named argument, without quotation marks or a type in front of them; null when there is none.</summary>
    /// <param name="name">Its name, in any case.</param>
    public string? Argument(string name)
    {
        int depth = 0, start = 0;
        var quoted = false;
        var text = (Arguments ?? "") + ",";
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\'' or '"':
                    quoted = !quoted;
                    break;
                case '[' or '(' when !quoted:
                    depth++;
                    break;
                case ']' or ')' when !quoted:
                    depth--;
                    break;
                case ',' when !quoted && depth == 0:
                    var pair = text[start..i];
                    start = i + 1;
                    var equals = pair.IndexOf('=', StringComparison.Ordinal);
                    if (equals > 0 && pair[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                    {
                        return Unquote(pair[(equals + 1)..].Trim());
                    }

                    break;
            }
        }

        return null;
    }

    /// <summary>Decodes base64 of UTF-8.</summary>
    /// <exception cref="ServiceError">The text is not base64.</exception>
    public static string Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw ServiceError.Request(400, "BadRequest", $"The key '{text}' is said to be encoded but is not base64.");
    }

    private static string Unquote(string value)
    {
        var quote = value.IndexOf('\'', StringComparison.Ordinal);
        return quote >= 0 && value.EndsWith('\'') && quote < value.Length - 1 ? value[(quote + 1)..^1] : value;
    }
}

/// <summary>Reads OData paths, where a slash between quotation marks separates nothing.</summary>
internal static class ResourcePath
{
    /// <summary>The segments after <c>/adminapi/{version}/{tenant}/</c>.</summary>
    /// <param name="rawPath">The path as it was on the wire.</param>
    public static IReadOnlyList<PathSegment> Parse(string rawPath)
    {
        var path = rawPath.Replace("%27", "'", StringComparison.Ordinal);
        var segments = new List<PathSegment>();
        var quoted = false;
        int start = 0, skipped = 0;
        for (var i = 0; i <= path.Length; i++)
        {
            if (i < path.Length && path[i] == '\'')
            {
                quoted = !quoted;
            }
            else if (i == path.Length || (path[i] == '/' && !quoted))
            {
                if (i > start && skipped++ >= 3)
                {
                    segments.Add(Segment(Uri.UnescapeDataString(path[start..i])));
                }

                start = i + 1;
            }
        }

        return segments;
    }

    private static PathSegment Segment(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open >= 0 && text.EndsWith(')')
            ? new PathSegment(text[..open], text[(open + 1)..^1])
            : new PathSegment(text, null);
    }
}
