using System.Text.Json;

namespace ExoConnect.Core.AdminApi.Answers;

/// <summary>What all readers of answers agree on.</summary>
internal static class AnswerJson
{
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = 128, CommentHandling = JsonCommentHandling.Disallow };

    public static ValueKind Kind(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.False => ValueKind.False,
        JsonTokenType.True => ValueKind.True,
        JsonTokenType.Number => ValueKind.Number,
        JsonTokenType.String => reader.ValueIsEscaped ? ValueKind.EscapedString : ValueKind.String,
        JsonTokenType.StartArray => ValueKind.Array,
        JsonTokenType.StartObject => ValueKind.Object,
        _ => ValueKind.Null,
    };

    /// <summary>The text of the string or property name that the reader stands on; never throws for malformed text.</summary>
    public static string Text(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? ValueReader.Unescape(reader.ValueSpan) : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);

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
