using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.Core.Tests.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>Users who sign in at the local tenant: with a device code, in a browser, with a password; and what keeps them from it.</summary>
public sealed class UserSignInTests
{
    private static readonly TenantOptions Options = new() { Mailboxes = 5, DeviceCodeInterval = TimeSpan.FromSeconds(1) };

    public static TheoryData<string> Ways => ["device", "browser", "password"];

    private static SignInMethod Way(string name, Tenant tenant, string? user = null) => name switch
    {
        "device" => new SignInMethod.DeviceCode(user),
        "browser" => new SignInMethod.Browser(user),
        _ => new SignInMethod.Password(user ?? tenant.AdministratorName, TestCertificates.Secure(tenant.AdministratorPassword)),
    };

    private static ConnectOptions With(
        ConnectedTenant connected, string way, Person? person, string? user = null, ExoService service = ExoService.ExchangeOnline) =>
        connected.Options(service) with
        {
            SignIn = Way(way, connected.Tenant, user),
            Interaction = person,
            InteractiveTimeout = TimeSpan.FromSeconds(20),
        };

    private static async Task<SignInException> FailsAsync(ConnectedTenant connected, ConnectOptions options, string errorId)
    {
        var e = await Assert.ThrowsAsync<SignInException>(() => connected.ConnectAsync(options));
        Assert.Equal(errorId, e.ErrorId);
        Assert.False(string.IsNullOrWhiteSpace(e.Remedy));
        Assert.DoesNotContain(connected.Tenant.AdministratorPassword, e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", e.ToString(), StringComparison.Ordinal);
        return e;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_user_signs_in_once_and_for_both_services(string way)
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        using var person = new Person(connected.Tenant);
        var exchange = await connected.ConnectAsync(With(connected, way, person));
        var compliance = await connected.ConnectAsync(With(connected, way, person, service: ExoService.SecurityCompliance));

        Assert.Equal(connected.Tenant.AdministratorName, exchange.Description.Claims.UserPrincipalName);
        Assert.False(exchange.Description.Claims.IsAppOnly);
        Assert.Equal(connected.Tenant.AppId.ToString(), exchange.Description.AppId);
        Assert.Equal(connected.Tenant.TenantId.ToString(), exchange.Description.TenantId);
        Assert.NotEmpty(await connected.RunAsync(exchange, "Get-Mailbox", ("ResultSize", 1)));
        Assert.NotEmpty(compliance.Catalog.Cmdlets);
        Assert.Equal(way == "device" ? 1 : 0, person.Codes.Count);
        Assert.Equal(way == "browser" ? 1 : 0, person.Pages.Count);
        Assert.Contains(connected.Tenant.Requests, r => r.Header("X-AnchorMailbox") == $"UPN:{connected.Tenant.AdministratorName}");
        Assert.DoesNotContain(connected.Messages.Warnings, w => w.Contains("Exchange.ManageAsApp", StringComparison.Ordinal));
        Assert.Equal(way == "password", connected.Messages.Warnings.Any(w => w.Contains("password", StringComparison.Ordinal)));
        if (way == "browser")
        {
            Assert.Contains("You can close this page", await person.Visit, StringComparison.Ordinal);
            Assert.Contains("code_challenge_method=S256", person.Pages[0].Query, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_revoked_token_is_renewed_without_asking(string way)
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        connected.Tenant.RefreshTokensAreSingleUse = true;
        using var person = new Person(connected.Tenant);
        var session = await connected.ConnectAsync(With(connected, way, person));
        for (var i = 0; i < 3; i++)
        {
            connected.Tenant.RevokeTokens();
            Assert.NotEmpty(await connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        }

        Assert.InRange(person.Codes.Count + person.Pages.Count, 0, 1);
    }

    [Theory]
    [InlineData("device")]
    [InlineData("browser")]
    public async Task A_sign_in_that_is_revoked_in_mid_session_says_so_and_asks_nobody(string way)
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        using var person = new Person(connected.Tenant);
        var session = await connected.ConnectAsync(With(connected, way, person));
        connected.Tenant.Registry.FindUser(connected.Tenant.AdministratorName)!.RevokeSessions();
        connected.Tenant.RevokeTokens();

        var e = await Assert.ThrowsAsync<SignInException>(() => connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        Assert.Equal(("SessionRevoked", "AADSTS50173"), (e.ErrorId, e.AadstsCode));
        Assert.Equal(SessionState.TokenExpired, session.State);
        Assert.Equal(1, person.Codes.Count + person.Pages.Count);
    }

    [Fact]
    public async Task A_password_signs_in_again_when_the_sign_in_was_revoked_and_not_when_mfa_is_asked_for_since()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        var user = connected.Tenant.Registry.FindUser(connected.Tenant.AdministratorName)!;
        var session = await connected.ConnectAsync(With(connected, "password", null));
        user.RevokeSessions();
        connected.Tenant.RevokeTokens();
        Assert.NotEmpty(await connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));

        user.RequiresMfa = true;
        connected.Tenant.RevokeTokens();
        var e = await Assert.ThrowsAsync<SignInException>(() => connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        Assert.Equal(("MfaRequired", "AADSTS50076"), (e.ErrorId, e.AadstsCode));
    }

    [Theory]
    [InlineData("device")]
    [InlineData("browser")]
    public async Task A_second_factor_is_passed_at_the_page(string way)
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        connected.Tenant.Registry.FindUser(connected.Tenant.AdministratorName)!.RequiresMfa = true;
        using var person = new Person(connected.Tenant);
        var session = await connected.ConnectAsync(With(connected, way, person));
        connected.Tenant.RevokeTokens();
        Assert.NotEmpty(await connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
    }

    [Theory]
    [InlineData("device")]
    [InlineData("browser")]
    public async Task A_person_may_decline(string way)
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        using var person = new Person(connected.Tenant) { Action = "cancel" };
        var e = await FailsAsync(connected, With(connected, way, person), "ConsentDeclined");
        Assert.Equal("AADSTS65004", e.AadstsCode);
        Assert.Equal(1, person.Codes.Count + person.Pages.Count);
    }

    [Theory]
    [InlineData("device")]
    [InlineData("browser")]
    public async Task Where_nobody_is_there_nobody_is_asked(string way)
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        var e = await FailsAsync(connected, With(connected, way, person: null), "InteractionRequired");
        Assert.Equal(way == "device" ? "Device" : "UserPrincipalName", e.ParameterName);
        Assert.DoesNotContain(connected.Tenant.Requests, r => r.Service == TenantService.Entra);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Missing_consent_a_blocking_policy_and_a_wrong_tenant_are_told(string way)
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        using var person = new Person(connected.Tenant)
        {
            OnCode = prompt => connected.Tenant.CompleteDeviceCode(prompt.UserCode, connected.Tenant.AdministratorName),
        };
        var options = With(connected, way, person);
        connected.Tenant.App.AdminConsent = false;
        Assert.Equal("AADSTS65001", (await FailsAsync(connected, options, "ConsentMissing")).AadstsCode);
        connected.Tenant.App.AdminConsent = true;

        if (way != "browser")
        {
            connected.Tenant.Registry.FindUser(connected.Tenant.AdministratorName)!.IsBlocked = true;
            var blocked = await FailsAsync(connected, options, "ConditionalAccessBlocked");
            Assert.Contains("user's sign-in log", blocked.Remedy, StringComparison.Ordinal);

            // In a browser, the page shows what is wrong, and the program waits.
            await FailsAsync(connected, options with { Organization = "fabrikam.onmicrosoft.com" }, "TenantNotFound");
        }
    }

    [Fact]
    public async Task A_password_is_refused_for_what_is_wrong_with_it()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        var tenant = connected.Tenant;
        await FailsAsync(connected, With(connected, "password", null, "nobody@contoso.onmicrosoft.com"), "UserNotFound");

        using var wrong = TestCertificates.Secure("wrong");
        await FailsAsync(connected, connected.Options() with { SignIn = new SignInMethod.Password(tenant.AdministratorName, wrong) },
            "PasswordInvalid");
        tenant.Registry.FindUser(tenant.AdministratorName)!.RequiresMfa = true;
        Assert.Equal("AADSTS50076", (await FailsAsync(connected, With(connected, "password", null), "MfaRequired")).AadstsCode);
        tenant.Registry.FindUser(tenant.AdministratorName)!.Enabled = false;
        await FailsAsync(connected, With(connected, "password", null), "UserDisabled");
        tenant.App.AllowsPublicClient = false;
        var secret = await FailsAsync(connected, With(connected, "password", null), "CredentialMissing");
        Assert.Contains("Allow public client flows", secret.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_code_ends()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options with { DeviceCodeLifetime = TimeSpan.FromSeconds(1) });
        using var person = new Person(connected.Tenant) { OnCode = _ => { } };
        var e = await FailsAsync(connected, With(connected, "device", person), "DeviceCodeExpired");
        Assert.Contains("new code", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_code_can_be_approved_at_once_and_shows_what_to_do()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options with { ApproveDeviceCodesAs = "admin@contoso.onmicrosoft.com" });
        using var person = new Person(connected.Tenant) { OnCode = _ => { } };
        await connected.ConnectAsync(With(connected, "device", person));
        var prompt = Assert.Single(person.Codes);
        Assert.Equal(9, prompt.UserCode.Length);
        Assert.Contains(prompt.UserCode, prompt.Message, StringComparison.Ordinal);
        Assert.Equal("/device", prompt.Address.AbsolutePath);
    }

    [Fact]
    public async Task Giving_up_ends_the_waiting_for_a_person()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        foreach (var way in new[] { "device", "browser" })
        {
            using var stop = new CancellationTokenSource();
            using var person = new Person(connected.Tenant) { OnCode = _ => stop.Cancel(), Action = "nothing" };
            var connecting = SessionConnector.ConnectAsync(With(connected, way, person), connected.Messages, connected.Registry, stop.Token);
            if (way == "browser")
            {
                while (person.Pages.Count == 0)
                {
                    await Task.Delay(10);
                }

                await person.Visit;
                await stop.CancelAsync();
            }

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        }

        Assert.Empty(connected.Registry.Sessions);
    }

    [Fact]
    public async Task Nobody_who_takes_too_long_is_waited_for()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        using var person = new Person(connected.Tenant) { OnCode = _ => { } };
        using var lease = new TokenProviderPool().Rent(
            connected.Environment, null, connected.Tenant.AppId.ToString(), new SignInMethod.DeviceCode(),
            new SignInOptions { InteractiveTimeout = TimeSpan.FromMilliseconds(300) });
        var e = await Assert.ThrowsAsync<SignInException>(
            async () => await lease.Provider.GetTokenAsync("https://outlook.office365.com", new TokenRequest(null, null, person)));
        Assert.Equal(("SignInNotCompleted", ExoErrorCategory.OperationTimeout), (e.ErrorId, e.Category));
    }

    [Fact]
    public async Task Another_user_than_the_one_named_is_warned_of_and_one_signed_in_already_too()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        connected.Tenant.Registry.AddUser("helpdesk@contoso.onmicrosoft.com", "hush", "Helpdesk Administrator");
        using var other = new Person(connected.Tenant, "helpdesk@contoso.onmicrosoft.com", "hush");
        var session = await connected.ConnectAsync(With(connected, "browser", other, connected.Tenant.AdministratorName));
        Assert.Contains(connected.Messages.Warnings, w => w.Contains("helpdesk@contoso.onmicrosoft.com, not admin@", StringComparison.Ordinal));
        Assert.DoesNotContain(session.Catalog.Cmdlets, c => c.Name == "New-TransportRule");

        await connected.ConnectAsync(With(connected, "browser", other));
        Assert.DoesNotContain(connected.Messages.Warnings, w => w.Contains("signed in already", StringComparison.Ordinal));
        await connected.ConnectAsync(With(connected, "browser", other));
        Assert.Contains(connected.Messages.Warnings, w => w.Contains("signed in already", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_user_without_a_role_is_refused_by_the_service()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        connected.Tenant.Registry.AddUser("nobody@contoso.onmicrosoft.com", "hush");
        using var person = new Person(connected.Tenant, "nobody@contoso.onmicrosoft.com", "hush");
        var e = await Assert.ThrowsAnyAsync<ExoException>(() => connected.ConnectAsync(With(connected, "browser", person)));
        Assert.Equal(ExoErrorCategory.PermissionDenied, e.Category);
        Assert.Contains("isn't assigned to any management roles", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_of_one_tenant_wants_its_organization_named()
    {
        await using var connected = await ConnectedTenant.StartAsync(Options);
        connected.Tenant.App.IsSingleTenant = true;
        using var person = new Person(connected.Tenant);
        var nameless = With(connected, "device", person) with { Organization = null };
        var e = await FailsAsync(connected, nameless, "ApplicationSingleTenant");
        Assert.Contains("EXOCONNECT_TENANT", e.Remedy, StringComparison.Ordinal);

        // A user's name says it too.
        var session = await connected.ConnectAsync(nameless with { SignIn = new SignInMethod.DeviceCode(connected.Tenant.AdministratorName) });
        Assert.Equal("contoso.onmicrosoft.com", session.Description.Organization);
        connected.Tenant.App.IsSingleTenant = false;
        Assert.Equal(connected.Tenant.TenantId.ToString(), (await connected.ConnectAsync(nameless)).Description.Organization);
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("@contoso.com")]
    [InlineData("admin@")]
    [InlineData("ad min@contoso.com")]
    public void A_user_principal_name_has_a_user_and_a_domain(string name)
    {
        var e = Assert.Throws<ExoException>(() => new TokenProviderPool().Rent(
            CloudEnvironments.O365Default, null, Guid.NewGuid().ToString(), new SignInMethod.Browser(name)));
        Assert.Equal(("UserPrincipalNameInvalid", "UserPrincipalName"), (e.ErrorId, e.ParameterName));
    }
}
