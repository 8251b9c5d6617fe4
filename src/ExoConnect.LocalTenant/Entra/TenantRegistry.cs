using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>The tenant in Entra ID: its names, applications and users. Thread-safe.</summary>
public sealed class TenantRegistry
{
    private readonly ConcurrentDictionary<Guid, TenantApplication> _applications = new();
    private readonly ConcurrentDictionary<Guid, bool> _assigned = new();
    private readonly ConcurrentDictionary<string, TenantUser> _users = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _clock;

    /// <summary>Microsoft's own client for administrators, which every tenant has and nobody registered.</summary>
    private readonly TenantApplication _commandLine;

    internal TenantRegistry(Guid tenantId, string organization, TimeProvider clock, TimeSpan replicationDelay = default)
    {
        TenantId = tenantId;
        Organization = organization;
        _clock = clock;
        ReplicationDelay = replicationDelay;
        _commandLine = new TenantApplication(
            "Microsoft Graph Command Line Tools", CommandLineTools, Guid.NewGuid(), clock, since: default)
        { AllowsPublicClient = true };
        foreach (var scope in new[]
        {
            "Application.Read.All", "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "RoleManagement.Read.Directory",
            "RoleManagement.ReadWrite.Directory", "Organization.Read.All", "User.Read",
        })
        {
            _commandLine.AddDelegatedPermission(scope);
        }
    }

    /// <summary>The application id of Microsoft Graph Command Line Tools.</summary>
    internal static Guid CommandLineTools { get; } = new("14d82eec-204b-4c2f-b7e8-296a70dab67e");

    /// <summary>The tenant id.</summary>
    public Guid TenantId { get; }

    /// <summary>The initial domain.</summary>
    public string Organization { get; }

    /// <summary>
    /// The other domains of the tenant that were verified; <see cref="Organization"/> is always one and not listed here. May be changed at any time.
    /// </summary>
    public IReadOnlyList<string> OtherDomains { get; set; } = [];

    /// <summary>The delay until the rest of the directory knows an object that was created over Graph.</summary>
    internal TimeSpan ReplicationDelay { get; }

    /// <summary>The applications, in no order.</summary>
    public IReadOnlyCollection<TenantApplication> Applications => [.. _applications.Values];

    /// <summary>Registers an application with new ids.</summary>
    /// <param name="name">Its display name.</param>
    /// <param name="certificate">A certificate to register on it; null for none yet.</param>
    /// <param name="permissions">Application permissions that an administrator consented to, for example <c>Exchange.ManageAsApp</c>.</param>
    /// <param name="roles">Directory roles, by display name or template id.</param>
    /// <returns>The application with its ids; change it there.</returns>
    /// <exception cref="TenantException">A role does not exist.</exception>
    public TenantApplication AddApplication(
        string name,
        X509Certificate2? certificate,
        IEnumerable<string> permissions,
        IEnumerable<string> roles) => Add(name, Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), certificate, permissions, roles);

    /// <summary>Finds an application.</summary>
    /// <param name="appId">Its application (client) id.</param>
    /// <returns>The application, or null.</returns>
    public TenantApplication? Find(Guid appId) => _applications.GetValueOrDefault(appId) ?? (appId == _commandLine.AppId ? _commandLine : null);

    /// <summary>Finds an application as sign-in does, which doesn't know a new one until it has replicated.</summary>
    internal TenantApplication? FindReplicated(Guid appId) => Find(appId) is { } app && app.IsThere(app.Since) ? app : null;

    /// <summary>Registers an application that only its creator knows yet.</summary>
    internal TenantApplication Create(string name)
    {
        var application = new TenantApplication(name, Guid.NewGuid(), Guid.NewGuid(), _clock, ReplicatedAt());
        _applications[application.AppId] = application;
        return application;
    }

    /// <summary>The time at which the whole directory will know an object created now.</summary>
    internal DateTimeOffset ReplicatedAt() => ReplicationDelay > TimeSpan.Zero ? _clock.GetUtcNow() + ReplicationDelay : default;

    /// <summary>Removes an application; its sign-in then ends in AADSTS700016.</summary>
    /// <param name="appId">Its application (client) id.</param>
    /// <returns>True if it was there.</returns>
    public bool RemoveApplication(Guid appId) => _applications.TryRemove(appId, out _);

    /// <summary>The app id of the identity that Azure gave to this machine itself; null if it has none.</summary>
    public Guid? SystemAssignedIdentity { get; set; }

    /// <summary>The app ids of the other identities that are assigned to this machine.</summary>
    public IReadOnlyCollection<Guid> AssignedIdentities => [.. _assigned.Keys];

    /// <summary>Assigns an identity to this machine.</summary>
    /// <param name="appId">The app id of its service principal.</param>
    public void AssignIdentity(Guid appId) => _assigned[appId] = true;

    /// <summary>The users that can sign in, in no order. They have nothing to do with the mailboxes.</summary>
    public IReadOnlyCollection<TenantUser> Users => [.. _users.Values];

    /// <summary>Adds a user.</summary>
    /// <param name="userPrincipalName">The name to sign in with, for example <c>admin@contoso.onmicrosoft.com</c>.</param>
    /// <param name="password">The password.</param>
    /// <param name="roles">Directory roles, by display name or template id.</param>
    /// <returns>The user; change it there.</returns>
    /// <exception cref="TenantException">A role does not exist.</exception>
    public TenantUser AddUser(string userPrincipalName, string password, params IEnumerable<string> roles)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userPrincipalName);
        ArgumentNullException.ThrowIfNull(roles);
        var user = new TenantUser(Guid.NewGuid(), userPrincipalName, userPrincipalName.Split('@')[0], password);
        foreach (var role in roles)
        {
            user.AddRole(role);
        }

        return _users[userPrincipalName] = user;
    }

    /// <summary>Finds a user.</summary>
    /// <param name="userPrincipalName">The name to sign in with.</param>
    /// <returns>The user, or null.</returns>
    public TenantUser? FindUser(string userPrincipalName) => _users.GetValueOrDefault(userPrincipalName);

    internal TenantApplication Add(
        string name,
        Guid appId,
        Guid objectId,
        Guid servicePrincipalId,
        X509Certificate2? certificate,
        IEnumerable<string> permissions,
        IEnumerable<string> roles)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        ArgumentNullException.ThrowIfNull(roles);
        var application = new TenantApplication(name, appId, objectId, _clock, since: default);
        application.SetPrincipal(servicePrincipalId, since: default);
        if (certificate is not null)
        {
            application.AddCertificate(certificate);
        }

        foreach (var permission in permissions)
        {
            application.AddPermission(permission);
        }

        foreach (var role in roles)
        {
            application.AddRole(role);
        }

        _applications[appId] = application;
        return application;
    }

    /// <summary>Whether a path segment or a claim names this tenant.</summary>
    /// <param name="tenant">A domain or an id.</param>
    /// <returns>True for its verified domains and its id.</returns>
    internal bool Is(ReadOnlySpan<char> tenant)
    {
        if (tenant.Equals(Organization, StringComparison.OrdinalIgnoreCase) || (Guid.TryParse(tenant, out var id) && id == TenantId))
        {
            return true;
        }

        foreach (var domain in OtherDomains)
        {
            if (tenant.Equals(domain, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
