using System.Text.Json;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Commands;

public sealed class AppTests : IAsyncLifetime
{
    private readonly Sandbox _user = new();
    private Tenant _tenant = null!;

    public async ValueTask InitializeAsync() => _tenant = await Tenant.StartAsync(
        new TenantOptions { HasApplication = false, ReplicationDelay = TimeSpan.FromMilliseconds(300), Mailboxes = 3 });

    public async ValueTask DisposeAsync()
    {
        await _tenant.DisposeAsync();
        _user.Dispose();
    }

    private string Pem => Path.Combine(_user.Folder, "nightly.pem");

    private Task<Ran> AppAsync(params string[] more) => _user.RunAsync(
        ["app", .. more, "--organization", _tenant.Organization, "--environment", _tenant.EnvironmentFile]);

    private string[] Administrator => ["--access-token-file", _tenant.Describe().Administrator.GraphTokenFile];

    private async Task<string> RegisterAsync()
    {
        var ran = (await AppAsync(
            ["register", "--display-name", "nightly", "--path", _user.Folder, "--no-password", "--output", "json", .. Administrator])).Ended(0);
        using var json = JsonDocument.Parse(ran.Output);
        Assert.True(json.RootElement.GetProperty("connects").GetBoolean());
        Assert.Equal(2, json.RootElement.GetProperty("services").GetArrayLength());
        return json.RootElement.GetProperty("appId").GetString()!;
    }

    [Fact]
    public async Task From_nothing_to_a_profile_and_back()
    {
        var rehearsal = (await AppAsync(
            ["register", "--display-name", "nightly", "--path", _user.Folder, "--no-password", "--what-if", .. Administrator])).Ended(0);
        Assert.Contains("to do  Grant admin consent to Exchange.ManageAsApp", rehearsal.Output, StringComparison.Ordinal);
        Assert.Empty(_tenant.Registry.Applications);

        var appId = await RegisterAsync();
        var pfx = Path.Combine(_user.Folder, "nightly.pfx");
        (await _user.RunAsync("connect", "--app-id", appId, "--organization", _tenant.Organization, "--environment", _tenant.EnvironmentFile,
            "--certificate", pfx)).Ended(0);

        var again = (await AppAsync(["register", "--display-name", "nightly", "--path", _user.Folder, "--no-password", .. Administrator])).Ended(0);
        Assert.Contains("there    Assign directory role Global Reader", again.Output, StringComparison.Ordinal);
        Assert.Contains($"exoconnect connect --service compliance --app-id {appId}", again.Output, StringComparison.Ordinal);

        var test = (await AppAsync(["test", "--app-id", appId, "--certificate", pfx, .. Administrator])).Ended(0);
        Assert.DoesNotContain("FAILED", test.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not checked", test.Output, StringComparison.Ordinal);

        var rotated = (await AppAsync(
            ["rotate", "--app-id", appId, "--path", _user.Folder, "--no-password", "--remove-old", .. Administrator])).Ended(0);
        Assert.Contains("Removed: ", rotated.Output, StringComparison.Ordinal);
        Assert.Single(_tenant.Registry.Applications.Single().Certificates);

        (await AppAsync(["remove", "--app-id", appId, .. Administrator])).Ended(2);
        _user.Answer = false;
        Assert.Contains("Nothing was removed", (await AppAsync(["remove", "--app-id", appId, .. Administrator])).Ended(1).Output,
            StringComparison.Ordinal);
        _user.Answer = null;
        (await AppAsync(["remove", "--app-id", appId, "--yes", .. Administrator])).Ended(0);
        Assert.Empty(_tenant.Registry.Applications);
    }

    [Fact]
    public async Task What_is_missing_is_named_by_test_and_by_connect()
    {
        var appId = await RegisterAsync();
        _tenant.Registry.Applications.Single().RemovePermission("Exchange.ManageAsApp");
        var pfx = Path.Combine(_user.Folder, "nightly.pfx");
        var test = (await AppAsync("test", "--app-id", appId, "--certificate", pfx)).Ended(1);
        Assert.Contains("FAILED       Consent granted", test.Output, StringComparison.Ordinal);
        Assert.Contains($"exoconnect app register --app-id {appId} --organization {_tenant.Organization} --certificate {pfx}", test.Output,
            StringComparison.Ordinal);

        using var json = JsonDocument.Parse((await AppAsync("test", "--app-id", appId, "--certificate", pfx, "--output", "json")).Ended(1).Output);
        Assert.Contains(json.RootElement.EnumerateArray(), row => row.GetProperty("result").GetString() == "FAILED");

        var failed = await _user.RunAsync(
            "connect", "--app-id", appId, "--organization", _tenant.Organization, "--environment", _tenant.EnvironmentFile, "--certificate", pfx);
        failed.Ended(3);
        Assert.Contains("Exchange.ManageAsApp", failed.Error, StringComparison.Ordinal);
        Assert.Contains($"exoconnect app test --app-id {appId}", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_asked_where_nobody_is()
    {
        var ran = await AppAsync("register", "--display-name", "nightly", "--path", _user.Folder, "--no-password", "--device");
        ran.Ended(3);
        Assert.Contains("this session is non-interactive", ran.Error, StringComparison.Ordinal);
        (await AppAsync(["register", "--display-name", "nightly", "--role", "Emperor", .. Administrator])).Ended(2);
        Assert.False(File.Exists(Pem));
    }
}
