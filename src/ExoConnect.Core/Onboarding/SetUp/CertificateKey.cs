using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>Certificates in the form of Graph's <c>keyCredentials</c> (protocol.md section 6).</summary>
internal static class CertificateKey
{
    private const int Sha1Length = 20;

    /// <summary>A new entry.</summary>
    /// <param name="certificate">The certificate; only its public part is read.</param>
    public static JsonObject Of(X509Certificate2 certificate) => new()
    {
        ["type"] = "AsymmetricX509Cert",
        ["usage"] = "Verify",
        ["displayName"] = certificate.Subject,
        ["key"] = Convert.ToBase64String(certificate.RawData),
    };

    /// <summary>The thumbprint of an entry: of its certificate if that is included, else by its identifier.</summary>
    /// <returns>40 upper-case digits; null if neither has it.</returns>
    public static string? ThumbprintOf(JsonObject entry)
    {
        if (Bytes(entry["key"]) is { } der)
        {
            // The thumbprint is that of the bytes, which needs no certificate that .NET can read.
            return Convert.ToHexString(SHA1Of(der));
        }

        return Bytes(entry["customKeyIdentifier"]) is { Length: Sha1Length } identifier ? Convert.ToHexString(identifier) : null;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Security", "CA5350", Justification = "A thumbprint is a name, and Microsoft Entra ID names certificates so.")]
    private static byte[] SHA1Of(byte[] der) => SHA1.HashData(der);

    private static byte[]? Bytes(JsonNode? node)
    {
        if (node is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Length == 0)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
