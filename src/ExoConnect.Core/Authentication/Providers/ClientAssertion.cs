using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>
/// The signed statement that replaces a password (RFC 7523). MSAL can write it too, but keeps the private key of every certificate it ever signed
/// with in a static map, beyond the session and the disposal of the certificate. It also cannot use a CSP key without PSS.
/// </summary>
internal static class ClientAssertion
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Writes an assertion for one request.</summary>
    /// <param name="certificate">The certificate that signs.</param>
    /// <param name="appId">The issuer: the application.</param>
    /// <param name="tokenEndpoint">The audience.</param>
    /// <param name="sendCertificate">Whether to include the certificate (<c>x5c</c>), for applications that trust by subject and issuer.</param>
    /// <param name="now">The time.</param>
    /// <returns>The assertion: a secret during its lifetime.</returns>
    public static string Create(ClientCertificate certificate, string appId, string tokenEndpoint, bool sendCertificate, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("alg"u8, certificate.SignaturePadding == RSASignaturePadding.Pss ? "PS256"u8 : "RS256"u8);
            json.WriteString("typ"u8, "JWT"u8);
            json.WriteString("x5t#S256"u8, certificate.Sha256);
            json.WriteString("x5t"u8, certificate.Sha1);
            if (sendCertificate)
            {
                json.WriteStartArray("x5c"u8);
                json.WriteBase64StringValue(certificate.RawData.Span);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        var header = Encode(buffer);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("aud"u8, tokenEndpoint);
            json.WriteString("iss"u8, appId);
            json.WriteString("sub"u8, appId);
            json.WriteString("jti"u8, Guid.NewGuid());
            json.WriteNumber("nbf"u8, now.ToUnixTimeSeconds());
            json.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
            json.WriteNumber("exp"u8, (now + Lifetime).ToUnixTimeSeconds());
            json.WriteEndObject();
        }

        var signed = $"{header}.{Encode(buffer)}";
        return $"{signed}.{Base64Text.Url(certificate.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(MemoryStream buffer)
    {
        var text = Base64Text.Url(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        buffer.SetLength(0);
        return text;
    }
}
