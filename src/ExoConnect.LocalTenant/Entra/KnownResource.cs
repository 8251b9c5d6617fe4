namespace ExoConnect.LocalTenant.Entra;

/// <summary>A service that tokens can be asked for; each is a service principal of every tenant.</summary>
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

    /// <summary>Security &amp; Compliance.</summary>
    public static readonly KnownResource Compliance = new(
        new("00000007-0000-0ff1-ce00-000000000000"),
        "Microsoft Exchange Online Protection",
        "https://ps.compliance.protection.outlook.com");

    /// <summary>Microsoft Graph.</summary>
    public static readonly KnownResource Graph = new(
        new("00000003-0000-0000-c000-000000000000"),
        "Microsoft Graph",
        "https://graph.microsoft.com");

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
