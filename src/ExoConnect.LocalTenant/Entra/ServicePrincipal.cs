using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>What an application is in the tenant: who consented to what, and its directory roles. Safe for many threads.</summary>
internal sealed class ServicePrincipal(Guid id, DateTimeOffset since, DateTimeOffset created)
{
    private ImmutableArray<PermissionGrant> _grants = [];
    private ImmutableArray<RoleAssignment> _roles = [];

    /// <summary>Its object id.</summary>
    public Guid Id => id;

    /// <summary>From when on others know of it.</summary>
    public DateTimeOffset Since => since;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created => created;

    /// <summary>Whether it may sign in.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>The application permissions consented to, known to others or not.</summary>
    public ImmutableArray<PermissionGrant> Grants => _grants;

    /// <summary>The directory roles, known to others or not.</summary>
    public ImmutableArray<RoleAssignment> Roles => _roles;

    /// <summary>Consents to a permission.</summary>
    /// <returns>The grant; null if it was there.</returns>
    public PermissionGrant? Grant(AppPermission permission, DateTimeOffset since, DateTimeOffset now)
    {
        var grant = new PermissionGrant(NewId(), permission, now, since);
        return ImmutableInterlocked.Update(
            ref _grants, static (list, added) => list.Any(g => g.Permission == added.Permission) ? list : list.Add(added), grant)
            ? grant
            : null;
    }

    /// <summary>Withdraws consent.</summary>
    /// <returns>True if anything was withdrawn.</returns>
    public bool Revoke(Predicate<PermissionGrant> which) =>
        ImmutableInterlocked.Update(ref _grants, static (list, gone) => list.RemoveAll(gone), which);

    /// <summary>Assigns a role.</summary>
    /// <returns>The assignment; null if it was there.</returns>
    public RoleAssignment? Assign(DirectoryRole role, DateTimeOffset since)
    {
        var assignment = new RoleAssignment(NewId(), role, since);
        return ImmutableInterlocked.Update(
            ref _roles, static (list, added) => list.Any(r => r.Role == added.Role) ? list : list.Add(added), assignment)
            ? assignment
            : null;
    }

    /// <summary>Takes a role away.</summary>
    /// <returns>True if anything was taken.</returns>
    public bool Unassign(Predicate<RoleAssignment> which) =>
        ImmutableInterlocked.Update(ref _roles, static (list, gone) => list.RemoveAll(gone), which);

    // Graph's ids of assignments are no GUIDs but opaque text.
    private static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>A consent to an application permission.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Permission">To what.</param>
/// <param name="Created">When.</param>
/// <param name="Since">From when on tokens carry it.</param>
internal sealed record PermissionGrant(string Id, AppPermission Permission, DateTimeOffset Created, DateTimeOffset Since);

/// <summary>A directory role that a service principal has.</summary>
/// <param name="Id">The assignment's id.</param>
/// <param name="Role">The role.</param>
/// <param name="Since">From when on tokens carry it.</param>
internal sealed record RoleAssignment(string Id, DirectoryRole Role, DateTimeOffset Since);
