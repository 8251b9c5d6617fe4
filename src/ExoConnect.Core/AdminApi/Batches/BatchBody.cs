using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.Http.Pacing;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.AdminApi.Batches;

/// <summary>The <c>$batch</c> form: up to ten requests in one, each with a response of its own, in any order (protocol.md, batch).</summary>
internal static class BatchBody
{
    /// <summary>How many requests the service takes in one batch.</summary>
    public const int MaxRequests = 10;

    /// <summary>Writes a batch; each request's id is its index in the list.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="address">The address of a request that is sent alone.</param>
    /// <param name="headers">The headers it would have alone, without those that the batch has for all.</param>
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

    /// <summary>Reads the response to a batch.</summary>
    /// <param name="json">The body.</param>
    /// <param name="count">How many requests the batch had.</param>
    /// <returns>The responses, by the requests' indexes; null for a request without a response, or with several.</returns>
    /// <exception cref="JsonException">It is no response to a batch.</exception>
    public static BatchResponse?[] Read(ReadOnlySpan<byte> json, int count)
    {
        Utf8Check.Whole(json);
        var batch = new BatchResponse?[count];
        var scanner = new JsonScanner(json, isFinal: true);
        scanner.TryOpen((byte)'{');
        for (var isFirst = true; scanner.Next((byte)'}', isFirst) == JsonItem.Found; isFirst = false)
        {
            scanner.TryName();
            var isResponses = scanner.Name.SequenceEqual("responses"u8);
            scanner.TryValue();
            if (isResponses && scanner.Kind == ValueKind.Array)
            {
                ReadAll(scanner.Value, batch);
            }
        }

        return json[scanner.Position..].ContainsAnyExcept(" \t\r\n"u8) ? throw new JsonException("Bytes follow the responses.") : batch;
    }

    private static void ReadAll(ReadOnlySpan<byte> responses, BatchResponse?[] batch)
    {
        var scanner = new JsonScanner(responses, isFinal: true);
        var several = new HashSet<int>();
        scanner.TryOpen((byte)'[');
        for (var isFirst = true; scanner.Next((byte)']', isFirst) == JsonItem.Found; isFirst = false)
        {
            var (id, response) = ReadOne(ref scanner);
            if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < batch.Length)
            {
                if (batch[place] is not null)
                {
                    several.Add(place);
                }

                batch[place] = response;
            }
        }

        // Of two that differ, nobody knows which is true.
        foreach (var place in several)
        {
            batch[place] = null;
        }
    }

    private static (string? Id, BatchResponse Response) ReadOne(ref JsonScanner scanner)
    {
        string? id = null;
        var status = 0;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        byte[] body = [];
        scanner.TryOpen((byte)'{');
        for (var isFirst = true; scanner.Next((byte)'}', isFirst) == JsonItem.Found; isFirst = false)
        {
            scanner.TryName();
            scanner.TryValue();
            switch (scanner.NameText)
            {
                case "id":
                    id = scanner.Text;
                    break;
                case "status" when scanner.Kind == ValueKind.Number:
                    status = Utf8Parser.TryParse(scanner.Value, out int whole, out var read) && read == scanner.Value.Length ? whole : 0;
                    break;
                case "headers" when scanner.Kind == ValueKind.Object:
                    ReadHeaders(scanner.Value, headers);
                    break;
                case "body" when scanner.Kind != ValueKind.Null:
                    // Gateways respond with text.
                    body = scanner.Text is { } text ? Encoding.UTF8.GetBytes(text) : scanner.Value.ToArray();
                    break;
            }
        }

        return (id, new BatchResponse(status, headers, body));
    }

    private static void ReadHeaders(ReadOnlySpan<byte> json, Dictionary<string, string> headers)
    {
        var scanner = new JsonScanner(json, isFinal: true);
        scanner.TryOpen((byte)'{');
        for (var isFirst = true; scanner.Next((byte)'}', isFirst) == JsonItem.Found; isFirst = false)
        {
            scanner.TryName();
            scanner.TryValue();
            if (scanner.Text is { } value)
            {
                headers[scanner.NameText] = value;
            }
        }
    }
}

/// <summary>The responses to a batch.</summary>
/// <param name="All">By the requests' indexes; null for a request without a response.</param>
/// <param name="Token">The token that the batch was sent with.</param>
/// <param name="ClientRequestId">The id that the batch was sent with.</param>
/// <param name="ServerRequestId">The service's id of the batch.</param>
internal sealed record BatchResponses(IReadOnlyList<BatchResponse?> All, string? Token, string ClientRequestId, string? ServerRequestId)
{
    /// <summary>Hides the token, which a record's text would show in a log.</summary>
    /// <returns>How many responses there are.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{All.Count} responses");
}

/// <summary>The response to one request of a batch.</summary>
/// <param name="Status">Its HTTP status; 0 if it can't be read.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body, JSON or text.</param>
internal sealed record BatchResponse(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The pause that it requests; null for none.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now) => RateLimitHeaders.RetryAfter(Headers.GetValueOrDefault("Retry-After"), now);

    /// <summary>The service's id of it, for a support case.</summary>
    public string? RequestId => ResponseHeaders.Id(Headers.GetValueOrDefault("request-id"));
}
