using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Onboarding.SetUp;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Core.Onboarding.Graph;

/// <summary>
/// The part of a tenant's directory that setting up an application reads and changes, over Graph (protocol.md section 6). Refusals for missing
/// rights become one error that names the needed ones.
/// </summary>
/// <param name="client">The client of Graph.</param>
/// <param name="messages">Receives steps.</param>
internal sealed class GraphDirectory(ServiceClient client, IEngineMessages messages)
{
    private const string ApplicationProperties = "id,appId,displayName,requiredResourceAccess,keyCredentials";
    private const string ReadApplications = "Application.Read.All";
    private const string WriteApplications = "Application.ReadWrite.All";
    private const string WriteGrants = "AppRoleAssignment.ReadWrite.All";
    private const string ReadRoles = "RoleManagement.Read.Directory";
    private const string WriteRoles = "RoleManagement.ReadWrite.Directory";
    private const string ApplicationAdministrator = "Application Administrator, Cloud Application Administrator";
    private const string RoleAdministrator = "Privileged Role Administrator";

    /// <summary>All scopes that setting up an application needs; a sign-in for it should request them.</summary>
    public static IReadOnlyList<string> SetUpScopes { get; } = [WriteApplications, WriteGrants, WriteRoles, "Organization.Read.All"];

    /// <summary>The scopes that are enough to read.</summary>
    public static IReadOnlyList<string> CheckScopes { get; } = [ReadApplications, ReadRoles, "Organization.Read.All"];

    /// <summary>Finds a registration by its application id.</summary>
    public async Task<DirectoryApplication?> FindApplicationAsync(string appId, CancellationToken cancellationToken)
    {
        var found = await ListAsync($"/v1.0/applications?$filter=appId eq {Quote(appId)}&$select=id", ReadApplications, null, cancellationToken)
            .ConfigureAwait(false);
        return found.Count == 0 ? null : await GetApplicationAsync(Text(found[0], "id")!, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds the registrations with a name.</summary>
    public async Task<IReadOnlyList<(string Id, string AppId)>> FindApplicationsByNameAsync(string name, CancellationToken cancellationToken)
    {
        var found = await ListAsync(
            $"/v1.0/applications?$filter=displayName eq {Quote(name)}&$select=id,appId,displayName", ReadApplications, null, cancellationToken)
            .ConfigureAwait(false);
        return [.. found.Select(item => (Text(item, "id")!, Text(item, "appId")!))];
    }

    /// <summary>Reads a registration with its complete certificates, which Graph returns only for a single one and by name.</summary>
    public async Task<DirectoryApplication?> GetApplicationAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var response = await SendAsync(
                HttpMethod.Get, $"/v1.0/applications/{id}?$select={ApplicationProperties}", null, ReadApplications, null, cancellationToken)
                .ConfigureAwait(false);
            return Application(response);
        }
        catch (ServiceException e) when (e.StatusCode == 404)
        {
            return null;
        }
    }

    /// <summary>Registers an application.</summary>
    public async Task<DirectoryApplication> CreateApplicationAsync(
        string name, bool isMultiTenant, IEnumerable<RequiredPermission> permissions, JsonObject? key, CancellationToken cancellationToken)
    {
        var access = permissions.Aggregate(new JsonArray(), DirectoryApplication.With);
        var response = await SendAsync(
            HttpMethod.Post,
            "/v1.0/applications",
            new JsonObject
            {
                ["displayName"] = name,
                ["signInAudience"] = isMultiTenant ? "AzureADMultipleOrgs" : "AzureADMyOrg",
                ["requiredResourceAccess"] = access,
                ["keyCredentials"] = key is null ? [] : new JsonArray(key.DeepClone()),
            },
            WriteApplications,
            ApplicationAdministrator,
            cancellationToken).ConfigureAwait(false);
        return Application(response);
    }

    /// <summary>Replaces the permissions that a registration requests.</summary>
    public Task SetRequiredAccessAsync(string id, JsonArray access, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Patch, $"/v1.0/applications/{id}", new JsonObject { ["requiredResourceAccess"] = access }, WriteApplications,
        ApplicationAdministrator, cancellationToken);

    /// <summary>Replaces a registration's certificates; the kept ones must be among them.</summary>
    public Task SetKeysAsync(string id, IEnumerable<JsonObject> keys, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Patch,
        $"/v1.0/applications/{id}",
        new JsonObject { ["keyCredentials"] = new JsonArray([.. keys.Select(key => key.DeepClone())]) },
        WriteApplications,
        ApplicationAdministrator,
        cancellationToken);

    /// <summary>Deletes a registration, and with it the service principal in its own tenant.</summary>
    public Task DeleteApplicationAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1.0/applications/{id}", null, WriteApplications, ApplicationAdministrator, cancellationToken);

    /// <summary>Finds a service principal.</summary>
    public async Task<DirectoryPrincipal?> FindPrincipalAsync(string appId, CancellationToken cancellationToken)
    {
        var found = await ListAsync(
            $"/v1.0/servicePrincipals?$filter=appId eq {Quote(appId)}&$select=id,appId,displayName,accountEnabled", ReadApplications, null,
            cancellationToken).ConfigureAwait(false);
        return found.Count == 0 ? null : Principal(found[0]);
    }

    /// <summary>Makes a service principal.</summary>
    public async Task<DirectoryPrincipal> CreatePrincipalAsync(string appId, CancellationToken cancellationToken) => Principal(await SendAsync(
        HttpMethod.Post, "/v1.0/servicePrincipals", new JsonObject { ["appId"] = appId }, WriteApplications, ApplicationAdministrator,
        cancellationToken).ConfigureAwait(false));

    /// <summary>Lets a service principal sign in again.</summary>
    public Task EnablePrincipalAsync(string id, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Patch, $"/v1.0/servicePrincipals/{id}", new JsonObject { ["accountEnabled"] = true }, WriteApplications, ApplicationAdministrator,
        cancellationToken);

    /// <summary>Deletes a service principal.</summary>
    public Task DeletePrincipalAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1.0/servicePrincipals/{id}", null, WriteApplications, ApplicationAdministrator, cancellationToken);

    /// <summary>Lists the consented permissions.</summary>
    public async Task<IReadOnlyList<DirectoryGrant>> ListGrantsAsync(string principalId, CancellationToken cancellationToken)
    {
        var found = await ListAsync($"/v1.0/servicePrincipals/{principalId}/appRoleAssignments", ReadApplications, null, cancellationToken)
            .ConfigureAwait(false);
        return [.. found.Select(item => new DirectoryGrant(Text(item, "id")!, Text(item, "resourceId") ?? "", Text(item, "appRoleId") ?? ""))];
    }

    /// <summary>Consents to a permission.</summary>
    public Task GrantAsync(string principalId, string resourceId, RequiredPermission permission, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post,
        $"/v1.0/servicePrincipals/{principalId}/appRoleAssignments",
        new JsonObject { ["principalId"] = principalId, ["resourceId"] = resourceId, ["appRoleId"] = permission.Id.ToString() },
        $"{WriteGrants} and {ReadApplications}",
        ApplicationAdministrator,
        cancellationToken);

    /// <summary>The template ids of the directory roles that a service principal has in the whole tenant.</summary>
    public async Task<IReadOnlyList<string>> ListRolesAsync(string principalId, CancellationToken cancellationToken)
    {
        var found = await ListAsync(
            $"/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq {Quote(principalId)}", ReadRoles, "Global Reader",
            cancellationToken).ConfigureAwait(false);
        return [.. found.Where(item => Text(item, "directoryScopeId") is null or "/").Select(item => Text(item, "roleDefinitionId")).OfType<string>(
            )];
    }

    /// <summary>Assigns a directory role for the whole tenant.</summary>
    public Task AssignRoleAsync(string principalId, DirectoryRole role, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post,
        "/v1.0/roleManagement/directory/roleAssignments",
        new JsonObject { ["principalId"] = principalId, ["roleDefinitionId"] = role.TemplateId, ["directoryScopeId"] = "/" },
        WriteRoles,
        RoleAdministrator,
        cancellationToken);

    /// <summary>The tenant's names.</summary>
    public async Task<DirectoryOrganization?> GetOrganizationAsync(CancellationToken cancellationToken)
    {
        var found = await ListAsync("/v1.0/organization?$select=id,displayName,verifiedDomains", "Organization.Read.All", null, cancellationToken)
            .ConfigureAwait(false);
        if (found.Count == 0)
        {
            return null;
        }

        var domains = found[0].TryGetProperty("verifiedDomains", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().ToList() : [];
        return new DirectoryOrganization(
            Text(found[0], "id") ?? "",
            domains.Where(domain => domain.TryGetProperty("isInitial", out var initial) && initial.ValueKind == JsonValueKind.True).Select(
                domain => Text(domain, "name")).FirstOrDefault(),
            [.. domains.Select(domain => Text(domain, "name")).OfType<string>()]);
    }

    /// <summary>Whether a failure only means that the directory hasn't replicated yet.</summary>
    public static bool IsNotYet(ExoException failure) => failure is ServiceException
    {
        StatusCode: 404 or 400,
    } service && (service.StatusCode == 404
        || service.Message.Contains("does not reference a valid application object", StringComparison.OrdinalIgnoreCase)
        || service.Message.Contains("Not a valid reference update", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a failure means that the change was made already.</summary>
    public static bool IsThereAlready(ExoException failure) => failure is ServiceException { StatusCode: 400 or 409 } service
        && (service.Code == "Request_MultipleObjectsWithSameKeyValue"
            || service.Message.Contains("already exists on the object", StringComparison.OrdinalIgnoreCase)
            || service.Message.Contains(
            "A conflicting object with one or more of the specified property values is present", StringComparison.OrdinalIgnoreCase));

    private static string Quote(string text) => $"'{Uri.EscapeDataString(text.Replace("'", "''", StringComparison.Ordinal))}'";

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    private static DirectoryApplication Application(JsonElement item)
    {
        var node = JsonObject.Create(item) ?? throw Unreadable("an application");
        return new DirectoryApplication(
            Text(item, "id") ?? throw Unreadable("an application"),
            Text(item, "appId") ?? throw Unreadable("an application"),
            Text(item, "displayName") ?? "",
            [.. (node["keyCredentials"] as JsonArray ?? []).OfType<JsonObject>().Select(Key)],
            node["requiredResourceAccess"]?.DeepClone() as JsonArray ?? []);
    }

    private static DirectoryKey Key(JsonObject entry)
    {
        var end = DateTimeOffset.TryParse((string?)entry["endDateTime"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : (DateTimeOffset?)null;
        return new DirectoryKey((string?)entry["keyId"] ?? "", CertificateKey.ThumbprintOf(entry), end, entry);
    }

    private static DirectoryPrincipal Principal(JsonElement item) => new(
        Text(item, "id") ?? throw Unreadable("a service principal"),
        Text(item, "appId") ?? "",
        Text(item, "displayName") ?? "",
        !item.TryGetProperty("accountEnabled", out var enabled) || enabled.ValueKind != JsonValueKind.False);

    private static ServiceException Unreadable(string what) => new($"Graph described {what} without its id.")
    {
        ErrorId = ErrorIds.UnreadableResponse,
        Category = ExoErrorCategory.InvalidData,
        Remedy = "Try again. If it persists, check whether a proxy changes or cuts responses on the way.",
    };

    private async Task<List<JsonElement>> ListAsync(string path, string scope, string? role, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        try
        {
            await foreach (var page in client.PagesAsync(ServiceRequest.Json(HttpMethod.Get, path), messages, cancellationToken).ConfigureAwait(
                false))
            {
                items.AddRange(page.Items());
            }
        }
        catch (ServiceException e) when (e.StatusCode == 403)
        {
            throw OnboardingErrors.RightsMissing(e, scope, role);
        }

        return items;
    }

    private async Task<JsonElement> SendAsync(
        HttpMethod method, string path, JsonObject? body, string scope, string? role, CancellationToken cancellationToken)
    {
        try
        {
            var response = await client.SendAsync(ServiceRequest.Json(method, path, body), messages, cancellationToken).ConfigureAwait(false);
            return response.Content ?? default;
        }
        catch (ServiceException e) when (e.StatusCode == 403)
        {
            throw OnboardingErrors.RightsMissing(e, scope, role);
        }
    }
}
