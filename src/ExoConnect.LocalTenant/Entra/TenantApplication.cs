using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>
/// An application registered in the tenant, and its service principal if it has one. It may be changed while the tenant runs, by any thread; a
/// change made here takes effect in the next token, a change over Graph after the tenant's replication delay.
/// </summary>
public sealed class TenantApplication
{
    private readonly TimeProvider _clock;
    private ImmutableArray<KeyCredential> _keys = [];
    private ImmutableArray<ClientSecret> _secrets = [];
    private ImmutableArray<AppPermission> _delegated = [];
    private ImmutableArray<RequestedAccess> _requested = [];
    private volatile ServicePrincipal? _principal;
    private ImmutableArray<FederatedCredential> _federated = [];
    private volatile bool _publicClient;
    private volatile bool _singleTenant;
    private volatile bool _consented = true;
    private volatile string _name;
    private int _claimsGeneration;

    internal TenantApplication(string name, Guid appId, Guid objectId, TimeProvider clock, DateTimeOffset since)
    {
        _name = name;
        AppId = appId;
        ObjectId = objectId;
        _clock = clock;
        Since = since;
        Created = clock.GetUtcNow();
    }

    /// <summary>The display name.</summary>
    public string Name
    {
        get => _name;
        internal set => _name = value;
    }

    /// <summary>The application (client) id.</summary>
    public Guid AppId { get; }

    /// <summary>The id of the application object.</summary>
    public Guid ObjectId { get; }

    /// <summary>The id of the service principal; tokens carry it in <c>oid</c>. All zeros for none.</summary>
    public Guid ServicePrincipalId => _principal?.Id ?? Guid.Empty;

    /// <summary>The certificates registered on the app, without keys.</summary>
    public IReadOnlyList<X509Certificate2> Certificates => [.. _keys.Where(key => IsThere(key.Since)).Select(key => key.Certificate)];

    /// <summary>The application permissions that the registration requests, granted or not.</summary>
    public IReadOnlyList<AppPermission> RequestedPermissions =>
        [.. _requested.Where(access => access.IsRole).Select(access => AppPermission.Of(access.ResourceAppId, access.Id))];

    /// <summary>The application permissions consented to.</summary>
    public IReadOnlyList<AppPermission> Permissions =>
        _principal is { } principal ? [.. principal.Grants.Where(grant => IsThere(grant.Since)).Select(grant => grant.Permission)] : [];

    /// <summary>The delegated permissions consented to.</summary>
    public IReadOnlyList<AppPermission> DelegatedPermissions => _delegated;

    /// <summary>The issuers that the app trusts instead of a secret.</summary>
    public IReadOnlyList<FederatedCredential> FederatedCredentials => _federated;

    /// <summary>Whether programs that can keep no secret may use the app ("Allow public client flows"); else AADSTS7000218.</summary>
    public bool AllowsPublicClient
    {
        get => _publicClient;
        set => _publicClient = value;
    }

    /// <summary>Whether sign-in has to name the tenant; <c>organizations</c> then ends in AADSTS50194.</summary>
    public bool IsSingleTenant
    {
        get => _singleTenant;
        set => _singleTenant = value;
    }

    /// <summary>The directory roles assigned to the service principal.</summary>
    public IReadOnlyList<DirectoryRole> Roles =>
        _principal is { } principal ? [.. principal.Roles.Where(role => IsThere(role.Since)).Select(role => role.Role)] : [];

    /// <summary>Whether an administrator has consented to the app at all; without it sign-in ends in AADSTS65001. True from the start.</summary>
    public bool AdminConsent
    {
        get => _consented;
        set => _consented = value;
    }

    /// <summary>The accounts that may sign in to it, in Graph's term.</summary>
    internal string SignInAudience { get; set; } = "AzureADMyOrg";

    /// <summary>The time of its registration.</summary>
    internal DateTimeOffset Created { get; }

    /// <summary>The time from which the rest of the directory knows it.</summary>
    internal DateTimeOffset Since { get; }

    /// <summary>Everything registered on it, known to others or not.</summary>
    internal ImmutableArray<KeyCredential> Keys => _keys;

    /// <summary>The permissions that the registration requests, for applications and delegated.</summary>
    internal ImmutableArray<RequestedAccess> Requested => _requested;

    /// <summary>Properties of the registration that the tenant ignores, as a client last wrote them over Graph.</summary>
    internal ConcurrentDictionary<string, JsonNode?> OtherProperties { get; } = new(StringComparer.Ordinal);

    /// <summary>The service principal; null for none.</summary>
    internal ServicePrincipal? Principal => _principal;

    /// <summary>The newest revocation whose claims this app has sent.</summary>
    internal int ClaimsGeneration
    {
        get => Volatile.Read(ref _claimsGeneration);
        set => Volatile.Write(ref _claimsGeneration, value);
    }

    /// <summary>Registers a certificate.</summary>
    /// <param name="certificate">Its public part is copied; the key, if any, is not.</param>
    public void AddCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var copy = X509CertificateLoader.LoadCertificate(certificate.RawData);
        ImmutableInterlocked.Update(ref _keys, static (list, added) => list.Add(added), KeyCredential.Of(copy, copy.Subject, default));
    }

    /// <summary>Removes a certificate from the app.</summary>
    /// <param name="thumbprint">Its SHA-1 thumbprint in hexadecimal digits.</param>
    /// <returns>True if it was there.</returns>
    public bool RemoveCertificate(string thumbprint) => ImmutableInterlocked.Update(
        ref _keys,
        static (list, gone) => list.RemoveAll(k => k.Certificate.Thumbprint.Equals(gone, StringComparison.OrdinalIgnoreCase)),
        thumbprint);

    /// <summary>Creates a client secret.</summary>
    /// <param name="lifetime">Its lifetime; a negative one has expired.</param>
    /// <returns>The secret's value. Only a hash of it is kept.</returns>
    public string AddSecret(TimeSpan lifetime)
    {
        var value = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789~_.-", 40);
        AddSecret(value, lifetime);
        return value;
    }

    internal void AddSecret(string value, TimeSpan lifetime)
    {
        var secret = new ClientSecret(SHA256.HashData(Encoding.UTF8.GetBytes(value)), _clock.GetUtcNow() + lifetime);
        ImmutableInterlocked.Update(ref _secrets, static (list, added) => list.Add(added), secret);
    }

    /// <summary>Requests an application permission and consents to it.</summary>
    /// <param name="permission">As <see cref="AppPermission.Parse"/> reads it.</param>
    /// <exception cref="InvalidOperationException">The app has no service principal.</exception>
    public void AddPermission(string permission)
    {
        var parsed = AppPermission.Parse(permission);
        ImmutableInterlocked.Update(
            ref _requested,
            static (list, added) => list.Contains(added) ? list : list.Add(added),
            new RequestedAccess(parsed.ResourceAppId, parsed.Id, IsRole: true));
        RequirePrincipal().Grant(parsed, default, _clock.GetUtcNow());
    }

    /// <summary>Withdraws consent to an application permission; the registration still requests it.</summary>
    /// <param name="permission">As <see cref="AppPermission.Parse"/> reads it.</param>
    /// <returns>True if it was there.</returns>
    public bool RemovePermission(string permission)
    {
        var parsed = AppPermission.Parse(permission);
        return _principal?.Revoke(grant => grant.Permission == parsed) == true;
    }

    /// <summary>Removes a permission from the registration; a consent stays.</summary>
    /// <param name="permission">As <see cref="AppPermission.Parse"/> reads it.</param>
    /// <returns>True if it was there.</returns>
    public bool RemoveRequestedPermission(string permission)
    {
        var parsed = AppPermission.Parse(permission);
        return ImmutableInterlocked.Update(
            ref _requested,
            static (list, gone) => list.Remove(gone),
            new RequestedAccess(parsed.ResourceAppId, parsed.Id, IsRole: true));
    }

    /// <summary>Trusts a platform's workload.</summary>
    /// <param name="credential">The credential.</param>
    public void AddFederatedCredential(FederatedCredential credential) =>
        ImmutableInterlocked.Update(ref _federated, static (list, added) => list.Contains(added) ? list : list.Add(added), credential);

    /// <summary>Ends the trust in a platform's workload.</summary>
    /// <param name="credential">The credential.</param>
    /// <returns>True if it was there.</returns>
    public bool RemoveFederatedCredential(FederatedCredential credential) =>
        ImmutableInterlocked.Update(ref _federated, static (list, gone) => list.Remove(gone), credential);

    /// <summary>Consents to a delegated permission.</summary>
    /// <param name="permission">As <see cref="AppPermission.Parse"/> reads it, for example <c>Exchange.Manage</c> or <c>User.Read</c>.</param>
    public void AddDelegatedPermission(string permission) => ImmutableInterlocked.Update(
        ref _delegated,
        static (list, added) => list.Contains(added) ? list : list.Add(added),
        AppPermission.Parse(permission));

    /// <summary>Assigns a directory role.</summary>
    /// <param name="role">Its display name or template id.</param>
    /// <exception cref="TenantException">There is no such role.</exception>
    /// <exception cref="InvalidOperationException">The app has no service principal.</exception>
    public void AddRole(string role) => RequirePrincipal().Assign(DirectoryRole.Find(role), default);

    /// <summary>Removes a directory role.</summary>
    /// <param name="role">Its display name or template id.</param>
    /// <returns>True if it was there.</returns>
    /// <exception cref="TenantException">There is no such role.</exception>
    public bool RemoveRole(string role)
    {
        var found = DirectoryRole.Find(role);
        return _principal?.Unassign(assignment => assignment.Role == found) == true;
    }

    /// <summary>Creates a service principal, unless there is one.</summary>
    public void AddServicePrincipal()
    {
        if (_principal is null)
        {
            SetPrincipal(Guid.NewGuid(), default);
        }
    }

    /// <summary>Removes the service principal, and with it consent and roles; sign-in then ends in AADSTS7000229.</summary>
    /// <returns>True if there was one.</returns>
    public bool RemoveServicePrincipal()
    {
        var had = _principal is not null;
        _principal = null;
        return had;
    }

    /// <summary>Whether the rest of the directory knows an object.</summary>
    /// <param name="since">The time from which it does.</param>
    internal bool IsThere(DateTimeOffset since) => since <= _clock.GetUtcNow();

    /// <summary>Creates the service principal.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="since">The time from which the rest of the directory knows it.</param>
    internal ServicePrincipal SetPrincipal(Guid id, DateTimeOffset since) => _principal = new ServicePrincipal(id, since, _clock.GetUtcNow());

    /// <summary>Replaces the permissions that the registration requests.</summary>
    internal void ReplaceRequests(IEnumerable<RequestedAccess> access) =>
        ImmutableInterlocked.InterlockedExchange(ref _requested, [.. access.Distinct()]);

    /// <summary>Replaces all certificates, as a PATCH of the collection does.</summary>
    internal void ReplaceKeys(IEnumerable<KeyCredential> keys) => ImmutableInterlocked.InterlockedExchange(ref _keys, [.. keys]);

    /// <summary>Checks a client secret.</summary>
    /// <param name="value">What the client sent.</param>
    /// <returns>Whether the app has it, and whether it has expired.</returns>
    internal (bool Known, bool Expired) CheckSecret(string value)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(value));
        foreach (var secret in _secrets)
        {
            if (CryptographicOperations.FixedTimeEquals(secret.Hash, hash))
            {
                return (true, secret.Expires <= _clock.GetUtcNow());
            }
        }

        return (false, false);
    }

    private ServicePrincipal RequirePrincipal() =>
        _principal ?? throw new InvalidOperationException($"The application {AppId} has no service principal.");

    private sealed record ClientSecret(byte[] Hash, DateTimeOffset Expires);
}

/// <summary>A permission that a registration asks for.</summary>
/// <param name="ResourceAppId">The application id of its resource.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsRole">True for an application permission, false for a delegated one.</param>
internal sealed record RequestedAccess(Guid ResourceAppId, Guid Id, bool IsRole);
