using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;

namespace ExoConnect.Core.Tests.Sessions;

/// <summary>Many cmdlets at once: batches, their order, their failures.</summary>
public class BulkTests
{
    [Fact]
    public async Task Many_reads_are_few_requests_and_come_in_order()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(20) });
        var (session, aliases) = await ConnectAsync(tenant, 95);
        tenant.Tenant.Requests.Clear();
        var results = await RunAsync(tenant, session, aliases.Select(a => ConnectedTenant.Request("Get-Mailbox", ("Identity", a))), limit: 4);

        Assert.Equal(aliases, results.Select(r => (string)ConnectedTenant.Value(Assert.Single(Objects(r)), "Alias")!));
        Assert.All(results, r => Assert.Null(r.Error));
        Assert.InRange(tenant.Tenant.Requests.Snapshot().Count, 10, 30);
        Assert.Contains(tenant.Tenant.Requests.Snapshot(), r => r.Target.EndsWith("/$batch", StringComparison.Ordinal));
        Assert.InRange(tenant.Tenant.Requests.MaxConcurrent, 2, 4);
    }

    [Fact]
    public async Task A_failure_belongs_to_its_own_input_and_stops_no_other()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(20) });
        var (session, aliases) = await ConnectAsync(tenant, 30);
        var names = aliases.SelectMany((a, i) => i % 7 == 3 ? (string[])[a, "missing-" + i] : [a]).ToList();
        var results = await RunAsync(tenant, session, names.Select(a => ConnectedTenant.Request("Get-Mailbox", ("Identity", a))), limit: 2);

        Assert.Equal(names, results.Select(r => r.Request.Parameters["Identity"]));
        foreach (var result in results)
        {
            var name = (string)result.Request.Parameters["Identity"]!;
            if (name.StartsWith("missing-", StringComparison.Ordinal))
            {
                var error = Assert.IsType<ServiceException>(result.Error);
                Assert.Equal(("ManagementObjectNotFoundException", name), (error.ErrorId, error.Target));
                Assert.Contains(name, error.Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.Null(result.Error);
            }
        }
    }

    [Fact]
    public async Task A_single_one_goes_at_once_and_alone()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var (session, aliases) = await ConnectAsync(tenant, 1);
        tenant.Tenant.Requests.Clear();
        await RunAsync(tenant, session, [ConnectedTenant.Request("Get-Mailbox", ("Identity", aliases[0]))]);

        Assert.EndsWith("/InvokeCommand", Assert.Single(tenant.Tenant.Requests.Snapshot()).Target, StringComparison.Ordinal);
    }

    /// <summary>Under a limit batches are cut to what there is room for, and the rest goes later.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task Writes_to_one_object_keep_their_order(int requestsPerSecond)
    {
        await using var tenant = await ConnectedTenant.StartAsync(
            new TenantOptions { Latency = TimeSpan.FromMilliseconds(5), RequestsPerSecond = requestsPerSecond });
        var (session, aliases) = await ConnectAsync(tenant, 15);
        var writes = Enumerable.Range(0, 90).Select(i => ConnectedTenant.Request(
            "Set-Mailbox", ("Identity", aliases[i % aliases.Count]),
            ("CustomAttribute1", i.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        Assert.All(await RunAsync(tenant, session, writes), r => Assert.Null(r.Error));

        for (var i = 0; i < aliases.Count; i++)
        {
            var mailbox = Assert.Single(await tenant.RunAsync(session, "Get-Mailbox", ("Identity", aliases[i])));
            Assert.Equal((75 + i).ToString(System.Globalization.CultureInfo.InvariantCulture), ConnectedTenant.Value(mailbox, "CustomAttribute1"));
        }
    }

    [Fact]
    public async Task An_object_and_its_guid_are_one()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(5) });
        var session = await tenant.ConnectAsync();
        var mailboxes = await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 40));
        var writes = mailboxes.SelectMany(m => (CmdletRequest[])
        [
            ConnectedTenant.Request("Set-Mailbox", ("Identity", m), ("CustomAttribute1", "first")),
            ConnectedTenant.Request("Set-Mailbox", ("Identity", $"{ConnectedTenant.Value(m, "Guid")}"), ("CustomAttribute1", "second")),
        ]);
        Assert.All(await RunAsync(tenant, session, writes), r => Assert.Null(r.Error));

        Assert.All(await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 40)), m =>
            Assert.Equal("second", ConnectedTenant.Value(m, "CustomAttribute1")));
    }

    [Fact]
    public async Task Writes_that_name_no_object_keep_their_order()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(5) });
        var session = await tenant.ConnectAsync();
        for (var round = 0; round < 5; round++)
        {
            Assert.All(
                await RunAsync(tenant, session,
                    Enumerable.Range(1, 20).Select(i => ConnectedTenant.Request("Set-OrganizationConfig", ("MailTipsLargeAudienceThreshold", i)))),
                r => Assert.Null(r.Error));
            Assert.Equal(
                "20", $"{ConnectedTenant.Value(Assert.Single(await tenant.RunAsync(session, "Get-OrganizationConfig")), "MailTipsLargeAudienceThreshold")}");
        }
    }

    [Fact]
    public async Task What_holds_itself_is_an_error_like_others()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var list = new System.Collections.ArrayList();
        list.Add(list);
        var table = new System.Collections.Hashtable();
        table["me"] = table;
        var results = await RunAsync(tenant, session,
            [ConnectedTenant.Request("Get-Mailbox", ("Identity", list)), ConnectedTenant.Request("Set-OrganizationConfig", ("X", table))]);

        Assert.All(results, r => Assert.Equal("ParameterTooDeep", r.Error?.ErrorId));
        Assert.All(results, r => Assert.NotNull(r.Request.Input));
    }

    [Fact]
    public async Task A_throttled_batch_is_sent_again_and_every_write_is_done()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(5) });
        var (session, aliases) = await ConnectAsync(tenant, 40);
        tenant.Tenant.Faults.Add(new FaultRule { Path = "/$batch", Status = 429, Times = 3, Body = FaultBody.Empty, RetryAfter = TimeSpan.Zero });
        var results = await RunAsync(
            tenant, session, aliases.Select(a => ConnectedTenant.Request("Set-Mailbox", ("Identity", a), ("CustomAttribute2", "done"))));

        Assert.All(results, r => Assert.Null(r.Error));
        var mailboxes = await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 40));
        Assert.All(mailboxes, m => Assert.Equal("done", ConnectedTenant.Value(m, "CustomAttribute2")));
    }

    [Fact]
    public async Task A_batch_of_writes_whose_connection_breaks_is_not_repeated()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(30) });
        var (session, aliases) = await ConnectAsync(tenant, 12);
        tenant.Tenant.Requests.Clear();
        tenant.Tenant.Faults.Add(new FaultRule { Method = "POST", Path = "/adminapi/beta/", Drop = FaultDrop.Before });
        var results = await RunAsync(
            tenant, session, aliases.Select(a => ConnectedTenant.Request("Set-Mailbox", ("Identity", a), ("CustomAttribute2", "x"))), limit: 1);

        // One goes alone, the others in a few batches behind it: each was sent once.
        Assert.All(results, r => Assert.Equal("ConnectionBroken", r.Error?.ErrorId));
        Assert.All(results, r => Assert.Equal(r.Request.Parameters["Identity"], r.Error!.Target));
        var sent = tenant.Tenant.Requests.Snapshot();
        Assert.InRange(sent.Count, 2, 6);
        Assert.Equal(sent.Count, sent.Select(r => r.Header("client-request-id")).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reads_of_a_batch_whose_response_breaks_off_are_asked_for_again(bool drop)
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(20) });
        var (session, aliases) = await ConnectAsync(tenant, 20);
        tenant.Tenant.Faults.Add(Break(drop, times: 2));
        var results = await RunAsync(tenant, session, aliases.Select(a => ConnectedTenant.Request("Get-Mailbox", ("Identity", a))), limit: 1);

        Assert.All(results, r => Assert.Null(r.Error));
        Assert.Equal(aliases, results.Select(r => (string)ConnectedTenant.Value(Assert.Single(Objects(r)), "Alias")!));
        Assert.Contains(tenant.Messages.Details, m => m.Contains("again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reads_whose_responses_always_break_off_fail_in_the_end_and_name_their_requests()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(20) });
        var (session, aliases) = await ConnectAsync(tenant, 11);
        tenant.Tenant.Faults.Add(Break(drop: true, times: null));
        var results = await RunAsync(tenant, session, aliases.Select(a => ConnectedTenant.Request("Get-Mailbox", ("Identity", a))), limit: 1);

        // The first goes alone, and so may one that is left over.
        var failed = results.Where(r => r.Error is not null).ToList();
        Assert.InRange(failed.Count, 9, 10);
        Assert.All(failed, r => Assert.Equal("UnreadableResponse", r.Error!.ErrorId));
        Assert.All(failed, r => Assert.Equal(r.Request.Parameters["Identity"], r.Error!.Target));
        Assert.All(failed, r => Assert.NotNull(r.Error!.ClientRequestId));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Writes_of_a_batch_whose_response_breaks_off_are_sent_once_and_its_reads_again(bool drop)
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(20) });
        var (session, aliases) = await ConnectAsync(tenant, 11);
        tenant.Tenant.Requests.Clear();
        tenant.Tenant.Faults.Add(Break(drop, times: 1));
        var results = await RunAsync(tenant, session, aliases.Select((a, i) => i % 2 == 0
            ? ConnectedTenant.Request("Get-Mailbox", ("Identity", a))
            : ConnectedTenant.Request("Set-Mailbox", ("Identity", a), ("CustomAttribute3", "once"))), limit: 1);

        Assert.All(results.Where(r => r.Request.IsRead), r => Assert.Null(r.Error));
        var lost = results.Where(r => r.Error is not null).ToList();
        Assert.NotEmpty(lost);
        Assert.All(lost, r =>
        {
            var error = Assert.IsType<ServiceException>(r.Error);
            Assert.True(error.IsOutcomeUnknown);
            Assert.Contains("isn't known", error.Remedy, StringComparison.Ordinal);
            Assert.Contains("'Set-Mailbox'", error.Message, StringComparison.Ordinal);
            Assert.Equal(r.Request.Parameters["Identity"], error.Target);
        });

        // Alone, in the batch that broke, and its reads once more.
        Assert.InRange(tenant.Tenant.Requests.Snapshot().Count, 3, 5);
    }

    [Fact]
    public async Task What_there_was_no_room_for_in_a_batch_does_not_fail_with_it()
    {
        await using var tenant = await ConnectedTenant.StartAsync(
            new TenantOptions { RequestsPerSecond = 12, Latency = TimeSpan.FromMilliseconds(10) });
        var (session, aliases) = await ConnectAsync(tenant, 40);
        tenant.Tenant.Faults.Add(Break(drop: true, times: 3));
        var results = await RunAsync(
            tenant, session, aliases.Select(a => ConnectedTenant.Request("Set-Mailbox", ("Identity", a), ("CustomAttribute2", "done"))), limit: 2);

        // The service carries out what it is sent, whether or not its response arrives.
        Assert.Contains(results, r => r.Error?.ErrorId == "UnreadableResponse");
        tenant.Tenant.Faults.Clear();
        var mailboxes = await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 40));
        Assert.All(mailboxes, m => Assert.Equal("done", ConnectedTenant.Value(m, "CustomAttribute2")));
    }

    [Fact]
    public async Task A_gateways_failure_costs_a_mixed_batch_its_writes_only()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(20) });
        var (session, aliases) = await ConnectAsync(tenant, 11);
        tenant.Tenant.Faults.Add(new FaultRule { Path = "/$batch", Status = 502, Body = FaultBody.Html, Times = 1 });
        var results = await RunAsync(tenant, session, aliases.Select((a, i) => i % 2 == 0
            ? ConnectedTenant.Request("Get-Mailbox", ("Identity", a))
            : ConnectedTenant.Request("Set-Mailbox", ("Identity", a), ("CustomAttribute3", "x"))), limit: 1);

        Assert.All(results.Where(r => r.Request.IsRead), r => Assert.Null(r.Error));
        Assert.All(results.Where(r => r.Error is not null), r => Assert.Equal("Http502", r.Error!.ErrorId));
        Assert.Contains(results, r => r.Error is not null);
    }

    [Fact]
    public async Task An_error_of_a_batch_has_the_ids_of_its_request()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(20) });
        var (session, aliases) = await ConnectAsync(tenant, 1);
        tenant.Tenant.Requests.Clear();
        var results = await RunAsync(
            tenant, session, Enumerable.Range(0, 12).Select(i => ConnectedTenant.Request("Get-Mailbox", ("Identity", $"nobody{i}"))), limit: 1);

        var sent = tenant.Tenant.Requests.Snapshot().Select(r => r.Header("client-request-id")).ToHashSet();
        Assert.Contains(tenant.Tenant.Requests.Snapshot(), r => r.Target.EndsWith("/$batch", StringComparison.Ordinal));
        Assert.All(results, r =>
        {
            Assert.Contains(r.Error!.ClientRequestId, sent);
            Assert.NotNull(r.Error.ServerRequestId);
        });
        Assert.NotEmpty(aliases);
    }

    [Fact]
    public async Task Disconnecting_ends_a_bulk_run_with_errors_and_not_with_silence()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(50) });
        var (session, aliases) = await ConnectAsync(tenant, 60);
        var running = RunAsync(tenant, session, aliases.Select(a => ConnectedTenant.Request("Get-Mailbox", ("Identity", a))), limit: 1);
        await Task.Delay(120);
        tenant.Registry.Disconnect(session);
        var results = await running.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(60, results.Count);
        Assert.Equal("SessionDisconnected", results[^1].Error?.ErrorId);
        Assert.Null(results[^1].Error!.Target);
    }

    [Fact]
    public async Task A_service_that_gives_little_is_not_stormed()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { RequestsPerSecond = 30 });
        var (session, aliases) = await ConnectAsync(tenant, 100);
        tenant.Tenant.Requests.Clear();
        var results = await RunAsync(
            tenant, session, Enumerable.Range(0, 900).Select(i => ConnectedTenant.Request("Get-Mailbox", ("Identity", aliases[i % 100]))));

        Assert.All(results, r => Assert.Null(r.Error));
        // RequestPacerTests hold the pacer to 2 % in simulated time. This clock is real: threads of a busy machine arrive late, and some together.
        Assert.InRange(tenant.Tenant.Requests.Throttled, 0, 900 * 5 / 100);
    }

    /// <summary>An audit search with a session id goes on where the last one ended, so each call has to be over before the next.</summary>
    [Fact]
    public async Task Searches_of_one_audit_session_never_run_side_by_side()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(10) });
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Requests.Clear();
        var results = await RunAsync(tenant, session, Enumerable.Range(0, 12).Select(_ => AuditSearch()));

        Assert.All(results, r => Assert.Null(r.Error));
        Assert.Equal(1, tenant.Tenant.Requests.MaxConcurrent);
        Assert.All(tenant.Tenant.Requests.Snapshot(), r => Assert.EndsWith("/InvokeCommand", r.Target, StringComparison.Ordinal));
        var seen = results.SelectMany(Objects).Select(record => (string)ConnectedTenant.Value(record, "Identity")!).ToList();
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    /// <summary>The service has moved on, whether its response arrived or not: asked again it would leave out what was lost.</summary>
    [Theory]
    [InlineData(FaultDrop.Middle, null)]
    [InlineData(FaultDrop.None, 500)]
    public async Task A_search_of_an_audit_session_whose_response_breaks_off_is_not_asked_again(FaultDrop drop, int? cut)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule { Path = "InvokeCommand", Drop = drop, TruncateAt = cut, Times = 1 });
        tenant.Tenant.Requests.Clear();
        var result = Assert.Single(await RunAsync(tenant, session, [AuditSearch()]));

        Assert.True(Assert.IsType<ServiceException>(result.Error).IsOutcomeUnknown);
        Assert.Single(tenant.Tenant.Requests.Snapshot());
    }

    private static CmdletRequest AuditSearch() => ConnectedTenant.Request(
        "Search-UnifiedAuditLog", ("StartDate", DateTime.UtcNow.AddDays(-20)), ("EndDate", DateTime.UtcNow), ("SessionId", "s"),
        ("SessionCommand", "ReturnLargeSet"), ("ResultSize", 50));

    private static FaultRule Break(bool drop, int? times) => drop
        ? new FaultRule { Path = "/$batch", Drop = FaultDrop.Middle, Times = times }
        : new FaultRule { Path = "/$batch", TruncateAt = 700, Times = times };

    private static async Task<(ExoSession Session, List<string> Aliases)> ConnectAsync(ConnectedTenant tenant, int count)
    {
        var session = await tenant.ConnectAsync();
        var mailboxes = await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", count));
        return (session, mailboxes.ConvertAll(m => (string)ConnectedTenant.Value(m, "Alias")!));
    }

    private static async Task<List<InvokeResult>> RunAsync(
        ConnectedTenant tenant, ExoSession session, IEnumerable<CmdletRequest> requests, int limit = 8)
    {
        var results = new List<InvokeResult>();
        await foreach (var result in session.InvokeManyAsync(requests.ToAsyncEnumerable(), tenant.Messages, limit))
        {
            results.Add(result);
        }

        return results;
    }

    private static IEnumerable<ExoObject> Objects(InvokeResult result) => result.Response.SelectMany(c => c.Objects).Cast<ExoObject>();
}
