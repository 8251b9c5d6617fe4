using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Onboarding.SetUp;

namespace ExoConnect.Core.Tests.Onboarding;

public sealed class CertificateRolloverTests
{
    [Fact]
    public async Task A_new_certificate_is_added_proved_and_then_the_old_one_goes()
    {
        await using var tenant = await OnboardingTenant.StartAsync(TimeSpan.FromMilliseconds(400));
        var first = await tenant.SetUpAsync();
        var kept = await (await PlanAsync(tenant, first.AppId)).ApplyAsync(removeOld: false);
        Assert.True(kept.IsProved);
        Assert.NotEqual(first.CertificateThumbprint, kept.CertificateThumbprint);
        Assert.Equal([first.CertificateThumbprint!], kept.Kept);
        Assert.Equal(2, tenant.App.Certificates.Count);

        // Run again it makes no third one, and removes what it is asked to.
        var plan = await PlanAsync(tenant, first.AppId);
        Assert.True(plan.IsAttached);
        Assert.Null(plan.Making);
        var done = await plan.ApplyAsync(removeOld: true);
        Assert.Equal([first.CertificateThumbprint!], done.Removed);
        Assert.Equal([kept.CertificateThumbprint!], tenant.App.Certificates.Select(c => c.Thumbprint));
    }

    [Fact]
    public async Task A_certificate_that_does_not_sign_in_costs_the_old_one_nothing()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var first = await tenant.SetUpAsync();
        tenant.App.AdminConsent = false;
        var plan = await PlanAsync(tenant, first.AppId, patience: TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<ExoException>(() => plan.ApplyAsync(removeOld: true));
        Assert.Contains(first.CertificateThumbprint, tenant.App.Certificates.Select(c => c.Thumbprint));
    }

    [Fact]
    public async Task Removing_takes_everything_of_the_application_away()
    {
        await using var tenant = await OnboardingTenant.StartAsync();
        var report = await tenant.SetUpAsync();
        var options = new RemovalOptions
        {
            Environment = tenant.Environment, Organization = tenant.Tenant.Organization, Administrator = tenant.Administrator(), AppId = report.AppId,
        };
        var plan = await ApplicationRemoval.PlanAsync(options, tenant.Messages);
        Assert.Equal(("Nightly", true), (plan.DisplayName, plan.IsRegistered));
        Assert.Single(tenant.Tenant.Registry.Applications);
        await plan.ApplyAsync();
        Assert.Empty(tenant.Tenant.Registry.Applications);
        Assert.Equal("ApplicationNotRegistered",
            (await Assert.ThrowsAnyAsync<ExoException>(() => ApplicationRemoval.PlanAsync(options, tenant.Messages))).ErrorId);
    }

    private static Task<CertificateRollover> PlanAsync(
        OnboardingTenant tenant, string appId, TimeSpan? patience = null) => CertificateRollover.PlanAsync(
        new RolloverOptions
        {
            Environment = tenant.Environment,
            Organization = tenant.Tenant.Organization,
            Administrator = tenant.Administrator(),
            AppId = appId,
            Certificate = SetUpCertificate.Generate(
                new NewCertificateOptions
                {
                    CommonName = "Nightly", FileName = "next", Folder = tenant.Folder, NoPassword = true,
                    Formats = CertificateFormats.Pem
                }, null),
            Patience = patience ?? TimeSpan.FromSeconds(20),
            RetryDelay = TimeSpan.FromMilliseconds(50),
        },
        tenant.Messages);
}
