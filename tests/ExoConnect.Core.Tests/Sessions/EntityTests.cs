using System.Collections;
using System.Globalization;
using System.Text;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;
using ExoConnect.Core.RestEntities;
using ExoConnect.Core.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Requests;

namespace ExoConnect.Core.Tests.Sessions;

/// <summary>REST entities against the local tenant: what is sent, what comes of the responses, and many at once.</summary>
public class EntityTests
{
    [Fact]
    public async Task A_list_is_read_page_by_page_with_the_headers_of_the_page()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 1200 });
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Requests.Clear();
        var mailboxes = await ReadAsync(tenant, session, new GetExoMailboxOptions { ResultSize = ResultSize.Unlimited }.ToRequest(500));

        Assert.Equal(1200, mailboxes.Distinct().Count());
        Assert.All(mailboxes, m => Assert.Equal("Mailbox", ExoRecord.Shape((ExoObject)m).Entity));
        var requests = tenant.Tenant.Requests.Snapshot();
        Assert.Equal(3, requests.Count);
        Assert.Equal($"/adminapi/beta/{tenant.Tenant.TenantId}/Mailbox", requests[0].Target);
        Assert.All(requests, r => Assert.Equal(
            ("GET", "odata.maxpagesize=500;", "4.0", "application/json;odata.metadata=minimal", "Get-EXOMailbox"),
            (r.Method, r.Header("Prefer"), r.Header("OData-Version"), r.Header("Accept"), r.Header("X-CmdletName"))));
        Assert.All(requests, r => Assert.StartsWith("APP:SystemMailbox", r.Header("X-AnchorMailbox"), StringComparison.Ordinal));
        Assert.All(requests, r => Assert.Null(r.Header("Content-Type")));
        Assert.Empty(tenant.Messages.Warnings);
    }

    [Theory]
    [InlineData("10", 10, 1)]
    [InlineData("1000", 1000, 1)]
    [InlineData("1001", 1001, 2)]
    [InlineData("1500", 1500, 2)]
    [InlineData("2200", 2200, 3)]
    [InlineData("5000", 2200, 3)]
    public async Task A_size_cuts_the_response_and_asks_for_no_page_too_many(string size, int count, int requests)
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 2200 });
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Requests.Clear();
        var chunks = await ChunksAsync(tenant, session, new GetExoMailboxOptions { ResultSize = ResultSize.Parse(size) }.ToRequest());

        Assert.Equal(count, chunks.Sum(c => c.Objects.Count));
        var sent = tenant.Tenant.Requests.Snapshot();
        Assert.Equal(requests, sent.Count);
        var last = Math.Min(1000, int.Parse(size, CultureInfo.InvariantCulture) - ((requests - 1) * 1000));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"odata.maxpagesize={last};"), sent[^1].Header("Prefer"));
        Assert.Equal(count < 2200, chunks[^1].HasMore);
        Assert.Empty(chunks.SelectMany(c => c.Warnings));
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1000, false)]
    [InlineData(1001, true)]
    public async Task The_default_size_warns_of_more(int mailboxes, bool warns)
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = mailboxes });
        var session = await tenant.ConnectAsync();
        var chunks = await ChunksAsync(tenant, session, new GetExoMailboxOptions().ToRequest());

        Assert.Equal(Math.Min(mailboxes, 1000), chunks.Sum(c => c.Objects.Count));
        Assert.Equal(warns ? 1 : 0, chunks.SelectMany(c => c.Warnings).Count(w => w.Contains("-ResultSize Unlimited", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_object_is_read_by_its_key()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Requests.Clear();
        var mailbox = Assert.Single(await ReadAsync(
            tenant, session, new GetExoMailboxOptions { Target = ObjectIdentity.Of("adele.vance"), Properties = ["Office"] }.ToRequest()));

        Assert.Equal("Adele Vance", ConnectedTenant.Value(mailbox, "DisplayName"));
        Assert.IsType<Guid>(ConnectedTenant.Value(mailbox, "Guid"));
        Assert.EndsWith(
            $"/Mailbox('{B64("adele.vance")}')?isEncoded=true&$select=Office", Uri.UnescapeDataString(Sent(tenant).Target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipient_is_named_in_a_header()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Requests.Clear();
        var recipient = Assert.Single(
            await ReadAsync(tenant, session, new GetExoRecipientOptions { Target = ObjectIdentity.Of("adele.vance") }.ToRequest()));

        Assert.Equal("adele.vance", ConnectedTenant.Value(recipient, "Name"));
        Assert.Equal(B64("adele.vance"), Sent(tenant).Header("XParameter-Identity"));
    }

    [Fact]
    public async Task What_concerns_one_mailbox_is_routed_to_it()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var address = "adele.vance@" + tenant.Tenant.Organization;
        tenant.Tenant.Requests.Clear();
        var statistics = Assert.Single(await ReadAsync(
            tenant, session, new GetExoMailboxStatisticsOptions { Target = ObjectIdentity.Of(address) }.ToRequest()));

        Assert.IsType<ByteQuantifiedSize>(ConnectedTenant.Value(statistics, "TotalItemSize"));
        Assert.Equal(
            (address, null), (Sent(tenant).Header("X-AnchorMailbox"), Sent(tenant).Header("parameter-based-routing")));

        tenant.Tenant.Requests.Clear();
        var guid = (Guid)ConnectedTenant.Value(statistics, "MailboxGuid")!;
        Assert.Single(await ReadAsync(tenant, session, new GetExoMailboxStatisticsOptions { ExchangeGuid = guid }.ToRequest()));
        Assert.Equal($"MBX:{guid}@{tenant.Tenant.TenantId}", Sent(tenant).Header("X-AnchorMailbox"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(400)]
    public async Task Another_form_is_sent_where_the_first_fails(int status)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule { Path = "GetMailboxStatisticsV2", Status = status });
        tenant.Tenant.Requests.Clear();
        var statistics = Assert.Single(await ReadAsync(tenant, session, await SeededAsync(tenant, session)));

        Assert.NotNull(ConnectedTenant.Value(statistics, "ItemCount"));
        Assert.Contains("GetMailboxStatistics()", Sent(tenant).Target, StringComparison.Ordinal);
        Assert.Contains(tenant.Messages.Details, d => d.Contains("Trying another form", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task No_other_form_is_sent_where_it_would_fare_no_better(int status)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var request = await SeededAsync(tenant, session);
        tenant.Tenant.Faults.Add(new FaultRule { Path = "GetMailboxStatisticsV2", Status = status, RetryAfter = TimeSpan.Zero });
        tenant.Tenant.Requests.Clear();
        var error = await Assert.ThrowsAsync<ServiceException>(() => ReadAsync(tenant, session, request));

        Assert.Equal(status, error.StatusCode);
        Assert.DoesNotContain(tenant.Tenant.Requests.Snapshot(), r => r.Target.Contains("GetMailboxStatistics()", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_error_of_the_other_form_is_the_one_that_counts()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var request = new GetExoMailboxStatisticsOptions
        {
            Target = ObjectIdentity.Of("nobody"), ExchangeGuid = Guid.NewGuid(), DatabaseGuid = Guid.NewGuid(),
        }.ToRequest();
        var error = await Assert.ThrowsAsync<ServiceException>(() => ReadAsync(tenant, session, request));

        Assert.Equal(("ManagementObjectNotFoundException", ExoErrorCategory.ObjectNotFound, "nobody"), (error.ErrorId, error.Category, error.Target));
        Assert.Contains("'nobody'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_permission_has_its_rights_beside_its_user()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        await tenant.RunAsync(
            session, "Add-MailboxPermission", ("Identity", "adele.vance"), ("User", "anton.marino"), ("AccessRights", new[] { "FullAccess" }),
            ("InheritanceType", "All"));
        var permissions = await ReadAsync(
            tenant, session, new GetExoMailboxPermissionOptions { Target = ObjectIdentity.Of("adele.vance") }.ToRequest());

        Assert.Equal(2, permissions.Count);
        Assert.All(permissions, p => Assert.Equal("MailboxPermission", ExoRecord.Shape((ExoObject)p).Entity));
        Assert.All(permissions, p => Assert.Equal("adele.vance", ConnectedTenant.Value(p, "Identity")));
        var added = permissions.Single(p => ((string)ConnectedTenant.Value(p, "User")!).StartsWith("anton.marino", StringComparison.Ordinal));
        Assert.Equal(["FullAccess"], (ArrayList)ConnectedTenant.Value(added, "AccessRights")!);
        Assert.Equal(false, ConnectedTenant.Value(added, "Deny"));
        Assert.Equal(-1, ExoRecord.Shape((ExoObject)added).IndexOf("PermissionList"));
    }

    [Fact]
    public async Task Permissions_of_all_are_those_of_each_and_the_size_counts_the_mailboxes()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        await tenant.RunAsync(
            session, "Add-RecipientPermission", ("Identity", "adele.vance"), ("Trustee", "anton.marino"), ("AccessRights", new[] { "SendAs" }));
        var mailboxes = await ReadAsync(tenant, session, new GetExoMailboxPermissionOptions { ResultSize = ResultSize.Of(3) }.ToRequest());
        var recipients = await ReadAsync(tenant, session, new GetExoRecipientPermissionOptions { ResultSize = ResultSize.Of(2) }.ToRequest());
        var one = await ReadAsync(
            tenant, session, new GetExoRecipientPermissionOptions { Target = ObjectIdentity.Of("adele.vance"), Trustee = "anton.marino" }.ToRequest(
                ));

        Assert.Equal(3, mailboxes.Select(m => ConnectedTenant.Value(m, "Identity")).Distinct().Count());
        Assert.All(mailboxes, m => Assert.NotNull(ConnectedTenant.Value(m, "AccessRights")));
        Assert.Equal(3, recipients.Count);
        Assert.All(recipients, r => Assert.Equal("RecipientPermission", ExoRecord.Shape((ExoObject)r).Entity));
        Assert.StartsWith("anton.marino", (string)ConnectedTenant.Value(Assert.Single(one), "Trustee")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_their_permissions_and_devices_are_lists()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var target = ObjectIdentity.Of("anton.marino");
        var folders = await ReadAsync(
            tenant, session, new GetExoMailboxFolderStatisticsOptions { Target = target, FolderScope = "Inbox" }.ToRequest());
        var permissions = await ReadAsync(
            tenant, session, new GetExoMailboxFolderPermissionOptions { Target = ObjectIdentity.Of("anton.marino:\\Calendar") }.ToRequest());
        var devices = await ReadAsync(tenant, session, new GetExoMobileDeviceStatisticsOptions { Mailbox = "anton.marino" }.ToRequest());
        var device = Assert.Single(await ReadAsync(
            tenant, session, new GetExoMobileDeviceStatisticsOptions { Target = ObjectIdentity.Of(devices[0].ToString()!) }.ToRequest()));

        Assert.Contains("Inbox", folders.Select(f => ConnectedTenant.Value(f, "Name")));
        Assert.Equal(["Default", "Anonymous"], permissions.Select(p => ConnectedTenant.Value(p, "User")));
        Assert.Equal(devices[0].ToString(), device.ToString());
    }

    [Fact]
    public async Task A_session_of_compliance_has_no_entities()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync(ExoService.SecurityCompliance);
        tenant.Tenant.Requests.Clear();
        var error = Assert.Throws<ExoException>(() => session.QueryAsync(new GetExoMailboxOptions().ToRequest(), tenant.Messages));

        Assert.Equal("NoExchangeSession", error.ErrorId);
        Assert.Contains("Get-EXOMailbox", error.Message, StringComparison.Ordinal);
        Assert.Empty(tenant.Tenant.Requests.Snapshot());
    }

    [Fact]
    public async Task An_ended_session_says_so()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Registry.Disconnect(session);

        Assert.Equal(
            "SessionDisconnected",
            Assert.Throws<ExoException>(() => session.QueryAsync(new GetExoMailboxOptions().ToRequest(), tenant.Messages)).ErrorId);
    }

    [Fact]
    public async Task Many_queries_end_in_their_order_each_with_its_own_error()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var names = (await ReadAsync(tenant, session, new GetExoMailboxOptions().ToRequest())).ConvertAll(
            m => (string)ConnectedTenant.Value(m, "Alias")!);
        names.Insert(0, "first.missing");
        names.Insert(40, "missing");
        tenant.Tenant.Faults.Add(new FaultRule { Path = "Mailbox(", Delay = TimeSpan.FromMilliseconds(20), Probability = 0.3 });
        var results = await ManyAsync(tenant, session, names.Select(n => new GetExoMailboxOptions { Target = ObjectIdentity.Of(n) }.ToRequest()));

        Assert.Equal(names, results.Select(r => r.Request.Target));
        Assert.All(results, r => Assert.Equal(r.Request.Target!.Contains("missing", StringComparison.Ordinal), r.Error is not null));
        Assert.All(results.Where(r => r.Error is null), r => Assert.Equal(
            r.Request.Target, ConnectedTenant.Value(Assert.Single(r.Response.SelectMany(c => c.Objects)), "Alias")));
        Assert.All(results.Where(r => r.Error is not null), r => Assert.Equal(r.Request.Target, r.Error!.Target));
    }

    [Fact]
    public async Task A_note_is_told_once_however_many_queries_have_it()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        static RestRequest Request(string name) => new GetExoMailboxOptions { Target = ObjectIdentity.Of(name), Properties = ["Ofice"] }.ToRequest();
        await ManyAsync(tenant, session, [Request("adele.vance"), Request("anton.marino"), Request("carlos.doyle")]);

        Assert.Contains("did you mean Office", Assert.Single(tenant.Messages.Warnings), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ServiceException>(() => ReadAsync(tenant, session, Request("adele.vance")));
        Assert.Equal(2, tenant.Messages.Warnings.Count);
    }

    [Fact]
    public async Task Disconnecting_ends_what_is_under_way_with_an_error_that_names_the_session()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule { Path = "Mailbox(", Delay = TimeSpan.FromMinutes(5) });
        var many = ManyAsync(
            tenant, session, Enumerable.Range(0, 20).Select(i => new GetExoMailboxOptions { Target = ObjectIdentity.Of($"m{i}") }.ToRequest()));
        while (!tenant.Tenant.Requests.Snapshot().Any(r => r.Target.Contains("Mailbox(", StringComparison.Ordinal)))
        {
            await Task.Delay(10);
        }

        tenant.Registry.Disconnect(session);
        Assert.All(await many, r => Assert.Equal("SessionDisconnected", r.Error!.ErrorId));
    }

    /// <summary>Statistics by both GUIDs, as a piped mailbox with the seed gives them.</summary>
    private static async Task<RestRequest> SeededAsync(ConnectedTenant tenant, ExoSession session)
    {
        var mailbox = Assert.Single(await ReadAsync(
            tenant, session, new GetExoMailboxOptions { Target = ObjectIdentity.Of("adele.vance"), PropertySets = ["StatisticsSeed"] }.ToRequest()));
        return new GetExoMailboxStatisticsOptions
        {
            Target = ObjectIdentity.Of("adele.vance"),
            ExchangeGuid = (Guid)ConnectedTenant.Value(mailbox, "ExchangeGuid")!,
            DatabaseGuid = (Guid)ConnectedTenant.Value(mailbox, "DatabaseGuid")!,
        }.ToRequest();
    }

    private static async Task<List<object>> ReadAsync(ConnectedTenant tenant, ExoSession session, RestRequest request) =>
        [.. (await ChunksAsync(tenant, session, request)).SelectMany(c => c.Objects)];

    private static async Task<List<ResponseChunk>> ChunksAsync(ConnectedTenant tenant, ExoSession session, RestRequest request)
    {
        var chunks = new List<ResponseChunk>();
        await foreach (var chunk in session.QueryAsync(request, tenant.Messages))
        {
            Assert.False(chunk.IsEmpty);
            chunks.Add(chunk);
        }

        return chunks;
    }

    private static async Task<List<QueryResult>> ManyAsync(ConnectedTenant tenant, ExoSession session, IEnumerable<RestRequest> requests)
    {
        var results = new List<QueryResult>();
        await foreach (var result in session.QueryManyAsync(Async(requests), tenant.Messages))
        {
            results.Add(result);
        }

        return results;
    }

    private static async IAsyncEnumerable<RestRequest> Async(IEnumerable<RestRequest> requests)
    {
        foreach (var request in requests)
        {
            await Task.Yield();
            yield return request;
        }
    }

    private static RequestRecord Sent(ConnectedTenant tenant) => tenant.Tenant.Requests.Snapshot()[^1];

    private static string B64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
