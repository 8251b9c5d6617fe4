using System.Globalization;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Filters;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Graph;

/// <summary>Applies a query to a collection: <c>$filter</c>, <c>$select</c>, <c>$top</c>, <c>$count</c>, page by page.</summary>
internal static class GraphList
{
    private const int DefaultPage = 100;
    private const int LargestPage = 999;

    private static readonly string[] Known = ["$filter", "$select", "$top", "$count", "$skiptoken", "$orderby", "$expand"];

    /// <summary>Responds with a page of a collection.</summary>
    /// <param name="request">The request.</param>
    /// <param name="context">The collection's name in the context's address.</param>
    /// <param name="items">All items, in a stable order.</param>
    /// <param name="usual">The properties without a selection; null for all.</param>
    /// <returns>The page.</returns>
    /// <exception cref="GraphException">The query is invalid.</exception>
    public static GraphResponse Response(GraphRequest request, string context, IEnumerable<JsonObject> items, string[]? usual = null)
    {
        if (request.Query.Keys.FirstOrDefault(key => key.StartsWith('$') && !Known.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw GraphException.BadRequest($"Unrecognized query option '{unknown}'.");
        }

        if (request.Query["$filter"].ToString() is { Length: > 0 } filter)
        {
            var parsed = Parse(filter);
            items = items.Where(item => parsed.Accepts(new JsonRecord(item)));
        }

        var size = Size(request);
        var start = Start(request);
        var body = new JsonObject { ["@odata.context"] = $"{request.BaseAddress}/$metadata#{context}" };
        if (request.Query["$count"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            body["@odata.count"] = items.Count();
        }

        // One more than the page says whether there is another.
        var page = items.Skip(start).Take(size + 1).ToList();
        if (page.Count > size)
        {
            var rest = request.Query.Where(pair => pair.Key != "$skiptoken")
                .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value.ToString())}")
                .Append(string.Create(CultureInfo.InvariantCulture, $"$skiptoken={start + size}"));
            body["@odata.nextLink"] = $"{request.BaseAddress}/{string.Join('/', request.Segments)}?{string.Join('&', rest)}";
        }

        body["value"] = new JsonArray([.. page.Take(size).Select(item => Select(request, item, usual))]);
        return GraphResponse.Ok(body);
    }

    /// <summary>Responds with one object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="context">The collection's name in the context's address.</param>
    /// <param name="item">The object.</param>
    /// <param name="usual">The properties without a selection; null for all.</param>
    /// <returns>The response.</returns>
    public static GraphResponse One(GraphRequest request, string context, JsonObject item, string[]? usual = null)
    {
        var body = new JsonObject { ["@odata.context"] = $"{request.BaseAddress}/$metadata#{context}/$entity" };
        foreach (var (name, value) in Select(request, item, usual).ToArray())
        {
            body[name] = value?.DeepClone();
        }

        return GraphResponse.Ok(body);
    }

    /// <summary>The names that <c>$select</c> gives; null if it gives none.</summary>
    public static string[]? Selected(GraphRequest request) => request.Query["$select"].ToString() is { Length: > 0 } select && select != "*"
        ? select.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : null;

    private static JsonObject Select(GraphRequest request, JsonObject item, string[]? usual)
    {
        if ((Selected(request) ?? usual) is not { } names)
        {
            return item;
        }

        var cut = new JsonObject();
        foreach (var name in names)
        {
            if (!item.ContainsKey(name))
            {
                throw GraphException.BadRequest($"Could not find a property named '{name}' on the resource.");
            }

            cut[name] = item[name]?.DeepClone();
        }

        return cut;
    }

    private static Filter Parse(string text)
    {
        try
        {
            return ODataFilter.Parse(text, static _ => false);
        }
        catch (FormatException e)
        {
            throw GraphException.BadRequest($"Invalid filter clause: {e.Message}");
        }
    }

    private static int Size(GraphRequest request)
    {
        var text = request.Query["$top"].ToString();
        return text.Length == 0 ? DefaultPage
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top is > 0 and <= LargestPage ? top
            : throw GraphException.BadRequest($"Invalid page size specified: '{text}'. Must be between 1 and {LargestPage} inclusive.");
    }

    private static int Start(GraphRequest request)
    {
        var text = request.Query["$skiptoken"].ToString();
        return text.Length == 0 ? 0
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start
            : throw new GraphException(
            400, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request.");
    }

    /// <summary>A JSON object as filters see it.</summary>
    private sealed class JsonRecord(JsonObject json) : Record
    {
        public override long Position => 0;

        public override IReadOnlyList<string> TypeNames => [];

        public override bool TryGet(string name, out object? value)
        {
            if (!json.TryGetPropertyValue(name, out var node))
            {
                throw GraphException.BadRequest($"Invalid filter clause: Could not find a property named '{name}' on the resource.");
            }

            value = node switch
            {
                null => null,
                JsonArray array => array.Select(item => item?.ToString() ?? "").ToArray(),
                JsonValue single when single.TryGetValue<bool>(out var flag) => flag,
                JsonValue single when single.TryGetValue<int>(out var number) => number,
                _ => node.ToString(),
            };
            return true;
        }

        public override IEnumerable<KeyValuePair<string, object?>> Properties(Selection? selection) => throw new NotSupportedException();

        public override void WriteJson(Utf8Sink sink, Selection? selection) => throw new NotSupportedException();
    }
}
