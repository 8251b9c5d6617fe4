using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>A user of the tenant, as Entra ID knows it. May be changed at any time; safe for many threads.</summary>
public sealed class TenantUser
{
    private ImmutableArray<DirectoryRole> _roles = [];
    private readonly byte[] _password;
    private volatile bool _disabled;
    private volatile bool _requiresMfa;
    private volatile bool _blocked;
    private int _sessions;

    internal TenantUser(Guid objectId, string userPrincipalName, string displayName, string password)
    {
        ObjectId = objectId;
        UserPrincipalName = userPrincipalName;
        DisplayName = displayName;
        _password = Hash(password);
    }

    /// <summary>The user's id; tokens carry it in <c>oid</c>.</summary>
    public Guid ObjectId { get; }

    /// <summary>The name the user signs in with.</summary>
    public string UserPrincipalName { get; }

    /// <summary>The display name.</summary>
    public string DisplayName { get; }

    /// <summary>The directory roles; tokens carry them in <c>wids</c>.</summary>
    public IReadOnlyList<DirectoryRole> Roles => _roles;

    /// <summary>Whether the user may sign in at all; else AADSTS50057.</summary>
    public bool Enabled
    {
        get => !_disabled;
        set => _disabled = !value;
    }

    /// <summary>Whether a policy requires multifactor authentication; a sign-in without a prompt then ends in AADSTS50076.</summary>
    public bool RequiresMfa
    {
        get => _requiresMfa;
        set => _requiresMfa = value;
    }

    /// <summary>Whether a conditional access policy blocks the user: sign-in ends in AADSTS53003.</summary>
    public bool IsBlocked
    {
        get => _blocked;
        set => _blocked = value;
    }

    /// <summary>How often the user's sessions were revoked; a grant of an earlier count is no longer valid.</summary>
    internal int Sessions => Volatile.Read(ref _sessions);

    /// <summary>Assigns a directory role.</summary>
    /// <param name="role">Its display name or template id.</param>
    /// <exception cref="TenantException">There is no such role.</exception>
    public void AddRole(string role) => ImmutableInterlocked.Update(
        ref _roles, static (list, added) => list.Contains(added) ? list : list.Add(added), DirectoryRole.Find(role));

    /// <summary>Removes a directory role.</summary>
    /// <param name="role">Its display name or template id.</param>
    /// <returns>True if it was there.</returns>
    /// <exception cref="TenantException">There is no such role.</exception>
    public bool RemoveRole(string role) => ImmutableInterlocked.Update(
        ref _roles, static (list, gone) => list.Remove(gone), DirectoryRole.Find(role));

    /// <summary>Ends the refresh tokens that the user has: using one ends in AADSTS50173.</summary>
    public void RevokeSessions() => Interlocked.Increment(ref _sessions);

    /// <summary>The user's name.</summary>
    /// <returns>The user principal name.</returns>
    public override string ToString() => UserPrincipalName;

    internal bool HasPassword(string password) => CryptographicOperations.FixedTimeEquals(_password, Hash(password));

    private static byte[] Hash(string password) => SHA256.HashData(Encoding.UTF8.GetBytes(password));
}
