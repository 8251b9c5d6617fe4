using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;

namespace ExoConnect.Core.Tests.Sessions;

/// <summary>Sessions against the local tenant: what they are, how they end, what goes over the wire for them.</summary>
public class SessionTests
{
    [Fact]
    public async Task A_second_session_uses_the_catalog_that_was_read_before_its_token_came_unless_its_roles_have_changed()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var folder = Directory.CreateTempSubdirectory("exoconnect-tests-");
        try
        {
            var options = tenant.Options() with
            {
                Catalog = CatalogUse.Cached,
                Cache = new CatalogCacheOptions { Folder = Path.Combine(folder.FullName, "catalog") },
            };
            Assert.Null(await SessionConnector.ExpectCatalogAsync(options));
            await tenant.ConnectAsync(options);

            var expected = SessionConnector.ExpectCatalogAsync(options);
            var second = await tenant.ConnectAsync(options with { Expected = expected });
            Assert.Same((await expected)!.Cached.Catalog, second.Catalog);
            Assert.Null(await SessionConnector.ExpectCatalogAsync(options with { CommandNames = ["Get-Mailbox"] }));
            Assert.Null(await SessionConnector.ExpectCatalogAsync(options with { Catalog = CatalogUse.Refresh }));

            var wrong = new ExpectedCatalog(new string('0', 64), (await expected)!.Cached);
            var third = await tenant.ConnectAsync(options with { Expected = Task.FromResult<ExpectedCatalog?>(wrong) });
            Assert.NotSame(wrong.Cached.Catalog, third.Catalog);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_session_is_named_and_described_as_EXO_does()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var exchange = await tenant.ConnectAsync();
        var compliance = await tenant.ConnectAsync(ExoService.SecurityCompliance);
        var second = await tenant.ConnectAsync();

        Assert.Equal(["ExchangeOnline_1", "ExchangeOnlineProtection_1", "ExchangeOnline_2"],
            tenant.Registry.Sessions.Select(s => s.Description.Name));
        Assert.Equal([1, 2, 3], tenant.Registry.Sessions.Select(s => s.Description.Id));
        Assert.Equal(tenant.Tenant.TenantId.ToString(), exchange.Description.TenantId);
        Assert.Equal(["Global Administrator"], DirectoryRoles.Of(exchange.Description.Claims).Select(r => r.Name));
        Assert.Equal(["Exchange.ManageAsApp"], exchange.Description.Claims.Permissions);
        Assert.Equal(SessionState.Connected, exchange.State);
        Assert.InRange(exchange.TokenExpiresOn, DateTimeOffset.UtcNow.AddMinutes(50), DateTimeOffset.UtcNow.AddMinutes(70));
        Assert.Same(second, tenant.Registry.Latest());
        Assert.Same(compliance, tenant.Registry.Latest(ExoService.SecurityCompliance));
        Assert.Same(compliance, tenant.Registry.Find("exchangeonlineprotection_1"));
        Assert.Same(exchange, tenant.Registry.Find(exchange.Description.ConnectionId.ToString()));
        Assert.Empty(tenant.Messages.Warnings);
    }

    [Fact]
    public async Task Compliance_moves_to_its_region_and_stays_there()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync(ExoService.SecurityCompliance);

        Assert.StartsWith("https://nam12b.ps.compliance.protection.", session.ConnectionUri.ToString(), StringComparison.Ordinal);
        tenant.Tenant.Requests.Clear();
        await tenant.RunAsync(session, "Get-RetentionCompliancePolicy");

        var request = Assert.Single(tenant.Tenant.Requests.Snapshot());
        Assert.StartsWith("nam12b.ps.compliance.", request.Host, StringComparison.Ordinal);
        Assert.Equal($"UPN:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant.Tenant.Organization}", request.Header("X-AnchorMailbox"));
        Assert.NotNull(request.Header("Cookie"));
    }

    private static readonly string[] AboutTheClient =
    [
        "exomodule-version", "ps-version", "os-version", "client-process-id", "is-cloud-shell-environment",
    ];

    [Fact]
    public async Task A_request_carries_every_header_of_the_page()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Requests.Clear();
        await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 1));
        await tenant.ChunksAsync(
            session, ConnectedTenant.Request("Get-Mailbox", ("ResultSize", 1)) with { Properties = ["Alias", "Name"], PageSize = 7 });

        var (first, second) = (tenant.Tenant.Requests.Snapshot()[0], tenant.Tenant.Requests.Snapshot()[1]);
        Assert.Equal("POST", first.Method);
        Assert.EndsWith("/InvokeCommand", first.Target, StringComparison.Ordinal);
        Assert.Equal($"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant.Tenant.TenantId}", first.Header("X-AnchorMailbox"));
        Assert.Equal("application/json; charset=utf-8", first.Header("Content-Type"));
        Assert.Equal("application/json", first.Header("Accept"));
        Assert.Equal("gzip", first.Header("Accept-Encoding"));
        Assert.Equal("Get-Mailbox", first.Header("X-CmdletName"));
        Assert.Equal("json", first.Header("X-ResponseFormat"));
        Assert.Equal("Partial", first.Header("X-SerializationLevel"));
        Assert.Equal("odata.maxpagesize=1", first.Header("Prefer"));
        Assert.Equal(session.Description.ConnectionId.ToString(), first.Header("connection-id"));
        Assert.All(
            ["X-ClientApplication", "X-ClientModuleVersion"],
            name => Assert.False(string.IsNullOrEmpty(first.Header(name)), name));
        Assert.All(AboutTheClient, name => Assert.Null(first.Header(name)));
        Assert.NotEqual(first.Header("client-request-id"), second.Header("client-request-id"));
        Assert.Equal("odata.maxpagesize=1", second.Header("Prefer"));
        Assert.Contains("$select=Alias,Name", Uri.UnescapeDataString(second.Target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_start_tells_of_the_client_and_carries_nothing_of_a_cmdlets_call()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        await tenant.ConnectAsync();

        var start = Assert.Single(tenant.Tenant.Requests.Snapshot(), r => r.Target.Contains("EXOModuleFile", StringComparison.Ordinal));
        Assert.Equal(("*", "False", "ClientCertSigned:false", "true"), (
            start.Header("CommandName"), start.Header("disable-wam"), start.Header("x-ms-diagnostics"),
            start.Header("X-InitializeConnectionContextObjectIdDynamic")));
        Assert.All(
            [.. AboutTheClient, "X-ClientApplication", "X-AnchorMailbox", "connection-id", "client-request-id"],
            name => Assert.False(string.IsNullOrEmpty(start.Header(name)), name));
        Assert.All(
            [
                "Accept", "Accept-Charset", "Accept-Language", "X-CmdletName", "X-ResponseFormat", "X-SerializationLevel", "X-ClientModuleVersion",
                "Prefer", "WarningAction",
            ],
            name => Assert.Null(start.Header(name)));
    }

    [Fact]
    public async Task Only_a_call_that_asks_for_it_is_routed_by_its_parameter()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var address = (string)ConnectedTenant.Value((await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)))[0], "PrimarySmtpAddress")!;
        var bypassing = await tenant.ConnectAsync(tenant.Options() with { BypassMailboxAnchoring = true });
        tenant.Tenant.Requests.Clear();
        await tenant.RunAsync(session, "Get-MailboxStatistics", ("Identity", address), ("UseCustomRouting", true));
        await tenant.RunAsync(session, "Get-MailboxStatistics", ("Identity", address));
        await tenant.RunAsync(session, "Get-MailboxStatistics", ("Identity", address), ("UseCustomRouting", false));
        await tenant.RunAsync(bypassing, "Get-MailboxStatistics", ("Identity", address), ("UseCustomRouting", true));
        await tenant.RunAsync(session, "Get-MailboxFolderPermission", ("Identity", address + ":\\Calendar"), ("UseCustomRouting", true));

        var requests = tenant.Tenant.Requests.Snapshot();
        Assert.Equal(("SMTP:" + address, "True"), (requests[0].Header("X-AnchorMailbox"), requests[0].Header("parameter-based-routing")));
        Assert.All(requests.Skip(1).Take(3), request =>
        {
            Assert.StartsWith("APP:", request.Header("X-AnchorMailbox"), StringComparison.Ordinal);
            Assert.Null(request.Header("parameter-based-routing"));
        });
        Assert.Equal("SMTP:" + address, requests[4].Header("X-AnchorMailbox"));
    }

    [Fact]
    public async Task A_change_is_seen_by_the_next_read()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var alias = (string)ConnectedTenant.Value((await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)))[0], "Alias")!;

        await tenant.RunAsync(
            session, "Set-Mailbox", ("Identity", alias), ("CustomAttribute1", "Räksmörgås \"1\" 🦐"), ("HiddenFromAddressListsEnabled", true));
        var changed = Assert.Single(await tenant.RunAsync(session, "Get-Mailbox", ("Identity", alias)));

        Assert.Equal("Räksmörgås \"1\" 🦐", ConnectedTenant.Value(changed, "CustomAttribute1"));
        Assert.Equal(true, ConnectedTenant.Value(changed, "HiddenFromAddressListsEnabled"));
    }

    [Fact]
    public async Task A_hashtable_adds_and_removes_values()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var mailbox = (await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)))[0];
        var alias = (string)ConnectedTenant.Value(mailbox, "Alias")!;

        await tenant.RunAsync(session, "Set-Mailbox", ("Identity", alias),
            ("EmailAddresses", new System.Collections.Hashtable { ["Add"] = new[] { "smtp:extra@" + tenant.Tenant.Organization } }));
        var addresses = (System.Collections.ArrayList)ConnectedTenant.Value(
            Assert.Single(await tenant.RunAsync(session, "Get-Mailbox", ("Identity", alias))), "EmailAddresses")!;

        Assert.Contains("smtp:extra@" + tenant.Tenant.Organization, addresses.Cast<string>(), StringComparer.OrdinalIgnoreCase);
        Assert.True(addresses.Count > 1);
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end_and_each_object_comes_once()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 2345 });
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Requests.Clear();
        var chunks = await tenant.ChunksAsync(
            session, ConnectedTenant.Request("Get-Mailbox", ("ResultSize", "Unlimited")) with { Properties = ["Alias", "Guid"], PageSize = 500 });
        var aliases = chunks.SelectMany(c => c.Objects).Select(o => (string)ConnectedTenant.Value(o, "Alias")!).ToList();

        Assert.Equal(2345, aliases.Count);
        Assert.Equal(2345, aliases.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(5, tenant.Tenant.Requests.Snapshot().Count);
        Assert.All(tenant.Tenant.Requests.Snapshot(), r => Assert.Equal("POST", r.Method));
    }

    [Fact]
    public async Task Without_a_result_size_a_thousand_come_with_a_warning()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 1001 });
        var session = await tenant.ConnectAsync();
        var chunks = await tenant.ChunksAsync(session, ConnectedTenant.Request("Get-Mailbox") with { Properties = ["Alias"] });

        Assert.Equal(1000, chunks.Sum(c => c.Objects.Count));
        Assert.NotEmpty(chunks.SelectMany(c => c.Warnings));
    }

    [Fact]
    public async Task A_reader_that_has_enough_stops_the_listing()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 50_000 });
        var session = await tenant.ConnectAsync();
        var seen = 0;
        await foreach (var chunk in session.InvokeAsync(ConnectedTenant.Request("Get-Mailbox", ("ResultSize", "Unlimited")), NullMessages.Instance))
        {
            seen += chunk.Objects.Count;
            break;
        }

        Assert.InRange(seen, 1, 1000);
        Assert.InRange(tenant.Tenant.Requests.Snapshot().Count(r => r.Cmdlet == "Get-Mailbox"), 1, 4);
    }

    [Fact]
    public async Task Cancelling_stops_at_once()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromSeconds(30) });
        var options = tenant.Options();
        using var stop = new CancellationTokenSource();
        var connecting = SessionConnector.ConnectAsync(options, tenant.Messages, tenant.Registry, stop.Token);
        await Task.Delay(50);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Empty(tenant.Registry.Sessions);
    }

    [Fact]
    public async Task A_missing_object_is_an_error_with_the_services_words_and_ids()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var error = await Assert.ThrowsAsync<ServiceException>(() => tenant.RunAsync(session, "Get-Mailbox", ("Identity", "nobody-at-all")));

        Assert.Equal("ManagementObjectNotFoundException", error.ErrorId);
        Assert.Equal(ExoErrorCategory.ObjectNotFound, error.Category);
        Assert.Contains("nobody-at-all", error.Message, StringComparison.Ordinal);
        Assert.Equal("nobody-at-all", error.Target);
        Assert.Equal("Get-Mailbox", error.CmdletName);
        Assert.NotNull(error.ClientRequestId);
        Assert.NotNull(error.ServerRequestId);
        Assert.NotNull(error.Remedy);
        Assert.Equal(SessionState.Connected, session.State);
    }

    [Theory]
    [InlineData(ExoService.ExchangeOnline)]
    [InlineData(ExoService.SecurityCompliance)]
    public async Task A_cmdlet_that_the_roles_do_not_allow_is_refused_clearly(ExoService service)
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Roles = ["Global Reader"] });
        var session = await tenant.ConnectAsync(service);
        var error = await Assert.ThrowsAsync<ServiceException>(() => tenant.RunAsync(
            session, service == ExoService.ExchangeOnline ? "Set-Mailbox" : "Set-Label", ("Identity", "x")));

        Assert.Equal(403, error.StatusCode);
        Assert.Equal(ExoErrorCategory.PermissionDenied, error.Category);
        Assert.Contains("Get-ConnectionInformation", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listed_cmdlet_that_is_refused_is_a_reason_to_ask_for_the_list_once()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        Assert.False(session.IsCatalogOutdated);
        Assert.False(await session.RenewCatalogAsync(tenant.Messages));
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Get-SharingPolicy", Status = 403, Body = FaultBody.NulGzip });
        await Assert.ThrowsAsync<ServiceException>(() => tenant.RunAsync(session, "Get-SharingPolicy"));
        Assert.True(session.IsCatalogOutdated);

        tenant.Tenant.Requests.Clear();
        Assert.False(await session.RenewCatalogAsync(tenant.Messages), "The list is what it was.");
        Assert.Single(tenant.Tenant.Requests.Snapshot());
        await Assert.ThrowsAsync<ServiceException>(() => tenant.RunAsync(session, "Get-SharingPolicy"));
        Assert.False(session.IsCatalogOutdated, "What the new list has too would else be asked for without end.");
    }

    [Fact]
    public async Task A_role_of_no_use_fails_with_the_roles_that_are_of_use()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Roles = ["Helpdesk Administrator"] });
        var error = await Assert.ThrowsAsync<ServiceException>(() => tenant.ConnectAsync(ExoService.SecurityCompliance));

        Assert.Contains("isn't supported in this scenario", error.Message, StringComparison.Ordinal);
        Assert.Contains("Helpdesk Administrator, which Security & Compliance does not accept", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("Compliance Administrator", error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant.Messages.Warnings, w => w.Contains("Compliance Administrator", StringComparison.Ordinal));
        Assert.Empty(tenant.Registry.Sessions);
    }

    [Fact]
    public async Task A_bad_parameter_is_an_error_with_the_valid_values()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var error = await Assert.ThrowsAsync<ServiceException>(() => tenant.RunAsync(session, "Get-Mailbox", ("NoSuchParameter", 1)));

        Assert.Equal(400, error.StatusCode);
        Assert.Equal(ExoErrorCategory.InvalidArgument, error.Category);
        Assert.Contains("NoSuchParameter", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-Mailbox; Remove-Item /", "Name")]
    [InlineData("../x", "Name")]
    [InlineData("", "Name")]
    public async Task What_is_no_cmdlets_name_is_refused_before_any_request(string name, string parameter)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Requests.Clear();
        var error = Assert.Throws<ExoException>(() => { session.InvokeAsync(new CmdletRequest { Name = name }, NullMessages.Instance); });
        var property = Assert.Throws<ExoException>(
            () => { session.InvokeAsync(new CmdletRequest { Name = "Get-Mailbox", Properties = ["a&b"] }, NullMessages.Instance); });

        Assert.Equal(parameter, error.ParameterName);
        Assert.Equal("Property", property.ParameterName);
        Assert.Empty(tenant.Tenant.Requests.Snapshot());
    }

    [Fact]
    public async Task A_disconnected_session_fails_at_once_and_names_itself()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Registry.Disconnect(session);
        tenant.Registry.Disconnect(session);
        tenant.Tenant.Requests.Clear();
        var error = await Assert.ThrowsAsync<ExoException>(() => tenant.RunAsync(session, "Get-Mailbox"));

        Assert.Equal("SessionDisconnected", error.ErrorId);
        Assert.Contains("ExchangeOnline_1", error.Message, StringComparison.Ordinal);
        Assert.Equal(SessionState.Disconnected, session.State);
        Assert.Empty(tenant.Registry.Sessions);
        Assert.Empty(tenant.Tenant.Requests.Snapshot());
    }

    [Fact]
    public async Task Disconnecting_ends_what_is_under_way()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Get-Mailbox", Delay = TimeSpan.FromSeconds(30) });
        var running = tenant.RunAsync(session, "Get-Mailbox");
        await Task.Delay(50);
        tenant.Registry.Disconnect(session);

        var error = await Assert.ThrowsAsync<ExoException>(() => running.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal("SessionDisconnected", error.ErrorId);
    }

    [Fact]
    public async Task The_callers_certificate_survives_the_session()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        tenant.Registry.Disconnect(session);

        Assert.Equal(SessionState.Connected, (await tenant.ConnectAsync()).State);
    }

    [Fact]
    public async Task Sessions_are_connected_used_and_ended_by_many_threads()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        await Parallel.ForAsync(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var session = await tenant.ConnectAsync(i % 3 == 0 ? ExoService.SecurityCompliance : ExoService.ExchangeOnline);
            Assert.NotEmpty(await tenant.RunAsync(session, session.Description.Service == ExoService.ExchangeOnline ? "Get-Mailbox" : "Get-Label"));
            tenant.Registry.Disconnect(session);
        });

        Assert.Empty(tenant.Registry.Sessions);
        Assert.Equal(8, tenant.Registry.NextName(ExoService.SecurityCompliance).Id - 17);
    }

    [Fact]
    public async Task The_banner_is_read()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();

        Assert.False(string.IsNullOrWhiteSpace(await session.GetBannerAsync(NullMessages.Instance)));
    }
}
