using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Hosting;
using Microsoft.Identity.Client;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>What the admin API makes of tokens.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private Tenant _tenant = null!;
    private TenantClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 3, Clock = _clock });
        _client = new TenantClient(_tenant);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _tenant.DisposeAsync();
    }

    [Fact]
    public async Task Needs_a_token()
    {
        using var response = await _client.SendAsync(TenantClient.Exchange, _client.Api("Mailbox"), token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var challenge = response.Headers.WwwAuthenticate.Single();
        Assert.Equal("Bearer", challenge.Scheme);
        Assert.StartsWith("client_id=\"00000002-0000-0ff1-ce00-000000000000\"", challenge.Parameter, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    public Task Refuses_what_is_no_token(string token) => RefusedAsync(TenantClient.Exchange, "Mailbox", token, "2000001;");

    [Fact]
    public async Task Refuses_a_token_changed_after_signing()
    {
        var parts = (await _client.TokenAsync()).Split('.');
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        claims["wids"] = new JsonArray("62e90394-69f5-4237-9190-012177145e10");
        parts[1] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));

        await RefusedAsync(TenantClient.Exchange, "Mailbox", string.Join('.', parts), "2000001;");
    }

    [Fact]
    public async Task Refuses_the_token_of_another_tenant()
    {
        await using var other = await Tenant.StartAsync(new TenantOptions());
        using var client = new TenantClient(other);

        await RefusedAsync(TenantClient.Exchange, "Mailbox", await client.TokenAsync(), "2000001;");
    }

    [Theory]
    [InlineData(TenantClient.Exchange, "https://outlook.office365.com/.default", true)]
    [InlineData(TenantClient.Exchange, "https://outlook.office365.com//.default", true)]
    [InlineData("localhost", "https://outlook.office365.com/.default", true)]
    [InlineData(TenantClient.Exchange, "https://ps.compliance.protection.outlook.com/.default", false)]
    [InlineData(TenantClient.Exchange, "https://graph.microsoft.com/.default", false)]
    [InlineData("nam12b." + TenantClient.Compliance, "https://ps.compliance.protection.outlook.com/.default", true)]
    [InlineData("nam12b." + TenantClient.Compliance, "https://outlook.office365.com/.default", false)]
    [InlineData(TenantClient.Compliance, "https://outlook.office365.com/.default", false)]
    public async Task Checks_the_audience(string host, string scope, bool good)
    {
        var token = await _client.TokenAsync(scope);
        if (good)
        {
            using var response = await _client.SendAsync(host, _client.Api("Nothing"), token);
            Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        else
        {
            await RefusedAsync(host, "Nothing", token, "2000003;reason=\"The audience claim value is invalid.\"");
        }
    }

    [Fact]
    public async Task The_front_door_of_compliance_takes_exchange_tokens_for_the_session_start_only()
    {
        var token = await _client.TokenAsync();

        using (var response = await _client.SendAsync(TenantClient.Compliance, _client.Api("EXOModuleFile") + "?Version=3.7.0", token))
        {
            Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        await RefusedAsync(TenantClient.Compliance, "InvokeCommand", token, "2000003;");
        await RefusedAsync("nam12b." + TenantClient.Compliance, "EXOModuleFile", token, "2000003;");
    }

    [Fact]
    public async Task Refuses_expired_tokens()
    {
        var token = await _client.TokenAsync();

        _clock.Advance(TimeSpan.FromMinutes(59));
        using (var response = await _client.SendAsync(TenantClient.Exchange, _client.Api("Nothing"), token))
        {
            Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        _clock.Advance(TimeSpan.FromMinutes(2));
        await RefusedAsync(TenantClient.Exchange, "Nothing", token, "2000005;reason=\"The token has expired.\"");
    }

    [Fact]
    public async Task The_path_names_this_tenant()
    {
        var token = await _client.TokenAsync();

        foreach (var (path, status) in new[]
        {
            ($"/AdminApi/v1.0/{Guid.NewGuid()}/Nothing", HttpStatusCode.Forbidden),
            ("/adminapi/beta/fabrikam.onmicrosoft.com/Nothing", HttpStatusCode.Forbidden),
            ("/adminapi/beta", HttpStatusCode.NotFound),
            ("/adminapi/", HttpStatusCode.NotFound),
            ("/owa/", HttpStatusCode.NotFound),
        })
        {
            using var response = await _client.SendAsync(TenantClient.Exchange, path, token);
            Assert.Equal((path, status), (path, response.StatusCode));
        }

        using var byDomain = await _client.SendAsync(TenantClient.Exchange, $"/ADMINAPI/beta/{_tenant.Organization}/Nothing", token);
        Assert.NotEqual(HttpStatusCode.Forbidden, byDomain.StatusCode);
        Assert.NotEqual(HttpStatusCode.Unauthorized, byDomain.StatusCode);
    }

    [Fact]
    public async Task Revocation_lasts_until_the_challenge_is_answered()
    {
        var old = await _client.TokenAsync();
        _tenant.RevokeTokens();

        var challenge = await ChallengeAsync(old);
        await ChallengeAsync(await _client.TokenAsync());

        var fresh = await _client.TokenAsync(claims: challenge);
        using (var response = await _client.SendAsync(TenantClient.Exchange, _client.Api("Nothing"), fresh))
        {
            Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        await ChallengeAsync(old);

        // An old challenge is no response to a new revocation.
        _tenant.RevokeTokens();
        await ChallengeAsync(await _client.TokenAsync(claims: challenge));
    }

    [Fact]
    public async Task Msal_answers_the_challenge()
    {
        using var certificate = _client.LoadApp();
        var app = ConfidentialClientApplicationBuilder.Create(_tenant.AppId.ToString())
            .WithAuthority(_client.Url(TenantClient.SignIn, $"/{_tenant.Organization}").ToString())
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(_client)
            .WithClientCapabilities(["cp1"])
            .WithCertificate(certificate)
            .Build();
        var first = await app.AcquireTokenForClient([TenantClient.ExchangeScope]).ExecuteAsync();
        _tenant.RevokeTokens();
        var challenge = await ChallengeAsync(first.AccessToken);

        var second = await app.AcquireTokenForClient([TenantClient.ExchangeScope]).WithClaims(challenge).ExecuteAsync();

        using var response = await _client.SendAsync(TenantClient.Exchange, _client.Api("Nothing"), second.AccessToken);
        Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Refuses_claims_that_are_not_json()
    {
        var form = _client.Form(_client.NewAssertion().ToString());
        form["claims"] = "{";

        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostTokenAsync(form)).Status);
    }

    private async Task<string> ChallengeAsync(string token)
    {
        using var response = await _client.SendAsync(TenantClient.Exchange, _client.Api("Nothing"), token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var parameters = WwwAuthenticateParameters.CreateFromAuthenticationHeaders(response.Headers, "Bearer");
        Assert.Equal("insufficient_claims", parameters.Error);
        Assert.NotNull(JsonNode.Parse(parameters.Claims)!["access_token"]!["nbf"]);
        return parameters.Claims;
    }

    private async Task RefusedAsync(string host, string operation, string token, string diagnostics)
    {
        using var response = await _client.SendAsync(host, _client.Api(operation), token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.Single().Parameter, StringComparison.Ordinal);
        Assert.StartsWith(diagnostics, response.Headers.GetValues("x-ms-diagnostics").Single(), StringComparison.Ordinal);
    }
}
