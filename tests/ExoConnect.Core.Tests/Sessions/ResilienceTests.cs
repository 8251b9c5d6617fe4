using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;

namespace ExoConnect.Core.Tests.Sessions;

/// <summary>What a session does when the service, the gateways or the network misbehave.</summary>
public class ResilienceTests
{
    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_read_is_tried_again_on_a_transient_status(int status)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Get-Mailbox", Status = status, Times = 2, Body = FaultBody.Html });

        Assert.Single(await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        Assert.Equal(3, Count(tenant, "Get-Mailbox"));
        Assert.Contains(tenant.Messages.Details, m => m.Contains("Trying again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(429, false, 3)]
    [InlineData(429, true, 3)]
    [InlineData(503, true, 3)]
    [InlineData(503, false, 1)]
    [InlineData(502, false, 1)]
    [InlineData(504, false, 1)]
    public async Task A_write_is_tried_again_only_where_it_cannot_have_been_executed(int status, bool retryAfter, int requests)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule
        {
            Cmdlet = "Set-Mailbox", Status = status, Times = 2, Body = FaultBody.Empty, RetryAfter = retryAfter ? TimeSpan.Zero : null,
        });
        var writing = tenant.RunAsync(session, "Set-Mailbox", ("Identity", await AliasAsync(tenant, session)), ("CustomAttribute1", "x"));

        if (requests == 1)
        {
            Assert.Equal(status, (await Assert.ThrowsAsync<ServiceException>(() => writing)).StatusCode);
        }
        else
        {
            await writing;
        }

        Assert.Equal(requests, Count(tenant, "Set-Mailbox"));
    }

    [Fact]
    public async Task A_write_whose_connection_breaks_is_not_repeated_and_says_that_the_outcome_is_open()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var alias = await AliasAsync(tenant, session);
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Set-Mailbox", Drop = FaultDrop.Before });
        var error = await Assert.ThrowsAsync<ServiceException>(
            () => tenant.RunAsync(session, "Set-Mailbox", ("Identity", alias), ("CustomAttribute1", "x")));

        Assert.Equal(1, Count(tenant, "Set-Mailbox"));
        Assert.Equal("ConnectionBroken", error.ErrorId);
        Assert.Contains("look at the object", error.Remedy, StringComparison.Ordinal);
        Assert.Equal(SessionState.Broken, session.State);

        tenant.Tenant.Faults.Clear();
        await tenant.RunAsync(session, "Get-Mailbox", ("Identity", alias));
        Assert.Equal(SessionState.Connected, session.State);
    }

    [Fact]
    public async Task The_tenants_limit_in_plain_text_is_waited_out()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule
        {
            Cmdlet = "Set-Mailbox", Status = 500, Times = 2, Body = FaultBody.Text,
            Content = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again",
        });

        await tenant.RunAsync(session, "Set-Mailbox", ("Identity", await AliasAsync(tenant, session)), ("CustomAttribute1", "x"));
        Assert.Equal(3, Count(tenant, "Set-Mailbox"));
    }

    [Theory]
    [InlineData(FaultBody.Empty, "nothing in it")]
    [InlineData(FaultBody.NulGzip, "roles of this app")]
    [InlineData(FaultBody.Html, "")]
    public async Task Whatever_the_body_the_status_is_not_lost(FaultBody body, string text)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Get-Mailbox", Status = body == FaultBody.NulGzip ? 403 : 400, Body = body });
        var error = await Assert.ThrowsAsync<ServiceException>(() => tenant.RunAsync(session, "Get-Mailbox"));

        Assert.Equal(body == FaultBody.NulGzip ? 403 : 400, error.StatusCode);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_that_breaks_off_is_asked_for_again_and_no_object_comes_twice(bool drop)
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 1500 });
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(drop
            ? new FaultRule { Cmdlet = "Get-Mailbox", Times = 2, Drop = FaultDrop.Middle }
            : new FaultRule { Cmdlet = "Get-Mailbox", Times = 2, TruncateAt = 900_000 });
        var guids = (await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", "Unlimited"))).Select(o => ConnectedTenant.Value(o, "Guid")).ToList(
            );

        Assert.Equal(1500, guids.Count);
        Assert.Equal(1500, guids.Distinct().Count());
    }

    [Fact]
    public async Task A_response_that_stays_cut_is_an_error_behind_what_came()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Get-Mailbox", TruncateAt = 50_000 });
        var seen = 0;
        var error = await Assert.ThrowsAsync<ServiceException>(async () =>
        {
            await foreach (var chunk in session.InvokeAsync(ConnectedTenant.Request("Get-Mailbox"), NullMessages.Instance))
            {
                seen += chunk.Objects.Count;
            }
        });

        Assert.Equal("UnreadableResponse", error.ErrorId);
        Assert.Equal(3, Count(tenant, "Get-Mailbox"));
        Assert.InRange(seen, 0, 99);
    }

    [Fact]
    public async Task A_revoked_token_is_replaced_once_with_its_claims_challenge()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.RevokeTokens();

        Assert.NotEmpty(await tenant.RunAsync(session, "Get-Mailbox"));
        Assert.Equal(SessionState.Connected, session.State);
        Assert.Equal([401, 200], tenant.Tenant.Requests.Snapshot().Where(r => r.Cmdlet == "Get-Mailbox").Select(r => r.Status));
    }

    [Fact]
    public async Task A_token_that_stays_refused_fails_with_the_services_reason()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Get-Mailbox", Status = 401, Body = FaultBody.Empty });
        var error = await Assert.ThrowsAsync<ServiceException>(() => tenant.RunAsync(session, "Get-Mailbox"));

        Assert.Equal(ExoErrorCategory.AuthenticationError, error.Category);
        Assert.Equal(2, Count(tenant, "Get-Mailbox"));
        Assert.Equal(SessionState.TokenExpired, session.State);
    }

    [Fact]
    public async Task A_limit_on_requests_is_kept_without_an_error()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { RequestsPerSecond = 20 });
        var session = await tenant.ConnectAsync();
        var alias = await AliasAsync(tenant, session);

        await Parallel.ForAsync(0, 30, new ParallelOptions { MaxDegreeOfParallelism = 6 },
            async (_, _) => Assert.Single(await tenant.RunAsync(session, "Get-Mailbox", ("Identity", alias))));
    }

    [Fact]
    public async Task A_redirect_out_of_the_environment_is_not_followed()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var options = tenant.Options(ExoService.SecurityCompliance) with { Environment = tenant.Environment with { TrustedSuffixes = [] } };
        var error = await Assert.ThrowsAsync<ServiceException>(() => tenant.ConnectAsync(options));

        Assert.Equal("UntrustedRedirect", error.ErrorId);
        Assert.DoesNotContain(tenant.Tenant.Requests.Snapshot(), r => r.Host.StartsWith("nam12b", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_at_the_other_end_is_told_with_the_host()
    {
        ExoEnvironment environment;
        await using (var gone = await ConnectedTenant.StartAsync())
        {
            environment = gone.Environment;
        }

        await using var tenant = await ConnectedTenant.StartAsync();
        var error = await Assert.ThrowsAnyAsync<ExoException>(() => tenant.ConnectAsync(tenant.Options() with { Environment = environment }));

        Assert.Equal(ExoErrorCategory.ResourceUnavailable, error.Category);
        Assert.Contains(environment.SignIn.Host, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_is_in_anything_the_engine_says()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Get-Mailbox", Status = 500, Body = FaultBody.Html, Times = 2 });
        await tenant.RunAsync(session, "Get-Mailbox");
        var error = await Assert.ThrowsAsync<ServiceException>(() => tenant.RunAsync(session, "Get-Mailbox", ("Identity", "nobody")));

        Assert.DoesNotContain(
            "eyJ", string.Concat(tenant.Messages.Details) + string.Concat(tenant.Messages.Warnings) + error, StringComparison.Ordinal);
    }

    private static int Count(ConnectedTenant tenant, string cmdlet) => tenant.Tenant.Requests.Snapshot().Count(r => r.Cmdlet == cmdlet);

    private static async Task<string> AliasAsync(ConnectedTenant tenant, ExoSession session) =>
        (string)ConnectedTenant.Value((await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)))[0], "Alias")!;
}
