using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding.Diagnosis;
using ExoConnect.LocalTenant.Entra;

namespace ExoConnect.Core.Tests.Onboarding;

public sealed class ApplicationDiagnosisTests
{
    public static TheoryData<string, bool, CheckSubject[]> Broken()
    {
        var data = new TheoryData<string, bool, CheckSubject[]>();
        foreach (var (what, seen, told) in new (string, CheckSubject[], CheckSubject[])[]
        {
            ("application", [CheckSubject.Application, CheckSubject.SignIn], [CheckSubject.Application, CheckSubject.SignIn]),
            ("permission", [CheckSubject.Permission, CheckSubject.Consent, CheckSubject.Token, CheckSubject.Service],
                [CheckSubject.Consent, CheckSubject.Token, CheckSubject.Service]),
            ("consent", [CheckSubject.Consent, CheckSubject.Token, CheckSubject.Service],
                [CheckSubject.Consent, CheckSubject.Token, CheckSubject.Service]),
            ("certificate", [CheckSubject.Certificate], [CheckSubject.Certificate]),
            ("attachment", [CheckSubject.Attachment, CheckSubject.SignIn], [CheckSubject.Attachment, CheckSubject.SignIn]),
            ("principal", [CheckSubject.ServicePrincipal, CheckSubject.SignIn], [CheckSubject.ServicePrincipal, CheckSubject.SignIn]),
            ("disabled", [CheckSubject.ServicePrincipal, CheckSubject.SignIn], [CheckSubject.ServicePrincipal, CheckSubject.SignIn]),
            ("role", [CheckSubject.Role, CheckSubject.Service], [CheckSubject.Role, CheckSubject.Service]),
        })
        {
            data.Add(what, true, seen);
            data.Add(what, false, told);
        }

        return data;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_is_well_where_all_is_well(bool asAdministrator)
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var report = await tenant.SetUpAsync();
        var rows = await ApplicationDiagnosis.RunAsync(tenant.Check(report.AppId, asAdministrator), tenant.Messages);
        Assert.DoesNotContain(rows, row => row.State == CheckState.Failed);
        Assert.Equal(
            asAdministrator ? [] : [CheckSubject.Permission],
            rows.Where(row => row.State == CheckState.NotChecked).Select(row => row.Subject));
        Assert.Equal(14, rows.Count);
        Assert.Equal(rows.Count, rows.Select(row => row.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Each_step_that_is_taken_away_is_named(string what, bool asAdministrator, CheckSubject[] expected)
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var report = await tenant.SetUpAsync();
        Break(what, tenant.App, tenant);
        var requests = tenant.Tenant.Requests.Count();

        var rows = await ApplicationDiagnosis.RunAsync(tenant.Check(report.AppId, asAdministrator), tenant.Messages);
        Assert.Equal(expected, rows.Where(row => row.State == CheckState.Failed).Select(row => row.Subject).Distinct());
        Assert.All(rows.Where(row => row.State == CheckState.Failed), row => Assert.False(string.IsNullOrWhiteSpace(row.Remedy)));
        Assert.All(rows.Where(row => row.State != CheckState.Failed), row => Assert.Null(row.Remedy));
        var first = rows.First(row => row.State == CheckState.Failed);
        Assert.NotNull(first.Command);
        Assert.DoesNotContain(
            tenant.Tenant.Requests.Skip(requests),
            request => request.Method != "GET" && request.Target.StartsWith("/v1.0/", StringComparison.Ordinal));
        if (what is "permission" or "consent" or "principal" or "disabled")
        {
            Assert.StartsWith($"Register-ExoApplication -AppId {report.AppId} -Organization contoso.onmicrosoft.com -CertificateFilePath",
                first.Command.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_app_that_may_read_the_directory_looks_at_itself()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var report = await tenant.SetUpAsync();
        tenant.App.AddPermission("Application.Read.All");
        var rows = await ApplicationDiagnosis.RunAsync(tenant.Check(report.AppId), tenant.Messages);
        Assert.Equal(CheckState.Passed, rows.Single(row => row.Subject == CheckSubject.Permission).State);
    }

    [Fact]
    public async Task Without_a_certificate_the_directory_still_tells_its_part()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var report = await tenant.SetUpAsync();
        var rows = await ApplicationDiagnosis.RunAsync(
            tenant.Check(report.AppId, asAdministrator: true) with { Certificate = null }, tenant.Messages);
        Assert.DoesNotContain(rows, row => row.State == CheckState.Failed);
        Assert.Equal(
            [CheckSubject.Certificate, CheckSubject.Attachment, CheckSubject.SignIn, CheckSubject.Token, CheckSubject.Service],
            rows.Where(row => row.State == CheckState.NotChecked).Select(row => row.Subject).Distinct());
    }

    [Fact]
    public async Task The_organization_is_judged_by_its_names()
    {
        await using var tenant = await OnboardingTenant.StartAsync(otherDomains: ["contoso.com"]);
        var report = await tenant.SetUpAsync();
        foreach (var (name, admin, expected) in new[]
        {
            ("contoso.com", true, CheckState.Failed), ("contoso.com", false, CheckState.Failed), (
                tenant.Tenant.TenantId.ToString(), true, CheckState.Passed),
            ("fabrikam.onmicrosoft.com", true, CheckState.Failed), ("fabrikam.onmicrosoft.com", false, CheckState.Failed),
        })
        {
            var rows = await ApplicationDiagnosis.RunAsync(tenant.Check(report.AppId, admin) with { Organization = name }, tenant.Messages);
            var row = rows.Single(r => r.Subject == CheckSubject.Organization);
            Assert.True(row.State == expected, $"{name}: {row}");
        }
    }

    [Fact]
    public async Task A_token_that_may_not_look_is_why_and_no_failure()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var report = await tenant.SetUpAsync();
        var rows = await ApplicationDiagnosis.RunAsync(
            tenant.Check(report.AppId) with { Administrator = tenant.Administrator(scopes: ["openid"]) }, tenant.Messages);
        Assert.DoesNotContain(rows, row => row.State == CheckState.Failed);
        Assert.Contains("Application.Read.All", rows.Single(row => row.Subject == CheckSubject.Permission).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_for_one_service_is_checked_for_that_one_unless_more_is_asked_for()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var report = await tenant.SetUpAsync(tenant.Options() with { Roles = [DirectoryRoles.Find("Exchange Administrator")!] });
        var rows = await ApplicationDiagnosis.RunAsync(tenant.Check(report.AppId), tenant.Messages);
        Assert.DoesNotContain(rows, row => row.State == CheckState.Failed);
        Assert.DoesNotContain(rows, row => row.Service == ExoService.SecurityCompliance);

        var both = await ApplicationDiagnosis.RunAsync(
            tenant.Check(report.AppId) with { Services = [ExoService.ExchangeOnline, ExoService.SecurityCompliance] }, tenant.Messages);
        Assert.Equal(
            [CheckSubject.Role, CheckSubject.Service],
            both.Where(row => row.State == CheckState.Failed && row.Service == ExoService.SecurityCompliance).Select(row => row.Subject));
    }

    internal static void Break(string what, TenantApplication app, OnboardingTenant tenant)
    {
        switch (what)
        {
            case "application":
                tenant.Tenant.Registry.RemoveApplication(app.AppId);
                break;
            case "permission":
                app.RemoveRequestedPermission("Exchange.ManageAsApp");
                app.RemovePermission("Exchange.ManageAsApp");
                break;
            case "consent":
                app.RemovePermission("Exchange.ManageAsApp");
                break;
            case "certificate":
                File.Delete(tenant.Pfx);
                break;
            case "attachment":
                app.RemoveCertificate(app.Certificates.Single().Thumbprint);
                break;
            case "principal":
                app.RemoveServicePrincipal();
                break;
            case "disabled":
                app.Principal!.IsEnabled = false;
                break;
            case "role":
                app.RemoveRole("Global Reader");
                break;
        }
    }
}
