using System.Security.Cryptography;
using System.Text;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// The key that secrets in parameters are encrypted with: its public half is in the module file (protocol.md section 3). The one before the
/// current still decrypts, since sessions outlive a rotation. Thread-safe.
/// </summary>
/// <param name="newKey">Gives a key that no other tenant uses.</param>
internal sealed class SessionKey(Func<RSA> newKey) : IDisposable
{
    private readonly Lock _gate = new();
    private Lazy<RSA> _current = new(newKey);
    private Lazy<RSA>? _previous;

    /// <summary>The public half: <c>&lt;RSAKeyValue&gt;...</c>.</summary>
    public string PublicKeyXml
    {
        get
        {
            lock (_gate)
            {
                return _current.Value.ToXmlString(includePrivateParameters: false);
            }
        }
    }

    /// <summary>Creates a new key. The current one still decrypts until the next rotation.</summary>
    public void Rotate()
    {
        lock (_gate)
        {
            Release(_previous);
            (_previous, _current) = (_current, new Lazy<RSA>(newKey));
        }
    }

    /// <summary>Decrypts a secret: base64 of RSA PKCS#1 v1.5 over UTF-8 text.</summary>
    public bool TryDecrypt(string text, out string secret)
    {
        secret = "";
        var bytes = new byte[text.Length];
        if (text.Length == 0 || !Convert.TryFromBase64String(text, bytes, out var length))
        {
            return false;
        }

        lock (_gate)
        {
            return Try(_current.Value, bytes[..length], ref secret) || (_previous is not null && Try(_previous.Value, bytes[..length], ref secret));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            Release(_current);
            Release(_previous);
            _previous = null;
        }
    }

    private static void Release(Lazy<RSA>? key)
    {
        if (key?.IsValueCreated == true)
        {
            key.Value.Dispose();
        }
    }

    private static bool Try(RSA key, byte[] bytes, ref string secret)
    {
        try
        {
            secret = Encoding.UTF8.GetString(key.Decrypt(bytes, RSAEncryptionPadding.Pkcs1));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
