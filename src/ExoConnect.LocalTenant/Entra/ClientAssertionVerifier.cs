using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>Verifies client assertions (RFC 7523) as Entra ID does: key, signature, audience, client, time, and that each is used once.</summary>
internal sealed class ClientAssertionVerifier(TenantRegistry registry, TimeProvider clock, Func<string, bool> isOwnHost)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    // DateTimeOffset ends with the year 9999.
    private const double LastSecond = 253_402_300_800;

    private readonly ConcurrentDictionary<string, long> _used = new(StringComparer.Ordinal);
    private int _verified;

    /// <summary>Verifies one assertion.</summary>
    /// <param name="app">The app with the certificates.</param>
    /// <param name="assertion">The compact JWT.</param>
    /// <exception cref="EntraException">The assertion is invalid.</exception>
    public void Verify(TenantApplication app, string assertion)
    {
        var parts = assertion.Split('.');
        if (parts.Length != 3
            || Parse(parts[0]) is not { } headerJson
            || Parse(parts[1]) is not { } payloadJson
            || Decode(parts[2]) is not { } signature)
        {
            throw EntraException.MalformedAssertion("A client assertion is three parts of base64url, the first two JSON objects.");
        }

        using (headerJson)
        using (payloadJson)
        {
            var payload = payloadJson.RootElement;
            VerifySignature(app, headerJson.RootElement, Encoding.ASCII.GetBytes(assertion[..assertion.LastIndexOf('.')]), signature);
            VerifyClient(app, payload);
            VerifyAudience(payload);
            VerifyTime(payload, out var expires);
            VerifyFirstUse(app, payload, expires);
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Seconds(JsonElement json, string name)
    {
        // MSAL.NET writes these numbers as strings, and Entra ID accepts them.
        if (!json.TryGetProperty(name, out var value)
            || !double.TryParse(value.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return null;
        }

        return seconds < LastSecond ? (long)seconds : null;
    }

    private static byte[]? Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonDocument? Parse(string part)
    {
        try
        {
            var json = Decode(part) is { } bytes ? JsonDocument.Parse(bytes) : null;
            if (json?.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json;
            }

            json?.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasThumbprint(X509Certificate2 certificate, HashAlgorithmName algorithm, string base64Url) =>
        Base64Url.EncodeToString(certificate.GetCertHash(algorithm)) == base64Url.TrimEnd('=');

    private static X509Certificate2? FindKey(TenantApplication app, JsonElement header, out string? thumbprint)
    {
        var sha1 = Text(header, "x5t");
        var sha256 = Text(header, "x5t#S256");
        var kid = Text(header, "kid");
        var leaf = Leaf(header);
        var named = (sha1 ?? sha256) is { } value ? Decode(value.TrimEnd('=')) : null;
        thumbprint = leaf?.Thumbprint ?? (named is null ? kid : Convert.ToHexString(named));
        if (sha1 is null && sha256 is null && kid is null && leaf is null)
        {
            return null;
        }

        // All names of the key in the header must belong to the same registered certificate.
        return app.Certificates.FirstOrDefault(c =>
            (sha1 is null || HasThumbprint(c, HashAlgorithmName.SHA1, sha1))
            && (sha256 is null || HasThumbprint(c, HashAlgorithmName.SHA256, sha256))
            && (leaf is null || leaf.RawDataMemory.Span.SequenceEqual(c.RawDataMemory.Span))
            && (sha1 is not null || sha256 is not null || leaf is not null || c.Thumbprint.Equals(kid, StringComparison.OrdinalIgnoreCase)
                || HasThumbprint(c, HashAlgorithmName.SHA1, kid!) || HasThumbprint(c, HashAlgorithmName.SHA256, kid!)));
    }

    private static X509Certificate2? Leaf(JsonElement header)
    {
        if (!header.TryGetProperty("x5c", out var x5c))
        {
            return null;
        }

        // Some clients send the chain as an array, some its only certificate as a string.
        var first = x5c.ValueKind == JsonValueKind.Array && x5c.GetArrayLength() > 0 ? x5c[0] : x5c;
        try
        {
            if (first.ValueKind == JsonValueKind.String)
            {
                return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(first.GetString()!));
            }
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            throw EntraException.MalformedAssertion("The header's x5c holds no certificate.");
        }

        throw EntraException.MalformedAssertion("The header's x5c holds no certificate.");
    }

    private static void VerifyClient(TenantApplication app, JsonElement payload)
    {
        var isApp = Guid.TryParse(Text(payload, "iss"), out var issuer) && issuer == app.AppId
            && Guid.TryParse(Text(payload, "sub"), out var subject) && subject == app.AppId;
        if (!isApp)
        {
            throw EntraException.AssertionClient();
        }
    }

    private void VerifySignature(TenantApplication app, JsonElement header, byte[] signed, byte[] signature)
    {
        var padding = Text(header, "alg") switch
        {
            "RS256" => RSASignaturePadding.Pkcs1,
            "PS256" => RSASignaturePadding.Pss,
            _ => throw EntraException.MalformedAssertion("The algorithm of a client assertion is RS256 or PS256."),
        };
        var certificate = FindKey(app, header, out var thumbprint) ?? throw EntraException.KeyNotFound(app, thumbprint);
        using var key = certificate.GetRSAPublicKey();
        if (key is null || !key.VerifyData(signed, signature, HashAlgorithmName.SHA256, padding))
        {
            throw EntraException.WrongSignature(app, certificate.Thumbprint, certificate.NotBefore, certificate.NotAfter);
        }

        var now = clock.GetUtcNow().UtcDateTime;
        if (now > certificate.NotAfter.ToUniversalTime() || now < certificate.NotBefore.ToUniversalTime())
        {
            throw EntraException.KeyExpired(app, certificate.Thumbprint, certificate.NotBefore, certificate.NotAfter);
        }
    }

    private void VerifyAudience(JsonElement payload)
    {
        // RFC 7519 allows a list; Entra ID rejects it as a malformed token.
        if (payload.TryGetProperty("aud", out var aud) && aud.ValueKind != JsonValueKind.String)
        {
            throw EntraException.MalformedAssertion("The audience is not a string.");
        }

        if (!Uri.TryCreate(Text(payload, "aud"), UriKind.Absolute, out var audience)
            || audience.Scheme != Uri.UriSchemeHttps
            || !isOwnHost(audience.Host))
        {
            throw EntraException.AssertionAudience();
        }

        var segments = audience.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var rest = string.Join('/', segments.Skip(1)).ToUpperInvariant();
        if (segments.Length == 0 || !registry.Is(segments[0]) || rest is not ("OAUTH2/V2.0/TOKEN" or "OAUTH2/TOKEN" or "V2.0" or ""))
        {
            throw EntraException.AssertionAudience();
        }
    }

    private void VerifyTime(JsonElement payload, out DateTimeOffset expires)
    {
        var now = clock.GetUtcNow();
        expires = DateTimeOffset.FromUnixTimeSeconds(
            Seconds(payload, "exp") ?? throw EntraException.MalformedAssertion("It has no expiry time 'exp'."));
        var from = DateTimeOffset.FromUnixTimeSeconds(Seconds(payload, "nbf") ?? 0);
        if (now < from - Skew || now > expires + Skew || expires > now + LongestLifetime + Skew)
        {
            throw EntraException.AssertionTime(now, from, expires);
        }
    }

    private void VerifyFirstUse(TenantApplication app, JsonElement payload, DateTimeOffset expires)
    {
        if (Text(payload, "jti") is not { Length: > 0 } id)
        {
            return;
        }

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (Interlocked.Increment(ref _verified) % 1024 == 0)
        {
            foreach (var (used, until) in _used)
            {
                if (until < now)
                {
                    _used.TryRemove(used, out _);
                }
            }
        }

        // Kept for as long as the clock skew lets the assertion be used.
        if (!_used.TryAdd($"{app.AppId:N}/{id}", (expires + Skew).ToUnixTimeSeconds()))
        {
            throw EntraException.AssertionReplayed();
        }
    }
}
