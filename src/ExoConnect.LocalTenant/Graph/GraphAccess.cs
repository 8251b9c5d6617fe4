using ExoConnect.LocalTenant.Entra;

namespace ExoConnect.LocalTenant.Graph;

/// <summary>
/// What a caller may do: an application acting for itself what it was given as application permissions, one acting for a user what the user let
/// it do and may do by a directory role (protocol.md section 6).
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

    /// <summary>Look at applications and service principals; every user may.</summary>
    public static void ReadApplications(Caller caller) => Require(caller, ApplicationReaders, null);

    /// <summary>Change applications and service principals.</summary>
    public static void WriteApplications(Caller caller) => Require(caller, ApplicationWriters, ApplicationAdministrators);

    /// <summary>Consent to a permission. That of Graph itself only those may give who may give roles.</summary>
    public static void WriteGrants(Caller caller, Guid resourceAppId)
    {
        Require(caller, GrantWriters, resourceAppId == KnownResource.Graph.AppId ? RoleAdministrators
            : [.. ApplicationAdministrators, .. RoleAdministrators]);
        Require(caller, ApplicationReaders, null);
    }

    /// <summary>Look at directory roles and who has them.</summary>
    public static void ReadRoles(Caller caller) => Require(caller, RoleReaders, RoleViewers);

    /// <summary>Give and take directory roles.</summary>
    public static void WriteRoles(Caller caller) => Require(caller, RoleWriters, RoleAdministrators);

    /// <summary>Look at the organization and its domains.</summary>
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
