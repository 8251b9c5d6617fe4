using System.Security;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Certificates.Loading;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Certificates;

/// <summary>Where a certificate comes from. Opening it checks, before any request, whether it can sign in.</summary>
/// <remarks>Passwords stay <see cref="SecureString"/>s of the caller, read only while a file is opened and never printed.</remarks>
public abstract record CertificateSource
{
    private protected CertificateSource()
    {
    }

    /// <summary>Opens the certificate and checks that it can sign in now.</summary>
    /// <param name="baseDirectory">Where relative paths start; null for the current directory.</param>
    /// <param name="clock">The clock for its validity; null for the machine's.</param>
    /// <returns>The certificate; the caller disposes it.</returns>
    /// <exception cref="ExoException">
    /// One of <c>CertificateFileNotFound</c>, <c>CertificateFileUnreadable</c>, <c>CertificateFileIsDirectory</c>,
    /// <c>CertificatePasswordRequired</c>,
    /// <c>CertificatePasswordIncorrect</c>, <c>CertificateInvalid</c>, <c>CertificateNoPrivateKey</c>, <c>CertificateKeyMismatch</c>,
    /// <c>CertificateKeyUnusable</c>, <c>CertificateKeyNotRsa</c>, <c>CertificateKeyTooShort</c>, <c>CertificateExpired</c>,
    /// <c>CertificateNotYetValid</c>, <c>CertificateAmbiguous</c>, <c>CertificateThumbprintInvalid</c>, <c>CertificateNotFound</c>; each names the
    /// parameter at fault and what to do.
    /// </exception>
    public ClientCertificate Open(string? baseDirectory = null, TimeProvider? clock = null) => OpenCore(baseDirectory, clock ?? TimeProvider.System);

    private protected abstract ClientCertificate OpenCore(string? baseDirectory, TimeProvider clock);

    /// <summary>
    /// A certificate in the stores <c>CurrentUser\My</c>, then <c>LocalMachine\My</c>; on Linux and macOS those that .NET keeps.
    /// </summary>
    /// <param name="Value">Its thumbprint, SHA-1 or SHA-256, however it was pasted.</param>
    public sealed record Thumbprint(string Value) : CertificateSource
    {
        private protected override ClientCertificate OpenCore(string? baseDirectory, TimeProvider clock) =>
            StoreLoader.Open(Value, StoreLoader.Machine, clock);

        /// <inheritdoc/>
        public override string ToString() => $"thumbprint {Value}";
    }

    /// <summary>A file: PFX (PKCS #12), or PEM with the certificate and its key; the content decides which.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="Password">The password of the PFX file or of the PEM key; null for none. One that is not needed is ignored.</param>
    /// <param name="KeyPath">A PEM file with the private key, if it is not in the same file.</param>
    public sealed record File(string Path, SecureString? Password = null, string? KeyPath = null) : CertificateSource
    {
        private protected override ClientCertificate OpenCore(string? baseDirectory, TimeProvider clock) =>
            FileLoader.Open(Path, KeyPath, Password, baseDirectory, clock);

        /// <inheritdoc/>
        public override string ToString() => KeyPath is null ? $"file {Path}" : $"file {Path} with key {KeyPath}";
    }

    /// <summary>The content of such a file, in memory.</summary>
    /// <param name="Content">PFX or PEM.</param>
    /// <param name="Password">Its password; null for none.</param>
    public sealed record Bytes(ReadOnlyMemory<byte> Content, SecureString? Password = null) : CertificateSource
    {
        private protected override ClientCertificate OpenCore(string? baseDirectory, TimeProvider clock) =>
            FileLoader.Open(
                Content.Span, default, Password, new CertificateErrors.Origin("The certificate", CertificateErrors.ObjectParameter, null), clock);

        /// <inheritdoc/>
        public override string ToString() => "certificate in memory";
    }

    /// <summary>The same in base64, as pipelines keep it in a variable.</summary>
    /// <param name="Text">Base64 of a PFX or PEM file; white space does no harm.</param>
    /// <param name="Password">Its password; null for none.</param>
    public sealed record Base64(string Text, SecureString? Password = null) : CertificateSource
    {
        private protected override ClientCertificate OpenCore(string? baseDirectory, TimeProvider clock) =>
            FileLoader.OpenBase64(
                Text, Password, new CertificateErrors.Origin("The base64 certificate", CertificateErrors.ObjectParameter, null), clock);

        /// <inheritdoc/>
        public override string ToString() => "certificate in base64";
    }

    /// <summary>A certificate that the caller has open. It stays the caller's: it is never disposed here.</summary>
    /// <param name="Certificate">The certificate with its private key.</param>
    public sealed record Instance(X509Certificate2 Certificate) : CertificateSource
    {
        private protected override ClientCertificate OpenCore(string? baseDirectory, TimeProvider clock)
        {
            if (Certificate.Handle == IntPtr.Zero)
            {
                throw CertificateErrors.Invalid(
                    new CertificateErrors.Origin("The certificate object", CertificateErrors.ObjectParameter, null),
                    "has been disposed, or was never loaded",
                    "Load it again and connect with the new object.");
            }

            var origin = new CertificateErrors.Origin(
                $"The certificate {Certificate.Thumbprint} ({Certificate.Subject})", CertificateErrors.ObjectParameter, Certificate.Thumbprint);
            return ClientCertificate.Accept(Certificate, isOwned: false, origin, clock);
        }

        /// <inheritdoc/>
        public override string ToString() => "certificate object";
    }
}
