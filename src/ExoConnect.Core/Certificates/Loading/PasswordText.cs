using System.Runtime.InteropServices;
using System.Security;

namespace ExoConnect.Core.Certificates.Loading;

/// <summary>
/// A password in the clear, while a file is opened: never a string, never moved by the garbage collector, wiped at the end.
/// </summary>
internal sealed class PasswordText : IDisposable
{
    private readonly char[] _characters;

    /// <summary>Copies the password out.</summary>
    /// <param name="password">The password; null counts as empty.</param>
    public PasswordText(SecureString? password)
    {
        _characters = GC.AllocateArray<char>(password?.Length ?? 0, pinned: true);
        if (password is not { Length: > 0 })
        {
            return;
        }

        var copy = Marshal.SecureStringToGlobalAllocUnicode(password);
        try
        {
            Marshal.Copy(copy, _characters, 0, _characters.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
        }
    }

    /// <summary>True if there is none.</summary>
    public bool IsEmpty => _characters.Length == 0;

    /// <summary>The characters.</summary>
    public ReadOnlySpan<char> Span => _characters;

    /// <inheritdoc/>
    public void Dispose() => Array.Clear(_characters);
}
