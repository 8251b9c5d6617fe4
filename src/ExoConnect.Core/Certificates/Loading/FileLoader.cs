using System.Security;
using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Text;
using Origin = ExoConnect.Core.Certificates.CertificateErrors.Origin;

namespace ExoConnect.Core.Certificates.Loading;

/// <summary>Opens certificates that are files, whatever is in them.</summary>
internal static class FileLoader
{
    private const int MaximumBytes = 4 * 1024 * 1024;

    public static ClientCertificate Open(string path, string? keyPath, SecureString? password, string? baseDirectory, TimeProvider clock)
    {
        var file = Resolve(path, baseDirectory, CertificateErrors.FileParameter);
        var origin = new Origin($"The certificate in '{file}'", CertificateErrors.FileParameter, file);
        var content = Read(file, path, CertificateErrors.FileParameter);
        byte[] key = [];
        try
        {
            if (keyPath is not null)
            {
                key = Read(Resolve(keyPath, baseDirectory, CertificateErrors.KeyFileParameter), keyPath, CertificateErrors.KeyFileParameter);
            }

            return Open(content, key, password, origin, clock);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public static ClientCertificate OpenBase64(string text, SecureString? password, Origin origin, TimeProvider clock)
    {
        var content = new byte[(text.Length / 4 * 3) + 3];
        try
        {
            return Convert.TryFromBase64String(text, content, out var count)
                ? Open(content.AsSpan(0, count), default, password, origin, clock)
                : throw CertificateErrors.Invalid(origin, "is not base64", "Encode the whole PFX or PEM file, for example with: base64 -w0 app.pfx");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    public static ClientCertificate Open(
        ReadOnlySpan<byte> content, ReadOnlySpan<byte> key, SecureString? password, Origin origin, TimeProvider clock)
    {
        if (content.IsEmpty)
        {
            throw CertificateErrors.Invalid(origin, "is empty", "Export the certificate with its private key again.");
        }

        var text = PemText(content);
        if (text is null && FromBase64(content) is { } decoded)
        {
            try
            {
                return Open(decoded, key, password, origin, clock);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(decoded);
            }
        }

        using var clear = new PasswordText(password);
        var keyText = PemText(key);
        try
        {
            if (!key.IsEmpty && keyText is null)
            {
                throw CertificateErrors.Invalid(
                    origin with { Parameter = CertificateErrors.KeyFileParameter },
                    "has a key file that is not PEM",
                    "Convert it, for example with: openssl pkcs8 -topk8 -inform DER -in key.der -out key.pem");
            }

            var certificate = text is null && key.IsEmpty
                ? PfxLoader.Load(content, clear, origin)
                : PemLoader.Load(text, text is null ? content : default, key.IsEmpty ? text : keyText, clear, origin);
            return ClientCertificate.Accept(certificate, isOwned: true, origin, clock);
        }
        catch (CryptographicException e)
        {
            throw CertificateErrors.Damaged(origin, e);
        }
        finally
        {
            Array.Clear(text ?? []);
            Array.Clear(keyText ?? []);
        }
    }

    /// <summary>
    /// The bytes of base64 text, as Key Vault and pipelines give a PFX; null for other content. A binary file never passes: each form of one begins
    /// with bytes that no base64 has.
    /// </summary>
    private static byte[]? FromBase64(ReadOnlySpan<byte> content)
    {
        var (encoding, mark) = Encoded(content);
        var characters = encoding.GetString(content[mark..]).AsSpan().Trim();
        var decoded = new byte[(characters.Length / 4 * 3) + 3];
        if (characters.Length > 0 && Convert.TryFromBase64Chars(characters, decoded, out var count) && count > 0)
        {
            return decoded[..count];
        }

        CryptographicOperations.ZeroMemory(decoded);
        return null;
    }

    /// <summary>The characters of a PEM file in any of the encodings that editors and PowerShell write; null for other content.</summary>
    private static char[]? PemText(ReadOnlySpan<byte> content)
    {
        // A byte order mark before the first block would hide it.
        var (encoding, mark) = Encoded(content);
        content = content[mark..];
        if (encoding == Encoding.Latin1 && content.IndexOf("-----BEGIN "u8) < 0)
        {
            return null;
        }

        var text = new char[encoding.GetCharCount(content)];
        encoding.GetChars(content, text);
        return text.AsSpan().IndexOf("-----BEGIN ") >= 0 ? text : null;
    }

    private static (Encoding Encoding, int Mark) Encoded(ReadOnlySpan<byte> content) => content switch
    {
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.Latin1, 3),
        _ => (Encoding.Latin1, 0),
    };

    private static string Resolve(string path, string? baseDirectory, string parameter) => string.IsNullOrWhiteSpace(path)
        ? throw CertificateErrors.FileNotFound(path, parameter, $"Give the path of a PFX or PEM file with -{parameter}.")
        : PathText.Resolve(path, baseDirectory);

    private static byte[] Read(string file, string given, string parameter)
    {
        try
        {
            if (Directory.Exists(file))
            {
                throw CertificateErrors.FileIsDirectory(file, parameter);
            }

            RegularFile.ThrowIfSpecial(file, allowHandedOver: true);
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (stream.CanSeek && stream.Length > MaximumBytes)
            {
                throw CertificateErrors.FileUnreadable(file, parameter, "is far too large to be a certificate", null);
            }

            using var content = new MemoryStream();
            var chunk = new byte[16 * 1024];
            int count;
            while ((count = stream.Read(chunk)) > 0)
            {
                content.Write(chunk, 0, count);
                if (content.Length > MaximumBytes)
                {
                    throw CertificateErrors.FileUnreadable(file, parameter, "is far too large to be a certificate", null);
                }
            }

            CryptographicOperations.ZeroMemory(chunk);
            var bytes = content.ToArray();
            CryptographicOperations.ZeroMemory(content.GetBuffer());
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            var folder = Path.GetDirectoryName(file);
            throw CertificateErrors.FileNotFound(
                file,
                parameter,
                folder is { Length: > 0 } && !Directory.Exists(folder)
                    ? $"The folder '{folder}' does not exist either; check the path and the account that this runs as."
                    : Path.IsPathFullyQualified(given) ? null : "Check the path: a relative one starts at the current folder.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw CertificateErrors.FileUnreadable(file, parameter, "may not be read by this account", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw CertificateErrors.FileUnreadable(file, parameter, $"cannot be read: {FailureText.Reason(e)}", e);
        }
    }
}
