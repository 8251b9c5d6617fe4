using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>Issues access tokens with the tenant's own key, and verifies them for the services.</summary>
internal sealed class AccessTokens : IDisposable
{
    // Not a directory role, though tokens carry it in wids like one: public app-only tokens have it, alone if the app has no role.
    private const string DefaultRole = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";
    private const int CacheSize = 4096;

    private readonly TenantRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly X509Certificate2 _certificate;
    private readonly RSA _key;
    private readonly Lock _gate = new();
    private readonly string _header;
    private readonly ConcurrentDictionary<string, VerifiedToken> _verified = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, VerifiedToken>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int _generation;
    private long _revokedAt;

    public AccessTokens(TenantRegistry registry, TimeProvider clock, X509Certificate2 certificate)
    {
        _registry = registry;
        _clock = clock;
        _certificate = certificate;
        _key = certificate.GetRSAPrivateKey()!;
        _lookup = _verified.GetAlternateLookup<ReadOnlySpan<char>>();
        KeyId = Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA1));
        _header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"typ":"JWT","alg":"RS256","x5t":"{{KeyId}}","kid":"{{KeyId}}"}"""));
        Issuer = $"https://sts.windows.net/{registry.TenantId}/";
    }

    /// <summary>The issuer of version 1 tokens, which the services get.</summary>
    public string Issuer { get; }

    /// <summary>The id of the signing key.</summary>
    public string KeyId { get; }

    /// <summary>The claims that a token request needs after a revocation, as JSON; null before any.</summary>
    public string? ClaimsChallenge => Volatile.Read(ref _generation) == 0
        ? null
        : "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"" + Volatile.Read(ref _revokedAt) + "\"}}}";

    /// <summary>Revokes every token issued so far.</summary>
    public void Revoke()
    {
        lock (_gate)
        {
            Volatile.Write(ref _revokedAt, Math.Max(_clock.GetUtcNow().ToUnixTimeSeconds(), _revokedAt + 1));
            Interlocked.Increment(ref _generation);
        }
    }

    /// <summary>Records the claims request of an app. If the request has the newest challenge, the app's tokens are valid from now on.</summary>
    /// <param name="app">The app.</param>
    /// <param name="claims">The JSON that it sent.</param>
    public void AcceptClaims(TenantApplication app, JsonElement claims)
    {
        lock (_gate)
        {
            if (claims.ValueKind == JsonValueKind.Object
                && claims.TryGetProperty("access_token", out var token) && token.ValueKind == JsonValueKind.Object
                && token.TryGetProperty("nbf", out var nbf) && nbf.ValueKind == JsonValueKind.Object
                && nbf.TryGetProperty("value", out var value)
                && long.TryParse(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText(), out var time)
                && time >= _revokedAt)
            {
                app.ClaimsGeneration = _generation;
            }
        }
    }

    /// <summary>Records a claims request as the app sent it.</summary>
    /// <param name="app">The app.</param>
    /// <param name="claims">Its text; empty for none.</param>
    /// <exception cref="EntraException">The text is not JSON.</exception>
    public void AcceptClaims(TenantApplication app, string claims)
    {
        if (claims.Length == 0)
        {
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(claims);
            AcceptClaims(app, json.RootElement);
        }
        catch (JsonException)
        {
            throw EntraException.InvalidClaims();
        }
    }

    /// <summary>Issues a token to an app that acts for a user.</summary>
    /// <param name="grant">The app and the user.</param>
    /// <param name="resource">The resource of the token.</param>
    /// <param name="audience">The resource as the client wrote it.</param>
    /// <param name="scopes">The scopes of the token.</param>
    /// <param name="lifetime">The token's lifetime.</param>
    /// <returns>The token.</returns>
    public string Issue(UserGrant grant, KnownResource resource, string audience, IReadOnlyList<string> scopes, TimeSpan lifetime) =>
        Write(audience, lifetime, json =>
        {
            var (app, user) = (grant.App, grant.User);
            json.WriteString("acr", "1");
            json.WriteStartArray("amr");
            json.WriteStringValue("pwd");
            if (grant.PassedMfa)
            {
                json.WriteStringValue("mfa");
            }

            json.WriteEndArray();
            json.WriteString("app_displayname", app.Name);
            json.WriteString("appid", app.AppId);
            json.WriteString("appidacr", "0");
            json.WriteString("idtyp", "user");
            json.WriteString("name", user.DisplayName);
            json.WriteString("oid", user.ObjectId);
            json.WriteString("scp", string.Join(' ', scopes));
            json.WriteString(
                "sub", Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{app.AppId} {user.ObjectId} {resource.AppId}"))));
            json.WriteString("unique_name", user.UserPrincipalName);
            json.WriteString("upn", user.UserPrincipalName);
            WriteRoles(json, user.Roles);
            WriteGeneration(json, app);
        });

    /// <summary>Issues an id token.</summary>
    /// <param name="grant">The user and the app.</param>
    /// <param name="lifetime">The token's lifetime.</param>
    /// <returns>The token.</returns>
    public string IssueIdToken(UserGrant grant, TimeSpan lifetime) => Write(grant.App.AppId.ToString(), lifetime, json =>
    {
        json.WriteString("name", grant.User.DisplayName);
        json.WriteString("oid", grant.User.ObjectId);
        json.WriteString("preferred_username", grant.User.UserPrincipalName);
        json.WriteString("sub", Base64Url.EncodeToString(SHA256.HashData(grant.User.ObjectId.ToByteArray())));
    });

    /// <summary>Issues a token to an app.</summary>
    /// <param name="app">The app.</param>
    /// <param name="resource">The resource of the token.</param>
    /// <param name="audience">The resource as the client wrote it.</param>
    /// <param name="lifetime">The token's lifetime.</param>
    /// <returns>The token.</returns>
    public string Issue(TenantApplication app, KnownResource resource, string audience, TimeSpan lifetime) => Write(audience, lifetime, json =>
    {
        json.WriteString("app_displayname", app.Name);
        json.WriteString("appid", app.AppId);
        json.WriteString("appidacr", "2");
        json.WriteString("idp", Issuer);
        json.WriteString("idtyp", "app");
        json.WriteString("oid", app.ServicePrincipalId);
        var roles = app.Permissions.Where(p => p.AppliesTo(resource)).Select(p => p.Value).Distinct().ToList();
        if (roles.Count > 0)
        {
            json.WriteStartArray("roles");
            roles.ForEach(json.WriteStringValue);
            json.WriteEndArray();
        }

        json.WriteString("sub", app.ServicePrincipalId);
        WriteRoles(json, app.Roles);
        WriteGeneration(json, app);
    });

    /// <summary>Issues a token to an application that a user signed in to.</summary>
    /// <param name="appId">The application.</param>
    /// <param name="user">The user's name; the id is derived from it.</param>
    /// <param name="scopes">The scopes that the user consented to.</param>
    /// <param name="roles">The user's directory roles.</param>
    /// <param name="audience">The token's audience.</param>
    /// <param name="lifetime">The token's lifetime.</param>
    /// <returns>The token.</returns>
    public string IssueForUser(
        Guid appId, string user, IEnumerable<string> scopes, IEnumerable<DirectoryRole> roles, string audience, TimeSpan lifetime)
    {
        var oid = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{_registry.TenantId}/{user.ToUpperInvariant()}")).AsSpan(0, 16));
        return Write(audience, lifetime, json =>
        {
            json.WriteString("appid", appId);
            json.WriteString("appidacr", "0");
            json.WriteString("idtyp", "user");
            json.WriteString("name", user);
            json.WriteString("oid", oid);
            json.WriteString("scp", string.Join(' ', scopes));
            json.WriteString("sub", Base64Url.EncodeToString(SHA256.HashData(oid.ToByteArray())));
            json.WriteString("unique_name", user);
            json.WriteString("upn", user);
            WriteRoles(json, roles);
        });
    }

    /// <summary>Verifies a token's signature and reads it, once per token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The token; null if it is malformed or not signed by this tenant.</returns>
    public VerifiedToken? Read(ReadOnlySpan<char> token)
    {
        if (_lookup.TryGetValue(token, out var known))
        {
            return known;
        }

        var text = token.ToString();
        var read = Verify(text);
        if (read is not null)
        {
            if (_verified.Count >= CacheSize)
            {
                _verified.Clear();
            }

            _verified[text] = read;
        }

        return read;
    }

    /// <summary>Checks a verified token now.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The token's problem, apart from its audience.</returns>
    public TokenProblem ProblemOf(VerifiedToken token)
    {
        if (token.Issuer != Issuer)
        {
            return TokenProblem.Issuer;
        }

        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        if (now >= token.Expires || now < token.NotBefore - 300)
        {
            return TokenProblem.Lifetime;
        }

        return token.Generation < Volatile.Read(ref _generation) ? TokenProblem.Revoked : TokenProblem.None;
    }

    /// <summary>Writes the public key as a JSON Web Key Set.</summary>
    /// <param name="json">Receives the JSON.</param>
    /// <param name="issuer">The issuer of version 2 tokens.</param>
    public void WriteKeys(Utf8JsonWriter json, string issuer)
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        json.WriteStartObject();
        json.WriteStartArray("keys");
        json.WriteStartObject();
        json.WriteString("kty", "RSA");
        json.WriteString("use", "sig");
        json.WriteString("kid", KeyId);
        json.WriteString("x5t", KeyId);
        json.WriteString("n", Base64Url.EncodeToString(key.Modulus));
        json.WriteString("e", Base64Url.EncodeToString(key.Exponent));
        json.WriteStartArray("x5c");
        json.WriteBase64StringValue(_certificate.RawDataMemory.Span);
        json.WriteEndArray();
        json.WriteString("issuer", issuer);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void Dispose()
    {
        _key.Dispose();
        _certificate.Dispose();
    }

    private static void WriteRoles(Utf8JsonWriter json, IEnumerable<DirectoryRole> roles)
    {
        json.WriteStartArray("wids");
        foreach (var role in roles)
        {
            json.WriteStringValue(role.TemplateId);
        }

        json.WriteStringValue(DefaultRole);
        json.WriteEndArray();
    }

    private static void WriteGeneration(Utf8JsonWriter json, TenantApplication app)
    {
        if (app.ClaimsGeneration > 0)
        {
            json.WriteNumber("xms_exoconnect_generation", app.ClaimsGeneration);
        }
    }

    private string Write(string audience, TimeSpan lifetime, Action<Utf8JsonWriter> claims)
    {
        var now = _clock.GetUtcNow();
        var payload = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("aud", audience);
            json.WriteString("iss", Issuer);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("nbf", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + lifetime).ToUnixTimeSeconds());
            json.WriteString("tid", _registry.TenantId);
            json.WriteString("uti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
            json.WriteString("ver", "1.0");
            claims(json);
            json.WriteEndObject();
        }

        var signed = $"{_header}.{Base64Url.EncodeToString(payload.WrittenSpan)}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(signed))}";
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static List<string> Strings(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];

    private byte[] Sign(string text)
    {
        // .NET doesn't promise that two threads can use one RSA object.
        lock (_gate)
        {
            return _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    private VerifiedToken? Verify(string token)
    {
        var end = token.LastIndexOf('.');
        var middle = token.IndexOf('.', StringComparison.Ordinal);
        if (middle <= 0 || end <= middle || token[..middle] != _header)
        {
            return null;
        }

        try
        {
            var signature = Base64Url.DecodeFromChars(token.AsSpan(end + 1));
            bool good;
            lock (_gate)
            {
                good = _key.VerifyData(Encoding.ASCII.GetBytes(token[..end]), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }

            if (!good)
            {
                return null;
            }

            // From here on the token is this tenant's own.
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(middle + 1, end - middle - 1)));
            var claims = json.RootElement;
            if (Text(claims, "appid") is null)
            {
                // An id token identifies a user; the services don't accept it.
                return null;
            }

            return new VerifiedToken(
                claims.GetProperty("aud").GetString()!,
                claims.GetProperty("iss").GetString()!,
                claims.GetProperty("nbf").GetInt64(),
                claims.GetProperty("exp").GetInt64(),
                claims.TryGetProperty("xms_exoconnect_generation", out var generation) ? generation.GetInt32() : 0,
                new Caller(
                    claims.GetProperty("appid").GetString()!,
                    claims.GetProperty("oid").GetString()!,
                    Strings(claims, "roles"),
                    Strings(claims, "wids"))
                {
                    IsSearchOnly = claims.GetProperty("aud").GetString()!.TrimEnd('/').Equals(
                        KnownResource.Search, StringComparison.OrdinalIgnoreCase),
                    User = Text(claims, "upn"),
                    Scopes = Text(claims, "scp")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
                });
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
