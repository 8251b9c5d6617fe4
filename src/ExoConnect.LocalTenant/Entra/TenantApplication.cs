using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>
/// An application registered in the tenant with its service principal. It may be changed while the tenant runs, by any thread; a change shows
/// in the tokens issued from then on, as with Entra ID.
/// </summary>
public sealed class TenantApplication
{
    private readonly TimeProvider _clock;
    private ImmutableArray<X509Certificate2> _certificates = [];
    private ImmutableArray<ClientSecret> _secrets = [];
    private ImmutableArray<AppPermission> _permissions = [];
    private ImmutableArray<AppPermission> _delegated = [];
    private ImmutableArray<DirectoryRole> _roles = [];
    private volatile bool _publicClient;
    private volatile bool _singleTenant;
    private volatile bool _consented = true;
    private int _claimsGeneration;

    internal TenantApplication(string name, Guid appId, Guid objectId, Guid servicePrincipalId, TimeProvider clock)
    {
        Name = name;
        AppId = appId;
        ObjectId = objectId;
        ServicePrincipalId = servicePrincipalId;
        _clock = clock;
    }

    /// <summary>The display name.</summary>
    public string Name { get; }

    /// <summary>The application (client) id.</summary>
    public Guid AppId { get; }

    /// <summary>The id of the application object.</summary>
    public Guid ObjectId { get; }

    /// <summary>The id of the service principal; tokens carry it in <c>oid</c>.</summary>
    public Guid ServicePrincipalId { get; }

    /// <summary>The certificates registered on the app, without keys.</summary>
    public IReadOnlyList<X509Certificate2> Certificates => _certificates;

    /// <summary>The application permissions consented to.</summary>
    public IReadOnlyList<AppPermission> Permissions => _permissions;

    /// <summary>What the app may do for a user who signs in, as consented to.</summary>
    public IReadOnlyList<AppPermission> DelegatedPermissions => _delegated;

    /// <summary>Whether the app may be used by programs that can keep no secret ("Allow public client flows"); else AADSTS7000218.</summary>
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
    public IReadOnlyList<DirectoryRole> Roles => _roles;

    /// <summary>Whether an administrator has consented to the app at all; without it sign-in ends in AADSTS65001. True from the start.</summary>
    public bool AdminConsent
    {
        get => _consented;
        set => _consented = value;
    }

    /// <summary>The newest revocation whose claims challenge this app has answered.</summary>
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
        ImmutableInterlocked.Update(ref _certificates, static (list, added) => list.Add(added), copy);
    }

    /// <summary>Takes a certificate off the app.</summary>
    /// <param name="thumbprint">Its SHA-1 thumbprint in hexadecimal digits.</param>
    /// <returns>True if it was there.</returns>
    public bool RemoveCertificate(string thumbprint) => ImmutableInterlocked.Update(
        ref _certificates,
        static (list, gone) => list.RemoveAll(c => c.Thumbprint.Equals(gone, StringComparison.OrdinalIgnoreCase)),
        thumbprint);

    /// <summary>Makes a client secret.</summary>
    /// <param name="lifetime">How long it is good for; a negative one has expired.</param>
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

    /// <summary>Consents to an application permission.</summary>
    /// <param name="permission">As <see cref="AppPermission.Parse"/> reads it.</param>
    public void AddPermission(string permission) => ImmutableInterlocked.Update(
        ref _permissions,
        static (list, added) => list.Contains(added) ? list : list.Add(added),
        AppPermission.Parse(permission));

    /// <summary>Withdraws consent to an application permission.</summary>
    /// <param name="permission">As <see cref="AppPermission.Parse"/> reads it.</param>
    /// <returns>True if it was there.</returns>
    public bool RemovePermission(string permission) => ImmutableInterlocked.Update(
        ref _permissions,
        static (list, gone) => list.Remove(gone),
        AppPermission.Parse(permission));

    /// <summary>Consents to a delegated permission.</summary>
    /// <param name="permission">As <see cref="AppPermission.Parse"/> reads it, for example <c>Exchange.Manage</c> or <c>User.Read</c>.</param>
    public void AddDelegatedPermission(string permission) => ImmutableInterlocked.Update(
        ref _delegated,
        static (list, added) => list.Contains(added) ? list : list.Add(added),
        AppPermission.Parse(permission));

    /// <summary>Withdraws consent to a delegated permission.</summary>
    /// <param name="permission">As <see cref="AppPermission.Parse"/> reads it.</param>
    /// <returns>True if it was there.</returns>
    public bool RemoveDelegatedPermission(string permission) => ImmutableInterlocked.Update(
        ref _delegated,
        static (list, gone) => list.Remove(gone),
        AppPermission.Parse(permission));

    /// <summary>Assigns a directory role.</summary>
    /// <param name="role">Its display name or template id.</param>
    /// <exception cref="TenantException">There is no such role.</exception>
    public void AddRole(string role) => ImmutableInterlocked.Update(
        ref _roles,
        static (list, added) => list.Contains(added) ? list : list.Add(added),
        DirectoryRole.Find(role));

    /// <summary>Takes a directory role away.</summary>
    /// <param name="role">Its display name or template id.</param>
    /// <returns>True if it was there.</returns>
    /// <exception cref="TenantException">There is no such role.</exception>
    public bool RemoveRole(string role) => ImmutableInterlocked.Update(
        ref _roles,
        static (list, gone) => list.Remove(gone),
        DirectoryRole.Find(role));

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

    private sealed record ClientSecret(byte[] Hash, DateTimeOffset Expires);
}
