using System.Text.Json;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>What a token says of itself, without its signature: nobody can use it in the token's place. Decoded, not verified.</summary>
/// <param name="Header">Its header; null if it has none.</param>
/// <param name="Payload">Its claims, all of them; null for a token that isn't a JWT.</param>
/// <param name="Claims">Those of them that the engine knows.</param>
public sealed record DecodedToken(JsonElement? Header, JsonElement? Payload, TokenClaims Claims)
{
    /// <summary>Decodes a token.</summary>
    /// <param name="token">The token; anything.</param>
    /// <returns>What could be read. Never throws.</returns>
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
