using System.Security;
using ExoConnect.Core.Certificates;

namespace ExoConnect.Core.Authentication;

/// <summary>How somebody signs in: one case for each way, and no other. Printing one never shows a secret.</summary>
/// <remarks>A <see cref="SecureString"/> stays the caller's, who may dispose it as soon as the provider has been rented.</remarks>
public abstract record SignInMethod
{
    private protected SignInMethod()
    {
    }

    /// <summary>The way's name, for lists and messages: <c>Certificate</c>, <c>ClientSecret</c>, …</summary>
    public abstract string Name { get; }

    /// <summary>An application that proves itself with a certificate.</summary>
    /// <param name="Source">Where the certificate comes from.</param>
    public sealed record Certificate(CertificateSource Source) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(Certificate);

        /// <inheritdoc/>
        public override string ToString() => $"certificate ({Source})";
    }

    /// <summary>An application that proves itself with a client secret.</summary>
    /// <param name="Secret">The secret's value, not its id.</param>
    public sealed record ClientSecret(SecureString Secret) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(ClientSecret);

        /// <inheritdoc/>
        public override string ToString() => "client secret";
    }

    /// <summary>A token that the caller got elsewhere. It is good for one service, and cannot be renewed.</summary>
    /// <param name="Token">The token.</param>
    public sealed record AccessToken(SecureString Token) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(AccessToken);

        /// <inheritdoc/>
        public override string ToString() => "access token";
    }
}
