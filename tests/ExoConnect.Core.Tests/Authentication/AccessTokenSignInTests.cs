using System.Security;
using System.Text;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.Core.Tests.Sessions;
using ExoConnect.Core.Text;
using ExoConnect.LocalTenant;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>A token that was got elsewhere and handed in.</summary>
public sealed class AccessTokenSignInTests
{
    private const string Exchange = "https://outlook.office365.com";

    private static SecureString Token(string payload) => TestCertificates.Secure(
        $"{Base64Text.Url("{}"u8)}.{Base64Text.Url(Encoding.UTF8.GetBytes(payload))}.c2lnbmF0dXJl");

    private static SecureString Token(string audience, DateTimeOffset end, Guid? tenant = null) =>
        Token($$"""{"aud":"{{audience}}","exp":{{end.ToUnixTimeSeconds()}},"tid":"{{tenant ?? Guid.Empty}}","appid":"{{Guid.Empty}}","idtyp":"app"}""");

    private static AccessTokenProvider Provider(SecureString token, string? organization = null) => new(organization, token, TimeProvider.System);

    private static async Task<string> RealTokenAsync(ConnectedTenant connected, string resource)
    {
        using var secret = TestCertificates.Secure(connected.Tenant.App.AddSecret(TimeSpan.FromDays(1)));
        using var lease = TokenProviderPool.Shared.Rent(
            connected.Environment, connected.Tenant.Organization, connected.Tenant.AppId.ToString(), new SignInMethod.ClientSecret(secret));
        return (await lease.Provider.GetTokenAsync(resource)).Value;
    }

    [Fact]
    public async Task A_token_connects_without_an_application_or_an_organization_being_named()
    {
        await using var connected = await ConnectedTenant.StartAsync();
        using var token = TestCertificates.Secure("Bearer " + await RealTokenAsync(connected, Exchange) + "\n");
        connected.Tenant.Requests.Clear();
        var session = await connected.ConnectAsync(
            connected.Options() with { SignIn = new SignInMethod.AccessToken(token), AppId = null, Organization = null });

        Assert.DoesNotContain(connected.Tenant.Requests, r => r.Service == TenantService.Entra);
        Assert.Equal(connected.Tenant.TenantId.ToString(), session.Description.TenantId);
        Assert.Equal(connected.Tenant.TenantId.ToString(), session.Description.Organization);
        Assert.Equal(connected.Tenant.AppId.ToString(), session.Description.AppId);
        Assert.Equal("AccessToken", session.Description.SignInMethod);
        Assert.NotEmpty(await connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
    }

    [Fact]
    public async Task A_token_for_another_service_is_refused_before_any_request()
    {
        await using var connected = await ConnectedTenant.StartAsync();
        using var token = TestCertificates.Secure(await RealTokenAsync(connected, "https://graph.microsoft.com"));
        connected.Tenant.Requests.Clear();
        var e = await Assert.ThrowsAsync<SignInException>(() => connected.ConnectAsync(
            connected.Options() with { SignIn = new SignInMethod.AccessToken(token) }));

        Assert.Equal(("AccessTokenForAnotherService", "AccessToken"), (e.ErrorId, e.ParameterName));
        Assert.Equal("The access token is for Microsoft Graph (https://graph.microsoft.com), not for Exchange Online "
            + "(https://outlook.office365.com).", e.Message);
        Assert.Empty(connected.Tenant.Requests);
    }

    [Fact]
    public async Task A_token_that_is_revoked_in_mid_session_cannot_be_renewed()
    {
        await using var connected = await ConnectedTenant.StartAsync();
        using var token = TestCertificates.Secure(await RealTokenAsync(connected, Exchange));
        var session = await connected.ConnectAsync(connected.Options() with { SignIn = new SignInMethod.AccessToken(token) });
        connected.Tenant.RevokeTokens();

        var e = await Assert.ThrowsAsync<SignInException>(() => connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        Assert.Equal("AccessTokenRefused", e.ErrorId);
        Assert.Equal(SessionState.TokenExpired, session.State);
    }

    [Fact]
    public void A_token_that_has_ended_is_refused()
    {
        using var token = Token(Exchange, DateTimeOffset.UtcNow.AddMinutes(-1));
        Assert.Equal("AccessTokenExpired", Assert.Throws<SignInException>(() => Provider(token)).ErrorId);
    }

    [Fact]
    public async Task A_token_that_ends_in_mid_session_is_not_sent_again()
    {
        var clock = new SwiftClock();
        using var token = Token(Exchange, clock.GetUtcNow().AddMinutes(10));
        var provider = new AccessTokenProvider(null, token, clock);
        Assert.Equal(Exchange, (await provider.GetTokenAsync(Exchange)).Resource);

        clock.Advance(TimeSpan.FromMinutes(11));
        var e = await Assert.ThrowsAsync<SignInException>(async () => await provider.GetTokenAsync(Exchange));
        Assert.Equal("AccessTokenExpired", e.ErrorId);
    }

    [Theory]
    [InlineData("https://outlook.office365.com/", true)]
    [InlineData("00000002-0000-0ff1-ce00-000000000000", true)]
    [InlineData("https://outlook.office365.us", false)]
    [InlineData("https://ps.compliance.protection.outlook.com", false)]
    [InlineData("https://outlook.office365.com.evil.example", false)]
    [InlineData("api://00000002-0000-0ff1-ce00-000000000000", false)]
    public async Task Only_the_service_itself_is_the_audience(string audience, bool good)
    {
        using var token = Token(audience, DateTimeOffset.UtcNow.AddHours(1));
        var asked = async () => await Provider(token).GetTokenAsync(Exchange);
        if (good)
        {
            Assert.NotNull(await asked());
        }
        else
        {
            Assert.Contains(audience, (await Assert.ThrowsAsync<SignInException>(asked)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_token_of_another_tenant_is_refused()
    {
        using var token = Token(Exchange, DateTimeOffset.UtcNow.AddHours(1), Guid.NewGuid());
        Assert.Equal("AccessTokenOfAnotherTenant", Assert.Throws<ExoException>(() => Provider(token, Guid.NewGuid().ToString())).ErrorId);
        Assert.Equal("contoso.onmicrosoft.com", Provider(token, "contoso.onmicrosoft.com").Organization);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hunter2")]
    [InlineData("a.b.c")]
    [InlineData("eyJ.eyJhdWQiOiJ4In0.c")]
    public void What_is_no_token_is_refused_and_not_shown(string text)
    {
        using var token = TestCertificates.Secure(text);
        var e = Assert.Throws<ExoException>(() => Provider(token));
        Assert.Equal(("AccessTokenInvalid", "AccessToken"), (e.ErrorId, e.ParameterName));
        Assert.True(text.Length == 0 || !e.Message.Contains(text, StringComparison.Ordinal));
    }
}
