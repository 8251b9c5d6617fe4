using System.Net;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>
/// The providers in use: all sessions of the same identity share one, and so its tokens. Two identities share nothing. Safe for many threads.
/// </summary>
public sealed class TokenProviderPool
{
    private readonly Dictionary<Key, Entry> _entries = [];

    /// <summary>The process's own registry.</summary>
    public static TokenProviderPool Shared { get; } = new();

    /// <summary>How many identities are signed in.</summary>
    public int Count
    {
        get
        {
            lock (_entries)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>
    /// Rents the provider of an application that signs in with a certificate: an existing one for the same sign-in host, organization, application
    /// and certificate, or a new one. The pool owns the certificate: it disposes the certificate with the last lease, or at once if the existing
    /// provider has its own copy, or if this fails.
    /// </summary>
    /// <param name="environment">Where to sign in.</param>
    /// <param name="organization">An <c>.onmicrosoft.com</c> domain or a tenant id.</param>
    /// <param name="appId">The application (client) id.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="options">How a new provider works; null for the defaults.</param>
    /// <returns>The lease; dispose it with the session.</returns>
    /// <exception cref="ExoException"><c>OrganizationInvalid</c> or <c>AppIdInvalid</c>.</exception>
    public TokenProviderLease Rent(
        ExoEnvironment environment, string organization, string appId, ClientCertificate certificate, SignInOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(certificate);
        options ??= new SignInOptions();
        CertificateTokenProvider? made = null;
        try
        {
            var identity = SignInIdentity.Create(environment.SignIn, organization, appId, certificate.Thumbprint);
            var key = Key.Of(
                environment, identity.Organization, identity.AppId,
                $"certificate {certificate.Sha256}{(options.SendCertificate ? "+x5c" : string.Empty)}");
            lock (_entries)
            {
                if (!_entries.TryGetValue(key, out var entry))
                {
                    made = new CertificateTokenProvider(environment, organization, appId, certificate, options);
                    _entries.Add(key, entry = new Entry(made, certificate));
                }

                entry.Leases++;
                return new TokenProviderLease(entry.Provider, entry.Certificate, entry.Leases > 1, () => Forget(entry), () => Return(key, entry));
            }
        }
        finally
        {
            if (made is null)
            {
                DisposeUnlessUsed(certificate);
            }
        }
    }

    /// <summary>
    /// Rents the provider of an identity, whatever the way to sign in: an existing one for the same sign-in host, organization, application and
    /// credential, or a new one. It sends no request yet.
    /// </summary>
    /// <param name="environment">Where to sign in.</param>
    /// <param name="organization">An <c>.onmicrosoft.com</c> domain or a tenant id; null if the method needs none.</param>
    /// <param name="appId">The application (client) id; null if the method needs none.</param>
    /// <param name="method">The way.</param>
    /// <param name="options">How a new provider works; null for the defaults.</param>
    /// <returns>The lease; dispose it with the session.</returns>
    /// <exception cref="ExoException">
    /// A value is missing, malformed, or known not to work: a certificate that cannot sign in, a token that has ended. The error names the
    /// parameter.
    /// </exception>
    public TokenProviderLease Rent(
        ExoEnvironment environment, string? organization, string? appId, SignInMethod method, SignInOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(method);
        options ??= new SignInOptions();
        switch (method)
        {
            case SignInMethod.Certificate(var source):
                var (tenant, app) = (SignInIdentity.Require(organization, "Organization"), SignInIdentity.Require(appId, "AppId"));
                return Rent(environment, tenant, app, source.Open(options.BaseDirectory, options.Clock), options);

            case SignInMethod.ClientSecret(var secret):
                var identity = SignInIdentity.Create(
                    environment.SignIn, SignInIdentity.Require(organization, "Organization"), SignInIdentity.Require(appId, "AppId"),
                    "client secret");
                return Rent(
                    Key.Of(environment, identity.Organization, identity.AppId, $"secret {SecretText.Fingerprint(secret)}"),
                    () => new ClientSecretTokenProvider(environment, identity, secret, options));

            case SignInMethod.AccessToken(var token):
                return Rent(
                    Key.Of(environment, organization ?? "", "", $"token {SecretText.Fingerprint(token)}"),
                    () => new AccessTokenProvider(organization, token, options.Clock));

            case SignInMethod.DeviceCode or SignInMethod.Browser or SignInMethod.Password:
                var person = SignInIdentity.ForUser(environment.SignIn, organization, SignInIdentity.Require(appId, "AppId"), method);
                var secretOf = method is SignInMethod.Password known ? SecretText.Fingerprint(known.Secret) : "";
                return Rent(
                    Key.Of(environment, person.Organization, person.AppId,
                        $"{method.Name} {method.User?.ToUpperInvariant()} {secretOf} {options.Persistence}"),
                    () => new UserTokenProvider(
                        environment, person, person.Organization == SignInIdentity.AnyOrganization ? null : person.Organization, method, options));

            case SignInMethod.WorkloadIdentity(var platform):
                var workload = SignInIdentity.Create(
                    environment.SignIn, SignInIdentity.Require(organization, "Organization"), SignInIdentity.Require(appId, "AppId"),
                    method.ToString());
                return Rent(
                    Key.Of(environment, workload.Organization, workload.AppId, $"workload {platform.Key}"),
                    () => new WorkloadIdentityTokenProvider(environment, workload, platform, options));

            case SignInMethod.ManagedIdentity(var assigned):
                var managed = SignInIdentity.ForManagedIdentity(environment.SignIn, organization, assigned, method);
                return Rent(
                    Key.Of(environment, organization ?? "", assigned ?? "", "managed identity"),
                    () => new ManagedIdentityTokenProvider(environment, managed, organization, assigned, options));

            case SignInMethod.DefaultCredential(var excluded, var account):
                var ways = DefaultCredentialWays.Except(excluded);
                var whoever = SignInIdentity.ForDefaultCredential(environment.SignIn, organization, appId, account, method);
                return Rent(
                    Key.Of(environment, organization ?? "", appId ?? "", $"default credential {string.Join(' ', ways)} {account}"),
                    () => new DefaultCredentialTokenProvider(
                        new DefaultCredentialRequest(environment, whoever, organization, appId, account, ways, options)));

            default:
                throw new NotSupportedException($"There is no provider for {method}.");
        }
    }

    private TokenProviderLease Rent(Key key, Func<ITokenProvider> make)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                _entries.Add(key, entry = new Entry(make(), null));
            }

            entry.Leases++;
            return new TokenProviderLease(entry.Provider, null, entry.Leases > 1, () => Forget(entry), () => Return(key, entry));
        }
    }

    private void DisposeUnlessUsed(ClientCertificate certificate)
    {
        lock (_entries)
        {
            if (_entries.Values.Any(entry => ReferenceEquals(entry.Certificate, certificate)))
            {
                return;
            }
        }

        certificate.Dispose();
    }

    /// <summary>Keeps the sign-in as long as another session uses it.</summary>
    private void Forget(Entry entry)
    {
        lock (_entries)
        {
            if (entry.Leases > 1)
            {
                return;
            }
        }

        (entry.Provider as UserTokenProvider)?.Forget();
    }

    private void Return(Key key, Entry entry)
    {
        lock (_entries)
        {
            if (--entry.Leases > 0)
            {
                return;
            }

            _entries.Remove(key);
        }

        (entry.Provider as IDisposable)?.Dispose();
    }

    private sealed record Key(Uri SignIn, IPEndPoint? Address, string Authorities, string Organization, string AppId, string Credential)
    {
        public static Key Of(ExoEnvironment environment, string organization, string appId, string credential) => new(
            environment.SignIn, environment.Address, string.Concat((environment.CertificateAuthorities ?? []).Select(c => c.Thumbprint)),
            organization.ToUpperInvariant(), appId, credential);
    }

    private sealed class Entry(ITokenProvider provider, ClientCertificate? certificate)
    {
        public ITokenProvider Provider { get; } = provider;

        public ClientCertificate? Certificate { get; } = certificate;

        public int Leases { get; set; }
    }
}

/// <summary>A session's share in a provider.</summary>
public sealed class TokenProviderLease : IDisposable
{
    private readonly Action _forget;
    private Action? _return;

    internal TokenProviderLease(ITokenProvider provider, ClientCertificate? certificate, bool isShared, Action forget, Action giveBack)
    {
        _forget = forget;
        IsShared = isShared;
        Provider = provider;
        Certificate = certificate;
        _return = giveBack;
    }

    /// <summary>The provider.</summary>
    public ITokenProvider Provider { get; }

    /// <summary>True if the identity was signed in before this lease.</summary>
    public bool IsShared { get; }

    /// <summary>The certificate that it signs in with, for its expiry warning; null for other ways of signing in.</summary>
    public ClientCertificate? Certificate { get; }

    /// <summary>Removes a user's sign-in from its store, unless another session uses it.</summary>
    /// <exception cref="ExoException"><c>SignInNotForgotten</c>.</exception>
    public void Forget()
    {
        if (Volatile.Read(ref _return) is not null)
        {
            _forget();
        }
    }

    /// <summary>Returns the lease. The last return ends the sign-in: the pool forgets the tokens and disposes the certificate.</summary>
    public void Dispose() => Interlocked.Exchange(ref _return, null)?.Invoke();
}
