using System.IO.Pipes;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.ServiceRequests;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.ServiceRequests;
using ExoConnect.LocalTenant;

namespace ExoConnect.Core.Tests.Sessions;

/// <summary>Several connections in one process: what they share, and what they never do.</summary>
public class ConnectionTests
{
    [Fact]
    public async Task One_identity_signs_in_once_for_each_service()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Permissions = ["Directory.Read.All"] });
        var exchange = await tenant.ConnectAsync();
        var compliance = await tenant.ConnectAsync(ExoService.SecurityCompliance);
        Assert.Equal(2, TokenRequests(tenant));

        var again = await tenant.ConnectAsync();
        await exchange.GetTokenAsync("Graph");
        await again.SendAsync(new ServiceRequest { Uri = "/v1.0/organization" }, tenant.Messages);
        await compliance.GetTokenAsync("https://graph.microsoft.com");

        Assert.Equal(3, TokenRequests(tenant));
        Assert.Equal(["Exchange", "Graph"], again.ServiceTokens.Select(t => t.Service).Order());
        Assert.All(again.ServiceTokens, t => Assert.True(t.ExpiresOn > DateTimeOffset.UtcNow));

        // Ending one leaves the others their sign-in.
        tenant.Registry.Disconnect(exchange);
        tenant.Registry.Disconnect(compliance);
        await again.SendAsync(new ServiceRequest { Uri = "/v1.0/organization" }, tenant.Messages);
        Assert.Equal(3, TokenRequests(tenant));
    }

    [Fact]
    public async Task A_connection_that_has_ended_sends_no_request_to_any_service()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Registry.Disconnect(session);
        var before = tenant.Tenant.Requests.Snapshot().Count;

        var send = await Assert.ThrowsAsync<ExoException>(
            () => session.SendAsync(new ServiceRequest { Uri = "/v1.0/organization" }, tenant.Messages));
        var token = await Assert.ThrowsAsync<ExoException>(() => session.GetTokenAsync("Graph"));

        Assert.Equal(("SessionDisconnected", "SessionDisconnected"), (send.ErrorId, token.ErrorId));
        Assert.Equal(before, tenant.Tenant.Requests.Snapshot().Count);
    }

    [Fact]
    public async Task Ensuring_a_connection_that_is_there_sends_nothing()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync(tenant.Options() with { Name = "mine" });
        var other = await tenant.ConnectAsync(tenant.Options() with { Name = "other", Prefix = "X" });
        var before = tenant.Tenant.Requests.Snapshot().Count;

        Assert.Same(session, await tenant.ConnectAsync(tenant.Options() with { Ensure = true }));
        Assert.Same(session, await tenant.ConnectAsync(tenant.Options() with { Ensure = true, Name = "MINE" }));
        Assert.Same(session, tenant.Registry.Latest());
        Assert.Same(other, await tenant.ConnectAsync(tenant.Options() with { Ensure = true, Prefix = "x" }));
        Assert.Equal(before, tenant.Tenant.Requests.Snapshot().Count);

        // What differs in anything is another connection.
        Assert.NotSame(session, await tenant.ConnectAsync(tenant.Options() with { Ensure = true, CommandNames = ["Get-Mailbox"] }));
        Assert.NotSame(session, await tenant.ConnectAsync(tenant.Options(ExoService.SecurityCompliance) with { Ensure = true }));
        Assert.NotSame(session, await tenant.ConnectAsync(tenant.Options() with { Ensure = true, Name = "third" }));
        Assert.Equal(5, tenant.Registry.Sessions.Count);
    }

    [Fact]
    public async Task Names_are_unique_and_free_again_when_their_connection_has_ended()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync(tenant.Options() with { Name = "ExchangeOnline_2" });
        var before = tenant.Tenant.Requests.Snapshot().Count;

        var taken = await Assert.ThrowsAsync<ExoException>(() => tenant.ConnectAsync(tenant.Options() with { Name = "exchangeonline_2" }));
        Assert.Equal("ConnectionNameInUse", taken.ErrorId);
        Assert.Equal(before, tenant.Tenant.Requests.Snapshot().Count);
        Assert.Equal("ExchangeOnline_1", (await tenant.ConnectAsync()).Description.Name);
        Assert.Equal("ExchangeOnline_3", (await tenant.ConnectAsync()).Description.Name);

        tenant.Registry.Disconnect(session);
        Assert.Equal("ExchangeOnline_2", (await tenant.ConnectAsync(tenant.Options() with { Name = "ExchangeOnline_2" })).Description.Name);
    }

    [Fact]
    public async Task The_default_is_the_one_connected_or_chosen_last()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var one = await tenant.ConnectAsync();
        var two = await tenant.ConnectAsync();
        Assert.Same(two, tenant.Registry.Latest());

        tenant.Registry.Use(one);
        Assert.Same(one, tenant.Registry.Latest());
        Assert.Equal([one, two], tenant.Registry.Sessions);

        tenant.Registry.Disconnect(one);
        tenant.Registry.Use(one);
        Assert.Same(two, tenant.Registry.Latest());
    }

    [Fact]
    public async Task Two_tenants_at_once_share_no_token_cookie_or_catalog()
    {
        await using var contoso = await ConnectedTenant.StartAsync(new TenantOptions { Permissions = ["Directory.Read.All"] });
        await using var fabrikam = await ConnectedTenant.StartAsync(
            new TenantOptions { Organization = "fabrikam.onmicrosoft.com", Permissions = ["Directory.Read.All"] });
        var registry = new SessionRegistry();
        ConnectedTenant[] tenants = [contoso, fabrikam];
        var sessions = new List<(ConnectedTenant Tenant, ExoSession Session)>();
        foreach (var tenant in tenants)
        {
            foreach (var service in new[] { ExoService.ExchangeOnline, ExoService.SecurityCompliance })
            {
                sessions.Add((tenant, await SessionConnector.ConnectAsync(tenant.Options(service), tenant.Messages, registry)));
            }
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
        {
            var (tenant, session) = sessions[i % sessions.Count];
            if (session.Description.Service == ExoService.ExchangeOnline)
            {
                var mailbox = Assert.Single(await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
                Assert.EndsWith("@" + tenant.Tenant.Organization, ConnectedTenant.Value(mailbox, "PrimarySmtpAddress") as string,
                    StringComparison.Ordinal);
            }

            var response = await session.SendAsync(new ServiceRequest { Uri = "/v1.0/organization" }, tenant.Messages, stop);
            Assert.Equal(tenant.Tenant.TenantId.ToString(), response.Items().Single().GetProperty("id").GetString());
        });

        foreach (var header in new[] { "Authorization", "Cookie", "connection-id" })
        {
            Assert.Empty(Seen(contoso, header).Intersect(Seen(fabrikam, header)));
        }

        foreach (var tenant in tenants)
        {
            Assert.DoesNotContain(tenant.Tenant.Requests, r => r.Status is 401 or 403);
            Assert.Equal(3, TokenRequests(tenant));
            var other = tenant == contoso ? fabrikam : contoso;
            Assert.DoesNotContain(tenant.Tenant.Requests, r => r.Target.Contains(other.Tenant.TenantId.ToString(), StringComparison.OrdinalIgnoreCase)
                || r.Target.Contains(other.Tenant.Organization, StringComparison.OrdinalIgnoreCase));
        }

        sessions.ForEach(s => registry.Disconnect(s.Session));
    }

    [SpecialFileTheory]
    [InlineData("/proc/self/fd/")]
    public async Task Connecting_can_be_given_up_while_the_certificate_is_read(string descriptors)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var stop = new CancellationTokenSource();
        var source = new CertificateSource.File(descriptors + pipe.ClientSafePipeHandle.DangerousGetHandle());
        var connecting = SessionConnector.ConnectAsync(
            tenant.Options() with { SignIn = new SignInMethod.Certificate(source) }, tenant.Messages, tenant.Registry, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Two_tenants_behind_the_same_hosts_share_no_cookie_token_or_pause()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context =>
        {
            var tenant = context.Request.Path.Value!.Split('/')[3];
            context.Response.Headers.SetCookie = $"affinity={tenant}; path=/; secure";
            if (tenant == "a" && context.Request.Headers["X-CmdletName"] == "Get-Busy")
            {
                context.Response.Headers.RetryAfter = "250";
                return FakeServices.JsonAsync(context, "{}", 429);
            }

            return FakeServices.JsonAsync(context, """{"value":[]}""");
        };
        var (a, b) = (Client("a"), Client("b"));
        for (var i = 0; i < 3; i++)
        {
            await ReadAsync(a, "Get-Thing");
            await ReadAsync(b, "Get-Thing");
        }

        // While the one waits out what its tenant was told, the other goes on.
        using var stop = new CancellationTokenSource();
        var waiting = ReadAsync(a, "Get-Busy", stop.Token);
        while (!services.Requests.Any(r => r.Headers["X-CmdletName"] == "Get-Busy"))
        {
            await Task.Delay(10);
        }

        await ReadAsync(b, "Get-Thing").WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        foreach (var seen in services.Requests)
        {
            var tenant = seen.Target.Split('/')[3];
            Assert.Equal($"Bearer {tenant}", seen.Authorization);
            Assert.True(seen.Headers.GetValueOrDefault("Cookie") is null or "" || seen.Headers["Cookie"] == $"affinity={tenant}");
        }

        Assert.Contains(services.Requests, r => r.Headers.GetValueOrDefault("Cookie") == "affinity=b");

        AdminApiClient Client(string tenant) => new(new AdminApiOptions
        {
            Environment = services.Environment, Service = ExoService.ExchangeOnline, Tokens = new OneToken(tenant), TenantId = tenant,
            Organization = $"{tenant}.onmicrosoft.com",
        });

        Task<ReadOnlyMemory<byte>> ReadAsync(AdminApiClient client, string cmdlet, CancellationToken cancellationToken = default) => client.ReadAsync(
            new AdminRequest { Path = "InvokeCommand", CmdletName = cmdlet, IsRead = true }, 1024, NullMessages.Instance, cancellationToken);
    }

    private static HashSet<string> Seen(
        ConnectedTenant tenant, string header) => [.. tenant.Tenant.Requests.Select(r => r.Header(header)).OfType<string>()];

    private static int TokenRequests(ConnectedTenant tenant) => tenant.Tenant.Requests.Count(
        r => r.Service == TenantService.Entra && r.Method == "POST");

    private sealed class OneToken(string value) : ITokenProvider
    {
        public string? AppId => null;

        public string? Organization => null;

        public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new AccessToken(resource, value, DateTimeOffset.UtcNow.AddHours(1), new TokenClaims()));
    }
}
