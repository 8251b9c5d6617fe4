using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// The public RSA key in a module file. Passwords are sent as base64 of RSA PKCS#1 v1.5 over their UTF-8 text, made with it (protocol.md section
/// 3). The service rotates the key now and then, so a key lives no longer than its catalog.
/// </summary>
public sealed class ServiceKey
{
    private const int MinimumBits = 1024;
    private const int MaximumBits = 16384;

    // A padding of PKCS#1 v1.5 takes this many bytes at least.
    private const int PaddingLength = 11;

    private readonly RSAParameters _parameters;

    private ServiceKey(RSAParameters parameters) => _parameters = parameters;

    /// <summary>The key's size in bits.</summary>
    public int KeySize => _parameters.Modulus!.Length * 8;

    /// <summary>The longest text that can be encrypted, in bytes of UTF-8.</summary>
    public int MaximumLength => _parameters.Modulus!.Length - PaddingLength;

    /// <summary>A copy of the key's public numbers.</summary>
    /// <returns>Modulus and exponent; nothing private.</returns>
    public RSAParameters ExportParameters() => new()
    {
        Modulus = [.. _parameters.Modulus!],
        Exponent = [.. _parameters.Exponent!],
    };

    /// <summary>Encrypts a secret for the service.</summary>
    /// <param name="secret">UTF-8 text of at most <see cref="MaximumLength"/> bytes.</param>
    /// <returns>The cipher text, as long as the key.</returns>
    /// <exception cref="ArgumentException">The secret is too long.</exception>
    public byte[] Encrypt(ReadOnlySpan<byte> secret)
    {
        if (secret.Length > MaximumLength)
        {
            throw new ArgumentException($"A secret can be at most {MaximumLength} bytes long.", nameof(secret));
        }

        using var rsa = RSA.Create(_parameters);
        return rsa.Encrypt(secret, RSAEncryptionPadding.Pkcs1);
    }

    /// <inheritdoc/>
    public override string ToString() => $"ServiceKey({KeySize} bits)";

    /// <summary>Finds the first usable public key in a text.</summary>
    /// <param name="text">UTF-8 text with an <c>RSAKeyValue</c> in XML form somewhere, in one line or several.</param>
    /// <param name="key">The key.</param>
    /// <returns>True if one was found.</returns>
    internal static bool TryFind(ReadOnlySpan<byte> text, [NotNullWhen(true)] out ServiceKey? key)
    {
        // A few attempts are enough for a file with a key; a text full of beginnings must not cost more.
        for (var attempt = 0; attempt < 16; attempt++)
        {
            var start = text.IndexOf("<RSAKeyValue>"u8);
            if (start < 0)
            {
                break;
            }

            text = text[(start + 13)..];
            var body = text[..Math.Min(text.Length, 16 * 1024)];
            if (Element(body, "<Modulus>"u8, "</Modulus>"u8) is { } modulus && Element(body, "<Exponent>"u8, "</Exponent>"u8) is { } exponent
                && IsUsable(ref modulus, exponent))
            {
                key = new ServiceKey(new RSAParameters { Modulus = modulus, Exponent = exponent });
                return true;
            }
        }

        key = null;
        return false;
    }

    /// <summary>The key in the XML form in which <see cref="TryFind"/> finds it.</summary>
    internal string ToXml() =>
        $"<RSAKeyValue><Modulus>{Convert.ToBase64String(_parameters.Modulus!)}</Modulus>" +
        $"<Exponent>{Convert.ToBase64String(_parameters.Exponent!)}</Exponent></RSAKeyValue>";

    private static byte[]? Element(ReadOnlySpan<byte> text, ReadOnlySpan<byte> open, ReadOnlySpan<byte> close)
    {
        var start = text.IndexOf(open);
        if (start < 0)
        {
            return null;
        }

        text = text[(start + open.Length)..];
        var end = text.IndexOf(close);
        if (end < 0)
        {
            return null;
        }

        var content = Encoding.ASCII.GetString(text[..end]);
        var bytes = new byte[content.Length];
        return Convert.TryFromBase64String(content, bytes, out var length) ? bytes[..length] : null;
    }

    private static bool IsUsable(ref byte[] modulus, byte[] exponent)
    {
        var sign = 0;
        while (sign < modulus.Length && modulus[sign] == 0)
        {
            sign++;
        }

        modulus = modulus[sign..];

        // Odd, neither tiny nor absurd: enough to reject garbage. With a wrong key of the right shape the service refuses the password.
        return modulus.Length is >= MinimumBits / 8 and <= MaximumBits / 8 && (modulus[^1] & 1) == 1
            && exponent.Length is > 0 and <= 8 && (exponent[^1] & 1) == 1
            && (exponent[^1] > 1 || exponent.AsSpan()[..^1].ContainsAnyExcept((byte)0));
    }
}
