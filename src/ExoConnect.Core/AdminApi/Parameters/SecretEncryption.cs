using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Catalog;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>Encrypts a SecureString with the service's key, leaving no copy of its text in memory.</summary>
internal static class SecretEncryption
{
    private const int LongestEscape = 6;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private delegate int Writer(ReadOnlySpan<char> text, Span<char> to);

    /// <summary>Encrypts a secret's UTF-8 text.</summary>
    /// <param name="secret">The secret; not changed.</param>
    /// <param name="key">The service's key.</param>
    /// <returns>The cipher text; null if the text is longer than the key takes, or not valid UTF-16.</returns>
    public static byte[]? Encrypt(SecureString secret, ServiceKey key) => Encrypt("", secret, "", key, static (text, to) =>
    {
        text.CopyTo(to);
        return text.Length;
    });

    /// <summary>Encrypts a credential as the service takes it: the JSON <c>{"UserName":"a","Password":"b"}</c>.</summary>
    /// <param name="userName">The user's name.</param>
    /// <param name="secret">The password; not changed.</param>
    /// <param name="key">The service's key.</param>
    /// <returns>The cipher text; null if the text is longer than the key takes, or not valid UTF-16.</returns>
    public static byte[]? Encrypt(string userName, SecureString secret, ServiceKey key)
    {
        var name = new char[userName.Length * LongestEscape];
        return Encrypt($"{{\"UserName\":\"{name.AsSpan(0, Escape(userName, name))}\",\"Password\":\"", secret, "\"}", key, Escape);
    }

    private static byte[]? Encrypt(string before, SecureString secret, string after, ServiceKey key, Writer write)
    {
        var length = secret.Length;
        if (before.Length + length + after.Length > key.MaximumLength)
        {
            return null;
        }

        // Pinned, so that the garbage collector leaves no copies when it moves objects.
        var plain = GC.AllocateUninitializedArray<char>(length, pinned: true);
        var text = GC.AllocateUninitializedArray<char>(before.Length + (length * LongestEscape) + after.Length, pinned: true);
        var utf8 = GC.AllocateUninitializedArray<byte>(Strict.GetMaxByteCount(text.Length), pinned: true);
        var unmanaged = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            Marshal.Copy(unmanaged, plain, 0, length);
            before.CopyTo(text);
            var end = before.Length + write(plain, text.AsSpan(before.Length));
            after.CopyTo(text.AsSpan(end));
            var count = Strict.GetBytes(text, 0, end + after.Length, utf8, 0);
            return count > key.MaximumLength ? null : key.Encrypt(utf8.AsSpan(0, count));
        }
        catch (EncoderFallbackException)
        {
            // The exception's message names the character and its index, so it ends here.
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(utf8);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text.AsSpan()));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(plain.AsSpan()));
            Marshal.ZeroFreeGlobalAllocUnicode(unmanaged);
        }
    }

    // Escaped by hand, since a JSON writer keeps what it has written in buffers of its own.
    private static int Escape(ReadOnlySpan<char> text, Span<char> to)
    {
        var length = 0;
        foreach (var c in text)
        {
            if (c < ' ')
            {
                "\\u00".CopyTo(to[length..]);
                to[length + 4] = (char)('0' + (c >> 4));
                to[length + 5] = "0123456789abcdef"[c & 15];
                length += LongestEscape;
                continue;
            }

            if (c is '"' or '\\')
            {
                to[length++] = '\\';
            }

            to[length++] = c;
        }

        return length;
    }
}
