using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>A request, from a connection or out of a batch.</summary>
internal sealed class AdminRequest
{
    private readonly Func<string, string?> _header;
    private readonly FrozenDictionary<string, string> _query;

    /// <summary>Makes a request.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="origin">Scheme and authority, without a slash at the end.</param>
    /// <param name="target">Path and query as they were on the wire.</param>
    /// <param name="header">Gives a header's value, or null.</param>
    /// <param name="body">The body.</param>
    /// <param name="service">The service that receives the request.</param>
    /// <param name="caller">The caller.</param>
    public AdminRequest(
        string method, string origin, string target, Func<string, string?> header, ReadOnlyMemory<byte> body, TenantService service, Caller caller)
    {
        (Method, Origin, Body, Service, Caller, _header) = (method, origin, body, service, caller, header);
        var question = target.IndexOf('?', StringComparison.Ordinal);
        RawPath = question < 0 ? target : target[..question];
        RawQuery = question < 0 ? "" : target[(question + 1)..];
        Segments = [.. RawPath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        _query = ParseQuery(RawQuery);
    }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>Scheme and authority, without a slash at the end.</summary>
    public string Origin { get; }

    /// <summary>The path as it was on the wire.</summary>
    public string RawPath { get; }

    /// <summary>The query as it was on the wire, without the question mark.</summary>
    public string RawQuery { get; }

    /// <summary>The decoded segments of the path: <c>AdminApi</c>, version, tenant, resource and so on.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The service that receives the request.</summary>
    public TenantService Service { get; }

    /// <summary>The caller.</summary>
    public Caller Caller { get; }

    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => _header(name);

    /// <summary>Whether the caller requests objects in PowerShell's serialisation.</summary>
    public bool WantsClixml => string.Equals(Header("X-ResponseFormat"), "clixml", StringComparison.OrdinalIgnoreCase);

    /// <summary>A query option's value, or null.</summary>
    public string? Query(string name) => _query.GetValueOrDefault(name);

    /// <summary>The page size that <c>Prefer</c> requests, at most 1,000 objects.</summary>
    public int PageSize
    {
        get
        {
            var prefer = Header("Prefer") ?? Header("X-Prefer");
            const string Name = "odata.maxpagesize=";
            var at = prefer?.IndexOf(Name, StringComparison.OrdinalIgnoreCase) ?? -1;
            if (at < 0)
            {
                return 1000;
            }

            var digits = prefer.AsSpan(at + Name.Length);
            var end = digits.IndexOfAnyExceptInRange('0', '9');
            return int.TryParse(end < 0 ? digits : digits[..end], out var size) && size > 0 ? Math.Min(size, 1000) : 1000;
        }
    }

    /// <summary>The address of the response's next page: this address with another skip token.</summary>
    public string NextLink(SkipToken next)
    {
        var options = RawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(option => !option.StartsWith("$skiptoken=", StringComparison.OrdinalIgnoreCase)
                && !option.StartsWith("%24skiptoken=", StringComparison.OrdinalIgnoreCase))
            .Append($"$skiptoken={next}");
        return $"{Origin}{RawPath}?{string.Join('&', options)}";
    }

    /// <summary>The request of a connection, its body read.</summary>
    public static async Task<AdminRequest> ReadAsync(HttpContext context, TenantService service, Caller caller)
    {
        var request = context.Request;
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var target = raw is { Length: > 0 } && raw[0] == '/' ? raw : request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return new AdminRequest(
            request.Method, $"{request.Scheme}://{request.Host.ToUriComponent()}", target,
            name => request.Headers.TryGetValue(name, out var values) ? values.ToString() : null, body.ToArray(), service, caller);
    }

    private static FrozenDictionary<string, string> ParseQuery(string query)
    {
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            options[name] = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
        }

        return options.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
