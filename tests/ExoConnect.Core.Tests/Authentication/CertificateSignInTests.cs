using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Transport;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Hosting;
using ExoConnect.Tests;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>The engine signs in at the local tenant, over real TLS, with assertions that are verified.</summary>
[Collection(MsalVariables.Name)]
public sealed class CertificateSignInTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private const string Exchange = "https://outlook.office365.com";

    private readonly SwiftClock _clock = new();
    private readonly List<CertificateTokenProvider> _providers = [];

    private Tenant Tenant => fixture.Tenant;

    private ExoEnvironment Environment => EnvironmentFile.Load(Tenant.EnvironmentFile);

    public void Dispose()
    {
        _providers.ForEach(provider => provider.Dispose());
        Tenant.Faults.Clear();
    }

    private ClientCertificate Open() =>
        new CertificateSource.File(Tenant.PfxPath, TestCertificates.Secure(Tenant.PfxPassword)).Open();

    private CertificateTokenProvider Provider(
        ExoEnvironment? environment = null, string? organization = null, string? appId = null, ClientCertificate? certificate = null,
        SignInOptions? options = null)
    {
        var provider = new CertificateTokenProvider(
            environment ?? Environment, organization ?? Tenant.Organization, appId ?? Tenant.AppId.ToString(), certificate ?? Open(),
            options ?? new SignInOptions { Clock = _clock });
        _providers.Add(provider);
        return provider;
    }

    /// <summary>A token of another alphabet would be met as a broken connection, one with a line break could be two headers.</summary>
    [Theory]
    [InlineData("t\u00FCken")]
    [InlineData("a.b.c\r\nX-Evil: 1")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    public async Task A_token_that_no_header_can_hold_is_no_sign_in_response(string token)
    {
        var identity = new SignInIdentity(new Uri("https://login.example/"), "contoso.onmicrosoft.com", Guid.NewGuid().ToString(), "secret");
        using var source = new RetryingTokenSource(identity, new SignInOptions { Clock = _clock }, () => new FixedEndpoint(token));
        var e = await Assert.ThrowsAsync<SignInException>(async () => await source.GetAsync(Exchange, default, default));

        Assert.Equal("SignInResponseInvalid", e.ErrorId);
        Assert.DoesNotContain(token, e.ToString(), StringComparison.Ordinal);
    }

    private static async Task<SignInException> FailsAsync(CertificateTokenProvider provider, string errorId, ExoErrorCategory category)
    {
        var e = await Assert.ThrowsAsync<SignInException>(async () => await provider.GetTokenAsync(Exchange));
        Assert.Equal(errorId, e.ErrorId);
        Assert.Equal(category, e.Category);
        Assert.False(string.IsNullOrWhiteSpace(e.Remedy));
        Assert.DoesNotContain("eyJ", e.ToString(), StringComparison.Ordinal);
        return e;
    }

    private int TokenRequests() => Tenant.Requests.Count(request => request.Service == TenantService.Entra);

    [Fact]
    public async Task Signs_in_for_each_resource()
    {
        var provider = Provider();
        foreach (var resource in new[] { Exchange, "https://ps.compliance.protection.outlook.com", "https://graph.microsoft.com" })
        {
            var token = await provider.GetTokenAsync(resource);
            Assert.Equal(resource, token.Resource);
            Assert.Equal(resource, token.Claims.Audience);
            Assert.Equal(Tenant.TenantId.ToString(), token.Claims.TenantId);
            Assert.Equal(Tenant.AppId.ToString(), token.Claims.AppId);
            Assert.True(token.Claims.IsAppOnly);
            Assert.Contains(DirectoryRoles.Of(token.Claims), role => role.Name == "Global Administrator");
            Assert.InRange(token.ExpiresOn - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(60));
        }
    }

    [Theory]
    [InlineData(CertificateFormats.Pfx, false, "SHA256")]
    [InlineData(CertificateFormats.Pfx, true, "SHA512")]
    [InlineData(CertificateFormats.Pem, false, "SHA384")]
    public async Task Signs_in_with_a_certificate_just_made(CertificateFormats format, bool legacy, string hash)
    {
        using var folder = new TestFolder();
        using var password = TestCertificates.Secure("secret");
        var made = CertificatePlan.Of(new NewCertificateOptions
        {
            CommonName = "nightly", Folder = folder.Path, Formats = format | CertificateFormats.Cer, LegacyEncryption = legacy, HashAlgorithm = hash,
        }).Make(password);
        using var publicPart = X509CertificateLoader.LoadCertificateFromFile(made.CerPath!);
        var application = Tenant.AddApplication("nightly", publicPart, ["Exchange.ManageAsApp"], ["Exchange Administrator"]);

        var certificate = new CertificateSource.File((made.PfxPath ?? made.PemPath)!, password).Open();
        var token = await Provider(appId: application.AppId.ToString(), certificate: certificate).GetTokenAsync(Exchange);

        Assert.Equal(application.AppId.ToString(), token.Claims.AppId);
        Tenant.Registry.RemoveApplication(application.AppId);
    }

    [Fact]
    public async Task Asks_no_host_but_the_token_endpoint_and_only_once()
    {
        var provider = Provider();
        Tenant.Requests.Clear();
        var tokens = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(async () => await provider.GetTokenAsync(Exchange))));
        Assert.Single(tokens.Distinct());
        var request = Assert.Single(Tenant.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal($"/{Tenant.Organization}/oauth2/v2.0/token", request.Target);
        Assert.Null(request.Header("x-client-current-telemetry"));
        Assert.Null(request.Header("x-client-last-telemetry"));
    }

    [Fact]
    public async Task Signs_in_by_tenant_id_and_application_id_in_any_form()
    {
        var provider = Provider(organization: $" {Tenant.TenantId} ", appId: $"{{{Tenant.AppId.ToString().ToUpperInvariant()}}}");
        Assert.Equal(Tenant.AppId.ToString(), provider.AppId);
        Assert.Equal(Tenant.TenantId.ToString(), provider.Organization);
        Assert.NotNull(await provider.GetTokenAsync(Exchange));
    }

    [Fact]
    public async Task Signs_in_from_every_source()
    {
        using var pfx = X509CertificateLoader.LoadPkcs12FromFile(Tenant.PfxPath, Tenant.PfxPassword, X509KeyStorageFlags.PersistKeySet);
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(pfx);
        try
        {
            var sources = new CertificateSource[]
            {
                new CertificateSource.Thumbprint(Tenant.Thumbprint), new CertificateSource.File(Tenant.PemPath), new CertificateSource.Instance(pfx),
                new CertificateSource.Base64(Convert.ToBase64String(File.ReadAllBytes(Tenant.PfxPath)), TestCertificates.Secure(Tenant.PfxPassword)),
            };
            foreach (var source in sources)
            {
                Assert.NotNull(await Provider(certificate: source.Open()).GetTokenAsync(Exchange));
            }
        }
        finally
        {
            store.Remove(pfx);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signs_in_with_a_key_of_an_old_provider_and_with_the_certificate_sent_along(bool old)
    {
        using var made = TestCertificates.Rsa(TestCertificates.OtherKey);
        var app = Tenant.AddApplication("other", made, ["Exchange.ManageAsApp"], ["Global Reader"]);
        var certificate = ClientCertificate.Accept(
            made, isOwned: false, new CertificateErrors.Origin("The certificate", "Certificate", null), TimeProvider.System,
            old ? new OldProviderKey(TestCertificates.OtherKey, allowPkcs1: true) : null);
        Assert.Equal(old ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss, certificate.SignaturePadding);
        var provider = Provider(
            appId: app.AppId.ToString(), certificate: certificate, options: new SignInOptions { SendCertificate = true, Clock = _clock });
        Assert.Equal(app.AppId.ToString(), (await provider.GetTokenAsync(Exchange)).Claims.AppId);
    }

    [Fact]
    public async Task A_revoked_token_is_replaced_by_answering_the_challenge()
    {
        var provider = Provider();
        var first = await provider.GetTokenAsync(Exchange);
        Tenant.RevokeTokens();
        using var refused = await CallAsync(first);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var claims = ClaimsChallenge.Parse(refused.Headers.WwwAuthenticate.Select(value => value.ToString()));
        Assert.NotNull(claims);

        var second = await provider.GetTokenAsync(Exchange, new TokenRequest(first.Value, claims));

        Assert.NotEqual(first.Value, second.Value);
        using var accepted = await CallAsync(second);
        Assert.NotEqual(HttpStatusCode.Unauthorized, accepted.StatusCode);
        Assert.Same(second, await provider.GetTokenAsync(Exchange));
    }

    [Fact]
    public async Task A_token_is_renewed_before_its_end()
    {
        var provider = Provider();
        var first = await provider.GetTokenAsync(Exchange);
        _clock.Advance(TimeSpan.FromMinutes(54));
        Assert.Same(first, await provider.GetTokenAsync(Exchange));

        // The assertion is dated by the same clock, which the tenant's would not accept: that it was asked shows enough.
        _clock.Advance(TimeSpan.FromMinutes(2));
        var e = await FailsAsync(provider, "ClockWrong", ExoErrorCategory.AuthenticationError);
        Assert.Equal("AADSTS700024", e.AadstsCode);
        Assert.Contains("56 minutes ahead", e.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1440 minutes ahead of")]
    [InlineData(-1, "1440 minutes behind")]
    public async Task A_clock_wrong_by_a_day_is_told_with_the_difference(int days, string difference)
    {
        _clock.Advance(TimeSpan.FromDays(days));
        var e = await FailsAsync(Provider(), "ClockWrong", ExoErrorCategory.AuthenticationError);

        Assert.Equal("AADSTS700024", e.AadstsCode);
        Assert.Contains(difference, e.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task With_a_secret_a_clock_wrong_by_a_day_changes_nothing(int days)
    {
        _clock.Advance(TimeSpan.FromDays(days));
        var identity = new SignInIdentity(Environment.SignIn, Tenant.Organization, Tenant.AppId.ToString()!, "a secret");
        using var provider = new ClientSecretTokenProvider(
            Environment, identity, TestCertificates.Secure(Tenant.ClientSecret!), new SignInOptions { Clock = _clock });
        var token = await provider.GetTokenAsync(Exchange);

        Assert.InRange(token.ExpiresOn, _clock.GetUtcNow().AddMinutes(30), _clock.GetUtcNow().AddMinutes(90));
        Assert.Equal(token.Value, (await provider.GetTokenAsync(Exchange)).Value);
    }

    [Fact]
    public async Task Unknown_application_organization_certificate_and_resource_are_told_apart()
    {
        var app = await FailsAsync(Provider(appId: Guid.NewGuid().ToString()), "ApplicationNotFound", ExoErrorCategory.AuthenticationError);
        Assert.Equal(("AADSTS700016", "AppId"), (app.AadstsCode, app.ParameterName));
        Assert.True(Guid.TryParse(app.CorrelationId, out _));
        Assert.True(Guid.TryParse(app.TraceId, out _));
        Assert.DoesNotContain(app.TraceId!, app.Message, StringComparison.Ordinal);
        Assert.Contains("was not found in the directory", app.Message, StringComparison.Ordinal);

        var tenant = await FailsAsync(Provider(organization: "nowhere.onmicrosoft.com"), "TenantNotFound", ExoErrorCategory.AuthenticationError);
        Assert.Equal(("AADSTS90002", "Organization"), (tenant.AadstsCode, tenant.ParameterName));

        using var stranger = TestCertificates.Rsa();
        var certificate = await FailsAsync(
            Provider(certificate: new CertificateSource.Instance(stranger).Open()), "CertificateNotRegistered", ExoErrorCategory.AuthenticationError);
        Assert.Equal("AADSTS700027", certificate.AadstsCode);
        Assert.Contains(stranger.Thumbprint, certificate.Message, StringComparison.Ordinal);

        var resource = await Assert.ThrowsAsync<SignInException>(async () => await Provider().GetTokenAsync("https://nowhere.example.org"));
        Assert.Equal("AADSTS500011", resource.AadstsCode);
        Assert.Equal("https://nowhere.example.org", resource.Target);
    }

    [Fact]
    public async Task Missing_consent_is_a_matter_of_permission()
    {
        using var made = TestCertificates.Rsa(TestCertificates.OtherKey);
        var app = Tenant.AddApplication("unloved", made, [], []);
        app.AdminConsent = false;
        var provider = Provider(appId: app.AppId.ToString(), certificate: new CertificateSource.Instance(made).Open());
        var e = await FailsAsync(provider, "ConsentMissing", ExoErrorCategory.PermissionDenied);
        Assert.Equal("AADSTS65001", e.AadstsCode);

        // What is mended works at once: failures are not kept.
        app.AdminConsent = true;
        var token = await provider.GetTokenAsync(Exchange);
        var advice = SignInAdvice.For(token.Claims, Tenant.Organization, ExoService.ExchangeOnline, Environment);
        Assert.Equal(2, advice.Count);
    }

    [Theory]
    [InlineData("common", "OrganizationInvalid")]
    [InlineData("organizations", "OrganizationInvalid")]
    [InlineData("", "OrganizationInvalid")]
    [InlineData("contoso", "OrganizationInvalid")]
    [InlineData("contoso.com/../other", "OrganizationInvalid")]
    [InlineData("contoso.com?x=y", "OrganizationInvalid")]
    public void Bad_organizations_are_refused_before_any_request(string organization, string errorId)
    {
        using var certificate = Open();
        var e = Assert.Throws<ExoException>(() => new CertificateTokenProvider(Environment, organization, Tenant.AppId.ToString(), certificate));
        Assert.Equal((errorId, "Organization"), (e.ErrorId, e.ParameterName));
        e = Assert.Throws<ExoException>(() => new CertificateTokenProvider(Environment, Tenant.Organization, "ExoConnect", certificate));
        Assert.Equal(("AppIdInvalid", "AppId"), (e.ErrorId, e.ParameterName));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task Passing_trouble_is_tried_again_with_a_new_assertion(int status)
    {
        Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Status = status, Times = 2 });
        Assert.NotNull(await Provider().GetTokenAsync(Exchange));
        Assert.Equal(2, _clock.Waits.Count);
        Assert.All(_clock.Waits, wait => Assert.InRange(wait, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Lasting_trouble_ends_after_three_tries()
    {
        var fault = Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Status = 503, Body = FaultBody.Html });
        var e = await FailsAsync(Provider(), "SignInServiceError", ExoErrorCategory.ResourceUnavailable);
        Assert.Equal(3, fault.Happened);
        Assert.Contains("503", e.Message, StringComparison.Ordinal);
        Assert.Contains(Environment.SignIn.Authority, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_wait_that_the_host_asks_for_is_waited()
    {
        Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Status = 503, Times = 1, RetryAfter = TimeSpan.Zero });
        Assert.NotNull(await Provider(organization: Tenant.TenantId.ToString()).GetTokenAsync(Exchange));
        Assert.Equal(TimeSpan.FromMilliseconds(250), Assert.Single(_clock.Waits));
    }

    [Fact]
    public async Task A_long_wait_that_the_host_asks_for_is_left_to_the_caller()
    {
        // MSAL remembers the wait for the application in this process, so this one is used nowhere else.
        using var made = TestCertificates.Rsa(TestCertificates.OtherKey);
        var app = Tenant.AddApplication("busy", made, [], []);
        var fault = Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Status = 429, RetryAfter = TimeSpan.FromSeconds(120) });
        var provider = Provider(appId: app.AppId.ToString(), certificate: new CertificateSource.Instance(made).Open());
        var e = await FailsAsync(provider, "SignInThrottled", ExoErrorCategory.ResourceUnavailable);
        Assert.Contains("120 seconds", e.Remedy, StringComparison.Ordinal);
        Assert.Equal(1, fault.Happened);
        e = await FailsAsync(provider, "SignInThrottled", ExoErrorCategory.ResourceUnavailable);
        Assert.Contains("seconds", e.Remedy, StringComparison.Ordinal);
        Assert.Equal(1, fault.Happened);
    }

    [Theory]
    [InlineData(200, FaultBody.Html)]
    [InlineData(200, FaultBody.Empty)]
    [InlineData(200, FaultBody.Text)]
    [InlineData(404, FaultBody.Html)]
    [InlineData(403, FaultBody.NulGzip)]
    [InlineData(302, FaultBody.Empty)]
    public async Task Anything_but_a_sign_in_response_is_said(int status, FaultBody body)
    {
        Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Status = status, Body = body });
        await FailsAsync(Provider(), "SignInResponseInvalid", ExoErrorCategory.InvalidData);
    }

    [Theory]
    [InlineData("{}", "SignInResponseInvalid")]
    [InlineData("null", "SignInResponseInvalid")]
    [InlineData("{\"token_type\":\"Bearer\"}", "SignInResponseInvalid")]
    [InlineData("{\"token_type\":\"Bearer\",\"expires_in\":3600}", "SignInResponseInvalid")]
    [InlineData("{\"token_type\":\"mac\",\"access_token\":\"eyJsecretsecret\",\"expires_in\":3600}", "SignInResponseInvalid")]
    [InlineData("{\"token_type\":\"Bearer\",\"access_token\":\"eyJsecretsecret\",\"expires_in\":\"never\"}", "SignInResponseInvalid")]
    public async Task Odd_responses_are_said(string content, string errorId)
    {
        Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Status = 200, Body = FaultBody.Text, Content = content });
        await FailsAsync(Provider(), errorId, ExoErrorCategory.InvalidData);
    }

    [Fact]
    public async Task A_secret_that_the_host_repeats_is_not_shown()
    {
        Tenant.Faults.Add(new FaultRule
        {
            Service = TenantService.Entra, Status = 400, Body = FaultBody.Text,
            Content = """{"error":"invalid_client","error_description":"Not good: eyJhbGciOiJQUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln for you.\r\nTrace ID: 1"}""",
        });
        var e = await Assert.ThrowsAsync<SignInException>(async () => await Provider().GetTokenAsync(Exchange));
        Assert.Equal("SignInRefused", e.ErrorId);
        Assert.EndsWith("Not good: (token) for you.", e.Message, StringComparison.Ordinal);
        Assert.Null(e.AadstsCode);
    }

    [Theory]
    [InlineData(FaultDrop.Before)]
    [InlineData(FaultDrop.Middle)]
    public async Task A_broken_connection_is_tried_again(FaultDrop drop)
    {
        var fault = Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Drop = drop, Times = 1 });
        Assert.NotNull(await Provider().GetTokenAsync(Exchange));
        Assert.Equal(1, fault.Happened);
    }

    [Fact]
    public async Task A_slow_host_times_out_by_name()
    {
        Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Delay = TimeSpan.FromSeconds(20) });
        var options = new SignInOptions { RequestTimeout = TimeSpan.FromMilliseconds(150), Clock = _clock };
        var e = await FailsAsync(Provider(options: options), "SignInTimeout", ExoErrorCategory.OperationTimeout);
        Assert.Contains(Environment.SignIn.Authority, e.Message, StringComparison.Ordinal);
        Assert.Equal(2, _clock.Waits.Count);
    }

    [Fact]
    public async Task The_whole_sign_in_has_an_end_too()
    {
        Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Delay = TimeSpan.FromSeconds(20) });
        var options = new SignInOptions { TotalTimeout = TimeSpan.FromMilliseconds(200) };
        await FailsAsync(Provider(options: options), "SignInTimeout", ExoErrorCategory.OperationTimeout);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_at_once()
    {
        Tenant.Faults.Add(new FaultRule { Service = TenantService.Entra, Delay = TimeSpan.FromSeconds(20) });
        using var cancel = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Provider().GetTokenAsync(Exchange, default, cancel.Token));
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_named()
    {
        // Nothing listens on the port that the system gave out and took back.
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();
        var e = await FailsAsync(Provider(Environment with { Address = closed }), "SignInHostUnreachable", ExoErrorCategory.ResourceUnavailable);
        Assert.Contains(Environment.SignIn.Authority, e.Message, StringComparison.Ordinal);

        var nowhere = new Uri("https://login.exoconnect.invalid/");
        e = await FailsAsync(
            Provider(Environment with { SignIn = nowhere, Address = null }), "SignInHostUnknown", ExoErrorCategory.ResourceUnavailable);
        Assert.Contains("login.exoconnect.invalid", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_with_a_certificate_of_somebody_else_gets_nothing()
    {
        var before = TokenRequests();
        var e = await FailsAsync(
            Provider(Environment with { CertificateAuthorities = null }), "SignInHostUntrusted", ExoErrorCategory.ResourceUnavailable);
        Assert.Equal(before, TokenRequests());
        Assert.Contains("Nothing was sent", e.Remedy, StringComparison.Ordinal);
        Assert.Empty(_clock.Waits);
    }

    [Fact]
    public async Task A_forced_region_does_not_lead_elsewhere()
    {
        System.Environment.SetEnvironmentVariable("MSAL_FORCE_REGION", "westeurope");
        try
        {
            Assert.NotNull(await Provider().GetTokenAsync(Exchange));
        }
        finally
        {
            System.Environment.SetEnvironmentVariable("MSAL_FORCE_REGION", null);
        }
    }

    [Fact]
    public async Task A_disposed_provider_says_so()
    {
        var provider = Provider();
        await provider.GetTokenAsync(Exchange);
        provider.Dispose();
        var e = await Assert.ThrowsAsync<ExoException>(async () => await provider.GetTokenAsync(Exchange));
        Assert.Equal("SignInEnded", e.ErrorId);
    }

    private async Task<HttpResponseMessage> CallAsync(AccessToken token)
    {
        var environment = Environment;
        using var client = EnvironmentTransport.CreateClient(environment);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(environment.Exchange, $"/AdminApi/v1.0/{Tenant.TenantId}/EXOModuleFile?Version=3.7.0"));
        request.Headers.Authorization = new("Bearer", token.Value);
        return await client.SendAsync(request);
    }

    private sealed class FixedEndpoint(string token) : ITokenEndpoint
    {
        public Task<TokenResponse> RequestAsync(string resource, TokenRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(new TokenResponse((token, TimeSpan.FromHours(1))));
    }
}
