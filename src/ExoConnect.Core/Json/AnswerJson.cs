using System.Text.Json;

namespace ExoConnect.Core.Json;

/// <summary>What all readers of answers agree on.</summary>
internal static class AnswerJson
{
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = JsonScanner.MaxDepth, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>The text of a string element; null for any other.</summary>
    public static string? Text(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: the escapes as they stand say more than nothing. Bytes that are no UTF-8 say nothing.
            try
            {
                return element.GetRawText().Trim('"');
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }
}
