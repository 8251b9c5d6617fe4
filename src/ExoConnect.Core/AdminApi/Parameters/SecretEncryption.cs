using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Catalog;

namespace ExoConnect.Core.AdminApi.Parameters;

/// <summary>Brings a SecureString under the service's key, leaving no copy of its text in memory.</summary>
internal static class SecretEncryption
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encrypts a secret's UTF-8 text.</summary>
    /// <param name="secret">The secret; it stays as it is.</param>
    /// <param name="key">The service's key.</param>
    /// <returns>The cipher text; null where the text is longer than the key takes, or not valid UTF-16.</returns>
    public static byte[]? Encrypt(SecureString secret, ServiceKey key)
    {
        var length = secret.Length;
        if (length > key.MaximumLength)
        {
            return null;
        }

        // Pinned, so that the collector leaves no copies behind when it moves things.
        var utf8 = GC.AllocateUninitializedArray<byte>(Strict.GetMaxByteCount(length), pinned: true);
        var utf16 = GC.AllocateUninitializedArray<char>(length, pinned: true);
        var unmanaged = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            Marshal.Copy(unmanaged, utf16, 0, length);
            var count = Strict.GetBytes(utf16, utf8);
            return count > key.MaximumLength ? null : key.Encrypt(utf8.AsSpan(0, count));
        }
        catch (EncoderFallbackException)
        {
            // Its message tells the character and its place; so it ends here.
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(utf8);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(utf16.AsSpan()));
            Marshal.ZeroFreeGlobalAllocUnicode(unmanaged);
        }
    }
}
