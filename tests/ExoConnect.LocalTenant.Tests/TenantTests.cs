using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>Life and death of a tenant, its files, routing, limits and log.</summary>
public sealed class TenantTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private const string Configuration = "/common/v2.0/.well-known/openid-configuration";

    private readonly string _folder = Directory.CreateTempSubdirectory("exoconnect-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_temporary_folder_goes_with_the_tenant()
    {
        var tenant = await Tenant.StartAsync(new TenantOptions());
        Assert.All(
            new[] { tenant.CaPath, tenant.PfxPath, tenant.PemPath, tenant.CertificatePath, tenant.EnvironmentFile },
            path => Assert.True(File.Exists(path), path));
        Assert.Equal(tenant.StateDirectory, Path.GetDirectoryName(tenant.PfxPath));
        Assert.Empty(Directory.GetFiles(tenant.StateDirectory, "*.key"));

        await tenant.DisposeAsync();

        Assert.False(Directory.Exists(tenant.StateDirectory));
        await tenant.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_start_leaves_nothing_behind()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        var error = await Assert.ThrowsAsync<TenantException>(() => Tenant.StartAsync(new TenantOptions { Port = port, StateDirectory = _folder }));

        Assert.StartsWith($"The local tenant cannot listen on port {port} of 127.0.0.1", error.Message, StringComparison.Ordinal);

        // The folder is free again.
        await using var tenant = await Tenant.StartAsync(new TenantOptions { StateDirectory = _folder });
    }

    [Fact]
    public async Task A_state_folder_keeps_ids_and_certificates()
    {
        var folder = Path.Combine(_folder, "deep", "state");
        var options = new TenantOptions { StateDirectory = folder };
        TenantDescription first;
        byte[] authority;
        await using (var tenant = await Tenant.StartAsync(options))
        {
            first = tenant.Describe();
            authority = await File.ReadAllBytesAsync(tenant.CaPath);
        }

        Assert.True(Directory.Exists(folder));
        await using (var tenant = await Tenant.StartAsync(options with { Names = ["outlook.office365.com"] }))
        {
            var second = tenant.Describe();
            Assert.Equal(
                (first.TenantId, first.AppId, first.Thumbprint, first.PfxPassword),
                (second.TenantId, second.AppId, second.Thumbprint, second.PfxPassword));
            Assert.Equal(authority, await File.ReadAllBytesAsync(tenant.CaPath));
            using var client = new TenantClient(tenant);
            Assert.NotEmpty(await client.TokenAsync());
        }
    }

    [Fact]
    public async Task Private_files_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Path.Combine(_folder, "state");
        await using var tenant = await Tenant.StartAsync(new TenantOptions { StateDirectory = folder });

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        foreach (var path in new[] { tenant.PfxPath, tenant.PemPath, Path.Combine(folder, "ca.key"), Path.Combine(folder, "tenant.json") })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task One_state_folder_is_one_tenants()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions { StateDirectory = _folder });

        var error = await Assert.ThrowsAsync<TenantException>(() => Tenant.StartAsync(new TenantOptions { StateDirectory = _folder }));

        Assert.Contains("is in use by another local tenant", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spoiled_state_folder_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "tenant.json"), "nonsense");

        var error = await Assert.ThrowsAsync<TenantException>(() => Tenant.StartAsync(new TenantOptions { StateDirectory = _folder }));

        Assert.Contains(_folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tenants_take_turns_with_the_keys_of_a_folder_and_none_has_anothers()
    {
        var options = new TenantOptions { KeyDirectory = Path.Combine(_folder, "keys") };
        HashSet<string> first;
        await using (var tenant = await Tenant.StartAsync(options))
        await using (var other = await Tenant.StartAsync(options))
        {
            first = [AppKey(tenant), AppKey(other)];
            Assert.Equal(2, first.Count);
        }

        // Two for each: the app's, and that of the tokens. A process that was killed left half a key.
        var files = Directory.GetFiles(options.KeyDirectory);
        Assert.Equal(4, files.Length);
        await File.WriteAllTextAsync(files[0], "half");

        await using var third = await Tenant.StartAsync(options);
        await using var fourth = await Tenant.StartAsync(options);
        Assert.NotEqual(AppKey(third), AppKey(fourth));
        Assert.Equal(files.Order(), Directory.GetFiles(options.KeyDirectory).Order());
        Assert.True(third.Thumbprint != fourth.Thumbprint && !string.IsNullOrEmpty(third.SignInUser()));

        static string AppKey(Tenant tenant)
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(tenant.CertificatePath);
            return certificate.GetPublicKeyString();
        }
    }

    [Fact]
    public async Task A_folder_of_keys_that_cannot_be_used_is_named()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");

        var error = await Assert.ThrowsAsync<TenantException>(() => Tenant.StartAsync(new TenantOptions { KeyDirectory = file }));

        Assert.Contains($"The folder of keys '{file}' cannot be used", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_apps_certificate_comes_in_three_forms()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions());

        using var pfx = X509CertificateLoader.LoadPkcs12FromFile(tenant.PfxPath, tenant.PfxPassword);
        using var pem = X509Certificate2.CreateFromPemFile(tenant.PemPath);
        using var cer = X509CertificateLoader.LoadCertificateFromFile(tenant.CertificatePath);
        Assert.Equal([tenant.Thumbprint, tenant.Thumbprint, tenant.Thumbprint], [pfx.Thumbprint, pem.Thumbprint, cer.Thumbprint]);
        Assert.Equal((true, true, false), (pfx.HasPrivateKey, pem.HasPrivateKey, cer.HasPrivateKey));
        Assert.Equal(2048, pfx.GetRSAPublicKey()!.KeySize);
    }

    [Fact]
    public async Task The_environment_file_says_where_everything_is()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions());

        var json = JsonNode.Parse(await File.ReadAllTextAsync(tenant.EnvironmentFile))!;

        var expected = JsonNode.Parse($$"""
            {
              "name": "LocalTenant",
              "signIn": "https://login.exoconnect.localhost:{{tenant.Port}}",
              "exchange": "https://outlook.exoconnect.localhost:{{tenant.Port}}",
              "compliance": "https://ps.compliance.protection.exoconnect.localhost:{{tenant.Port}}",
              "graph": "https://graph.exoconnect.localhost:{{tenant.Port}}",
              "resources": {
                "exchange": "https://outlook.office365.com",
                "compliance": "https://ps.compliance.protection.outlook.com",
                "graph": "https://graph.microsoft.com"
              },
              "trustedSuffixes": ["exoconnect.localhost"],
              "address": "127.0.0.1:{{tenant.Port}}",
              "certificateAuthority": "ca.pem"
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, json), json.ToJsonString());
    }

    [Fact]
    public async Task Describes_itself_in_words_and_JSON()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions { Organization = "fabrikam.onmicrosoft.com", Roles = ["Global Reader"] });

        var json = JsonNode.Parse(tenant.ToJson())!;
        Assert.Equal("fabrikam.onmicrosoft.com", (string?)json["organization"]);
        Assert.Equal(tenant.AppId.ToString(), (string?)json["appId"]);
        Assert.Equal(tenant.PfxPath, (string?)json["pfxPath"]);
        Assert.Equal(tenant.PfxPassword, (string?)json["pfxPassword"]);
        Assert.Equal(tenant.EnvironmentFile, (string?)json["environmentFile"]);
        Assert.Equal(tenant.Port, (int)json["port"]!);
        Assert.Equal("Global Reader", (string?)json["roles"]![0]);

        var text = tenant.Describe().ToText();
        Assert.Contains(tenant.PfxPath, text, StringComparison.Ordinal);
        Assert.Contains("fabrikam.onmicrosoft.com", text, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant.PfxPassword, tenant.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(tenant.PfxPassword, tenant.Describe().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1", "login.exoconnect.localhost")]
    [InlineData("2.0", "login.exoconnect.localhost")]
    [InlineData("2.0", "nam12b.ps.compliance.protection.exoconnect.localhost")]
    [InlineData("2.0", "nam12b.admin.protection.exoconnect.localhost")]
    [InlineData("2.0", "eurprd01.outlook.exoconnect.localhost")]
    [InlineData("1.1", "localhost")]
    [InlineData("1.1", "127.0.0.1")]
    [InlineData("2.0", "nam12b.admin.protection.outlook.com")]
    [InlineData("2.0", "nam12b.ps.compliance.protection.outlook.com")]
    [InlineData("2.0", "outlook.office365.com")]
    [InlineData("2.0", "eurprd01.outlook.office365.com")]
    public async Task Its_certificate_has_every_name(string version, string host)
    {
        using var client = new TenantClient(fixture.Tenant, Version.Parse(version));

        using var response = await client.SendAsync(host, "/", token: null);

        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Its_certificate_has_no_other_name()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions());
        using var client = new TenantClient(tenant);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync("outlook.office365.com", "/", token: null));
    }

    [Theory]
    [InlineData("login.exoconnect.localhost:1", "/adminapi/x", TenantService.Entra)]
    [InlineData("LOGIN.microsoftonline.com", "/", TenantService.Entra)]
    [InlineData("graph.microsoft.com", "/v1.0/users", TenantService.Graph)]
    [InlineData("ps.compliance.protection.outlook.com", "/adminapi/x", TenantService.SecurityCompliance)]
    [InlineData("nam12b.ps.compliance.protection.outlook.com", "/", TenantService.SecurityCompliance)]
    [InlineData("nam12b.admin.protection.outlook.com:446", "/", TenantService.SecurityCompliance)]
    [InlineData("compliance.dod.microsoft.com", "/", TenantService.SecurityCompliance)]
    [InlineData("outlook.office365.com", "/", TenantService.ExchangeOnline)]
    [InlineData("eurprd01.outlook.office365.com", "/", TenantService.ExchangeOnline)]
    [InlineData("localhost:8443", "/adminAPI/beta/x", TenantService.ExchangeOnline)]
    [InlineData("127.0.0.1", "/v1.0/applications", TenantService.Graph)]
    [InlineData("localhost", "/common/oauth2/v2.0/token", TenantService.Entra)]
    [InlineData("", "/", TenantService.Entra)]
    public void Routes_by_host_and_path(string host, string path, TenantService service) => Assert.Equal(service, HostNames.Route(host, path));

    [Fact]
    public async Task Limits_requests_per_app()
    {
        var clock = new ManualClock();
        await using var tenant = await Tenant.StartAsync(new TenantOptions { RequestsPerSecond = 2, Clock = clock });
        using var client = new TenantClient(tenant);
        var token = await client.TokenAsync();

        using (var first = await client.SendAsync(TenantClient.Exchange, client.Api("Nothing"), token))
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, first.StatusCode);
            Assert.Equal("2", first.Headers.GetValues("Rate-Limit-Limit").Single());
            Assert.Equal("1", first.Headers.GetValues("Rate-Limit-Remaining").Single());
            Assert.True(DateTimeOffset.TryParse(first.Headers.GetValues("Rate-Limit-Reset").Single(), out _));
        }

        (await client.SendAsync(TenantClient.Exchange, client.Api("Nothing"), token)).Dispose();
        using (var third = await client.SendAsync(TenantClient.Exchange, client.Api("Nothing"), token))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
            Assert.Equal("0", third.Headers.GetValues("Rate-Limit-Remaining").Single());
            Assert.Equal(TimeSpan.FromSeconds(1), third.Headers.RetryAfter!.Delta);
            Assert.Equal("TooManyRequests", (string?)JsonNode.Parse(await third.Content.ReadAsStringAsync())!["error"]!["code"]);
        }

        Assert.Equal(1, tenant.Requests.Throttled);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(429, await StatusAsync(client, token));

        tenant.RequestsPerSecond = 0;
        for (var i = 0; i < 10; i++)
        {
            using var free = await client.SendAsync(TenantClient.Exchange, client.Api("Nothing"), token);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, free.StatusCode);
            Assert.True(int.Parse(free.Headers.GetValues("Rate-Limit-Remaining").Single(), System.Globalization.CultureInfo.InvariantCulture) > 0);
        }

        tenant.RequestsPerSecond = 1;
        Assert.NotEqual(429, await StatusAsync(client, token));
        Assert.Equal(429, await StatusAsync(client, token));
    }

    [Fact]
    public async Task Delays_the_services_and_not_sign_in()
    {
        // Longer than any test: sign-in responses all the same, the service does not.
        await using var tenant = await Tenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromHours(1) });
        using var client = new TenantClient(tenant);
        var token = await client.TokenAsync();

        var status = StatusAsync(client, token);

        Assert.NotSame(status, await Task.WhenAny(status, Task.Delay(TimeSpan.FromMilliseconds(300))));
        client.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => status);
    }

    [Fact]
    public async Task Logs_requests_without_their_tokens()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions());
        using var client = new TenantClient(tenant, HttpVersion.Version20);
        var token = await client.TokenAsync();
        tenant.Requests.Clear();
        Assert.Empty(tenant.Requests);

        using (var response = await client.SendAsync(
            TenantClient.Exchange,
            client.Api("Mailbox('a%20b')?$select=A"),
            token,
            headers: [("X-CmdletName", "Get-EXOMailbox"), ("client-request-id", "1-2-3")]))
        {
            var record = Assert.Single(tenant.Requests);
            Assert.Equal((int)response.StatusCode, record.Status);
            Assert.Equal(TenantService.ExchangeOnline, record.Service);
            Assert.Equal(("GET", "HTTP/2", "Get-EXOMailbox"), (record.Method, record.Protocol, record.Cmdlet));
            Assert.Equal($"{TenantClient.Exchange}:{tenant.Port}", record.Host);
            Assert.Equal(client.Api("Mailbox('a%20b')?$select=A"), record.Target);
            Assert.Equal("1-2-3", record.Header("Client-Request-Id"));
            Assert.Matches("^Bearer sha256:[0-9a-f]{16}$", record.Headers["authorization"]);
            Assert.DoesNotContain(record.Headers.Values, value => value.Contains(token, StringComparison.Ordinal));
            Assert.InRange(record.Time, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        }

        using var again = await client.SendAsync(TenantClient.Exchange, client.Api("Nothing"), token);
        var records = tenant.Requests.Snapshot();
        Assert.Equal(2, records.Count);
        Assert.True(records[0].Number < records[1].Number);
        Assert.Equal(records[0].Header("Authorization"), records[1].Header("Authorization"));
        Assert.Equal(2, tenant.Requests.Served);
    }

    [Fact]
    public async Task Keeps_the_last_requests_only()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions());
        using var client = new TenantClient(tenant, HttpVersion.Version20);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, ExoConnect.LocalTenant.Requests.RequestLog.Capacity + 100),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (_, _) => (await client.SendAsync(TenantClient.Exchange, "/", token: null)).Dispose());

        var records = tenant.Requests.Snapshot();
        Assert.Equal(ExoConnect.LocalTenant.Requests.RequestLog.Capacity, records.Count);
        Assert.Equal(101, records[0].Number);
        Assert.Equal(ExoConnect.LocalTenant.Requests.RequestLog.Capacity + 100, tenant.Requests.Served);
        Assert.InRange(tenant.Requests.MaxConcurrent, 1, 32);
    }

    [Fact]
    public async Task Counts_requests_at_one_time()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions());
        tenant.Faults.Add(new FaultRule { Delay = TimeSpan.FromMilliseconds(100), Path = "/", Times = 5 });
        using var client = new TenantClient(tenant);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(
            async _ => (await client.SendAsync(TenantClient.SignIn, Configuration, token: null)).Dispose()));

        Assert.InRange(tenant.Requests.MaxConcurrent, 2, 5);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Stops_though_requests_are_under_way(string version)
    {
        var tenant = await Tenant.StartAsync(new TenantOptions());
        using var client = new TenantClient(tenant, Version.Parse(version));
        tenant.Faults.Add(new FaultRule { Delay = TimeSpan.FromMinutes(5) });
        var pending = client.SendAsync(TenantClient.SignIn, "/", token: null);
        while (!tenant.Requests.Any())
        {
            await Task.Delay(5);
        }

        await tenant.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => pending);
        Assert.False(Directory.Exists(tenant.StateDirectory));
    }

    [Theory]
    [InlineData("https://outlook.office365.com")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task Refuses_what_is_no_name(string name)
    {
        var error = await Assert.ThrowsAsync<TenantException>(() => Tenant.StartAsync(new TenantOptions { Names = [name] }));

        Assert.Equal($"'{name}' is not a host name.", error.Message);
    }

    [Fact]
    public async Task Refuses_senseless_options()
    {
        foreach (var options in new TenantOptions[]
        {
            new() { Port = 70000 },
            new() { Mailboxes = -1 },
            new() { Latency = TimeSpan.FromSeconds(-1) },
            new() { RequestsPerSecond = -1 },
            new() { TokenLifetime = TimeSpan.Zero },
            new() { Organization = "contoso" },
            new() { Roles = ["Emperor"] },
        })
        {
            var error = await Assert.ThrowsAsync<TenantException>(() => Tenant.StartAsync(options));
            Assert.NotEmpty(error.Remedy);
        }
    }

    private static async Task<int> StatusAsync(TenantClient client, string token)
    {
        using var response = await client.SendAsync(TenantClient.Exchange, client.Api("Nothing"), token);
        return (int)response.StatusCode;
    }
}
