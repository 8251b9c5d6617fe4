using ExoConnect.LocalTenant.Entra;

namespace ExoConnect.LocalTenant.Graph;

/// <summary>
/// The rights of a caller. An application that acts for itself has its application permissions. One that acts for a user has the user's
/// consent, limited by the user's directory roles (protocol.md section 6).
/// </summary>
internal static class GraphAccess
{
    private static readonly string[] DirectoryReaders = ["Directory.Read.All", "Directory.ReadWrite.All"];
    private static readonly string[] ApplicationWriters = ["Application.ReadWrite.All"];
    private static readonly string[] ApplicationReaders = ["Application.Read.All", .. ApplicationWriters, .. DirectoryReaders];
    private static readonly string[] GrantWriters = ["AppRoleAssignment.ReadWrite.All"];
    private static readonly string[] RoleWriters = ["RoleManagement.ReadWrite.Directory"];
    private static readonly string[] RoleReaders = ["RoleManagement.Read.Directory", "RoleManagement.Read.All", .. RoleWriters, .. DirectoryReaders];
    private static readonly string[] OrganizationReaders = ["Organization.Read.All", "Organization.ReadWrite.All", .. DirectoryReaders];

    private static readonly string[] UserReaders = ["User.Read.All", "User.ReadWrite.All", .. DirectoryReaders];

    private static readonly string[] ApplicationAdministrators =
        ["Global Administrator", "Application Administrator", "Cloud Application Administrator"];

    private static readonly string[] RoleAdministrators = ["Global Administrator", "Privileged Role Administrator"];

    private static readonly string[] RoleViewers =
        [.. ApplicationAdministrators, .. RoleAdministrators, "Global Reader", "Security Reader", "Security Administrator"];

    /// <summary>Read applications and service principals; every user may.</summary>
    public static void ReadApplications(Caller caller) => Require(caller, ApplicationReaders, null);

    /// <summary>Change applications and service principals.</summary>
    public static void WriteApplications(Caller caller) => Require(caller, ApplicationWriters, ApplicationAdministrators);

    /// <summary>Consent to a permission. Consent to one of Graph itself takes the right to assign roles.</summary>
    public static void WriteGrants(Caller caller, Guid resourceAppId)
    {
        Require(caller, GrantWriters, resourceAppId == KnownResource.Graph.AppId ? RoleAdministrators
            : [.. ApplicationAdministrators, .. RoleAdministrators]);
        Require(caller, ApplicationReaders, null);
    }

    /// <summary>Read directory roles and their assignments.</summary>
    public static void ReadRoles(Caller caller) => Require(caller, RoleReaders, RoleViewers);

    /// <summary>Assign and remove directory roles.</summary>
    public static void WriteRoles(Caller caller) => Require(caller, RoleWriters, RoleAdministrators);

    /// <summary>Read the organization and its domains.</summary>
    public static void ReadOrganization(Caller caller) => Require(
        caller, caller.User is null ? OrganizationReaders : [.. OrganizationReaders, "User.Read"], null);

    /// <summary>Look at all users.</summary>
    public static void ReadUsers(Caller caller) => Require(caller, UserReaders, null);

    private static void Require(Caller caller, string[] permissions, string[]? roles)
    {
        var given = caller.User is null ? caller.Permissions : caller.Scopes;
        if (!given.Any(permission => permissions.Contains(permission, StringComparer.OrdinalIgnoreCase))
            || (caller.User is not null && roles is not null && !HasRole(caller, roles)))
        {
            throw GraphException.Denied();
        }
    }

    private static bool HasRole(Caller caller, string[] roles) =>
        caller.RoleTemplateIds.Any(id => Guid.TryParse(id, out _) && roles.Contains(DirectoryRole.Find(id).Name, StringComparer.OrdinalIgnoreCase));
}
