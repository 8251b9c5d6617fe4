namespace ExoConnect.LocalTenant.Entra;

/// <summary>A service with access tokens; each is a service principal of every tenant.</summary>
/// <param name="AppId">Its application id.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Identifiers">Its identifier URIs, without a trailing slash.</param>
internal sealed record KnownResource(Guid AppId, string Name, params string[] Identifiers)
{
    /// <summary>Exchange Online.</summary>
    public static readonly KnownResource Exchange = new(
        new("00000002-0000-0ff1-ce00-000000000000"),
        "Office 365 Exchange Online",
        "https://outlook.office365.com");

    /// <summary>The audience of tokens for compliance searches; another name of the same application.</summary>
    public const string Search = "https://dataservice.o365filtering.com";

    /// <summary>Security &amp; Compliance.</summary>
    public static readonly KnownResource Compliance = new(
        new("00000007-0000-0ff1-ce00-000000000000"),
        "Microsoft Exchange Online Protection",
        "https://ps.compliance.protection.outlook.com",
        Search);

    /// <summary>Microsoft Graph.</summary>
    public static readonly KnownResource Graph = new(
        new("00000003-0000-0000-c000-000000000000"),
        "Microsoft Graph",
        "https://graph.microsoft.com");

    /// <summary>The application permissions of the resources, as far as setting up an application needs them.</summary>
    public static readonly AppRole[] Roles =
    [
        new(Exchange.AppId, new("dc50a0fb-09a3-484d-be87-e023b12c6440"), "Exchange.ManageAsApp", "Manage Exchange As Application"),
        new(Compliance.AppId, new("455e5cd2-84e8-4751-8344-5672145dfa17"), "Exchange.ManageAsApp", "Exchange.ManageAsApp"),
        new(Graph.AppId, new("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"), "Application.Read.All", "Read all applications"),
        new(Graph.AppId, new("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"), "Application.ReadWrite.All", "Read and write all applications"),
        new(Graph.AppId, new("06b708a9-e830-4db3-a914-8e69da51d44f"), "AppRoleAssignment.ReadWrite.All",
            "Manage app permission grants and app role assignments"),
        new(Graph.AppId, new("7ab1d382-f21e-4acd-a863-ba3e13f7da61"), "Directory.Read.All", "Read directory data"),
        new(Graph.AppId, new("19dbc75e-c2e2-444c-a770-ec69d8559fc7"), "Directory.ReadWrite.All", "Read and write directory data"),
        new(Graph.AppId, new("483bed4a-2ad3-4361-a73b-c83ccdbdc53c"), "RoleManagement.Read.Directory", "Read all directory RBAC settings"),
        new(Graph.AppId, new("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"), "RoleManagement.ReadWrite.Directory",
            "Read and write all directory RBAC settings"),
        new(Graph.AppId, new("498476ce-e0fe-48b0-b801-37ba7e2685c6"), "Organization.Read.All", "Read organization information"),
        new(Graph.AppId, new("df021288-bdef-4463-88db-98f22de89214"), "User.Read.All", "Read all users' full profiles"),
    ];

    private static readonly KnownResource[] Fixed =
    [
        Exchange,
        Compliance,
        Graph,
        new(new("c5393580-f805-4401-95e8-94b7a6ef2fc2"), "Office 365 Management APIs", "https://manage.office.com"),
        new(
            new("797f4846-ba00-4fd7-ba43-dac1f8f63013"),
            "Windows Azure Service Management API",
            "https://management.azure.com",
            "https://management.core.windows.net"),
        new(new("00000002-0000-0000-c000-000000000000"), "Windows Azure Active Directory", "https://graph.windows.net"),
        new(new("00000005-0000-0ff1-ce00-000000000000"), "Yammer", "https://api.yammer.com"),
    ];

    /// <summary>The resources that every tenant has, whatever its name.</summary>
    public static IReadOnlyList<KnownResource> All => Fixed;

    private static readonly Guid SharePointAppId = new("00000003-0000-0ff1-ce00-000000000000");

    /// <summary>Finds the resource that a scope or an audience names.</summary>
    /// <param name="identifier">An identifier URI, with or without a trailing slash, or an application id.</param>
    /// <param name="organization">The organization, whose SharePoint sites are resources too.</param>
    /// <returns>The resource, or null for one that the tenant doesn't have.</returns>
    public static KnownResource? Find(string identifier, string organization)
    {
        var bare = identifier.EndsWith('/') ? identifier[..^1] : identifier;
        var isId = Guid.TryParse(bare, out var id);
        var found = Array.Find(Fixed, r => isId ? r.AppId == id : r.Identifiers.Contains(bare, StringComparer.OrdinalIgnoreCase));
        if (found is not null)
        {
            return found;
        }

        var name = organization.Split('.')[0];
        string[] sites = [$"https://{name}.sharepoint.com", $"https://{name}-admin.sharepoint.com", $"https://{name}-my.sharepoint.com"];
        return (isId && id == SharePointAppId) || sites.Contains(bare, StringComparer.OrdinalIgnoreCase)
            ? new KnownResource(SharePointAppId, "Office 365 SharePoint Online", sites)
            : null;
    }

    /// <summary>Whether a token with this audience is for this resource.</summary>
    /// <param name="audience">The <c>aud</c> claim.</param>
    /// <returns>True for one of its identifiers, with or without a trailing slash, and for its application id.</returns>
    public bool Accepts(string audience)
    {
        var bare = audience.EndsWith('/') ? audience.AsSpan()[..^1] : audience;
        foreach (var identifier in Identifiers)
        {
            if (bare.Equals(identifier, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return Guid.TryParse(bare, out var id) && id == AppId;
    }
}

/// <summary>An application permission that a resource offers.</summary>
/// <param name="ResourceAppId">The resource.</param>
/// <param name="Id">The permission's id.</param>
/// <param name="Value">The value in tokens.</param>
/// <param name="Name">The display name.</param>
internal sealed record AppRole(Guid ResourceAppId, Guid Id, string Value, string Name);
