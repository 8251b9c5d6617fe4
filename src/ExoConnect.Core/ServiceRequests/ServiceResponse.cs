using System.Text;
using System.Text.Json;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.ServiceRequests;

/// <summary>A service's response, a success, read to its end.</summary>
public sealed class ServiceResponse
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = ResponseJson.Options.MaxDepth };

    private readonly Lazy<JsonElement?> _content;

    internal ServiceResponse(int status, Uri address, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, string clientRequestId)
    {
        StatusCode = status;
        Address = address;
        Body = body;
        Headers = headers;
        ClientRequestId = clientRequestId;
        _content = new Lazy<JsonElement?>(Parse);
    }

    /// <summary>The HTTP status, 200 to 299, or 304 for a condition that wasn't met.</summary>
    public int StatusCode { get; }

    /// <summary>The address of the response: that of the request, or of the last redirect.</summary>
    public Uri Address { get; }

    /// <summary>The body, unpacked; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>
    /// The response's headers, including those of the body, names in any case; commas separate several values of one. No cookies.
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The <c>client-request-id</c> that we sent.</summary>
    public string ClientRequestId { get; }

    /// <summary>The service's request id; null for none.</summary>
    public string? RequestId => RequestIdHeaders.Select(name => Headers.GetValueOrDefault(name)).FirstOrDefault(id => id is not null);

    internal static IReadOnlyList<string> RequestIdHeaders { get; } = ["request-id", "x-ms-request-id", "SPRequestGuid"];

    /// <summary>The body as JSON; null if there is none, or it isn't JSON.</summary>
    public JsonElement? Content => _content.Value;

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>True if the service says that the body is JSON.</summary>
    public bool IsJson => Headers.TryGetValue("Content-Type", out var type) && type.Split(';')[0].Trim() is var media
        && (media.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>The address of the next page of a list; null on the last one.</summary>
    public string? NextPage => Link is { } link ? ResponseJson.Text(link) : Headers.GetValueOrDefault("NextPageUri");

    /// <summary>True if there is a link to the next page that isn't an address.</summary>
    internal bool HasUnreadableLink => Link is not null && string.IsNullOrEmpty(NextPage);

    /// <summary>The link in the body; the Management API's is a header.</summary>
    private JsonElement? Link
    {
        get
        {
            if (Content is { ValueKind: JsonValueKind.Object } content)
            {
                foreach (var name in (ReadOnlySpan<string>)["@odata.nextLink", "odata.nextLink", "nextLink"])
                {
                    if (content.TryGetProperty(name, out var link) && link.ValueKind != JsonValueKind.Null)
                    {
                        return link;
                    }
                }
            }

            return null;
        }
    }

    /// <summary>The items of the page: the elements of <c>value</c> or of a list, or the response itself.</summary>
    /// <returns>The elements; none without JSON.</returns>
    public IEnumerable<JsonElement> Items() => Content switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } o when o.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Array =>
            value.EnumerateArray(),
        { } single => [single],
        null => [],
    };

    private JsonElement? Parse()
    {
        if (Body.IsEmpty || (Headers.ContainsKey("Content-Type") && !IsJson))
        {
            return null;
        }

        try
        {
            // Some services send a byte order mark first.
            var body = Body.Span.StartsWith("\uFEFF"u8) ? Body[3..] : Body;
            Utf8Check.Whole(body.Span);
            using var document = JsonDocument.Parse(ResponseJson.Readable(body), Json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{StatusCode} from {Address.Host}";
}
