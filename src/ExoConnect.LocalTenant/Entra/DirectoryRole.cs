namespace ExoConnect.LocalTenant.Entra;

/// <summary>A built-in directory role that the services know (docs/internals/protocol.md section 2).</summary>
/// <param name="Name">Its display name.</param>
/// <param name="TemplateId">Its template id, which tokens carry in <c>wids</c>.</param>
public sealed record DirectoryRole(string Name, Guid TemplateId)
{
    /// <summary>The roles of the table in docs/internals/protocol.md section 2.</summary>
    public static IReadOnlyList<DirectoryRole> All { get; } =
    [
        new("Compliance Administrator", new("17315797-102d-40b4-93e0-432062caca18")),
        new("Exchange Administrator", new("29232cdf-9323-42fd-ade2-1d097af3e4de")),
        new("Exchange Recipient Administrator", new("31392ffb-586c-42d1-9346-e59415a2cc4e")),
        new("Global Administrator", new("62e90394-69f5-4237-9190-012177145e10")),
        new("Global Reader", new("f2ef992c-3afb-46b9-b7cf-a126ee74c451")),
        new("Helpdesk Administrator", new("729827e3-9c14-49f7-bb1b-9608f156bbb8")),
        new("Security Administrator", new("194ae4cb-b126-40b2-bd5b-6091b380977d")),
        new("Security Reader", new("5d6b6bb7-de71-4623-b4af-96380a352509")),
    ];

    /// <summary>The roles that allow setting up applications, which Exchange ignores, and one without meaning here.</summary>
    internal static IReadOnlyList<DirectoryRole> Others { get; } =
    [
        new("Application Administrator", new("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3")),
        new("Cloud Application Administrator", new("158c047a-c907-4556-b7ef-446551a6b5f7")),
        new("Privileged Role Administrator", new("e8611ab8-c189-46e8-94e1-60213ab1f814")),
        new("User Administrator", new("fe930be7-5e62-47db-91af-98c3a49a38b1")),
    ];

    /// <summary>Finds a role.</summary>
    /// <param name="nameOrTemplateId">Its display name in any case, or its template id; an unknown id is used unchanged.</param>
    /// <returns>The role.</returns>
    /// <exception cref="TenantException">There is no such role.</exception>
    public static DirectoryRole Find(string nameOrTemplateId)
    {
        ArgumentNullException.ThrowIfNull(nameOrTemplateId);
        var isId = Guid.TryParse(nameOrTemplateId, out var id);
        return All.Concat(Others).FirstOrDefault(
            role => isId ? role.TemplateId == id : role.Name.Equals(nameOrTemplateId, StringComparison.OrdinalIgnoreCase))
            ?? (isId ? new DirectoryRole(nameOrTemplateId, id) : throw new TenantException(
                $"There is no directory role '{nameOrTemplateId}'.",
                $"Give one of: {string.Join(", ", All.Select(role => role.Name))}; or a role template id."));
    }
}
