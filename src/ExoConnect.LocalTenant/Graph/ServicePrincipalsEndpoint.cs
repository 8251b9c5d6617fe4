using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Entra;

namespace ExoConnect.LocalTenant.Graph;

/// <summary><c>/servicePrincipals</c>: those of the tenant's applications and of the services, and consent to application permissions.</summary>
internal sealed class ServicePrincipalsEndpoint(TenantRegistry registry, TimeProvider clock)
{
    private const string Context = "servicePrincipals";
    private const string Assignments = "appRoleAssignments";

    // The tenant that Microsoft's own services are registered in.
    private const string ServicesTenant = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

    /// <summary>Responds to one request.</summary>
    public GraphResponse Response(GraphRequest request)
    {
        var key = GraphKey.Of(request);
        switch (request.Method, key)
        {
            case ("GET", null):
                GraphAccess.ReadApplications(request.Caller);
                return GraphList.Response(request, Context, All());
            case ("POST", null):
                GraphAccess.WriteApplications(request.Caller);
                return Create(request);
            case ("GET", { Rest.Count: 0 }):
                GraphAccess.ReadApplications(request.Caller);
                return GraphList.One(request, Context, Resource(key) is { } service ? Describe(service) : Describe(Find(key)));
            case ("PATCH", { Rest.Count: 0 }):
                GraphAccess.WriteApplications(request.Caller);
                Change(Find(key).Principal!, request);
                return GraphResponse.NoContent;
            case ("DELETE", { Rest.Count: 0 }):
                GraphAccess.WriteApplications(request.Caller);
                Find(key).RemoveServicePrincipal();
                return GraphResponse.NoContent;
            case (_, { Rest: [var segment, ..] }) when segment.Equals(Assignments, StringComparison.OrdinalIgnoreCase):
                return Assigned(request, key);
            default:
                throw key is { Rest: [var unknown, ..] } ? GraphException.NoSegment(unknown) : GraphException.NotAllowed();
        }
    }

    /// <summary>Finds the application whose service principal has an id.</summary>
    /// <returns>The application; null if there is none, or the directory doesn't know it yet.</returns>
    public TenantApplication? FindPrincipal(Guid id) =>
        registry.Applications.FirstOrDefault(app => app.Principal is { } principal && principal.Id == id && app.IsThere(principal.Since));

    private GraphResponse Assigned(GraphRequest request, GraphKey key)
    {
        var app = Resource(key) is null ? Find(key) : null;
        switch (request.Method, key.Rest.Count)
        {
            case ("GET", 1):
                GraphAccess.ReadApplications(request.Caller);
                return GraphList.Response(
                    request,
                    Assignments,
                    app is null ? [] : app.Principal!.Grants.Where(grant => app.IsThere(grant.Since)).Select(grant => Describe(app, grant)));
            case ("POST", 1) when app is not null:
                return Grant(request, app);
            case ("DELETE", 2) when app is not null:
                var grant = app.Principal!.Grants.FirstOrDefault(known => known.Id == key.Rest[1]) ?? throw GraphException.NotFound(key.Rest[1]);
                GraphAccess.WriteGrants(request.Caller, grant.Permission.ResourceAppId);
                app.Principal!.Revoke(known => known.Id == grant.Id);
                return GraphResponse.NoContent;
            default:
                throw GraphException.NotAllowed();
        }
    }

    private GraphResponse Grant(GraphRequest request, TenantApplication app)
    {
        var resourceId = request.RequiredGuid("resourceId");
        var resource = KnownResource.All.FirstOrDefault(service => IdOf(service) == resourceId);
        GraphAccess.WriteGrants(request.Caller, resource?.AppId ?? default);
        if (request.RequiredGuid("principalId") != app.ServicePrincipalId || resource is null)
        {
            throw GraphException.InvalidReference();
        }

        var roleId = request.RequiredGuid("appRoleId");
        var role = KnownResource.Roles.FirstOrDefault(known => known.ResourceAppId == resource.AppId && known.Id == roleId)
            ?? throw GraphException.BadRequest("Permission being assigned was not found on application");
        var grant = app.Principal!.Grant(new AppPermission(resource.AppId, role.Value), registry.ReplicatedAt(), clock.GetUtcNow())
            ?? throw GraphException.BadRequest("Permission being assigned already exists on the object");
        return GraphResponse.Created(GraphList.One(request, Assignments, Describe(app, grant)).Body!);
    }

    private static void Change(ServicePrincipal principal, GraphRequest request)
    {
        foreach (var (name, value) in request.Body!)
        {
            principal.IsEnabled = name switch
            {
                "accountEnabled" when value is JsonValue flag && flag.TryGetValue<bool>(out var enabled) => enabled,
                "accountEnabled" => throw GraphException.BadRequest(
                    "Invalid value specified for property 'accountEnabled' of resource 'ServicePrincipal'."),
                _ => throw GraphException.BadRequest($"Invalid property '{name}'."),
            };
        }
    }

    private GraphResponse Create(GraphRequest request)
    {
        var appId = request.RequiredGuid("appId");
        if (KnownResource.All.Any(service => service.AppId == appId))
        {
            throw GraphException.NameInUse(appId);
        }

        var app = registry.FindReplicated(appId) ?? throw GraphException.NoBackingApplication(request.Required("appId"));
        if (app.Principal is not null)
        {
            throw GraphException.NameInUse(appId);
        }

        app.SetPrincipal(Guid.NewGuid(), registry.ReplicatedAt());
        return GraphResponse.Created(GraphList.One(request, Context, Describe(app)).Body!);
    }

    private IEnumerable<JsonObject> All() => registry.Applications
        .Where(app => app.Principal is { } principal && app.IsThere(principal.Since))
        .OrderBy(app => app.ServicePrincipalId)
        .Select(Describe)
        .Concat(KnownResource.All.Select(Describe));

    private TenantApplication Find(GraphKey key) =>
        (key.AppId is { } appId
            ? registry.Find(appId) is { Principal: { } principal } app && app.IsThere(principal.Since) ? app : null
            : FindPrincipal(key.Id))
        ?? throw GraphException.NotFound(key.Text);

    private KnownResource? Resource(GraphKey key) =>
        KnownResource.All.FirstOrDefault(service => key.AppId is { } appId ? service.AppId == appId : IdOf(service) == key.Id);

    /// <summary>A service has a principal of its own in every tenant; in this tenant it is the same at every start.</summary>
    private Guid IdOf(KnownResource service) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{registry.TenantId}/{service.AppId}")).AsSpan(0, 16));

    private JsonObject Describe(TenantApplication app) => new()
    {
        ["id"] = app.ServicePrincipalId.ToString(),
        ["accountEnabled"] = app.Principal!.IsEnabled,
        ["appDisplayName"] = app.Name,
        ["appId"] = app.AppId.ToString(),
        ["appOwnerOrganizationId"] = registry.TenantId.ToString(),
        ["appRoleAssignmentRequired"] = false,
        ["appRoles"] = new JsonArray(),
        ["createdDateTime"] = Time(app.Principal.Created),
        ["displayName"] = app.Name,
        ["servicePrincipalNames"] = new JsonArray(app.AppId.ToString()),
        ["servicePrincipalType"] = "Application",
        ["signInAudience"] = app.SignInAudience,
        ["tags"] = new JsonArray(),
    };

    private JsonObject Describe(KnownResource service) => new()
    {
        ["id"] = IdOf(service).ToString(),
        ["accountEnabled"] = true,
        ["appDisplayName"] = service.Name,
        ["appId"] = service.AppId.ToString(),
        ["appOwnerOrganizationId"] = ServicesTenant,
        ["appRoleAssignmentRequired"] = false,
        ["appRoles"] = new JsonArray([.. KnownResource.Roles.Where(role => role.ResourceAppId == service.AppId).Select(role => new JsonObject
        {
            ["allowedMemberTypes"] = new JsonArray("Application"),
            ["description"] = role.Name,
            ["displayName"] = role.Name,
            ["id"] = role.Id.ToString(),
            ["isEnabled"] = true,
            ["origin"] = "Application",
            ["value"] = role.Value,
        })]),
        ["createdDateTime"] = null,
        ["displayName"] = service.Name,
        ["servicePrincipalNames"] = new JsonArray([service.AppId.ToString(), .. service.Identifiers.Select(uri => (JsonNode)uri)]),
        ["servicePrincipalType"] = "Application",
        ["signInAudience"] = "AzureADMultipleOrgs",
        ["tags"] = new JsonArray(),
    };

    private JsonObject Describe(TenantApplication app, PermissionGrant grant)
    {
        var resource = KnownResource.All.FirstOrDefault(service => service.AppId == grant.Permission.ResourceAppId);
        return new JsonObject
        {
            ["id"] = grant.Id,
            ["appRoleId"] = grant.Permission.Id.ToString(),
            ["createdDateTime"] = Time(grant.Created),
            ["deletedDateTime"] = null,
            ["principalDisplayName"] = app.Name,
            ["principalId"] = app.ServicePrincipalId.ToString(),
            ["principalType"] = "ServicePrincipal",
            ["resourceDisplayName"] = resource?.Name,
            ["resourceId"] = (resource is null ? grant.Permission.ResourceAppId : IdOf(resource)).ToString(),
        };
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
