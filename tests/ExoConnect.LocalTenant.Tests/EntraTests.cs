using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.LocalTenant.Tests;

public sealed partial class EntraTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private readonly TenantClient _client = new(fixture.Tenant);

    private Tenant Tenant => fixture.Tenant;

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("x5t", "RS256")]
    [InlineData("x5t", "PS256")]
    [InlineData("x5t#S256", "RS256")]
    [InlineData("x5t#S256", "PS256")]
    [InlineData("kid", "RS256")]
    [InlineData("x5c", "PS256")]
    [InlineData("both", "PS256")]
    public async Task Takes_assertions_that_name_their_key_in_any_known_way(string naming, string algorithm)
    {
        using var certificate = _client.LoadApp();
        var assertion = _client.NewAssertion().With(a =>
        {
            var sha256 = Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256));
            a.Header["alg"] = algorithm;
            if (naming is not ("x5t" or "both"))
            {
                a.Header.Remove("x5t");
            }

            switch (naming)
            {
                case "x5t#S256" or "both":
                    a.Header["x5t#S256"] = sha256;
                    break;
                case "kid":
                    a.Header["kid"] = certificate.Thumbprint;
                    break;
                case "x5c":
                    a.Header["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData));
                    break;
            }
        });

        var (status, json) = await _client.PostTokenAsync(_client.Form(assertion.ToString()));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Bearer", (string?)json["token_type"]);
        Assert.Equal(3600, (int)json["expires_in"]!);
    }

    [Theory]
    [InlineData("/oauth2/v2.0/token")]
    [InlineData("/oauth2/token")]
    [InlineData("/v2.0")]
    [InlineData("/")]
    [InlineData("")]
    public async Task Takes_the_audiences_that_clients_send(string path)
    {
        foreach (var tenant in new[] { Tenant.Organization, Tenant.TenantId.ToString(), Tenant.Organization.ToUpperInvariant() })
        {
            var assertion = _client.NewAssertion()
                .With(a => a.Payload["aud"] = _client.Url(TenantClient.SignIn, $"/{tenant}{path}").ToString());

            Assert.Equal(HttpStatusCode.OK, (await _client.PostTokenAsync(_client.Form(assertion.ToString()), tenant)).Status);
        }
    }

    [Fact]
    public async Task Issues_tokens_with_the_claims_of_app_only_access()
    {
        var token = await _client.TokenAsync();

        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        Assert.Equal("https://outlook.office365.com", (string?)claims["aud"]);
        Assert.Equal($"https://sts.windows.net/{Tenant.TenantId}/", (string?)claims["iss"]);
        Assert.Equal(Tenant.AppId.ToString(), (string?)claims["appid"]);
        Assert.Equal(Tenant.TenantId.ToString(), (string?)claims["tid"]);
        Assert.Equal(Tenant.App.ServicePrincipalId.ToString(), (string?)claims["oid"]);
        Assert.Equal("app", (string?)claims["idtyp"]);
        Assert.Equal("1.0", (string?)claims["ver"]);
        Assert.Equal(["Exchange.ManageAsApp"], claims["roles"]!.AsArray().Select(role => (string?)role));
        Assert.Contains("62e90394-69f5-4237-9190-012177145e10", claims["wids"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(3600, (long)claims["exp"]! - (long)claims["iat"]!);
    }

    [Fact]
    public async Task Tokens_are_signed_by_the_published_key()
    {
        var token = await _client.TokenAsync();
        var configuration = await JsonAsync($"/{Tenant.Organization}/v2.0/.well-known/openid-configuration");
        var keys = JsonNode.Parse(await _client.Http.GetStringAsync(new Uri((string)configuration["jwks_uri"]!)))!;

        var header = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[0]))!;
        var key = keys["keys"]!.AsArray().Single(k => (string?)k!["kid"] == (string?)header["kid"])!;
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars((string)key["n"]!),
            Exponent = Base64Url.DecodeFromChars((string)key["e"]!),
        });
        var end = token.LastIndexOf('.');
        Assert.True(rsa.VerifyData(
            Encoding.ASCII.GetBytes(token.ToCharArray(0, end)),
            Base64Url.DecodeFromChars(token.AsSpan(end + 1)),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1));
        using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String((string)key["x5c"]![0]!));
        Assert.Equal(key["n"]!.ToString(), Base64Url.EncodeToString(certificate.GetRSAPublicKey()!.ExportParameters(false).Modulus));
    }

    [Theory]
    [InlineData("contoso.onmicrosoft.com")]
    [InlineData("CONTOSO.onmicrosoft.com")]
    public async Task Publishes_its_configuration_by_name(string tenant)
    {
        var configuration = await JsonAsync($"/{tenant}/v2.0/.well-known/openid-configuration");

        var address = $"https://{TenantClient.SignIn}:{Tenant.Port}/{Tenant.TenantId}";
        Assert.Equal($"{address}/v2.0", (string?)configuration["issuer"]);
        Assert.Equal($"{address}/oauth2/v2.0/token", (string?)configuration["token_endpoint"]);
        Assert.Equal($"{address}/oauth2/v2.0/authorize", (string?)configuration["authorization_endpoint"]);
        Assert.Equal($"{address}/discovery/v2.0/keys", (string?)configuration["jwks_uri"]);
    }

    [Fact]
    public async Task Publishes_the_configuration_of_common()
    {
        var configuration = await JsonAsync("/common/v2.0/.well-known/openid-configuration");

        Assert.Equal($"https://{TenantClient.SignIn}:{Tenant.Port}/{{tenantid}}/v2.0", (string?)configuration["issuer"]);
        Assert.Equal($"https://{TenantClient.SignIn}:{Tenant.Port}/common/oauth2/v2.0/token", (string?)configuration["token_endpoint"]);
    }

    [Fact]
    public async Task Discovers_instances_that_it_serves()
    {
        var endpoint = Uri.EscapeDataString("https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize");
        var known = await JsonAsync($"/common/discovery/instance?api-version=1.1&authorization_endpoint={endpoint}");
        Assert.Equal(
            "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration",
            (string?)known["tenant_discovery_endpoint"]);
        Assert.Equal("login.microsoftonline.com", (string?)known["metadata"]![0]!["aliases"]![0]);

        var unknown = await JsonAsync("/common/discovery/instance?api-version=1.1&authorization_endpoint=https%3A%2F%2Flogin.example.com%2Fcommon");
        Assert.Equal("invalid_instance", (string?)unknown["error"]);
        Assert.Equal(50049, (int)unknown["error_codes"]![0]!);
    }

    [Fact]
    public async Task Errors_have_the_members_of_Entra_ID()
    {
        var correlation = Guid.NewGuid().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, _client.TokenEndpoint());
        request.Headers.Add("client-request-id", correlation);
        using var response = await _client.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(correlation, response.Headers.GetValues("client-request-id").Single());
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("invalid_request", (string?)json["error"]);
        Assert.Equal([900144], json["error_codes"]!.AsArray().Select(code => (int)code!));
        Assert.Equal(correlation, (string?)json["correlation_id"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$", (string?)json["timestamp"]);
        Assert.EndsWith("/error?code=900144", (string?)json["error_uri"], StringComparison.Ordinal);
        Assert.Equal(
            "AADSTS900144: The request body must contain the following parameter: 'grant_type'. "
            + $"Trace ID: {json["trace_id"]} Correlation ID: {correlation} Timestamp: {json["timestamp"]}",
            (string?)json["error_description"]);
    }

    [Theory]
    [InlineData("grant_type")]
    [InlineData("client_id")]
    [InlineData("scope")]
    [InlineData("client_assertion_type")]
    public async Task Names_the_missing_parameter(string name)
    {
        var form = _client.Form(_client.NewAssertion().ToString());
        form[name] = null;

        await RefusedAsync(form, HttpStatusCode.BadRequest, "invalid_request", 900144, $"'{name}'");
    }

    [Fact]
    public async Task Refuses_other_grants()
    {
        var form = _client.Form(_client.NewAssertion().ToString());
        form["grant_type"] = "magic";

        await RefusedAsync(form, HttpStatusCode.BadRequest, "unsupported_grant_type", 70003, "'magic'");
    }

    [Theory]
    [InlineData("fabrikam.onmicrosoft.com")]
    [InlineData("0f4f5d2e-7f2b-4f0a-8a1c-3a9d4a1f6d11")]
    public async Task Refuses_other_tenants(string tenant)
    {
        await RefusedAsync(
            _client.Form(_client.NewAssertion().ToString()),
            HttpStatusCode.BadRequest,
            "invalid_request",
            90002,
            $"Tenant '{tenant}' not found.",
            tenant);

        var json = await JsonAsync($"/{tenant}/v2.0/.well-known/openid-configuration");
        Assert.Equal("invalid_tenant", (string?)json["error"]);
        Assert.Equal(90002, (int)json["error_codes"]![0]!);
    }

    [Fact]
    public Task Needs_a_tenant() => RefusedAsync(
        _client.Form(_client.NewAssertion().ToString()),
        HttpStatusCode.BadRequest,
        "invalid_request",
        50059,
        "No tenant-identifying information",
        "common");

    [Theory]
    [InlineData("8f1f8a52-24ae-4d0e-9d3f-0e4c0a9a9f55")]
    [InlineData("not-an-id")]
    public async Task Refuses_unknown_apps(string appId)
    {
        var form = _client.Form(_client.NewAssertion().ToString());
        form["client_id"] = appId;

        await RefusedAsync(form, HttpStatusCode.BadRequest, "unauthorized_client", 700016, $"'{appId}' was not found in the directory");
    }

    [Fact]
    public async Task Needs_a_credential()
    {
        var form = _client.Form(string.Empty);

        await RefusedAsync(form, HttpStatusCode.Unauthorized, "invalid_client", 7000216, "'client_assertion', 'client_secret' or 'request'");
    }

    [Fact]
    public async Task Refuses_a_certificate_that_is_not_registered()
    {
        using var stranger = SelfSigned();

        await RefusedAsync(
            _client.Form(_client.NewAssertion(stranger).ToString()),
            HttpStatusCode.Unauthorized,
            "invalid_client",
            700027,
            $"The key was not found., Thumbprint of key used by client: '{stranger.Thumbprint}'");
    }

    [Fact]
    public async Task Refuses_a_wrong_signature()
    {
        using var stranger = SelfSigned();
        using var registered = _client.LoadApp();
        var forged = _client.NewAssertion(stranger).With(a => a.Header["x5t"] = Base64Url.EncodeToString(TenantClient.Sha1(registered)));

        await RefusedAsync(
            _client.Form(forged.ToString()),
            HttpStatusCode.Unauthorized,
            "invalid_client",
            700027,
            $"use of the key to verify the signature failed., Thumbprint of key used by client: '{registered.Thumbprint}', Found key 'Start=");
    }

    [Fact]
    public async Task Refuses_a_payload_changed_after_signing()
    {
        var good = _client.NewAssertion();
        var parts = good.ToString().Split('.');
        var changed = good.With(a => a.Payload["exp"] = (long)a.Payload["exp"]! + 60).ToString().Split('.');

        await RefusedAsync(
            _client.Form($"{parts[0]}.{changed[1]}.{parts[2]}"),
            HttpStatusCode.Unauthorized,
            "invalid_client",
            700027,
            "signature failed");
    }

    [Fact]
    public async Task Refuses_header_members_of_different_certificates()
    {
        using var stranger = SelfSigned();
        var mixed = _client.NewAssertion().With(a => a.Header["x5c"] = new JsonArray(Convert.ToBase64String(stranger.RawData)));

        await RefusedAsync(_client.Form(mixed.ToString()), HttpStatusCode.Unauthorized, "invalid_client", 700027, "The key was not found.");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("ES256")]
    public async Task Refuses_other_algorithms(string algorithm)
    {
        var assertion = _client.NewAssertion().With(a => a.Header["alg"] = algorithm);

        await RefusedAsync(_client.Form(assertion.ToString()), HttpStatusCode.BadRequest, "invalid_request", 50027, "JWT token is invalid");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b")]
    [InlineData("....")]
    [InlineData("W10.W10.AA")]
    [InlineData("e30.e30.AA")]
    [InlineData("eyJhbGciOiJSUzI1NiIsIng1YyI6IngifQ.e30.AA")]
    public async Task Refuses_what_is_no_assertion(string assertion) =>
        await RefusedAsync(_client.Form(assertion), HttpStatusCode.BadRequest, "invalid_request", 50027, "JWT token is invalid or malformed.");

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    public async Task Refuses_an_assertion_of_another_client(string claim)
    {
        var assertion = _client.NewAssertion().With(a => a.Payload[claim] = Guid.NewGuid().ToString());

        await RefusedAsync(_client.Form(assertion.ToString()), HttpStatusCode.Unauthorized, "invalid_client", 700021, "doesn't match 'client_id'");
    }

    [Theory]
    [InlineData("https://login.example.com/contoso.onmicrosoft.com/oauth2/v2.0/token")]
    [InlineData("https://login.exoconnect.localhost/fabrikam.onmicrosoft.com/oauth2/v2.0/token")]
    [InlineData("https://login.exoconnect.localhost/contoso.onmicrosoft.com/elsewhere")]
    [InlineData("http://login.exoconnect.localhost/contoso.onmicrosoft.com/oauth2/v2.0/token")]
    [InlineData("")]
    public async Task Refuses_an_assertion_for_somebody_else(string audience)
    {
        var assertion = _client.NewAssertion().With(a => a.Payload["aud"] = audience);

        await RefusedAsync(_client.Form(assertion.ToString()), HttpStatusCode.Unauthorized, "invalid_client", 700023, "audience claim does not");
    }

    [Fact]
    public async Task Refuses_a_list_of_audiences()
    {
        var assertion = _client.NewAssertion().With(a => a.Payload["aud"] = new JsonArray(_client.TokenEndpoint()));

        await RefusedAsync(_client.Form(assertion.ToString()), HttpStatusCode.BadRequest, "invalid_request", 50027, "malformed");
    }

    [Theory]
    [InlineData(-1200, -600)]
    [InlineData(600, 1200)]
    [InlineData(0, 3 * 24 * 3600)]
    public async Task Refuses_an_assertion_outside_its_time(int from, int to)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var assertion = _client.NewAssertion().With(a => (a.Payload["nbf"], a.Payload["exp"]) = (now + from, now + to));

        await RefusedAsync(
            _client.Form(assertion.ToString()),
            HttpStatusCode.Unauthorized,
            "invalid_client",
            700024,
            "Client assertion is not within its valid time range. Current time: ");
    }

    [Theory]
    [InlineData(-600, -240)]
    [InlineData(240, 600)]
    public async Task Forgives_four_minutes_of_clock_skew(int from, int to)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var assertion = _client.NewAssertion().With(a => (a.Payload["nbf"], a.Payload["exp"]) = (now + from, now + to));

        Assert.Equal(HttpStatusCode.OK, (await _client.PostTokenAsync(_client.Form(assertion.ToString()))).Status);
    }

    [Fact]
    public async Task Refuses_a_replayed_assertion()
    {
        var assertion = _client.NewAssertion().ToString();

        Assert.Equal(HttpStatusCode.OK, (await _client.PostTokenAsync(_client.Form(assertion))).Status);
        await RefusedAsync(_client.Form(assertion), HttpStatusCode.Unauthorized, "invalid_client", 50013, "'jti' has been used before");
    }

    [Theory]
    [InlineData("https://graph.microsoft.com/User.Read.All", 1002012, "must have a scope value with /.default")]
    [InlineData("/.default", 1002012, "must have a scope value with /.default")]
    [InlineData("https://outlook.office365.com/.default https://graph.microsoft.com/.default", 70011, "is not valid")]
    public async Task Refuses_other_scopes(string scope, int code, string text) =>
        await RefusedAsync(_client.Form(_client.NewAssertion().ToString(), scope), HttpStatusCode.BadRequest, "invalid_scope", code, text);

    [Fact]
    public async Task Refuses_unknown_resources() => await RefusedAsync(
        _client.Form(_client.NewAssertion().ToString(), "https://api.example.com/.default"),
        HttpStatusCode.BadRequest,
        "invalid_resource",
        500011,
        "The resource principal named https://api.example.com was not found in the tenant named");

    [Theory]
    [InlineData("https://outlook.office365.com/.default", "https://outlook.office365.com")]
    [InlineData("https://outlook.office365.com//.default", "https://outlook.office365.com/")]
    [InlineData("00000002-0000-0ff1-ce00-000000000000/.default", "00000002-0000-0ff1-ce00-000000000000")]
    [InlineData("https://ps.compliance.protection.outlook.com/.default", "https://ps.compliance.protection.outlook.com")]
    [InlineData("https://graph.microsoft.com/.default", "https://graph.microsoft.com")]
    [InlineData("https://manage.office.com/.default", "https://manage.office.com")]
    [InlineData("https://contoso.sharepoint.com/.default", "https://contoso.sharepoint.com")]
    public async Task Issues_tokens_for_the_services(string scope, string audience)
    {
        var token = await _client.TokenAsync(scope);

        Assert.Equal(audience, (string?)JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!["aud"]);
    }

    [Fact]
    public async Task Apps_can_be_added_and_changed_while_it_runs()
    {
        using var certificate = SelfSigned();
        var app = Tenant.AddApplication("Second", certificate, ["Exchange.ManageAsApp", "User.Read.All"], ["Global Reader", "security reader"]);
        try
        {
            var claims = await ClaimsAsync(app, certificate);
            Assert.Equal(["Exchange.ManageAsApp"], claims["roles"]!.AsArray().Select(role => (string?)role));
            Assert.Contains("f2ef992c-3afb-46b9-b7cf-a126ee74c451", claims["wids"]!.AsArray().Select(id => (string?)id));
            Assert.Contains("5d6b6bb7-de71-4623-b4af-96380a352509", claims["wids"]!.AsArray().Select(id => (string?)id));

            Assert.True(app.RemovePermission("Exchange.ManageAsApp"));
            Assert.False(app.RemovePermission("Exchange.ManageAsApp"));
            Assert.True(app.RemoveRole("Global Reader"));
            claims = await ClaimsAsync(app, certificate);
            Assert.Null(claims["roles"]);
            Assert.DoesNotContain("f2ef992c-3afb-46b9-b7cf-a126ee74c451", claims["wids"]!.AsArray().Select(id => (string?)id));

            app.AdminConsent = false;
            await RefusedAsync(FormOf(app, certificate), HttpStatusCode.BadRequest, "invalid_grant", 65001, $"with ID '{app.AppId}' named 'Second'");
            app.AdminConsent = true;

            Assert.True(app.RemoveCertificate(certificate.Thumbprint));
            await RefusedAsync(FormOf(app, certificate), HttpStatusCode.Unauthorized, "invalid_client", 700027, "The key was not found.");
        }
        finally
        {
            Assert.True(Tenant.Registry.RemoveApplication(app.AppId));
        }

        await RefusedAsync(FormOf(app, certificate), HttpStatusCode.BadRequest, "unauthorized_client", 700016, app.AppId.ToString());
    }

    [Fact]
    public async Task Takes_client_secrets()
    {
        var app = Tenant.AddApplication("With a secret", null, ["Exchange.ManageAsApp"], []);
        var form = _client.Form(string.Empty, appId: app.AppId);

        form["client_secret"] = app.AddSecret(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.OK, (await _client.PostTokenAsync(form)).Status);

        form["client_secret"] = "guessed";
        await RefusedAsync(form, HttpStatusCode.Unauthorized, "invalid_client", 7000215, "Invalid client secret provided.");

        form["client_secret"] = app.AddSecret(TimeSpan.FromSeconds(-1));
        await RefusedAsync(form, HttpStatusCode.Unauthorized, "invalid_client", 7000222, $"client secret keys for app '{app.AppId}' are expired.");
        Tenant.Registry.RemoveApplication(app.AppId);
    }

    [Fact]
    public async Task Refuses_a_registered_certificate_that_has_expired()
    {
        using var certificate = SelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(-1));
        var app = Tenant.AddApplication("Old", certificate, [], []);

        await RefusedAsync(FormOf(app, certificate), HttpStatusCode.Unauthorized, "invalid_client", 700027, "The key used is expired.");
        Tenant.Registry.RemoveApplication(app.AppId);
    }

    [Fact]
    public void Names_the_roles_there_are()
    {
        var error = Assert.Throws<TenantException>(() => Tenant.AddApplication("Nobody", null, [], ["Emperor"]));

        Assert.Equal("There is no directory role 'Emperor'.", error.Message);
        Assert.Contains("Global Administrator", error.Remedy, StringComparison.Ordinal);
    }

    private static X509Certificate2 SelfSigned(DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(from ?? DateTimeOffset.UtcNow.AddDays(-1), to ?? DateTimeOffset.UtcNow.AddDays(1));
    }

    [GeneratedRegex(@" Trace ID: [0-9a-f-]{36} Correlation ID: [0-9a-f-]{36} Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$")]
    private static partial Regex Ids();

    private Dictionary<string, string?> FormOf(TenantApplication app, X509Certificate2 certificate)
    {
        var id = app.AppId.ToString();
        var assertion = _client.NewAssertion(certificate).With(a => (a.Payload["iss"], a.Payload["sub"]) = (id, id));
        return _client.Form(assertion.ToString(), appId: app.AppId);
    }

    private async Task<JsonNode> ClaimsAsync(TenantApplication app, X509Certificate2 certificate)
    {
        var (status, json) = await _client.PostTokenAsync(FormOf(app, certificate));
        Assert.True(status == HttpStatusCode.OK, json.ToJsonString());
        return JsonNode.Parse(Base64Url.DecodeFromChars(((string)json["access_token"]!).Split('.')[1]))!;
    }

    private async Task<JsonNode> JsonAsync(string path)
    {
        using var response = await _client.Http.GetAsync(_client.Url(TenantClient.SignIn, path));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private async Task RefusedAsync(
        Dictionary<string, string?> form,
        HttpStatusCode status,
        string error,
        int code,
        string text,
        string? tenant = null)
    {
        var (actual, json) = await _client.PostTokenAsync(form, tenant);

        Assert.Equal((status, error, code), (actual, (string?)json["error"], (int)json["error_codes"]![0]!));
        var description = (string)json["error_description"]!;
        Assert.StartsWith($"AADSTS{code}: ", description, StringComparison.Ordinal);
        Assert.Contains(text, description, StringComparison.Ordinal);
        Assert.Matches(Ids(), description);
    }
}
