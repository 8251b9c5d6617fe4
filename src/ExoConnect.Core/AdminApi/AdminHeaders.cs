using System.Globalization;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Pipeline;

namespace ExoConnect.Core.AdminApi;

/// <summary>The headers of a session's requests (protocol.md section 4).</summary>
/// <param name="options">The session's client.</param>
internal sealed class AdminHeaders(AdminApiOptions options)
{
    private readonly string _connectionId = options.ConnectionId.ToString();

    private readonly string _tenantAnchor = RoutingAnchor.ForTenant(
        options.IsAnchoredAsApplication ? ExoService.ExchangeOnline
            : options.Service, options.TenantId, options.Organization, options.UserPrincipalName);

    /// <summary>The headers that describe the client, for the start of a session.</summary>
    private readonly KeyValuePair<string, string>[] _client =
    [
        new("exomodule-version", ClientInfo.WireVersion),
        new("ps-version", options.Client.HostVersion),
        new("os-version", options.Client.OperatingSystem),
        new("client-process-id", options.Client.ProcessId),
        new("is-cloud-shell-environment", "False"),
        new("X-InitializeConnectionContextObjectIdDynamic", "true"),
        new("x-ms-diagnostics", "ClientCertSigned:false"),
        new("disable-wam", "False"),
    ];

    /// <summary>The session's page size.</summary>
    public int PageSize => options.PageSize;

    /// <summary>The headers of a request that is sent alone, and of a batch.</summary>
    public void Add(HttpRequestMessage message, AdminRequest request, int pageSize, string clientRequestId, string? token, string? cookies)
    {
        var headers = request.IsStart ? OfStart(request, clientRequestId, token) : Of(request, Prefer(pageSize), clientRequestId, token);
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (cookies is not null)
        {
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
        }
    }

    /// <summary>The headers of a request inside a batch: EXO gives each of them its own token and ids.</summary>
    public List<KeyValuePair<string, string>> OfPart(AdminRequest request, string clientRequestId, string? token)
    {
        var headers = Of(request, Prefer(request.PageSize ?? PageSize) + ";odata.continue-on-error", clientRequestId, token);
        headers.Add(new("Content-Type", "application/json; charset=utf-8"));
        return headers;
    }

    private static string Prefer(int pageSize) => string.Create(CultureInfo.InvariantCulture, $"odata.maxpagesize={Math.Clamp(pageSize, 1, 1000)}");

    /// <summary>The start of a session isn't a cmdlet's call, so it lacks the headers that shape such a call's response.</summary>
    private List<KeyValuePair<string, string>> OfStart(AdminRequest request, string clientRequestId, string? token)
    {
        List<KeyValuePair<string, string>> headers =
        [
            new("Accept-Encoding", "gzip"),
            new("X-ClientApplication", options.Client.Application),
            new("X-AnchorMailbox", _tenantAnchor),
            new("connection-id", _connectionId),
            new("client-request-id", clientRequestId),
            .. _client,
            .. request.Headers,
        ];
        if (token is not null)
        {
            headers.Add(new("Authorization", "Bearer " + token));
        }

        return headers;
    }

    private List<KeyValuePair<string, string>> Of(AdminRequest request, string prefer, string clientRequestId, string? token)
    {
        var anchor = options.BypassMailboxAnchoring ? null : request.Anchor;
        var headers = new List<KeyValuePair<string, string>>(24)
        {
            new("Accept", "application/json"),
            new("Accept-Charset", "UTF-8"),
            new("Accept-Encoding", "gzip"),
            new("Accept-Language", options.Client.Language),
            new("X-ClientApplication", options.Client.Application),
            new("X-ClientModuleVersion", ClientInfo.WireVersion),
            new("X-CmdletName", request.CmdletName),
            new("X-ResponseFormat", request.ResponseFormat == ResponseFormat.Clixml ? "clixml" : "json"),
            new("X-SerializationLevel", "Partial"),
            new("X-AnchorMailbox", anchor ?? _tenantAnchor),
            new("Prefer", prefer),
            new("connection-id", _connectionId),
            new("client-request-id", clientRequestId),
        };
        if (token is not null)
        {
            headers.Add(new("Authorization", "Bearer " + token));
        }

        if (anchor is not null && request.Method == HttpMethod.Post)
        {
            headers.Add(new("parameter-based-routing", "True"));
        }

        if (request.Method == HttpMethod.Post && !request.Headers.ContainsKey("WarningAction"))
        {
            headers.Add(new("WarningAction", ""));
        }

        foreach (var header in request.Headers)
        {
            // The headers hold the size of a REST entity's first page; the last page may be smaller.
            var isSize = header.Key == "Prefer" && header.Value.StartsWith("odata.maxpagesize", StringComparison.Ordinal);
            headers.RemoveAll(h => h.Key.Equals(header.Key, StringComparison.OrdinalIgnoreCase));
            headers.Add(isSize ? new(header.Key, prefer + ";") : header);
        }

        return headers;
    }
}
