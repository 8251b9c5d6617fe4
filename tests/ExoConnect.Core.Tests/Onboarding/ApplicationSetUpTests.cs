using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Onboarding.Diagnosis;
using ExoConnect.Core.Onboarding.Graph;
using ExoConnect.Core.Onboarding.SetUp;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Core.Tests.Onboarding;

public sealed class ApplicationSetUpTests
{
    [Fact]
    public async Task An_empty_tenant_with_slow_replication_gets_an_app_that_connects_to_both_services()
    {
        await using var tenant = await OnboardingTenant.StartAsync(TimeSpan.FromSeconds(1));
        var report = await tenant.SetUpAsync();

        Assert.Empty(report.Failures);
        Assert.All(report.Steps, step => Assert.Equal(SetUpOutcome.Done, step.Outcome));
        Assert.Equal(
            [
                SetUpStep.Certificate, SetUpStep.Application, SetUpStep.Permission, SetUpStep.Attachment, SetUpStep.ServicePrincipal,
                SetUpStep.Consent,
                SetUpStep.Role, SetUpStep.Connection, SetUpStep.Connection,
            ],
            report.Steps.Select(step => step.Step));
        Assert.Equal([ExoService.ExchangeOnline, ExoService.SecurityCompliance], report.Services);
        Assert.Equal(tenant.App.AppId.ToString(), report.AppId);
        Assert.Equal((tenant.Tenant.TenantId.ToString(), tenant.App.ServicePrincipalId.ToString()), (report.TenantId, report.ServicePrincipalId));
        Assert.Equal(["Global Reader"], tenant.App.Roles.Select(role => role.Name));
        Assert.Equal(["Exchange.ManageAsApp"], tenant.App.RequestedPermissions.Select(permission => permission.Value));
        Assert.Equal(report.CertificateThumbprint, tenant.App.Certificates.Single().Thumbprint);
        Assert.Equal(tenant.Pfx, report.Made!.PfxPath);
        Assert.Equal(
            $"Connect-IPPSSession -AppId {report.AppId} -Organization {tenant.Tenant.Organization} -CertificateFilePath {tenant.Pfx} "
            + $"-CertificatePassword (Read-Host -AsSecureString) -ExchangeEnvironmentName {tenant.Tenant.EnvironmentFile}",
            report.Commands[1].ToString());
    }

    [Fact]
    public async Task Run_again_it_finds_everything_and_changes_nothing()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var first = await tenant.SetUpAsync();
        var before = Writes(tenant);
        var second = await tenant.SetUpAsync();

        Assert.Equal(first.AppId, second.AppId);
        Assert.Equal(before, Writes(tenant));
        Assert.Null(second.Made);
        Assert.All(second.Steps, step => Assert.Equal(step.Step == SetUpStep.Connection ? SetUpOutcome.Done : SetUpOutcome.Present, step.Outcome));
    }

    [Fact]
    public async Task What_is_missing_is_repaired_and_what_somebody_added_stays()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        await tenant.SetUpAsync();
        var app = tenant.App;
        app.AddPermission("User.Read.All");
        app.AddRole("Security Reader");
        using var other = Certificates.TestCertificates.Rsa();
        app.AddCertificate(other);
        app.RemovePermission("Exchange.ManageAsApp");
        app.RemoveRequestedPermission("Exchange.ManageAsApp");
        app.RemoveRole("Global Reader");
        using (var mine = tenant.LoadPublic())
        {
            app.RemoveCertificate(mine.Thumbprint);
        }

        var report = await tenant.SetUpAsync(tenant.Options() with { DisplayName = null, AppId = app.AppId.ToString() });
        Assert.Empty(report.Failures);
        Assert.Equal(
            [SetUpStep.Permission, SetUpStep.Attachment, SetUpStep.Consent, SetUpStep.Role],
            report.Steps.Where(step => step.Outcome == SetUpOutcome.Done && step.Step != SetUpStep.Connection).Select(step => step.Step));
        Assert.Equal(["Exchange.ManageAsApp", "User.Read.All"], app.RequestedPermissions.Select(permission => permission.Value).Order());
        Assert.Equal(["Exchange.ManageAsApp", "User.Read.All"], app.Permissions.Select(permission => permission.Value).Order());
        Assert.Equal(["Global Reader", "Security Reader"], app.Roles.Select(role => role.Name).Order());
        Assert.Equal(2, app.Certificates.Count);
        Assert.Contains(other.Thumbprint, app.Certificates.Select(c => c.Thumbprint));
    }

    [Fact]
    public async Task A_service_principal_that_is_gone_or_disabled_comes_back()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        await tenant.SetUpAsync();
        var id = tenant.App.ServicePrincipalId;
        tenant.App.Principal!.IsEnabled = false;
        Assert.Empty((await tenant.SetUpAsync()).Failures);
        Assert.Equal(id, tenant.App.ServicePrincipalId);

        tenant.App.RemoveServicePrincipal();
        var report = await tenant.SetUpAsync();
        Assert.Empty(report.Failures);
        Assert.NotEqual(id, tenant.App.ServicePrincipalId);
    }

    [Fact]
    public async Task The_plan_only_reads_and_lists_the_steps()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var plan = await ApplicationSetUp.PlanAsync(tenant.Options(), tenant.Messages);
        Assert.All(plan.Actions, action => Assert.True(action.IsNeeded));
        Assert.Contains(plan.Actions, action => action.Action == "Assign directory role Global Reader" && action.Target == "Nightly");
        Assert.Empty(Writes(tenant));
        Assert.Empty(Directory.GetFiles(tenant.Folder));
    }

    [Fact]
    public async Task What_is_declined_is_left_out_with_all_that_needs_it()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var report = await tenant.SetUpAsync(isApproved: action => action.Step != SetUpStep.ServicePrincipal);
        Assert.Equal(
            [SetUpStep.ServicePrincipal, SetUpStep.Consent, SetUpStep.Role, SetUpStep.Connection, SetUpStep.Connection],
            report.Steps.Where(step => step.Outcome == SetUpOutcome.Skipped).Select(step => step.Step));
        Assert.Equal(Guid.Empty, tenant.App.ServicePrincipalId);

        var nothing = await tenant.SetUpAsync(tenant.Options() with { DisplayName = "Other" }, _ => false);
        Assert.Equal("", nothing.AppId);
        Assert.Empty(nothing.Commands);
        Assert.Single(tenant.Tenant.Registry.Applications);
    }

    [Theory]
    [InlineData("Exchange Recipient Administrator", new[] { ExoService.ExchangeOnline })]
    [InlineData("Compliance Administrator", new[] { ExoService.ExchangeOnline, ExoService.SecurityCompliance })]
    public async Task Services_are_those_that_the_role_is_for(string role, ExoService[] expected)
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var report = await tenant.SetUpAsync(tenant.Options() with { Roles = [DirectoryRoles.Find(role)!] });
        Assert.Empty(report.Failures);
        Assert.Equal(expected, report.Services);
    }

    [Fact]
    public async Task A_role_group_does_instead_of_a_role()
    {
        await using var tenant = await OnboardingTenant.StartAsync(TimeSpan.FromMilliseconds(300), empty: false);
        using var admin = await ConnectAsync(ExoService.ExchangeOnline);
        using var compliance = await ConnectAsync(ExoService.SecurityCompliance);
        var options = tenant.Options() with { Roles = [], RoleGroups = ["Recipient Management"], Sessions = [admin] };
        var report = await tenant.SetUpAsync(options);
        Assert.Empty(report.Failures);
        Assert.Equal([ExoService.ExchangeOnline], report.Services);
        var again = await tenant.SetUpAsync(options);
        Assert.Equal(SetUpOutcome.Present, again.Steps.Single(step => step.Step == SetUpStep.RoleGroup).Outcome);

        var alone = await Assert.ThrowsAsync<ExoException>(() => tenant.SetUpAsync(options with { Sessions = [] }));
        Assert.Equal("RoleGroupNeedsSession", alone.ErrorId);

        // A group that only one of the connected services has is joined there, and one that none has is not waited for.
        var both = await tenant.SetUpAsync(options with { Sessions = [admin, compliance] });
        Assert.Equal(SetUpOutcome.Present, both.Steps.Single(step => step.Step == SetUpStep.RoleGroup).Outcome);
        var nowhere = await Assert.ThrowsAsync<ServiceException>(
            () => tenant.SetUpAsync(options with { RoleGroups = ["No such group"], Sessions = [admin, compliance] }));
        Assert.Contains("No such group", nowhere.Message, StringComparison.Ordinal);

        Task<ExoSession> ConnectAsync(ExoService service) => SessionConnector.ConnectAsync(
            new ConnectOptions
            {
                Service = service,
                Environment = tenant.Environment,
                Organization = tenant.Tenant.Organization,
                AppId = tenant.Tenant.AppId.ToString(),
                SignIn = new SignInMethod.Certificate(
                    new CertificateSource.File(tenant.Tenant.PfxPath, OnboardingTenant.Secret(tenant.Tenant.PfxPassword))),
                Catalog = CatalogUse.Uncached,
            },
            tenant.Messages,
            new SessionRegistry());
    }

    [Fact]
    public async Task What_cannot_work_is_said_before_anything_is_changed()
    {
        await using var tenant = await OnboardingTenant.StartAsync(otherDomains: ["contoso.com"]);
        foreach (var (options, expected) in new (SetUpOptions, string)[]
        {
            (tenant.Options() with { DisplayName = null }, "ApplicationNameMissing"),
            (tenant.Options() with { AppId = Guid.NewGuid().ToString() }, "ApplicationNotRegistered"),
            (tenant.Options() with { AppId = "nightly" }, "AppIdInvalid"),
            (tenant.Options() with { Organization = "fabrikam.onmicrosoft.com" }, "OrganizationOfAnotherTenant"),
            (tenant.Options() with { Organization = "common" }, "OrganizationInvalid"),
            (tenant.Options() with { Roles = [DirectoryRoles.Find("Exchange Administrator")!], Services = [ExoService.SecurityCompliance] },
                "RoleNotSupported"),
            (tenant.Options() with { Certificate = SetUpCertificate.Existing(tenant.Certificate()) }, "CertificateFileNotFound"),
            (tenant.Options() with { Certificate = SetUpCertificate.Generate(new() { CommonName = "x", Folder = tenant.Folder }, null) },
                "NewCertificatePasswordMissing"),
            (tenant.Options() with { Administrator = tenant.Administrator(scopes: ["openid"]) }, "SetUpRightsMissing"),
        })
        {
            var error = await Assert.ThrowsAnyAsync<ExoException>(() => tenant.SetUpAsync(options));
            Assert.Equal(expected, error.ErrorId);
            Assert.NotNull(error.Remedy);
        }

        Assert.Empty(Writes(tenant));
        tenant.Tenant.AddApplication("Nightly", null, [], []);
        tenant.Tenant.AddApplication("Nightly", null, [], []);
        Assert.Equal("ApplicationAmbiguous", (await Assert.ThrowsAnyAsync<ExoException>(() => tenant.SetUpAsync())).ErrorId);
    }

    [Fact]
    public async Task Rights_that_end_half_way_are_named_and_the_next_run_goes_on()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var weak = tenant.Options() with
        {
            Administrator = tenant.Administrator(roles: ["Application Administrator"]),
        };
        var error = await Assert.ThrowsAnyAsync<ServiceException>(() => tenant.SetUpAsync(weak));
        Assert.Equal("SetUpRightsMissing", error.ErrorId);
        Assert.Contains("Privileged Role Administrator", error.Remedy, StringComparison.Ordinal);
        Assert.NotNull(error.ClientRequestId);
        var report = await tenant.SetUpAsync();
        Assert.Empty(report.Failures);
        Assert.Equal([SetUpStep.Role], report.Steps.Where(s => s.Outcome == SetUpOutcome.Done && s.Step != SetUpStep.Connection).Select(s => s.Step));
    }

    [Fact]
    public async Task An_administrator_signs_in_with_a_device_code_and_is_asked_once()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var person = new Person(tenant);
        using var lease = await AdministratorSignIn.RentAsync(
            tenant.Environment, tenant.Tenant.Organization, new SignInMethod.DeviceCode(), person, isReadOnly: false);
        var report = await tenant.SetUpAsync(tenant.Options() with { Administrator = lease.Provider });
        Assert.Empty(report.Failures);
        Assert.Equal(1, person.Asked);

        using var reader = await AdministratorSignIn.RentAsync(
            tenant.Environment, tenant.Tenant.Organization, new SignInMethod.DeviceCode(), person, isReadOnly: true);
        var rows = await ApplicationDiagnosis.RunAsync(tenant.Check(report.AppId) with { Administrator = reader.Provider }, tenant.Messages);
        Assert.All(rows, row => Assert.Equal(CheckState.Passed, row.State));
        var refused = await Assert.ThrowsAnyAsync<ExoException>(
            () => tenant.SetUpAsync(tenant.Options() with { DisplayName = "Other", Administrator = reader.Provider }));
        Assert.Equal("SetUpRightsMissing", refused.ErrorId);

        var nobody = await Assert.ThrowsAnyAsync<ExoException>(() => AdministratorSignIn.RentAsync(
            tenant.Environment, tenant.Tenant.Organization, new SignInMethod.DeviceCode(), interaction: null, isReadOnly: true));
        Assert.Equal(ExoErrorCategory.AuthenticationError, nobody.Category);
    }

    [Fact]
    public async Task Another_domain_of_the_tenant_is_warned_of_and_the_first_one_is_used()
    {
        await using var tenant = await OnboardingTenant.StartAsync(otherDomains: ["contoso.com"]);
        var report = await tenant.SetUpAsync(tenant.Options() with { Organization = "contoso.com" });
        Assert.Empty(report.Failures);
        Assert.Equal("contoso.onmicrosoft.com", report.Organization);
        Assert.Contains(tenant.Messages.Warnings, warning => warning.Contains("contoso.onmicrosoft.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replication_that_never_ends_is_given_up()
    {
        await using var tenant = await OnboardingTenant.StartAsync(TimeSpan.FromMinutes(10));
        var error = await Assert.ThrowsAnyAsync<ExoException>(
            () => tenant.SetUpAsync(tenant.Options() with { Patience = TimeSpan.FromMilliseconds(400) }));
        Assert.Equal(("ReplicationTimeout", ExoErrorCategory.OperationTimeout), (error.ErrorId, error.Category));
    }

    private static List<string> Writes(OnboardingTenant tenant) =>
        [.. tenant.Tenant.Requests.Where(r => r.Method != "GET" && r.Target.StartsWith("/v1.0/", StringComparison.Ordinal))
            .Select(r => $"{r.Method} {r.Target}")];

    private sealed class Person(OnboardingTenant tenant) : ISignInInteraction
    {
        public int Asked { get; private set; }

        public void ShowDeviceCode(DeviceCodePrompt prompt)
        {
            Asked++;
            tenant.Tenant.CompleteDeviceCode(prompt.UserCode, tenant.Tenant.AdministratorName);
        }

        public Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
