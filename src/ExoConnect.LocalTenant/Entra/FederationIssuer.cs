using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>The trust of an app in tokens of another issuer.</summary>
/// <param name="Issuer">The issuer.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Audience">The audience.</param>
public sealed record FederatedCredential(string Issuer, string Subject, string Audience = "api://AzureADTokenExchange");

/// <summary>
/// Replaces the platforms whose workloads have identities. It signs tokens as GitHub Actions, Azure DevOps and Kubernetes do, and checks them as
/// Entra ID does.
/// </summary>
internal sealed class FederationIssuer(TimeProvider clock, Func<RSA> newKey) : IDisposable
{
    private const string Header = """{"typ":"JWT","alg":"RS256","kid":"federation"}""";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly Lazy<RSA> _key = new(newKey);
    private readonly Lock _gate = new();

    /// <summary>The issuer's address; known when the tenant listens.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The secret that a job sends to get a token.</summary>
    public string RequestToken { get; } = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 40);

    /// <summary>The subject of tokens for GitHub's jobs.</summary>
    public string Subject { get; set; } = "repo:contoso/scripts:ref:refs/heads/main";

    /// <summary>Signs a token.</summary>
    public string Issue(string subject, string audience, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        var payload = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("iss", Issuer);
            json.WriteString("sub", subject);
            json.WriteString("aud", audience);
            json.WriteString("jti", Guid.NewGuid());
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("nbf", Math.Min(now.ToUnixTimeSeconds(), (now + lifetime).ToUnixTimeSeconds() - 1));
            json.WriteNumber("exp", (now + lifetime).ToUnixTimeSeconds());
            json.WriteEndObject();
        }

        var signed = $"{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Header))}.{Base64Url.EncodeToString(payload.WrittenSpan)}";
        lock (_gate)
        {
            var signature = _key.Value.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }
    }

    /// <summary>Whether an assertion names this issuer, or any other issuer than the app itself.</summary>
    public static bool IsFederated(TenantApplication app, string assertion) =>
        Read(assertion) is { } claims && Text(claims, "iss") is { } issuer && !issuer.Equals(app.AppId.ToString(), StringComparison.OrdinalIgnoreCase)
        && issuer.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Checks an assertion against the credentials of an app.</summary>
    /// <exception cref="EntraException">The assertion is invalid.</exception>
    public void Verify(TenantApplication app, string assertion)
    {
        var claims = Read(assertion) ?? throw EntraException.MalformedAssertion("The federated token is not a JWT.");
        var (issuer, subject, audience) = (Text(claims, "iss") ?? "", Text(claims, "sub") ?? "", Text(claims, "aud") ?? "");
        var trusted = app.FederatedCredentials.Where(c => c.Issuer == issuer).ToList();
        if (trusted.Count == 0)
        {
            throw EntraException.NoFederation(700211, "issuer", issuer);
        }

        trusted = [.. trusted.Where(c => c.Subject == subject)];
        if (trusted.Count == 0)
        {
            throw EntraException.NoFederation(700213, "subject", subject);
        }

        if (!trusted.Exists(c => c.Audience == audience))
        {
            throw EntraException.NoFederation(700212, "audience", audience);
        }

        if (issuer != Issuer || !HasSignature(assertion))
        {
            throw EntraException.WrongFederatedSignature();
        }

        var now = clock.GetUtcNow();
        var (from, to) = (Time(claims, "nbf"), Time(claims, "exp"));
        if (now + Skew < from || now - Skew > to)
        {
            throw EntraException.AssertionTime(now, from, to);
        }
    }

    /// <summary>Writes the public key as a JSON Web Key Set.</summary>
    public void WriteKeys(Utf8JsonWriter json)
    {
        var key = _key.Value.ExportParameters(includePrivateParameters: false);
        json.WriteStartObject();
        json.WriteStartArray("keys");
        json.WriteStartObject();
        json.WriteString("kty", "RSA");
        json.WriteString("use", "sig");
        json.WriteString("kid", "federation");
        json.WriteString("n", Base64Url.EncodeToString(key.Modulus));
        json.WriteString("e", Base64Url.EncodeToString(key.Exponent));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value.Dispose();
        }
    }

    private static JsonElement? Read(string assertion)
    {
        var parts = assertion.Split('.');
        try
        {
            using var json = parts.Length == 3 ? JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])) : null;
            return json?.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement? claims, string name) =>
        claims?.TryGetProperty(name, out var value) == true && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.UnixEpoch;

    private bool HasSignature(string assertion)
    {
        var end = assertion.LastIndexOf('.');
        try
        {
            lock (_gate)
            {
                return _key.Value.VerifyData(
                    Encoding.ASCII.GetBytes(assertion[..end]), Base64Url.DecodeFromChars(assertion.AsSpan(end + 1)), HashAlgorithmName.SHA256,
                    RSASignaturePadding.Pkcs1);
            }
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
