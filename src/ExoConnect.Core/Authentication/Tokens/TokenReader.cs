using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>
/// Reads the claims of a token. It verifies nothing, so no decision may depend on it: the service decides, the engine only explains.
/// </summary>
public static class TokenReader
{
    private const int MaximumLength = 1024 * 1024;

    /// <summary>Reads the claims of a JWT.</summary>
    /// <param name="token">Any text; opaque tokens and other text give empty claims.</param>
    /// <returns>The claims that could be read. Never throws.</returns>
    public static TokenClaims Read(string? token)
    {
        if (token is null or { Length: > MaximumLength })
        {
            return new TokenClaims();
        }

        var start = token.IndexOf('.', StringComparison.Ordinal) + 1;
        var end = start > 0 ? token.IndexOf('.', start) : -1;
        if (start <= 0 || !TryDecode(token.AsSpan(start, (end < 0 ? token.Length : end) - start), out var json))
        {
            return new TokenClaims();
        }

        try
        {
            using var document = JsonDocument.Parse(ResponseJson.Readable(json));
            return document.RootElement.ValueKind == JsonValueKind.Object ? Claims(document.RootElement) : new TokenClaims();
        }
        catch (JsonException)
        {
            return new TokenClaims();
        }
    }

    /// <summary>Decodes base64 or base64url, padded or not.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>False if it is neither.</returns>
    internal static bool TryDecode(ReadOnlySpan<char> text, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        text = text.TrimEnd('=');
        var buffer = new byte[text.Length + 4];
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '+' or '/'))
            {
                return false;
            }

            buffer[i] = c switch { '-' => (byte)'+', '_' => (byte)'/', _ => (byte)c };
        }

        var length = text.Length;
        for (; length % 4 != 0; length++)
        {
            buffer[length] = (byte)'=';
        }

        if (Base64.DecodeFromUtf8InPlace(buffer.AsSpan(0, length), out var written) != OperationStatus.Done)
        {
            return false;
        }

        bytes = buffer.AsMemory(0, written);
        return true;
    }

    private static TokenClaims Claims(JsonElement claims)
    {
        var scopes = Text(claims, "scp")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var upn = Text(claims, "upn");
        var kind = Text(claims, "idtyp");
        var appId = Text(claims, "appid") ?? Text(claims, "azp");
        return new TokenClaims
        {
            TenantId = Text(claims, "tid"),
            AppId = appId,
            ObjectId = Text(claims, "oid"),
            UserPrincipalName = upn,
            Audience = List(claims, "aud").FirstOrDefault(),
            IsAppOnly = kind is null ? appId is not null && upn is null && scopes.Length == 0 : kind == "app",
            ExpiresOn = Time(claims, "exp"),
            Permissions = List(claims, "roles"),
            DirectoryRoleIds = List(claims, "wids"),
            Scopes = scopes,
        };
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string[] List(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(
                item => item.GetString()!)],
            _ => [],
        };
    }

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var seconds)
        && seconds >= 0
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
}
