using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;

namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>Reads the text of a secret.</summary>
internal static class SecretText
{
    // Random for each process: fingerprints made with it can be compared, and tell nothing about the secret.
    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>The text, for a library that takes no other form.</summary>
    /// <param name="secret">The secret.</param>
    /// <returns>Its text: a secret.</returns>
    public static string Read(SecureString secret)
    {
        var copy = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(copy, secret.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
        }
    }

    /// <summary>A text that distinguishes two secrets without being one.</summary>
    /// <param name="secret">The secret.</param>
    /// <returns>A text that is the same for the same secret, in this process only.</returns>
    public static string Fingerprint(SecureString secret)
    {
        var copy = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            var bytes = GC.AllocateArray<byte>(secret.Length * sizeof(char), pinned: true);
            Marshal.Copy(copy, bytes, 0, bytes.Length);
            var mark = HMACSHA256.HashData(ProcessKey, bytes);
            CryptographicOperations.ZeroMemory(bytes);
            return Convert.ToBase64String(mark);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
        }
    }
}
