using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExoConnect.Core.Onboarding.Graph;

/// <summary>An application registration, as Graph describes it.</summary>
/// <param name="Id">Its object id.</param>
/// <param name="AppId">Its application (client) id.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Keys">Its certificates.</param>
/// <param name="RequiredAccess">The permissions it requests, unchanged.</param>
internal sealed record DirectoryApplication(string Id, string AppId, string Name, IReadOnlyList<DirectoryKey> Keys, JsonArray RequiredAccess)
{
    /// <summary>Whether it requests a permission.</summary>
    public bool Requests(RequiredPermission permission) => RequiredAccess.OfType<JsonObject>().Any(resource =>
        IsId(resource["resourceAppId"], permission.ResourceAppId)
        && resource["resourceAccess"] is JsonArray list
        && list.OfType<JsonObject>().Any(access => IsId(access["id"], permission.Id) && (string?)access["type"] == "Role"));

    /// <summary>The same list with one permission more; the rest stays unchanged.</summary>
    public static JsonArray With(JsonArray list, RequiredPermission permission)
    {
        var copy = list.DeepClone().AsArray();
        if (copy.OfType<JsonObject>().FirstOrDefault(r => IsId(r["resourceAppId"], permission.ResourceAppId)) is not JsonNode resource)
        {
            copy.Add(resource = new JsonObject { ["resourceAppId"] = permission.ResourceAppId.ToString(), ["resourceAccess"] = new JsonArray() });
        }

        if (resource["resourceAccess"] is not JsonArray access)
        {
            resource["resourceAccess"] = access = [];
        }

        access.Add((JsonNode)new JsonObject { ["id"] = permission.Id.ToString(), ["type"] = "Role" });
        return copy;
    }

    private static bool IsId(JsonNode? node, Guid id) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && Guid.TryParse((string?)value, out var given) && given == id;
}

/// <summary>A certificate registered on an application.</summary>
/// <param name="KeyId">Its id.</param>
/// <param name="Thumbprint">Its SHA-1 thumbprint; null if Graph doesn't return it.</param>
/// <param name="NotAfter">When it ends.</param>
/// <param name="Entry">The entry unchanged, to send back when the list changes.</param>
internal sealed record DirectoryKey(string KeyId, string? Thumbprint, DateTimeOffset? NotAfter, JsonObject Entry);

/// <summary>A service principal.</summary>
/// <param name="Id">Its object id.</param>
/// <param name="AppId">Its application id.</param>
/// <param name="Name">Its display name.</param>
/// <param name="IsEnabled">Whether it may sign in.</param>
internal sealed record DirectoryPrincipal(string Id, string AppId, string Name, bool IsEnabled);

/// <summary>A consent to an application permission.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ResourceId">The object id of the service's own principal.</param>
/// <param name="AppRoleId">The permission's id.</param>
internal sealed record DirectoryGrant(string Id, string ResourceId, string AppRoleId);

/// <summary>The tenant's names.</summary>
/// <param name="TenantId">The tenant id.</param>
/// <param name="InitialDomain">Its <c>.onmicrosoft.com</c> domain; null if it isn't known.</param>
/// <param name="Domains">All its verified domains.</param>
internal sealed record DirectoryOrganization(string TenantId, string? InitialDomain, IReadOnlyList<string> Domains)
{
    /// <summary>Whether a name belongs to the tenant, and its kind.</summary>
    public bool Has(string organization) =>
        organization.Equals(TenantId, StringComparison.OrdinalIgnoreCase) || Domains.Contains(organization, StringComparer.OrdinalIgnoreCase);
}
