using System.Text.Json;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>The content of a token, without its signature, so nobody can use it as a token. Decoded, not verified.</summary>
/// <param name="Header">Its header; null if it has none.</param>
/// <param name="Payload">Its claims, all of them; null for a token that isn't a JWT.</param>
/// <param name="Claims">The claims that the engine knows.</param>
public sealed record DecodedToken(JsonElement? Header, JsonElement? Payload, TokenClaims Claims)
{
    /// <summary>Decodes a token.</summary>
    /// <param name="token">The token; any text.</param>
    /// <returns>The readable part. Never throws.</returns>
    public static DecodedToken Of(AccessToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var parts = token.Value.Split('.');
        return parts.Length >= 2 ? new DecodedToken(Part(parts[0]), Part(parts[1]), token.Claims) : new DecodedToken(null, null, token.Claims);
    }

    private static JsonElement? Part(string text)
    {
        if (!TokenReader.TryDecode(text, out var json))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(ResponseJson.Readable(json));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
