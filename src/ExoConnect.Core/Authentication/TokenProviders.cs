using System.Net;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Authentication;

/// <summary>
/// The providers in use: every session of the same identity shares one, and so its tokens. Two identities share nothing. Safe for many threads.
/// </summary>
public sealed class TokenProviders
{
    private readonly Dictionary<Key, Entry> _entries = [];

    /// <summary>The process's own registry.</summary>
    public static TokenProviders Shared { get; } = new();

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
    /// Rents the provider of an application that signs in with a certificate: the one that is there for the same sign-in host, organization,
    /// application and certificate, or a new one. The certificate is taken over: it is disposed with the last lease, or at once if the provider
    /// that is there has its own copy, or if this fails.
    /// </summary>
    /// <param name="environment">Where to sign in.</param>
    /// <param name="organization">An <c>.onmicrosoft.com</c> domain or a tenant id.</param>
    /// <param name="appId">The application (client) id.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="options">How a new provider works; null for the defaults.</param>
    /// <returns>The lease; dispose it with the session.</returns>
    /// <exception cref="ExoException"><c>OrganizationInvalid</c> or <c>AppIdInvalid</c>.</exception>
    public TokenProviderLease Rent(
        ExoEnvironment environment, string organization, string appId, ClientCertificate certificate, CertificateSignInOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(certificate);
        options ??= new CertificateSignInOptions();
        CertificateTokenProvider? made = null;
        try
        {
            var identity = SignInIdentity.Create(environment.SignIn, organization, appId, certificate.Thumbprint);
            var authorities = string.Concat((environment.CertificateAuthorities ?? []).Select(c => c.Thumbprint));
            var key = new Key(
                identity.SignIn, environment.Address, authorities, identity.Organization.ToUpperInvariant(), identity.AppId,
                $"{certificate.Sha256}{(options.SendCertificate ? "+x5c" : string.Empty)}");
            lock (_entries)
            {
                if (!_entries.TryGetValue(key, out var entry))
                {
                    made = new CertificateTokenProvider(environment, organization, appId, certificate, options);
                    _entries.Add(key, entry = new Entry(made, certificate));
                }

                entry.Leases++;
                return new TokenProviderLease(entry.Provider, entry.Certificate, () => Return(key, entry));
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

    private sealed record Key(Uri SignIn, IPEndPoint? Address, string Authorities, string Organization, string AppId, string Credential);

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
    private Action? _return;

    internal TokenProviderLease(ITokenProvider provider, ClientCertificate? certificate, Action giveBack)
    {
        Provider = provider;
        Certificate = certificate;
        _return = giveBack;
    }

    /// <summary>The provider.</summary>
    public ITokenProvider Provider { get; }

    /// <summary>The certificate that it signs in with, for its expiry warning; null for other ways of signing in.</summary>
    public ClientCertificate? Certificate { get; }

    /// <summary>Gives it back. The last one to do so ends the sign-in: tokens are forgotten and the certificate is released.</summary>
    public void Dispose() => Interlocked.Exchange(ref _return, null)?.Invoke();
}
