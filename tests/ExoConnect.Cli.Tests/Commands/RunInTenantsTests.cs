using System.Text.Json;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Commands;

public sealed class RunInTenantsTests(TenantsFixture fixture) : IClassFixture<TenantsFixture>
{
    private const string Both = "contoso,fabrikam";
    private const string All = "contoso,fabrikam,gone";

    [Fact]
    public async Task The_tenant_is_the_first_column_in_every_format()
    {
        var table = (await RunAsync("Get-Mailbox", "adele.vance", "--profiles", Both, "--select", "Alias,UserPrincipalName")).Ended(0);
        Assert.Matches("^Tenant +Alias +UserPrincipalName$", table.Lines[0]);
        Assert.Equal(
            ["contoso   adele.vance  adele.vance@contoso.onmicrosoft.com", "fabrikam  adele.vance  adele.vance@fabrikam.onmicrosoft.com"],
            table.Lines[2..].Order());

        var csv = (await RunAsync("Get-Mailbox", "adele.vance", "--profiles", Both, "--select", "Alias", "-o", "csv")).Ended(0);
        Assert.Equal("Tenant,Alias", csv.Lines[0]);
        Assert.Equal(["contoso,adele.vance", "fabrikam,adele.vance"], csv.Lines[1..].Order());

        var lines = (await RunAsync("Get-Mailbox", "adele.vance", "--profiles", Both, "-o", "ndjson")).Ended(0).Lines;
        var objects = lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["contoso", "fabrikam"], objects.Select(o => o.EnumerateObject().First().Value.GetString()!).Order());
        Assert.All(objects, o => Assert.True(o.EnumerateObject().Count() > 200));
    }

    [Fact]
    public async Task A_tenant_that_fails_stops_no_other_and_makes_the_exit_code_1()
    {
        var ran = (await RunAsync("Get-Mailbox", "adele.vance", "--profiles", All, "--select", "Alias", "-o", "json")).Ended(1);

        using var json = JsonDocument.Parse(ran.Output);
        Assert.Equal(["contoso", "fabrikam"], json.RootElement.EnumerateArray().Select(o => o.GetProperty("Tenant").GetString()!).Order());
        Assert.Contains("error: gone: ", ran.Error, StringComparison.Ordinal);
        Assert.EndsWith("2 of 3 tenants done; failed in gone.\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_and_warnings_name_their_tenant()
    {
        var absent = (await RunAsync("Get-Mailbox", "nobody", "--profiles", Both)).Ended(1);
        Assert.Matches("(?m)^error: contoso: .*'nobody' couldn't be found", absent.Error);
        Assert.Matches("(?m)^error: fabrikam: .*'nobody' couldn't be found", absent.Error);

        var more = (await RunAsync("Get-Mailbox", "--ResultSize", "1", "--profiles", Both, "-o", "ndjson")).Ended(0);
        Assert.Contains("warning: contoso: There are more results", more.Error, StringComparison.Ordinal);
        Assert.Contains("warning: fabrikam: There are more results", more.Error, StringComparison.Ordinal);

        var wrong = (await RunAsync("Get-Mailbox", "--Colour", "blue", "--profiles", Both)).Ended(1);
        Assert.Contains("error: fabrikam: Get-Mailbox has no parameter Colour.", wrong.Error, StringComparison.Ordinal);

        var unknown = (await RunAsync("Get-Mailboxes", "--profiles", Both)).Ended(1);
        Assert.Matches("error: contoso: (?s).*did you mean Get-Mailbox\\?", unknown.Error);
    }

    [Fact]
    public async Task A_file_names_the_profiles_each_once()
    {
        var file = fixture.User.WriteFile("profiles.txt", "# customers\r\n\r\ncontoso\r\n  Fabrikam \r\nCONTOSO\r\n");
        var ran = (await RunAsync("Get-AcceptedDomain", "--profiles-from", file, "--select", "DomainName", "-o", "csv")).Ended(0);
        Assert.Equal(["contoso", "fabrikam"], ran.Lines[1..].Select(l => l.Split(',')[0]).Distinct().Order());
        Assert.Equal(ran.Lines.Length, ran.Lines.Distinct().Count());

        fixture.User.Input = "fabrikam\n";
        var piped = (await RunAsync("Get-Mailbox", "adele.vance", "--profiles-from", "-", "--select", "Alias", "-o", "csv")).Ended(0);
        Assert.Equal(["Tenant,Alias", "fabrikam,adele.vance"], piped.Lines);
    }

    [Fact]
    public async Task What_cannot_work_is_refused_before_anything_is_sent()
    {
        fixture.Contoso.Requests.Clear();
        await IsRefusedAsync("There is no profile 'x'.", "--profiles", "contoso,x");
        await IsRefusedAsync("No profile is named.", "--profiles", ",");
        await IsRefusedAsync("cannot be read", "--profiles-from", "/no/such/file");
        var windows = fixture.User.WriteFile("windows.txt", "");
        File.WriteAllBytes(windows, [.. "contoso\nM"u8, 0xFC, .. "ller\n"u8]);
        await IsRefusedAsync("--profiles-from: Line 2: ", "--profiles-from", windows);
        foreach (var option in new[] { "--from", "--checkpoint", "--shard", "--encoding", "--profile" })
        {
            await IsRefusedAsync($"{option} does not go with --profiles", option, "1/2", "--profiles", Both);
        }

        Assert.Empty(fixture.Contoso.Requests.Snapshot());

        async Task IsRefusedAsync(string reason, params string[] options) =>
            Assert.Contains(reason, (await RunAsync(["Get-Mailbox", .. options])).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_asked_once_for_all_tenants()
    {
        fixture.User.Answer = false;
        fixture.Contoso.Requests.Clear();
        try
        {
            var ran = (await RunAsync("Remove-Mailbox", "adele.vance", "--profiles", Both)).Ended(1);
            Assert.EndsWith("Nothing was run.\n", ran.Error, StringComparison.Ordinal);
            Assert.Equal(["Remove-Mailbox for 2 tenants: run it?"], fixture.User.Prompts);
            Assert.DoesNotContain(fixture.Contoso.Requests.Snapshot(), r => r.Cmdlet == "Remove-Mailbox");
        }
        finally
        {
            fixture.User.Answer = null;
        }
    }

    private Task<Ran> RunAsync(params string[] args) => fixture.User.RunAsync(["run", .. args]);
}

/// <summary>A user with profiles of three tenants, one of which has ended.</summary>
public sealed class TenantsFixture : IAsyncLifetime
{
    private readonly List<Tenant> _tenants = [];

    internal Sandbox User { get; } = new();

    internal Tenant Contoso => _tenants[0];

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "contoso", "fabrikam" })
        {
            _tenants.Add(await Tenant.StartAsync(new TenantOptions { Mailboxes = 5, Organization = name + ".onmicrosoft.com" }));
            (await User.RunAsync(TenantFixture.ConnectLine(_tenants[^1], "--certificate", _tenants[^1].PemPath, "--profile", name))).Ended(0);
        }

        // A profile whose certificate is no more.
        var contoso = await File.ReadAllTextAsync(User.ProfileFile("contoso"));
        await File.WriteAllTextAsync(
            User.ProfileFile("gone"), contoso.Replace(Contoso.PemPath, Contoso.PemPath + ".gone", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var tenant in _tenants)
        {
            await tenant.DisposeAsync();
        }

        User.Dispose();
    }
}
