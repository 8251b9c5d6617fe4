using System.Text.Json.Nodes;

namespace ExoConnect.LocalTenant.Graph;

/// <summary>A successful response of Graph.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record GraphResponse(int Status, JsonObject? Body)
{
    /// <summary>204.</summary>
    public static readonly GraphResponse NoContent = new(204, null);

    /// <summary>200 with an object.</summary>
    public static GraphResponse Ok(JsonObject body) => new(200, body);

    /// <summary>201 with the new object.</summary>
    public static GraphResponse Created(JsonObject body) => new(201, body);
}
