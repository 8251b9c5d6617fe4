namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>The audience of a token: the service's address, or its application id in some tokens.</summary>
internal static class TokenAudience
{
    private static readonly (string Name, string AppId, string[] Addresses)[] Services =
    [
        ("Exchange Online", "00000002-0000-0ff1-ce00-000000000000",
            ["https://outlook.office365.com", "https://outlook.office.com", "https://outlook.office365.us", "https://outlook-dod.office365.us",
             "https://partner.outlook.cn", "https://outlook.office.de"]),
        ("Security & Compliance", "00000007-0000-0ff1-ce00-000000000000",
            ["https://ps.compliance.protection.outlook.com", "https://dataservice.o365filtering.com", "https://ps.compliance.protection.office365.us",
             "https://ps.compliance.protection.partner.outlook.cn", "https://ps.compliance.protection.outlook.de"]),
        ("Microsoft Graph", "00000003-0000-0000-c000-000000000000",
            ["https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us",
             "https://microsoftgraph.chinacloudapi.cn", "https://graph.microsoft.de"]),
        ("Azure AD Graph", "00000002-0000-0000-c000-000000000000", ["https://graph.windows.net"]),
        ("Azure management", "797f4846-ba00-4fd7-ba43-dac1f8f63013", ["https://management.azure.com", "https://management.core.windows.net"]),
        ("the Office 365 Management APIs", "c5393580-f805-4401-95e8-94b7a6ef2fc2", ["https://manage.office.com"]),
        ("SharePoint", "00000003-0000-0ff1-ce00-000000000000", []),
        ("Azure Key Vault", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093", ["https://vault.azure.net"]),
    ];

    /// <summary>Whether a token may be used for a resource.</summary>
    /// <param name="audience">The token's <c>aud</c>.</param>
    /// <param name="resource">The resource, without <c>/.default</c>.</param>
    /// <returns>True if both name the same service in the same cloud; an application id names it in every cloud.</returns>
    public static bool IsFor(string audience, string resource)
    {
        var (one, other) = (Bare(audience), Bare(resource));
        return one.Equals(other, StringComparison.OrdinalIgnoreCase)
            || (Guid.TryParse(one, out var id) && Find(other) is { } service && Guid.Parse(service.AppId) == id);
    }

    /// <summary>The audience's name for people.</summary>
    /// <param name="audience">An audience or a resource.</param>
    /// <returns>The service's name and the audience, or the audience alone.</returns>
    public static string Describe(string audience)
    {
        var bare = Bare(audience);
        var shown = bare.Length <= 120 ? bare : string.Concat(bare.AsSpan(0, 120), "…");
        return Find(bare) is { } service ? $"{service.Name} ({shown})" : shown;
    }

    private static (string Name, string AppId)? Find(string bare)
    {
        foreach (var (name, appId, addresses) in Services)
        {
            if (bare.Equals(appId, StringComparison.OrdinalIgnoreCase) || addresses.Contains(bare, StringComparer.OrdinalIgnoreCase))
            {
                return (name, appId);
            }
        }

        return bare.EndsWith(".sharepoint.com", StringComparison.OrdinalIgnoreCase) ? ("SharePoint", "00000003-0000-0ff1-ce00-000000000000") : null;
    }

    private static string Bare(string audience) => audience.Trim().TrimEnd('/');
}
