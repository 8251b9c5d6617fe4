using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>An application in the tenant, with its consents and directory roles. Thread-safe.</summary>
internal sealed class ServicePrincipal(Guid id, DateTimeOffset since, DateTimeOffset created)
{
    private ImmutableArray<PermissionGrant> _grants = [];
    private ImmutableArray<RoleAssignment> _roles = [];

    /// <summary>Its object id.</summary>
    public Guid Id => id;

    /// <summary>The time from which the rest of the directory knows it.</summary>
    public DateTimeOffset Since => since;

    /// <summary>The time of its creation.</summary>
    public DateTimeOffset Created => created;

    /// <summary>Whether it may sign in.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>The application permissions consented to, known to others or not.</summary>
    public ImmutableArray<PermissionGrant> Grants => _grants;

    /// <summary>The directory roles, known to others or not.</summary>
    public ImmutableArray<RoleAssignment> Roles => _roles;

    /// <summary>Consents to a permission.</summary>
    /// <returns>The grant; null if it existed.</returns>
    public PermissionGrant? Grant(AppPermission permission, DateTimeOffset since, DateTimeOffset now)
    {
        var grant = new PermissionGrant(NewId(), permission, now, since);
        return ImmutableInterlocked.Update(
            ref _grants, static (list, added) => list.Any(g => g.Permission == added.Permission) ? list : list.Add(added), grant)
            ? grant
            : null;
    }

    /// <summary>Withdraws consent.</summary>
    /// <returns>True if there was a consent.</returns>
    public bool Revoke(Predicate<PermissionGrant> which) =>
        ImmutableInterlocked.Update(ref _grants, static (list, gone) => list.RemoveAll(gone), which);

    /// <summary>Assigns a role.</summary>
    /// <returns>The assignment; null if it existed.</returns>
    public RoleAssignment? Assign(DirectoryRole role, DateTimeOffset since)
    {
        var assignment = new RoleAssignment(NewId(), role, since);
        return ImmutableInterlocked.Update(
            ref _roles, static (list, added) => list.Any(r => r.Role == added.Role) ? list : list.Add(added), assignment)
            ? assignment
            : null;
    }

    /// <summary>Removes a role.</summary>
    /// <returns>True if the role was assigned.</returns>
    public bool Unassign(Predicate<RoleAssignment> which) =>
        ImmutableInterlocked.Update(ref _roles, static (list, gone) => list.RemoveAll(gone), which);

    // Graph's ids of assignments are opaque text, not GUIDs.
    private static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>A consent to an application permission.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Permission">The permission.</param>
/// <param name="Created">The time of the consent.</param>
/// <param name="Since">The time from which tokens carry it.</param>
internal sealed record PermissionGrant(string Id, AppPermission Permission, DateTimeOffset Created, DateTimeOffset Since);

/// <summary>A directory role that a service principal has.</summary>
/// <param name="Id">The assignment's id.</param>
/// <param name="Role">The role.</param>
/// <param name="Since">The time from which tokens carry it.</param>
internal sealed record RoleAssignment(string Id, DirectoryRole Role, DateTimeOffset Since);
