using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests;

/// <summary>A tenant for the tests of a class, and a user who is connected to it.</summary>
public sealed class TenantFixture : IAsyncLifetime
{
    private Tenant? _tenant;

    internal Tenant Tenant => _tenant!;

    internal Sandbox User { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 1200 });
        (await User.RunAsync(Connect())).Ended(0);
    }

    public async ValueTask DisposeAsync()
    {
        await Tenant.DisposeAsync();
        User.Dispose();
    }

    internal Task<Ran> RunAsync(params string[] args) => User.RunAsync(["run", .. args]);

    /// <summary>The line that connects to this tenant, with the certificate that needs no password.</summary>
    internal string[] Connect(params string[] more) => ConnectLine(Tenant, ["--certificate", Tenant.PemPath, .. more]);

    internal static string[] ConnectLine(Tenant tenant, params string[] more) =>
    [
        "connect", "--app-id", tenant.AppId.ToString(), "--organization", tenant.Organization, "--environment", tenant.EnvironmentFile, .. more,
    ];
}
