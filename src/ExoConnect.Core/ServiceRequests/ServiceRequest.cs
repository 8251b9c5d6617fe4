using System.Text;
using System.Text.Json.Nodes;

namespace ExoConnect.Core.ServiceRequests;

/// <summary>A request to any service of the tenant. Immutable, so that it can be sent again.</summary>
public sealed record ServiceRequest
{
    /// <summary>The HTTP method.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>An https address, or a path on the service that <see cref="Resource"/> names, by default Graph: <c>/v1.0/organization</c>.</summary>
    public required string Uri { get; init; }

    /// <summary>The resource of the token, or a service's name; null if the host decides.</summary>
    public string? Resource { get; init; }

    /// <summary>The body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body's type; JSON unless <see cref="Headers"/> say otherwise.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>Further headers. <c>Authorization</c>, <c>Cookie</c> and <c>Host</c> are not among them.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    /// <summary>
    /// True if the service changes nothing, so that any transient failure may be retried; by default for GET, HEAD and OPTIONS. Other requests are
    /// retried only if they were surely not carried out: 429, and a connection that was never made.
    /// </summary>
    public bool IsRead
    {
        get => field || Method == HttpMethod.Get || Method == HttpMethod.Head || Method == HttpMethod.Options;
        init;
    }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    internal static IReadOnlyDictionary<string, string> NoHeaders { get; } = new Dictionary<string, string>();

    /// <summary>The method and the address, for messages; without the query, which may hold a secret.</summary>
    /// <returns>For example <c>GET https://graph.microsoft.com/v1.0/users</c>.</returns>
    public override string ToString() => $"{Method} {Uri.Split('?', '#')[0]}";

    /// <summary>Makes a request with a JSON body.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="uri">The address or path.</param>
    /// <param name="body">The JSON; null for no body.</param>
    /// <param name="headers">Further headers; null for none.</param>
    /// <returns>The request.</returns>
    public static ServiceRequest Json(
        HttpMethod method, string uri, JsonNode? body = null, IReadOnlyDictionary<string, string>? headers = null) => new()
        {
            Method = method,
            Uri = uri,
            Body = body is null ? default : Encoding.UTF8.GetBytes(body.ToJsonString()),
            Headers = headers ?? NoHeaders,
        };
}
