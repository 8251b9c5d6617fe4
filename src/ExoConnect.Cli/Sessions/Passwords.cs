using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Cli.Sessions;

/// <summary>Fetches secrets from where they are kept.</summary>
internal sealed class Passwords(CliHost host, Messenger messenger)
{
    /// <summary>The variable that is looked at when nothing else is said.</summary>
    public const string Variable = "EXOCONNECT_CERTIFICATE_PASSWORD";

    private const int LongestFile = 64 * 1024;

    /// <summary>Fetches the password of a certificate.</summary>
    /// <param name="origin">Where it is kept.</param>
    /// <param name="certificate">The file it opens.</param>
    /// <param name="cancellationToken">Ends a prompt.</param>
    /// <returns>The password, to be disposed.</returns>
    /// <exception cref="ExoException">It is not there.</exception>
    public async Task<SecureString> OfCertificateAsync(PasswordOrigin origin, string certificate, CancellationToken cancellationToken)
    {
        if (origin is PromptedPassword)
        {
            if (FromVariable(Variable) is { } password)
            {
                return password;
            }

            if (!host.IsInputTerminal)
            {
                throw Missing(
                    $"'{certificate}' is protected by a password, and there is no terminal to ask for it.",
                    $"Set the variable {Variable}, or connect with --password-file FILE.");
            }
        }

        return await ReadAsync(origin, Path.GetFileName(certificate), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Fetches a secret.</summary>
    /// <param name="origin">Where it is kept.</param>
    /// <param name="what">What it is of.</param>
    /// <param name="cancellationToken">Ends a prompt.</param>
    /// <returns>The secret, to be disposed.</returns>
    /// <exception cref="ExoException">It is not there.</exception>
    public async Task<SecureString> ReadAsync(PasswordOrigin origin, string what, CancellationToken cancellationToken)
    {
        switch (origin)
        {
            case VariablePassword(var name):
                return FromVariable(name) ?? throw Missing(
                    $"The password of '{what}' comes from the variable {name}, which is not set.",
                    $"Set {name}, or connect again with another source.");
            case FilePassword(var path):
                return await FromFileAsync(path, cancellationToken).ConfigureAwait(false);
            default:
                messenger.Progress(null);
                return await host.ReadSecret($"Password of {SafeText.Line(what)}: ", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Fetches a secret that isn't a certificate's password.</summary>
    /// <param name="origin">Where it is kept.</param>
    /// <param name="what">What it is: <c>client secret</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The secret, to be disposed.</returns>
    /// <exception cref="ExoException">It is not there.</exception>
    public async Task<SecureString> SecretAsync(PasswordOrigin origin, string what, CancellationToken cancellationToken) => origin switch
    {
        VariablePassword(var name) => FromVariable(name) ?? throw new ExoException(
            $"The {what} comes from the variable {name}, which is not set.")
        {
            ErrorId = CliErrorIds.SecretMissing,
            Category = ExoErrorCategory.InvalidArgument,
            Remedy = $"Set {name}, or connect again with another source.",
        },
        FilePassword(var path) => await FromFileAsync(path, cancellationToken).ConfigureAwait(false),
        _ => await host.ReadSecret($"{char.ToUpperInvariant(what[0])}{what[1..]}: ", cancellationToken).ConfigureAwait(false),
    };

    /// <summary>The source of a password without an option: the variable, or a prompt.</summary>
    /// <returns>The source, or null for none.</returns>
    public PasswordOrigin? Default() =>
        !string.IsNullOrEmpty(host.Variable(Variable)) ? new VariablePassword(Variable) : host.IsInputTerminal ? new PromptedPassword() : null;

    /// <summary>Whether two secrets are the same.</summary>
    public static bool AreEqual(SecureString one, SecureString other)
    {
        var (a, b) = (Clear(one), Clear(other));
        try
        {
            return a.AsSpan().SequenceEqual(b);
        }
        finally
        {
            Array.Clear(a);
            Array.Clear(b);
        }

        static char[] Clear(SecureString secret)
        {
            var characters = GC.AllocateArray<char>(secret.Length, pinned: true);
            var copy = Marshal.SecureStringToGlobalAllocUnicode(secret);
            Marshal.Copy(copy, characters, 0, characters.Length);
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
            return characters;
        }
    }

    private static ExoException Missing(string message, string remedy, Exception? inner = null) => new(message, inner)
    {
        ErrorId = CliErrorIds.CertificatePasswordMissing,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = "CertificatePassword",
        Remedy = remedy,
    };

    private SecureString? FromVariable(string name) => host.Variable(name) is { Length: > 0 } text ? Protect(text) : null;

    private async Task<SecureString> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            // Asked for before it is read: what comes from a pipe (process substitution, a secrets mount) has no mode that says anything.
            if (!OperatingSystem.IsWindows() && File.Exists(path)
                && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0
                && !path.StartsWith("/dev/", StringComparison.Ordinal))
            {
                messenger.Warning($"Other users may read the password in '{path}'. Take the right away with: chmod 600 '{path}'");
            }

            RegularFile.ThrowIfSpecial(path, allowHandedOver: true);
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
            await using (file.ConfigureAwait(false))
            {
                var content = GC.AllocateArray<byte>(LongestFile, pinned: true);
                try
                {
                    var length = await file.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(
                        false);
                    if (length == content.Length)
                    {
                        throw Missing($"The password file '{path}' is far too large.", "Name a file that holds the password and nothing else.");
                    }

                    return Decode(content.AsSpan(0, length)) ?? throw Missing(
                        $"The password file '{path}' is neither UTF-8 nor UTF-16.",
                        "Save it as UTF-8: a password that is read wrongly is another password.");
                }
                finally
                {
                    Array.Clear(content);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Missing($"The password file '{path}' cannot be read: {e.Message.TrimEnd('.')}.",
                "Check the path and the account that this runs as.", e);
        }
    }

    /// <summary>Makes a secret of a file's bytes; null if they are no text, of which nothing may be shown.</summary>
    private static SecureString? Decode(ReadOnlySpan<byte> content)
    {
        (var encoding, var mark) = content switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (new UTF8Encoding(false, throwOnInvalidBytes: true), 3),
            [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true), 2),
            [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true), 2),
            _ => ((Encoding)new UTF8Encoding(false, throwOnInvalidBytes: true), 0),
        };
        content = content[mark..];
        var characters = GC.AllocateArray<char>(encoding.GetMaxCharCount(content.Length), pinned: true);
        try
        {
            ReadOnlySpan<char> text = characters.AsSpan(0, encoding.GetChars(content, characters));

            // An editor ends the line; the password does not.
            text = text is [.. var line, '\n'] ? line : text;
            return Protect(text is [.. var bare, '\r'] ? bare : text);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        finally
        {
            Array.Clear(characters);
        }
    }

    /// <summary>Makes a secret of text; it is to be disposed.</summary>
    public static SecureString Protect(ReadOnlySpan<char> text)
    {
        var secret = new SecureString();
        foreach (var c in text)
        {
            secret.AppendChar(c);
        }

        secret.MakeReadOnly();
        return secret;
    }
}
