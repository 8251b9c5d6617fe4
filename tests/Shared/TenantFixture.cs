using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Tests;

/// <summary>One tenant for the tests of a class that leave it as they find it.</summary>
public sealed class TenantFixture : IAsyncLifetime
{
    public Tenant Tenant { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Tenant = await Tenant.StartAsync(
        new TenantOptions { Names = ["login.microsoftonline.com", "outlook.office365.com", "ps.compliance.protection.outlook.com"] });

    public async ValueTask DisposeAsync() => await Tenant.DisposeAsync();
}
