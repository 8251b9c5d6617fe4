using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>A directory role of Microsoft Entra ID that the admin API takes into account (protocol.md section 2).</summary>
public sealed class DirectoryRole
{
    private readonly bool _compliance;
    private readonly bool _exchange;

    internal DirectoryRole(string name, string templateId, bool exchange, bool compliance)
    {
        Name = name;
        TemplateId = templateId;
        _exchange = exchange;
        _compliance = compliance;
    }

    /// <summary>Its name in the admin center, for example <c>Exchange Administrator</c>.</summary>
    public string Name { get; }

    /// <summary>Its template id, the same in every tenant and in <c>wids</c>.</summary>
    public string TemplateId { get; }

    /// <summary>Whether a service accepts it.</summary>
    /// <param name="service">The service.</param>
    /// <returns>True if an application with only this role can connect.</returns>
    public bool IsAcceptedBy(ExoService service) => service == ExoService.ExchangeOnline ? _exchange : _compliance;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The directory roles that the two services accept.</summary>
public static class DirectoryRoles
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<DirectoryRole> All { get; } =
    [
        new("Compliance Administrator", "17315797-102d-40b4-93e0-432062caca18", exchange: true, compliance: true),
        new("Exchange Administrator", "29232cdf-9323-42fd-ade2-1d097af3e4de", exchange: true, compliance: false),
        new("Exchange Recipient Administrator", "31392ffb-586c-42d1-9346-e59415a2cc4e", exchange: true, compliance: false),
        new("Global Administrator", "62e90394-69f5-4237-9190-012177145e10", exchange: true, compliance: true),
        new("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451", exchange: true, compliance: true),
        new("Helpdesk Administrator", "729827e3-9c14-49f7-bb1b-9608f156bbb8", exchange: true, compliance: false),
        new("Security Administrator", "194ae4cb-b126-40b2-bd5b-6091b380977d", exchange: true, compliance: true),
        new("Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509", exchange: true, compliance: true),
    ];

    /// <summary>Finds a role by its name or template id, in any case.</summary>
    /// <param name="nameOrTemplateId">For example <c>global reader</c>.</param>
    /// <returns>The role, or null.</returns>
    public static DirectoryRole? Find(string? nameOrTemplateId) => All.FirstOrDefault(role =>
        role.Name.Equals(nameOrTemplateId, StringComparison.OrdinalIgnoreCase)
            || role.TemplateId.Equals(nameOrTemplateId, StringComparison.OrdinalIgnoreCase));

    /// <summary>The roles in the table that a token names, without unknown template ids.</summary>
    /// <param name="claims">The token's claims.</param>
    /// <returns>The roles, in the token's order.</returns>
    public static IReadOnlyList<DirectoryRole> Of(TokenClaims claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        return [.. claims.DirectoryRoleIds.Select(Find).OfType<DirectoryRole>().Distinct()];
    }
}
