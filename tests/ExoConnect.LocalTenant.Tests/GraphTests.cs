using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>The local tenant's Graph, by hand-made requests: set-up step by step, and what a missing step does (protocol.md section 6).</summary>
public sealed class GraphTests : IAsyncLifetime
{
    private const string ExchangeAppId = "00000002-0000-0ff1-ce00-000000000000";
    private const string ManageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";
    private const string GlobalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";

    private readonly ManualClock _clock = new();
    private Tenant _tenant = null!;
    private TenantClient _client = null!;
    private X509Certificate2 _certificate = null!;

    public async ValueTask InitializeAsync()
    {
        _tenant = await Tenant.StartAsync(new TenantOptions
        {
            HasApplication = false,
            ReplicationDelay = TimeSpan.FromSeconds(30),
            OtherDomains = ["contoso.com"],
            Clock = _clock,
        });
        _client = new TenantClient(_tenant);
        using var key = RSA.Create(2048);
        _certificate = new CertificateRequest("CN=nightly", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
    }

    public async ValueTask DisposeAsync()
    {
        _certificate.Dispose();
        _client.Dispose();
        await _tenant.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_tenant_becomes_one_that_an_app_can_work_in()
    {
        Assert.Equal(700016, await SignInErrorAsync(Guid.NewGuid().ToString()));

        var (status, app) = await GraphAsync(HttpMethod.Post, "applications", NewApplication());
        Assert.Equal(HttpStatusCode.Created, status);
        var appId = (string)app["appId"]!;
        Assert.Equal("AzureADMyOrg", (string?)app["signInAudience"]);
        Assert.Equal(_certificate.Thumbprint,
            Convert.ToHexString(Convert.FromBase64String((string)app["keyCredentials"]![0]!["customKeyIdentifier"]!)));

        // Nobody else knows of it yet.
        Assert.Equal(700016, await SignInErrorAsync(appId));
        Assert.Equal(HttpStatusCode.NotFound, (await GraphAsync(HttpMethod.Get, $"applications/{app["id"]}")).Status);
        var (early, refusal) = await GraphAsync(HttpMethod.Post, "servicePrincipals", new JsonObject { ["appId"] = appId });
        Assert.Equal((HttpStatusCode.BadRequest, "Request_BadRequest"), (early, Code(refusal)));
        Assert.Contains("does not reference a valid application object", Message(refusal), StringComparison.Ordinal);

        Replicate();
        Assert.Equal(7000229, await SignInErrorAsync(appId));
        var (made, principal) = await GraphAsync(HttpMethod.Post, "servicePrincipals", new JsonObject { ["appId"] = appId });
        Assert.Equal(HttpStatusCode.Created, made);
        var id = (string)principal["id"]!;
        var (again, inUse) = await GraphAsync(HttpMethod.Post, "servicePrincipals", new JsonObject { ["appId"] = appId });
        Assert.Equal((HttpStatusCode.Conflict, "Request_MultipleObjectsWithSameKeyValue"), (again, Code(inUse)));

        var exchange = (await GraphAsync(
            HttpMethod.Get, $"servicePrincipals?$filter=appId eq '{ExchangeAppId}'&$select=id,appRoles")).Body["value"]!.AsArray().Single()!;
        Assert.Equal("Exchange.ManageAsApp", (string?)exchange["appRoles"]!.AsArray().Single(r => (string?)r!["id"] == ManageAsApp)!["value"]);
        var consent = new JsonObject { ["principalId"] = id, ["resourceId"] = (string)exchange["id"]!, ["appRoleId"] = ManageAsApp };
        Assert.Equal(HttpStatusCode.NotFound, (await GraphAsync(HttpMethod.Post, $"servicePrincipals/{id}/appRoleAssignments", consent)).Status);
        Replicate();
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(appId));
        Assert.Equal(HttpStatusCode.Created, (await GraphAsync(HttpMethod.Post, $"servicePrincipals/{id}/appRoleAssignments", consent)).Status);
        var (twice, exists) = await GraphAsync(HttpMethod.Post, $"servicePrincipals/{id}/appRoleAssignments", consent);
        Assert.Equal((HttpStatusCode.BadRequest, "Permission being assigned already exists on the object"), (twice, Message(exists)));

        Replicate();
        Assert.Equal(HttpStatusCode.Forbidden, await UseAsync(appId));
        var role = new JsonObject { ["principalId"] = id, ["roleDefinitionId"] = GlobalReader, ["directoryScopeId"] = "/" };
        Assert.Equal(HttpStatusCode.Created, (await GraphAsync(HttpMethod.Post, "roleManagement/directory/roleAssignments", role)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await GraphAsync(HttpMethod.Post, "roleManagement/directory/roleAssignments", role)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, await UseAsync(appId));
        Replicate();
        Assert.Equal(HttpStatusCode.OK, await UseAsync(appId));
        Assert.Equal(HttpStatusCode.OK, await UseAsync(appId, TenantClient.Compliance, TenantClient.ComplianceScope));
    }

    [Fact]
    public async Task Each_thing_taken_away_is_missed()
    {
        var app = await SetUpAsync();
        var id = (await GraphAsync(HttpMethod.Get, $"servicePrincipals(appId='{app.AppId}')?$select=id")).Body["id"]!.ToString();
        var assignment = (await GraphAsync(
            HttpMethod.Get, $"roleManagement/directory/roleAssignments?$filter=principalId eq '{id}'")).Body["value"]![0]!;
        Assert.Equal(GlobalReader, (string?)assignment["roleDefinitionId"]);
        Assert.Equal(HttpStatusCode.NoContent,
            (await GraphAsync(HttpMethod.Delete, $"roleManagement/directory/roleAssignments/{assignment["id"]}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, await UseAsync(app.AppId.ToString()));

        var grant = (await GraphAsync(HttpMethod.Get, $"servicePrincipals/{id}/appRoleAssignments")).Body["value"]!.AsArray().Single()!;
        Assert.Equal(("Office 365 Exchange Online", ManageAsApp), ((string?)grant["resourceDisplayName"], (string?)grant["appRoleId"]));
        Assert.Equal(HttpStatusCode.NoContent,
            (await GraphAsync(HttpMethod.Delete, $"servicePrincipals/{id}/appRoleAssignments/{grant["id"]}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(app.AppId.ToString()));

        Assert.Equal(HttpStatusCode.NoContent,
            (await GraphAsync(HttpMethod.Patch, $"servicePrincipals/{id}", new JsonObject { ["accountEnabled"] = false })).Status);
        Assert.Equal(7000112, await SignInErrorAsync(app.AppId.ToString()));
        Assert.Equal(HttpStatusCode.NoContent, (await GraphAsync(HttpMethod.Delete, $"servicePrincipals/{id}")).Status);
        Assert.Equal(7000229, await SignInErrorAsync(app.AppId.ToString()));
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await GraphAsync(HttpMethod.Patch, $"applications/{app.ObjectId}", new JsonObject { ["keyCredentials"] = new JsonArray() })).Status);
        Assert.Equal(700027, await SignInErrorAsync(app.AppId.ToString()));
        Assert.Equal(HttpStatusCode.NoContent, (await GraphAsync(HttpMethod.Delete, $"applications/{app.ObjectId}")).Status);
        Assert.Equal(700016, await SignInErrorAsync(app.AppId.ToString()));
    }

    [Fact]
    public async Task A_patch_of_the_certificates_replaces_them_all_and_keeps_those_that_it_names()
    {
        var app = await SetUpAsync();
        var path = $"applications/{app.ObjectId}";
        var plain = (await GraphAsync(HttpMethod.Get, path)).Body["keyCredentials"]![0]!;
        Assert.Null(plain["key"]);
        var old = (await GraphAsync(HttpMethod.Get, $"{path}?$select=id,keyCredentials")).Body["keyCredentials"]![0]!.DeepClone();
        Assert.Equal(Convert.ToBase64String(_certificate.RawData), (string?)old["key"]);

        old["key"] = null;
        using var other = _client.LoadApp();
        var both = new JsonObject { ["keyCredentials"] = new JsonArray(old, Key(other)) };
        Assert.Equal(HttpStatusCode.NoContent, (await GraphAsync(HttpMethod.Patch, path, both)).Status);
        Assert.Equal(HttpStatusCode.OK, await UseAsync(app.AppId.ToString()));
        Assert.Equal([_certificate.Thumbprint], app.Certificates.Select(c => c.Thumbprint));
        Replicate();
        Assert.Equal([_certificate.Thumbprint, other.Thumbprint], app.Certificates.Select(c => c.Thumbprint));

        var changed = old.DeepClone();
        changed["key"] = Convert.ToBase64String(other.RawData);
        var (status, error) = await GraphAsync(HttpMethod.Patch, path, new JsonObject { ["keyCredentials"] = new JsonArray(changed) });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("is not allowed", Message(error), StringComparison.Ordinal);

        var late = Key(other);
        late["endDateTime"] = DateTimeOffset.UtcNow.AddYears(50).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("KeyCredentialsInvalidEndDate",
            Code((await GraphAsync(HttpMethod.Patch, path, new JsonObject { ["keyCredentials"] = new JsonArray(late) })).Body));

        Assert.Equal(HttpStatusCode.NoContent,
            (await GraphAsync(HttpMethod.Patch, path, new JsonObject { ["keyCredentials"] = new JsonArray(Key(other)) })).Status);
        Assert.Equal(700027, await SignInErrorAsync(app.AppId.ToString()));
    }

    [Fact]
    public async Task Who_may_not_is_told_so_with_the_ids_of_the_request()
    {
        await SetUpAsync();
        foreach (var (scopes, role, method, path, expected) in new[]
        {
            ("Application.Read.All", "Global Administrator", HttpMethod.Get, "applications", HttpStatusCode.OK),
            ("Application.Read.All", "Global Administrator", HttpMethod.Post, "applications", HttpStatusCode.Forbidden),
            ("Application.ReadWrite.All", "User Administrator", HttpMethod.Post, "applications", HttpStatusCode.Forbidden),
            ("Application.ReadWrite.All", "Application Administrator", HttpMethod.Post, "applications", HttpStatusCode.Created),
            ("Application.ReadWrite.All", "Global Administrator", HttpMethod.Get, "roleManagement/directory/roleAssignments",
                HttpStatusCode.Forbidden),
            ("RoleManagement.Read.Directory", "Global Reader", HttpMethod.Get, "roleManagement/directory/roleDefinitions", HttpStatusCode.OK),
            ("User.Read", "User Administrator", HttpMethod.Get, "organization", HttpStatusCode.OK),
            ("openid", "Global Administrator", HttpMethod.Get, "organization", HttpStatusCode.Forbidden),
        })
        {
            var token = _tenant.SignInUser(user: "someone@contoso.onmicrosoft.com", scopes: [scopes], roles: [role]);
            var (status, body) = await GraphAsync(method, path, method == HttpMethod.Post ? NewApplication() : null, token);
            Assert.True(status == expected, $"{method} {path} as {role} with {scopes}: {status} {body.ToJsonString()}");
            if (expected == HttpStatusCode.Forbidden)
            {
                Assert.Equal("Authorization_RequestDenied", Code(body));
                Assert.True(Guid.TryParse((string?)body["error"]!["innerError"]!["request-id"], out _));
                Assert.Equal("5e2a8a0c-2d0a-4d6a-9f0e-000000000001", (string?)body["error"]!["innerError"]!["client-request-id"]);
            }
        }
    }

    [Fact]
    public async Task An_app_acts_for_itself_with_application_permissions()
    {
        var app = _tenant.AddApplication("robot", _certificate, ["Application.Read.All"], []);
        var token = await TokenAsync(app.AppId.ToString(), "https://graph.microsoft.com/.default");
        Assert.Equal(HttpStatusCode.OK, (await GraphAsync(HttpMethod.Get, "applications", null, token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GraphAsync(HttpMethod.Post, "applications", NewApplication(), token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GraphAsync(HttpMethod.Get, "organization", null, token)).Status);
        app.AddPermission("Application.ReadWrite.All");
        var stronger = await TokenAsync(app.AppId.ToString(), "https://graph.microsoft.com/.default");
        Assert.Equal(HttpStatusCode.Created, (await GraphAsync(HttpMethod.Post, "applications", NewApplication(), stronger)).Status);
    }

    [Fact]
    public async Task Lists_are_filtered_cut_and_paged()
    {
        for (var i = 0; i < 7; i++)
        {
            _tenant.AddApplication(i == 3 ? "O'Brien's" : $"app {i}", null, [], []);
        }

        var quoted = (await GraphAsync(
            HttpMethod.Get, "applications?$filter=displayName eq 'O''Brien''s'&$select=displayName")).Body["value"]!.AsArray();
        Assert.Equal("""[{"displayName":"O'Brien's"}]""", quoted.ToJsonString(new System.Text.Json.JsonSerializerOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }));
        var names = new List<string>();
        var next = "applications?$top=3&$filter=startswith(displayName,'app')";
        var pages = 0;
        while (next is not null)
        {
            var (_, page) = await GraphAsync(HttpMethod.Get, next);
            names.AddRange(page["value"]!.AsArray().Select(a => (string)a!["displayName"]!));
            next = ((string?)page["@odata.nextLink"])?.Split("/v1.0/")[1];
            pages++;
        }

        Assert.Equal(2, pages);
        Assert.Equal(["app 0", "app 1", "app 2", "app 4", "app 5", "app 6"], names.Order());
        Assert.Equal(HttpStatusCode.BadRequest, (await GraphAsync(HttpMethod.Get, "applications?$filter=nothing eq 'x'")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await GraphAsync(HttpMethod.Get, "applications?$filter=displayName eq")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await GraphAsync(HttpMethod.Get, "applications?$select=nothing")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await GraphAsync(HttpMethod.Get, "unicorns")).Status);
    }

    [Fact]
    public async Task The_organization_says_all_its_names()
    {
        var organization = (await GraphAsync(HttpMethod.Get, "organization")).Body["value"]!.AsArray().Single()!;
        Assert.Equal(_tenant.TenantId.ToString(), (string?)organization["id"]);
        Assert.Equal(
            [("contoso.onmicrosoft.com", true), ("contoso.com", false)],
            organization["verifiedDomains"]!.AsArray().Select(d => ((string)d!["name"]!, (bool)d["isInitial"]!)));

        // A token is to be had by each of them.
        var app = _tenant.AddApplication("robot", _certificate, [], []);
        Assert.NotEmpty(await TokenAsync(app.AppId.ToString(), organization: "contoso.com"));
    }

    [Fact]
    public async Task Users_are_those_of_the_mailboxes_for_who_may_read_them()
    {
        var reader = _tenant.SignInUser(scopes: ["User.Read.All"]);
        var (status, first) = await GraphAsync(HttpMethod.Get, "users?$top=3&$count=true", null, reader);
        Assert.Equal(HttpStatusCode.OK, status);
        var users = first["value"]!.AsArray();
        Assert.Equal(3, users.Count);
        Assert.True((int)first["@odata.count"]! > 3);
        Assert.Contains("$skiptoken=3", (string)first["@odata.nextLink"]!, StringComparison.Ordinal);
        Assert.Equal(
            ["businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname",
                "userPrincipalName"],
            users[0]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));

        var name = (string)users[1]!["userPrincipalName"]!;
        var (_, one) = await GraphAsync(HttpMethod.Get, $"users/{name}?$select=displayName,department", null, reader);
        Assert.Equal((string?)users[1]!["displayName"], (string?)one["displayName"]);
        Assert.NotEmpty((string)one["department"]!);
        var (_, same) = await GraphAsync(HttpMethod.Get, $"users/{users[1]!["id"]}", null, reader);
        Assert.Equal(name, (string?)same["userPrincipalName"]);
        var (_, found) = await GraphAsync(HttpMethod.Get, $"users?$filter=userPrincipalName eq '{name}'", null, reader);
        Assert.Equal(name, (string?)Assert.Single(found["value"]!.AsArray())!["userPrincipalName"]);

        // An alias names nobody in Graph; nor may anybody look who was only let look at applications.
        Assert.Equal(HttpStatusCode.NotFound, (await GraphAsync(HttpMethod.Get, $"users/{name.Split('@')[0]}", null, reader)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await GraphAsync(HttpMethod.Get, $"users/{name}/messages", null, reader)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await GraphAsync(HttpMethod.Post, "users", new JsonObject(), reader)).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden, (await GraphAsync(HttpMethod.Get, "users", null, _tenant.SignInUser(scopes: ["Application.Read.All"]))).Status);
    }

    [Theory]
    [InlineData(null, "Access token is empty.")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.", "IDX10511")]
    [InlineData("exchange", "Invalid audience")]
    public async Task A_token_that_is_no_good_is_401(string? token, string expected)
    {
        token = token == "exchange" ? _tenant.SignInUser(resource: "https://outlook.office365.com") : token;
        using var response = await _client.SendAsync(TenantClient.Graph, "/v1.0/organization", token);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal((HttpStatusCode.Unauthorized, "InvalidAuthenticationToken"), (response.StatusCode, Code(body)));
        Assert.Contains(expected, Message(body), StringComparison.Ordinal);
        Assert.Contains("authorization_uri", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        foreach (var body in new[]
        {
            """{}""", """{"displayName":""}""", """{"displayName":"x","colour":"red"}""", """{"displayName":"x","signInAudience":"Everybody"}""",
            """{"displayName":"x","keyCredentials":[{"type":"AsymmetricX509Cert","usage":"Verify","key":"AAAA"}]}""",
            """{"displayName":"x","keyCredentials":[{"type":"AsymmetricX509Cert","usage":"Verify"}]}""",
            """{"displayName":"x","requiredResourceAccess":[{"resourceAppId":"no"}]}""",
        })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await GraphAsync(HttpMethod.Post, "applications", JsonNode.Parse(body))).Status);
        }

        Assert.Empty(_tenant.Registry.Applications);
        using var request = new HttpRequestMessage(
            HttpMethod.Post, _client.Url(TenantClient.Graph, "/v1.0/applications"))
        { Content = new StringContent("{not json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tenant.SignInUser());
        using var response = await _client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public void The_description_has_an_administrator_and_no_app()
    {
        var description = _tenant.Describe();
        Assert.Null(description.AppId);
        Assert.Empty(description.Roles);
        Assert.Equal("admin@contoso.onmicrosoft.com", description.Administrator.UserPrincipalName);
        Assert.Equal(description.Administrator.GraphToken, File.ReadAllText(description.Administrator.GraphTokenFile));
        Assert.DoesNotContain(
            description.Administrator.GraphToken, description.ToText() + description + description.Administrator, StringComparison.Ordinal);
    }

    private static string? Code(JsonNode body) => (string?)body["error"]!["code"];

    private static string Message(JsonNode body) => (string)body["error"]!["message"]!;

    private static JsonObject Key(X509Certificate2 certificate) => new()
    {
        ["type"] = "AsymmetricX509Cert",
        ["usage"] = "Verify",
        ["displayName"] = certificate.Subject,
        ["key"] = Convert.ToBase64String(certificate.RawData),
    };

    private JsonObject NewApplication() => new()
    {
        ["displayName"] = "Nightly",
        ["keyCredentials"] = new JsonArray(Key(_certificate)),
        ["requiredResourceAccess"] = new JsonArray(new JsonObject
        {
            ["resourceAppId"] = ExchangeAppId,
            ["resourceAccess"] = new JsonArray(new JsonObject { ["id"] = ManageAsApp, ["type"] = "Role" }),
        }),
    };

    private void Replicate() => _clock.Advance(TimeSpan.FromSeconds(31));

    private async Task<TenantApplication> SetUpAsync()
    {
        var app = _tenant.AddApplication("Nightly", _certificate, ["Exchange.ManageAsApp"], ["Global Reader"]);
        Assert.Equal(HttpStatusCode.OK, await UseAsync(app.AppId.ToString()));
        return app;
    }

    private async Task<(HttpStatusCode Status, JsonObject Body)> GraphAsync(
        HttpMethod method, string path, JsonNode? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, _client.Url(TenantClient.Graph, $"/v1.0/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? _tenant.SignInUser());
        request.Headers.Add("client-request-id", "5e2a8a0c-2d0a-4d6a-9f0e-000000000001");
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await _client.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject());
    }

    private Dictionary<string, string?> Form(string appId, string scope, string? organization)
    {
        var assertion = _client.NewAssertion(_certificate).With(a =>
        {
            var now = _clock.GetUtcNow().ToUnixTimeSeconds();
            (a.Payload["iss"], a.Payload["sub"], a.Payload["nbf"], a.Payload["exp"]) = (appId, appId, now, now + 600);
            a.Payload["aud"] = _client.TokenEndpoint(organization);
        });
        return _client.Form(assertion.ToString(), scope, Guid.Parse(appId));
    }

    private async Task<string> TokenAsync(string appId, string scope = TenantClient.ExchangeScope, string? organization = null)
    {
        var (status, json) = await _client.PostTokenAsync(Form(appId, scope, organization), organization);
        Assert.True(status == HttpStatusCode.OK, json.ToJsonString());
        return (string)json["access_token"]!;
    }

    private async Task<int> SignInErrorAsync(string appId)
    {
        var (status, json) = await _client.PostTokenAsync(Form(appId, TenantClient.ExchangeScope, null));
        Assert.NotEqual(HttpStatusCode.OK, status);
        return (int)json["error_codes"]![0]!;
    }

    private async Task<HttpStatusCode> UseAsync(string appId, string host = TenantClient.Exchange, string scope = TenantClient.ExchangeScope)
    {
        using var response = await _client.SendAsync(host, _client.Api("EXOModuleFile?Version=3.7.0"), await TokenAsync(appId, scope));
        return response.StatusCode == HttpStatusCode.Redirect ? HttpStatusCode.OK : response.StatusCode;
    }
}
