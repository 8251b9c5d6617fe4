using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Graph;

/// <summary>A request to Graph whose token has been verified.</summary>
/// <param name="Method">The HTTP method, in capitals.</param>
/// <param name="Segments">The path after the version, each part decoded.</param>
/// <param name="Query">The query.</param>
/// <param name="Body">The body; null if there is none.</param>
/// <param name="Caller">The caller.</param>
/// <param name="BaseAddress">The address up to and with the version, as the client wrote it.</param>
internal sealed record GraphRequest(
    string Method, IReadOnlyList<string> Segments, IQueryCollection Query, JsonObject? Body, Caller Caller, string BaseAddress)
{
    /// <summary>Reads a request.</summary>
    /// <exception cref="GraphException">The body is not a JSON object.</exception>
    public static async Task<GraphRequest> ReadAsync(HttpContext context, Caller caller)
    {
        var request = context.Request;
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonObject? body = null;
        if (request.Method is "POST" or "PATCH" or "PUT")
        {
            try
            {
                body = await JsonNode.ParseAsync(request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false) as JsonObject;
            }
            catch (JsonException)
            {
                throw GraphException.Malformed();
            }

            if (body is null)
            {
                throw GraphException.Malformed();
            }
        }

        return new GraphRequest(
            request.Method.ToUpperInvariant(), path.Length > 1 ? path[1..] : [], request.Query, body, caller,
            $"https://{request.Host.Value}/{(path.Length > 0 ? path[0] : "v1.0")}");
    }

    /// <summary>A text of the body; null if it is missing or null.</summary>
    /// <exception cref="GraphException">The value is not text.</exception>
    public string? Text(string name) => Text(Body!, name);

    /// <summary>A text of the body that must be there.</summary>
    /// <exception cref="GraphException">The value is missing, or not text.</exception>
    public string Required(string name) => Text(name) is { Length: > 0 } value ? value : throw GraphException.MissingProperty(name);

    /// <summary>A GUID of the body that must be there.</summary>
    /// <exception cref="GraphException">The value is missing, or not a GUID.</exception>
    public Guid RequiredGuid(string name) => Guid.TryParse(Required(name), out var id)
        ? id
        : throw GraphException.BadRequest($"Invalid value specified for property '{name}' of resource.");

    /// <summary>A text of an object; null if it is missing or null.</summary>
    /// <exception cref="GraphException">The value is not text.</exception>
    public static string? Text(JsonObject json, string name) => json[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw GraphException.BadRequest($"Invalid value specified for property '{name}' of resource."),
    };
}
