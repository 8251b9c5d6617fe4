using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Entra;

namespace ExoConnect.LocalTenant.Graph;

/// <summary><c>/roleManagement/directory</c>: the directory roles, and the service principals that have them.</summary>
internal sealed class RoleManagementEndpoint(TenantRegistry registry, ServicePrincipalsEndpoint principals)
{
    private const string Assignments = "roleManagement/directory/roleAssignments";
    private const string Definitions = "roleManagement/directory/roleDefinitions";

    /// <summary>Responds to one request.</summary>
    public GraphResponse Response(GraphRequest request)
    {
        if (request.Segments is not [_, var provider, var collection, ..] || !provider.Equals("directory", StringComparison.OrdinalIgnoreCase))
        {
            throw GraphException.NoSegment(request.Segments.Count > 1 ? request.Segments[1] : request.Segments[0]);
        }

        var id = request.Segments.Count > 3 ? request.Segments[3] : null;
        return collection.ToUpperInvariant() switch
        {
            "ROLEDEFINITIONS" => GetDefinitions(request, id),
            "ROLEASSIGNMENTS" => GetAssignments(request, id),
            _ => throw GraphException.NoSegment(collection),
        };
    }

    private static IEnumerable<DirectoryRole> All => DirectoryRole.All.Concat(DirectoryRole.Others).OrderBy(
        role => role.Name, StringComparer.Ordinal);

    private static GraphResponse GetDefinitions(GraphRequest request, string? id)
    {
        if (request.Method != "GET")
        {
            throw GraphException.NotAllowed();
        }

        GraphAccess.ReadRoles(request.Caller);
        return id is null
            ? GraphList.Response(request, Definitions, All.Select(Describe))
            : GraphList.One(request, Definitions, Describe(Find(id) ?? throw GraphException.NotFound(id)));
    }

    private static DirectoryRole? Find(string id) => All.FirstOrDefault(
        role => role.TemplateId.ToString().Equals(id, StringComparison.OrdinalIgnoreCase));

    // A built-in role's definition has the id of its template.
    private static JsonObject Describe(DirectoryRole role) => new()
    {
        ["id"] = role.TemplateId.ToString(),
        ["description"] = role.Name,
        ["displayName"] = role.Name,
        ["isBuiltIn"] = true,
        ["isEnabled"] = true,
        ["resourceScopes"] = new JsonArray("/"),
        ["templateId"] = role.TemplateId.ToString(),
        ["version"] = "1",
    };

    private static JsonObject Describe(TenantApplication app, RoleAssignment assignment) => new()
    {
        ["id"] = assignment.Id,
        ["directoryScopeId"] = "/",
        ["principalId"] = app.ServicePrincipalId.ToString(),
        ["roleDefinitionId"] = assignment.Role.TemplateId.ToString(),
    };

    private IEnumerable<(TenantApplication App, RoleAssignment Assignment)> Assigned => registry.Applications
        .Where(app => app.Principal is not null)
        .OrderBy(app => app.ServicePrincipalId)
        .SelectMany(app => app.Principal!.Roles.Where(role => app.IsThere(role.Since)).Select(role => (app, role)));

    private GraphResponse GetAssignments(GraphRequest request, string? id)
    {
        switch (request.Method, id)
        {
            case ("GET", null):
                GraphAccess.ReadRoles(request.Caller);
                return GraphList.Response(request, Assignments, Assigned.Select(pair => Describe(pair.App, pair.Assignment)));
            case ("GET", not null):
                GraphAccess.ReadRoles(request.Caller);
                var (app, assignment) = Assigned.FirstOrDefault(pair => pair.Assignment.Id == id);
                return app is null ? throw GraphException.NotFound(id) : GraphList.One(request, Assignments, Describe(app, assignment));
            case ("POST", null):
                GraphAccess.WriteRoles(request.Caller);
                return Assign(request);
            case ("DELETE", not null):
                GraphAccess.WriteRoles(request.Caller);
                return registry.Applications.Any(known => known.Principal?.Unassign(role => role.Id == id) == true)
                    ? GraphResponse.NoContent
                    : throw GraphException.NotFound(id);
            default:
                throw GraphException.NotAllowed();
        }
    }

    private GraphResponse Assign(GraphRequest request)
    {
        var principalId = request.RequiredGuid("principalId");
        var roleId = request.Required("roleDefinitionId");
        if (request.Required("directoryScopeId") != "/")
        {
            throw GraphException.Unsupported("Only the scope of the whole tenant, '/', is supported here.");
        }

        var role = Find(roleId) ?? throw GraphException.NotFound(roleId);
        var app = principals.FindPrincipal(principalId) ?? throw GraphException.NotFound(principalId.ToString());
        var assignment = app.Principal!.Assign(role, registry.ReplicatedAt()) ?? throw GraphException.Conflict();
        return GraphResponse.Created(GraphList.One(request, Assignments, Describe(app, assignment)).Body!);
    }
}
