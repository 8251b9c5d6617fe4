using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.Core.Tests.Sessions;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>What all ways of signing in have in common.</summary>
public sealed class SignInMethodTests
{
    private static readonly string AppId = Guid.NewGuid().ToString();

    private readonly TokenProviderPool _providers = new();

    [Fact]
    public void No_way_of_signing_in_shows_its_secret()
    {
        using var secret = TestCertificates.Secure("hush");
        SignInMethod[] methods =
        [
            new SignInMethod.Certificate(new CertificateSource.File("app.pfx", secret)), new SignInMethod.ClientSecret(secret),
            new SignInMethod.AccessToken(secret), new SignInMethod.DeviceCode("a@b.c"), new SignInMethod.Browser(),
            new SignInMethod.Password("a@b.c", secret),
            new SignInMethod.DefaultCredential([]),
            new SignInMethod.ManagedIdentity(),
            new SignInMethod.WorkloadIdentity(new FederatedTokenSource.GitHubActions(new Uri("https://x.y"), secret)),
        ];
        Assert.All(methods, method =>
        {
            Assert.DoesNotContain("hush", method.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("SecureString", method.ToString(), StringComparison.Ordinal);
            Assert.Equal(method.GetType().Name, method.Name);
        });
    }

    [Theory]
    [InlineData(null, "contoso.onmicrosoft.com", "AppIdMissing", "AppId")]
    [InlineData(" ", "contoso.onmicrosoft.com", "AppIdMissing", "AppId")]
    [InlineData("x", null, "OrganizationMissing", "Organization")]
    [InlineData("x", "contoso.onmicrosoft.com", "AppIdInvalid", "AppId")]
    public void An_application_needs_its_id_and_its_organization(string? appId, string? organization, string errorId, string parameter)
    {
        using var secret = TestCertificates.Secure("hush");
        foreach (var method in new SignInMethod[]
        {
            new SignInMethod.ClientSecret(secret), new SignInMethod.Certificate(new CertificateSource.Bytes(TestCertificates.Rsa().Pfx())),
        })
        {
            var e = Assert.Throws<ExoException>(() => _providers.Rent(CloudEnvironments.O365Default, organization, appId, method));
            Assert.Equal((errorId, parameter, ExoErrorCategory.InvalidArgument), (e.ErrorId, e.ParameterName, e.Category));
        }

        Assert.Equal(0, _providers.Count);
    }

    [Fact]
    public void The_same_secret_is_the_same_identity_and_another_one_is_not()
    {
        using var first = Rent("hush");
        using var second = Rent("hush");
        using var third = Rent("other");
        Assert.Same(first.Provider, second.Provider);
        Assert.NotSame(first.Provider, third.Provider);
        Assert.Null(first.Certificate);

        TokenProviderLease Rent(string text)
        {
            using var secret = TestCertificates.Secure(text);
            return _providers.Rent(CloudEnvironments.O365Default, "contoso.onmicrosoft.com", AppId, new SignInMethod.ClientSecret(secret));
        }
    }

    [Fact]
    public async Task A_client_secret_signs_in_to_both_services_with_one_identity()
    {
        await using var connected = await ConnectedTenant.StartAsync();
        using var secret = TestCertificates.Secure(connected.Tenant.App.AddSecret(TimeSpan.FromDays(1)));
        var signIn = new SignInMethod.ClientSecret(secret);
        var exchange = await connected.ConnectAsync(connected.Options() with { SignIn = signIn });
        var compliance = await connected.ConnectAsync(connected.Options(ExoService.SecurityCompliance) with { SignIn = signIn });

        Assert.Equal("ClientSecret", exchange.Description.SignInMethod);
        Assert.Null(exchange.Description.CertificateThumbprint);
        Assert.NotEmpty(await connected.RunAsync(exchange, "Get-Mailbox", ("ResultSize", 1)));
        Assert.NotEmpty(compliance.Catalog.Cmdlets);
        Assert.NotEqual(exchange.Description.Claims.Audience, compliance.Description.Claims.Audience);
    }

    [Fact]
    public async Task A_client_secret_that_was_revoked_in_mid_session_is_renewed_and_then_says_why_not()
    {
        await using var connected = await ConnectedTenant.StartAsync();
        using var secret = TestCertificates.Secure(connected.Tenant.App.AddSecret(TimeSpan.FromDays(1)));
        var session = await connected.ConnectAsync(connected.Options() with { SignIn = new SignInMethod.ClientSecret(secret) });
        connected.Tenant.RevokeTokens();
        Assert.NotEmpty(await connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));

        connected.Tenant.RevokeTokens();
        connected.Tenant.Registry.RemoveApplication(connected.Tenant.AppId);
        var e = await Assert.ThrowsAsync<SignInException>(() => connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        Assert.Equal("ApplicationNotFound", e.ErrorId);
    }

    [Theory]
    [InlineData(false, "ClientSecretInvalid", "AADSTS7000215")]
    [InlineData(true, "CredentialExpired", "AADSTS7000222")]
    public async Task A_client_secret_that_is_wrong_or_has_expired_is_told_apart(bool expired, string errorId, string code)
    {
        await using var connected = await ConnectedTenant.StartAsync();
        using var secret = TestCertificates.Secure(expired ? connected.Tenant.App.AddSecret(TimeSpan.FromDays(-1)) : "no-such-secret");
        var e = await Assert.ThrowsAsync<SignInException>(() => connected.ConnectAsync(
            connected.Options() with { SignIn = new SignInMethod.ClientSecret(secret) }));

        Assert.Equal((errorId, code), (e.ErrorId, e.AadstsCode));
        Assert.DoesNotContain("no-such-secret", e.ToString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(e.Remedy));
    }

    [Fact]
    public async Task Consent_that_is_missing_and_a_wrong_tenant_are_told_for_a_client_secret_too()
    {
        await using var connected = await ConnectedTenant.StartAsync();
        using var secret = TestCertificates.Secure(connected.Tenant.App.AddSecret(TimeSpan.FromDays(1)));
        var options = connected.Options() with { SignIn = new SignInMethod.ClientSecret(secret) };
        var wrong = await Assert.ThrowsAsync<SignInException>(
            () => connected.ConnectAsync(options with { Organization = "fabrikam.onmicrosoft.com" }));
        Assert.Equal("TenantNotFound", wrong.ErrorId);

        connected.Tenant.App.AdminConsent = false;
        var missing = await Assert.ThrowsAsync<SignInException>(() => connected.ConnectAsync(options));
        Assert.Equal(("ConsentMissing", "AADSTS65001"), (missing.ErrorId, missing.AadstsCode));
    }
}
