using System.Security;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Certificates;

namespace ExoConnect.Core.Authentication.Methods;

/// <summary>A way to sign in: one case for each way, and no other. Printing one never shows a secret.</summary>
/// <remarks>A <see cref="SecureString"/> stays the caller's, who may dispose it as soon as the provider has been rented.</remarks>
public abstract record SignInMethod
{
    private protected SignInMethod()
    {
    }

    /// <summary>The way's name, for lists and messages: <c>Certificate</c>, <c>ClientSecret</c>, …</summary>
    public abstract string Name { get; }

    /// <summary>The named user, if the method signs in a user.</summary>
    internal virtual string? User => null;

    /// <summary>Whether the method needs a person.</summary>
    internal virtual bool AsksSomebody => false;

    /// <summary>Whether connecting calls the sign-in host at once: no token is given, and no person has to act first.</summary>
    internal virtual bool MeetsSignInHost => false;

    /// <summary>An application that proves itself with a certificate.</summary>
    /// <param name="Source">Where the certificate comes from.</param>
    public sealed record Certificate(CertificateSource Source) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(Certificate);

        internal override bool MeetsSignInHost => true;

        /// <inheritdoc/>
        public override string ToString() => $"certificate ({Source})";
    }

    /// <summary>An application that proves itself with a client secret.</summary>
    /// <param name="Secret">The secret's value, not its id.</param>
    public sealed record ClientSecret(SecureString Secret) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(ClientSecret);

        internal override bool MeetsSignInHost => true;

        /// <inheritdoc/>
        public override string ToString() => "client secret";
    }

    /// <summary>A token that the caller got elsewhere. It works for one service, and cannot be renewed.</summary>
    /// <param name="Token">The token.</param>
    public sealed record AccessToken(SecureString Token) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(AccessToken);

        /// <inheritdoc/>
        public override string ToString() => "access token";
    }

    /// <summary>A user who enters a code in a browser, on this device or another.</summary>
    /// <param name="UserPrincipalName">The user who should sign in; null for any.</param>
    public sealed record DeviceCode(string? UserPrincipalName = null) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(DeviceCode);

        internal override string? User => UserPrincipalName;

        internal override bool AsksSomebody => true;

        /// <inheritdoc/>
        public override string ToString() => "device code";
    }

    /// <summary>A user who signs in in this machine's browser; the response comes back over loopback (PKCE).</summary>
    /// <param name="UserPrincipalName">The user who should sign in; null for any.</param>
    public sealed record Browser(string? UserPrincipalName = null) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(Browser);

        internal override string? User => UserPrincipalName;

        internal override bool AsksSomebody => true;

        /// <inheritdoc/>
        public override string ToString() => "browser";
    }

    /// <summary>A user by name and password. It works only if the tenant requires no second factor, and is the weakest way.</summary>
    /// <param name="UserPrincipalName">The user.</param>
    /// <param name="Secret">The password.</param>
    public sealed record Password(string UserPrincipalName, SecureString Secret) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(Password);

        internal override bool MeetsSignInHost => true;

        internal override string? User => UserPrincipalName;

        /// <inheritdoc/>
        public override string ToString() => "user and password";
    }

    /// <summary>The identity that Azure gives to this machine or process. There is no secret.</summary>
    /// <param name="AccountId">The client id of a user-assigned identity; null for the system-assigned one.</param>
    public sealed record ManagedIdentity(string? AccountId = null) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(ManagedIdentity);

        /// <inheritdoc/>
        public override string ToString() => AccountId is null ? "system-assigned managed identity" : $"managed identity {AccountId}";
    }

    /// <summary>An application that its platform vouches for: GitHub Actions, Azure DevOps, Kubernetes. There is no secret.</summary>
    /// <param name="Source">Where the platform's token comes from.</param>
    public sealed record WorkloadIdentity(FederatedTokenSource Source) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(WorkloadIdentity);

        internal override bool MeetsSignInHost => true;

        /// <inheritdoc/>
        public override string ToString() => $"workload identity ({Source})";
    }

    /// <summary>
    /// The first way that Azure.Identity's default credential finds: for scripts that run on a developer's machine and on Azure alike.
    /// </summary>
    /// <param name="Excluded">Ways to leave out, by the names of <see cref="DefaultCredentialWays"/>.</param>
    /// <param name="AccountId">
    /// The client id of a user-assigned managed identity; null for the one in <c>AZURE_CLIENT_ID</c>, else the system-assigned one.
    /// </param>
    public sealed record DefaultCredential(IReadOnlyList<string> Excluded, string? AccountId = null) : SignInMethod
    {
        /// <inheritdoc/>
        public override string Name => nameof(DefaultCredential);

        /// <inheritdoc/>
        public override string ToString() => "default credential";
    }
}
