using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Entra;

namespace ExoConnect.LocalTenant.Graph;

/// <summary><c>/organization</c> and <c>/domains</c>: the tenant's names.</summary>
internal sealed class OrganizationEndpoint(TenantRegistry registry)
{
    /// <summary>Responds to one request.</summary>
    public GraphResponse Response(GraphRequest request)
    {
        if (request.Method != "GET")
        {
            throw GraphException.NotAllowed();
        }

        GraphAccess.ReadOrganization(request.Caller);
        var id = request.Segments.Count > 1 ? request.Segments[1] : null;
        if (request.Segments[0].Equals("domains", StringComparison.OrdinalIgnoreCase))
        {
            var domains = Domains().Select(domain => new JsonObject
            {
                ["id"] = domain.Name,
                ["authenticationType"] = "Managed",
                ["isDefault"] = domain.IsInitial,
                ["isInitial"] = domain.IsInitial,
                ["isVerified"] = true,
            });
            return id is null
                ? GraphList.Response(request, "domains", domains)
                : GraphList.One(request, "domains",
                    domains.FirstOrDefault(domain => (string?)domain["id"] == id) ?? throw GraphException.NotFound(id));
        }

        return id is null
            ? GraphList.Response(request, "organization", [Describe()])
            : GraphList.One(request, "organization", Guid.TryParse(id, out var tenant) && tenant == registry.TenantId ? Describe()
                : throw GraphException.NotFound(id));
    }

    private IEnumerable<(string Name, bool IsInitial)> Domains(
        ) => [(registry.Organization, true), .. registry.OtherDomains.Select(name => (name, false))];

    private JsonObject Describe() => new()
    {
        ["id"] = registry.TenantId.ToString(),
        ["displayName"] = registry.Organization.Split('.')[0],
        ["tenantType"] = "AAD",
        ["verifiedDomains"] = new JsonArray([.. Domains().Select(domain => new JsonObject
        {
            ["capabilities"] = "Email, OfficeCommunicationsOnline",
            ["isDefault"] = domain.IsInitial,
            ["isInitial"] = domain.IsInitial,
            ["name"] = domain.Name,
            ["type"] = "Managed",
        })]),
    };
}
