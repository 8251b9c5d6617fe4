using System.Text.Json;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Commands;

/// <summary>Requests to services, tokens, and which connection they are of.</summary>
public sealed class RequestTests(GraphTenantFixture fixture) : IClassFixture<GraphTenantFixture>
{
    private Sandbox User => fixture.User;

    [Fact]
    public async Task A_response_is_written_as_it_came()
    {
        var ran = (await User.RunAsync("request", "/v1.0/organization")).Ended(0);
        using var json = JsonDocument.Parse(ran.Output);
        Assert.Equal(fixture.Tenant.TenantId.ToString(), json.RootElement.GetProperty("value")[0].GetProperty("id").GetString());
        Assert.Empty(ran.Error);
        Assert.DoesNotContain("eyJ", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_pages_are_one_list_in_each_format()
    {
        const string Address = "/v1.0/servicePrincipals?$top=2&$select=displayName,appId";
        var json = (await User.RunAsync("request", Address, "--all")).Ended(0);
        using var list = JsonDocument.Parse(json.Output);
        var count = list.RootElement.GetArrayLength();
        Assert.True(count > 4);
        Assert.Equal(count, (await User.RunAsync("request", Address, "--all", "-o", "ndjson")).Ended(0).Lines.Length);
        var csv = (await User.RunAsync("request", Address, "--all", "-o", "csv")).Ended(0);
        Assert.Equal("displayName,appId", csv.Lines[0]);
        Assert.Equal(count + 1, csv.Lines.Length);

        var first = (await User.RunAsync("request", Address, "-o", "ndjson")).Ended(0);
        Assert.Equal(2, first.Lines.Length);
        Assert.Contains("--all", first.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_come_from_the_line_a_file_or_standard_input()
    {
        var made = (await User.RunAsync("request", "/v1.0/applications", "--body", "{\"displayName\":\"Berichte\"}")).Ended(0);
        using var json = JsonDocument.Parse(made.Output);
        var address = "/v1.0/applications/" + json.RootElement.GetProperty("id").GetString();

        var file = User.WriteFile("body.json", "{\"displayName\":\"Reports\"}");
        Assert.Empty((await User.RunAsync("request", address, "-m", "PATCH", "--body-file", file)).Ended(0).Output);
        Assert.Contains("\"Reports\"", (await User.RunAsync("request", address)).Ended(0).Output, StringComparison.Ordinal);

        User.Input = "{\"displayName\":\"Again\"}";
        (await User.RunAsync("request", address, "-m", "PATCH", "--body-file", "-")).Ended(0);
        var target = Path.Combine(User.Folder, "response.json");
        Assert.Empty((await User.RunAsync("request", address, "--out-file", target)).Ended(0).Output);
        Assert.Contains("\"Again\"", await File.ReadAllTextAsync(target), StringComparison.Ordinal);
        (await User.RunAsync("request", address, "--method", "DELETE")).Ended(0);
        Assert.Contains("Request_ResourceNotFound", (await User.RunAsync("request", address)).Ended(1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ResourceRequired", "https://example.com/")]
    [InlineData("ResourceMismatch", "https://example.com/", "-r", "Graph")]
    [InlineData("ResourceOfAnotherCloud", "https://graph.microsoft.com/v1.0/me")]
    [InlineData("HeaderNotAllowed", "/v1.0/organization", "--header", "Authorization: Bearer x")]
    [InlineData("--header", "/v1.0/organization", "--header", "nonsense")]
    [InlineData("--method", "/v1.0/organization", "--method", "G T")]
    [InlineData("--out-file", "/v1.0/organization", "--out-file", "x", "--all")]
    [InlineData("exclude each other", "/v1.0/organization", "--body", "x", "--body-file", "y")]
    public async Task What_cannot_be_sent_is_wrong_usage(string said, params string[] args)
    {
        var before = fixture.Tenant.Requests.Snapshot().Count;
        Assert.Contains(said, (await User.RunAsync(["request", .. args])).Ended(2).Error, StringComparison.Ordinal);
        Assert.Equal(before, fixture.Tenant.Requests.Snapshot().Count);
    }

    [Fact]
    public async Task A_token_is_for_the_service_that_is_named()
    {
        var own = (await User.RunAsync("token")).Ended(0).Output.Trim();
        Assert.StartsWith("eyJ", own, StringComparison.Ordinal);

        var graph = (await User.RunAsync("token", "-r", "Graph", "-o", "json")).Ended(0);
        using var json = JsonDocument.Parse(graph.Output);
        Assert.Equal("https://graph.microsoft.com", json.RootElement.GetProperty("resource").GetString());
        Assert.Equal(fixture.Tenant.TenantId.ToString(), json.RootElement.GetProperty("tenantId").GetString());

        var decoded = (await User.RunAsync("token", "-r", "SharePoint", "--decode")).Ended(0);
        using var claims = JsonDocument.Parse(decoded.Output);
        Assert.Equal("https://contoso.sharepoint.com", claims.RootElement.GetProperty("claims").GetProperty("aud").GetString());
        Assert.DoesNotContain("eyJ", decoded.Output, StringComparison.Ordinal);

        Assert.Contains("AppOnlyNotSupported", (await User.RunAsync("token", "-r", "Yammer")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_are_listed_chosen_and_removed()
    {
        using var user = new Sandbox();
        var line = TenantFixture.ConnectLine(fixture.Tenant, "--certificate", fixture.Tenant.PemPath);
        (await user.RunAsync(["login", .. line[1..], "--profile", "one"])).Ended(0);
        (await user.RunAsync([.. line, "--profile", "two", "--service", "compliance"])).Ended(0);

        Assert.Equal("'two' is the default connection now.\n", (await user.RunAsync("connection", "use", "TWO")).Ended(0).Output);
        using var list = JsonDocument.Parse((await user.RunAsync("connection", "list", "--output", "json")).Ended(0).Output);
        Assert.Equal([false, true], list.RootElement.EnumerateArray().Select(p => p.GetProperty("default").GetBoolean()));
        using var token = JsonDocument.Parse((await user.RunAsync("token", "--decode")).Ended(0).Output);
        Assert.Equal("https://ps.compliance.protection.outlook.com", token.RootElement.GetProperty("claims").GetProperty("aud").GetString());

        Assert.Contains("There is no profile 'three'", (await user.RunAsync("connection", "use", "three")).Ended(2).Error, StringComparison.Ordinal);
        (await user.RunAsync("connection", "remove", "two")).Ended(0);
        (await user.RunAsync("logout")).Ended(0);
        Assert.Contains("No profiles", (await user.RunAsync("connection", "list")).Ended(0).Output, StringComparison.Ordinal);
    }
}

/// <summary>A tenant whose app may use Graph, and a user who is connected to it.</summary>
public sealed class GraphTenantFixture : IAsyncLifetime
{
    private Tenant? _tenant;

    internal Tenant Tenant => _tenant!;

    internal Sandbox User { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _tenant = await Tenant.StartAsync(new TenantOptions { Permissions = ["Directory.Read.All", "Application.ReadWrite.All"] });
        (await User.RunAsync(TenantFixture.ConnectLine(_tenant, "--certificate", _tenant.PemPath))).Ended(0);
    }

    public async ValueTask DisposeAsync()
    {
        await Tenant.DisposeAsync();
        User.Dispose();
    }
}
