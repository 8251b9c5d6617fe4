using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.AdminApi.Answers;

namespace ExoConnect.Core.AdminApi.Bulk;

/// <summary>The <c>$batch</c> form: up to ten requests in one, each with an answer of its own, in any order (protocol.md, batch).</summary>
internal static class BatchBody
{
    /// <summary>How many requests the service takes in one batch.</summary>
    public const int MaxRequests = 10;

    /// <summary>Writes a batch; each request's id is its place in the list.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="address">Where a request would go by itself.</param>
    /// <param name="headers">The headers it would have, without those that the batch has for all.</param>
    /// <returns>The body.</returns>
    public static ReadOnlyMemory<byte> Write(
        IReadOnlyList<AdminRequest> requests, Func<AdminRequest, Uri> address, Func<AdminRequest, IEnumerable<KeyValuePair<string, string>>> headers)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("requests");
            for (var i = 0; i < requests.Count; i++)
            {
                var request = requests[i];
                json.WriteStartObject();
                json.WriteString("id", i.ToString(CultureInfo.InvariantCulture));
                json.WriteString("method", request.Method.Method);
                json.WriteString("url", address(request).AbsoluteUri);
                json.WriteStartObject("headers");
                foreach (var (name, value) in headers(request))
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
                if (!request.Body.IsEmpty)
                {
                    json.WritePropertyName("body");
                    json.WriteRawValue(request.Body.Span, skipInputValidation: true);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    /// <summary>Reads the answer to a batch.</summary>
    /// <param name="json">The body.</param>
    /// <param name="count">How many requests the batch had.</param>
    /// <returns>The answers, by the requests' places; null for a request that was not answered.</returns>
    /// <exception cref="JsonException">It is no answer to a batch.</exception>
    public static BatchAnswer?[] Read(ReadOnlySpan<byte> json, int count)
    {
        var answers = new BatchAnswer?[count];
        var reader = new Utf8JsonReader(json, AnswerJson.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The answer to a batch is no JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResponses = reader.ValueTextEquals("responses"u8);
            reader.Read();
            if (!isResponses || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                var (id, answer) = ReadOne(ref reader, json);
                if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < count)
                {
                    answers[place] = answer;
                }
            }
        }

        return answers;
    }

    private static (string? Id, BatchAnswer Answer) ReadOne(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        string? id = null;
        var status = 0;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        byte[] body = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = AnswerJson.Text(ref reader);
            reader.Read();
            switch (name)
            {
                case "id" when reader.TokenType == JsonTokenType.String:
                    id = AnswerJson.Text(ref reader);
                    break;
                case "status" when reader.TokenType == JsonTokenType.Number:
                    reader.TryGetInt32(out status);
                    break;
                case "headers" when reader.TokenType == JsonTokenType.StartObject:
                    while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    {
                        var header = AnswerJson.Text(ref reader);
                        reader.Read();
                        if (reader.TokenType == JsonTokenType.String)
                        {
                            headers[header] = AnswerJson.Text(ref reader);
                        }
                        else
                        {
                            reader.Skip();
                        }
                    }

                    break;
                case "body" when reader.TokenType == JsonTokenType.String:
                    // Gateways answer in text.
                    body = Encoding.UTF8.GetBytes(AnswerJson.Text(ref reader));
                    break;
                case "body" when reader.TokenType != JsonTokenType.Null:
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    body = json[start..(int)reader.BytesConsumed].ToArray();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (id, new BatchAnswer(status, headers, body));
    }
}

/// <summary>The answer to one request of a batch.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body, JSON or text.</param>
internal sealed record BatchAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>How long it asks to wait; null if it does not.</summary>
    public TimeSpan? RetryAfter =>
        Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 300))
            : null;

    /// <summary>The service's id of it, for a support case.</summary>
    public string? RequestId => Headers.GetValueOrDefault("request-id");
}
