using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>What public scripts rely on, and a tenant that responds half right would hide.</summary>
public sealed class DropInTests : IDisposable
{
    private readonly AdminApiHarness _tenant = new(new TenantOptions { Mailboxes = 120 });

    public void Dispose() => _tenant.Dispose();

    [Fact]
    public async Task An_audit_record_has_its_data_as_json_text_about_people_that_exist()
    {
        var records = (await AuditAsync(days: 3)).Value;

        Assert.Equal(100, records.Count);
        Assert.Equal(Enumerable.Range(1, 100), records.Select(record => (int)record!["ResultIndex"]!));
        Assert.All(records, record =>
        {
            var data = JsonNode.Parse((string)record!["AuditData"]!)!;
            Assert.Equal((string)record["UserIds"]!, (string)data["UserId"]!);
            Assert.Equal((string)record["Operations"]!, (string)data["Operation"]!);
            Assert.Equal((string)record["Identity"]!, (string)data["Id"]!);
            Assert.Equal(JsonValueKind.Number, data["RecordType"]!.GetValueKind());
            Assert.True((int)record["ResultCount"]! >= 4000);
        });
        var user = (string)records[0]!["UserIds"]!;
        Assert.Equal(user, (string)(await RunAsync("Get-Mailbox", new { Identity = user })).Only["UserPrincipalName"]!);
        DateTime[] times = [.. records.Select(record => (DateTime)record!["CreationDate"]!)];
        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public async Task Audit_records_are_narrowed_by_what_a_search_asks()
    {
        var first = (await AuditAsync(days: 3)).Value[0]!.AsObject();
        string kind = (string)first["RecordType"]!, operation = (string)first["Operations"]!, user = (string)first["UserIds"]!;

        var narrow = await AuditAsync(
            days: 3, new() { ["RecordType"] = kind, ["Operations"] = new[] { operation }, ["UserIds"] = new[] { user } });
        var text = await AuditAsync(days: 3, new() { ["FreeText"] = (string)first["Identity"]! });
        var nothing = await AuditAsync(days: 3, new() { ["UserIds"] = new[] { "nobody@contoso.com" } });

        Assert.NotEmpty(narrow.Value);
        Assert.All(narrow.Value, record => Assert.Equal(
            (kind, operation, user), ((string)record!["RecordType"]!, (string)record["Operations"]!, (string)record["UserIds"]!)));
        Assert.Equal((string)first["Identity"]!, (string)text.Only["Identity"]!);
        Assert.Empty(nothing.Value);
    }

    [Fact]
    public async Task Records_of_one_file_have_the_same_ids_of_file_list_and_site()
    {
        var records = (await AuditAsync(days: 3, new() { ["RecordType"] = "SharePointFileOperation", ["ResultSize"] = 1000 })).Value;
        var data = records.Select(record => JsonNode.Parse((string)record!["AuditData"]!)!).ToArray();
        var files = data.GroupBy(one => (string)one["ObjectId"]!).ToArray();

        Assert.All(files, file => Assert.Single(file.Select(one => Guid.Parse((string)one["ListItemUniqueId"]!)).Distinct()));
        Assert.Equal(files.Length, data.Select(one => (string)one["ListItemUniqueId"]!).Distinct().Count());
        Assert.Equal(data.Select(one => (string)one["SiteUrl"]!).Distinct().Count(), data.Select(one => (string)one["Site"]!).Distinct().Count());
    }

    [Fact]
    public async Task Formatted_makes_names_of_numbers()
    {
        JsonNode record = (await AuditAsync(days: 1, new() { ["Formatted"] = true, ["ResultSize"] = 1 })).Only;

        Assert.Equal((string)record["RecordType"]!, (string)JsonNode.Parse((string)record["AuditData"]!)!["RecordType"]!);
    }

    [Fact]
    public async Task A_session_goes_on_where_the_last_call_ended_until_fifty_thousand()
    {
        var seen = new HashSet<string>();
        var counts = new List<int>();
        while (true)
        {
            var response = await AuditAsync(
                days: 60, new() { ["SessionId"] = "a", ["SessionCommand"] = "ReturnLargeSet", ["ResultSize"] = 5000 },
                "?$select=Identity,ResultIndex,ResultCount");
            var count = 0;
            for (; ; response = (await _tenant.SendAsync("POST", response.NextTarget, Body(60, new()
            {
                ["SessionId"] = "a", ["SessionCommand"] = "ReturnLargeSet", ["ResultSize"] = 5000,
            }))).Ok())
            {
                count += response.Value.Count;
                Assert.All(response.Value, record => Assert.Equal(50_000, (int)record!["ResultCount"]!));
                Assert.All(response.Value, record => Assert.True(seen.Add((string)record!["Identity"]!)));
                if (response.NextLink is null)
                {
                    break;
                }
            }

            if (count == 0)
            {
                break;
            }

            counts.Add(count);
        }

        Assert.Equal(Enumerable.Repeat(5000, 10), counts);
        Assert.Equal(50_000, seen.Count);
        Assert.NotEmpty((await AuditAsync(days: 60, new() { ["SessionId"] = "b", ["SessionCommand"] = "ReturnLargeSet" })).Value);
    }

    [Fact]
    public async Task A_session_that_changes_its_command_ends_at_ten_thousand()
    {
        var counts = new List<int>();
        foreach (var command in (string[])["ReturnLargeSet", "ReturnNextPreviewPage", "ReturnLargeSet", "ReturnNextPreviewPage"])
        {
            Dictionary<string, object?> more = new() { ["SessionId"] = "mixed", ["SessionCommand"] = command, ["ResultSize"] = 5000 };
            var count = 0;
            var page = await AuditAsync(60, more, "?$select=Identity");
            for (count += page.Value.Count; page.NextLink is not null; count += page.Value.Count)
            {
                page = (await _tenant.SendAsync("POST", page.NextTarget, Body(60, more))).Ok();
            }

            counts.Add(count);
        }

        Assert.Equal([5000, 5000, 0, 0], counts);
    }

    [Fact]
    public async Task A_search_asks_for_five_thousand_at_most()
    {
        Assert.Equal(400, (await _tenant.SendAsync("POST", Target(null), Body(1, new() { ["ResultSize"] = 5001 }))).Status);
    }

    [Fact]
    public async Task The_command_in_the_warning_of_a_message_trace_goes_on_until_all_is_there()
    {
        var parameters = new Dictionary<string, object?>
        {
            ["StartDate"] = Time(-4), ["EndDate"] = Time(0), ["ResultSize"] = 60, ["Status"] = new[] { "Delivered" },
        };
        var all = (await RunAsync("Get-MessageTraceV2", new { StartDate = Time(-4), EndDate = Time(0), Status = new[] { "Delivered" } })).Value.Count;
        var seen = new HashSet<string>();
        for (var round = 0; ; round++)
        {
            var response = await RunAsync("Get-MessageTraceV2", parameters);
            Assert.All(response.Value, message => Assert.True(
                seen.Add($"{message!["MessageTraceId"]} {message["RecipientAddress"]}"), $"{message}"));
            if (response.Warnings.Length == 0)
            {
                Assert.True(round > 1);
                break;
            }

            const string Words = "There are more results, use the following command to get more. Get-MessageTraceV2 ";
            var warning = Assert.Single(response.Warnings);
            Assert.StartsWith(Words, warning, StringComparison.Ordinal);
            var last = response.Value[^1]!;
            var received = ((DateTime)last["Received"]!).ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
            Assert.EndsWith(
                $" -EndDate \"{received}\" -Status \"Delivered\" -StartingRecipientAddress \"{last["RecipientAddress"]}\" -ResultSize 60", warning,
                StringComparison.Ordinal);
            parameters = Regex.Matches(warning[Words.Length..], "-(\\w+) (\"[^\"]*\"|\\S+)")
                .ToDictionary(match => match.Groups[1].Value, match => (object?)match.Groups[2].Value.Trim('"'));
            Assert.Equal("60", parameters["ResultSize"]);
        }

        Assert.Equal(all, seen.Count);
    }

    [Fact]
    public async Task Messages_are_between_people_that_exist_and_have_their_details()
    {
        var message = (await RunAsync("Get-MessageTrace", new { SenderAddress = "*@contoso.onmicrosoft.com", PageSize = 5 })).Value[0]!;
        var recipient = (string)message["RecipientAddress"]!;

        Assert.Equal(200, (await _tenant.InvokeAsync("Get-Recipient", new { Identity = (string)message["SenderAddress"]! })).Status);
        Assert.Equal(200, (await _tenant.InvokeAsync("Get-Recipient", new { Identity = recipient })).Status);
        Assert.Equal(3, (await RunAsync(
            "Get-MessageTraceDetailV2", new { MessageTraceId = (string)message["MessageTraceId"]!, RecipientAddress = recipient })).Value.Count);
        Assert.Equal(400, (await _tenant.InvokeAsync("Get-MessageTrace", new { StartDate = Time(-20), EndDate = Time(0) })).Status);
        Assert.Equal(400, (await _tenant.InvokeAsync("Get-MessageTraceV2", new { StartDate = Time(-20), EndDate = Time(0) })).Status);
    }

    [Fact]
    public async Task A_folder_goes_by_its_identity_whichever_way_the_mailbox_was_named()
    {
        const string Address = "adele.vance@contoso.onmicrosoft.com";
        string byAddress = await IdentityOfCalendarAsync(Address), byName = await IdentityOfCalendarAsync("adele.vance");

        Assert.Equal($"{Address}\\Calendar", byAddress);
        Assert.Equal("adele.vance\\Calendar", byName);
        foreach (var identity in (string[])
            [byAddress, byName, byAddress.Replace(Address, $"{Address}:", StringComparison.Ordinal), $"{Address}:\\Calendar"])
        {
            Assert.Equal(["Default", "Anonymous"], (await RunAsync("Get-MailboxFolderPermission", new { Identity = identity })).Texts("User"));
        }

        async Task<string> IdentityOfCalendarAsync(string mailbox)
        {
            return (await RunAsync("Get-MailboxFolderStatistics", new { Identity = mailbox, FolderScope = "Calendar" })).Texts("Identity")[0];
        }
    }

    [Fact]
    public async Task Groups_are_found_by_a_members_distinguished_name()
    {
        var name = (string)(await RunAsync("Get-Mailbox", new { Identity = "adele.vance" })).Only["DistinguishedName"]!;
        var groups = (await RunAsync("Get-Recipient", new { Filter = $"Members -eq '{name}'" })).Texts("Name");
        var group = (string)(await RunAsync("Get-DistributionGroup", new { Identity = groups[0] })).Only["DistinguishedName"]!;

        Assert.Equal(["All Employees", "Project A"], groups);
        Assert.Contains("adele.vance", (await RunAsync("Get-Recipient", new { Filter = $"MemberOfGroup -eq '{group}'" })).Texts("Alias"));
        Assert.Empty((await RunAsync("Get-Recipient", new { Filter = "Members -eq 'CN=nobody'" })).Value);
        Assert.Contains("All Employees", (await RunAsync("Get-Recipient", new { Filter = $"ManagedBy -eq '{name}'" })).Texts("Name"));
    }

    [Fact]
    public async Task A_device_goes_by_its_distinguished_and_canonical_names()
    {
        var device = (await RunAsync("Get-MobileDevice", new { ResultSize = 1 })).Only;
        string identity = (string)device["Identity"]!, name = (string)device["DistinguishedName"]!;
        var owner = identity[..identity.IndexOf('\\', StringComparison.Ordinal)];
        var canonical =
            $"NAMPR07A004.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/contoso.onmicrosoft.com/{identity.Replace('\\', '/')}";

        Assert.StartsWith("CN=", name, StringComparison.Ordinal);
        Assert.Contains($",CN=ExchangeActiveSyncDevices,CN={owner},", name, StringComparison.Ordinal);
        foreach (var key in (string[])[name, canonical, (string)device["Guid"]!])
        {
            Assert.Equal(identity, (string)(await RunAsync("Get-MobileDeviceStatistics", new { Identity = key })).Only["Identity"]!);
        }
    }

    [Fact]
    public async Task An_enums_value_may_be_cut_to_a_beginning_that_only_it_has()
    {
        Assert.NotEmpty((await RunAsync("Get-UnifiedGroupLinks", new { Identity = "projecta", LinkType = "Member" })).Value);
        Assert.Equal(400, (await _tenant.InvokeAsync("Get-UnifiedGroupLinks", new { Identity = "projecta", LinkType = "Bogus" })).Status);
        Assert.Equal(400, (await _tenant.InvokeAsync("Get-UnifiedGroupLinks", new { Identity = "projecta", LinkType = "" })).Status);
    }

    [Fact]
    public async Task Nobody_logs_on_in_the_future()
    {
        var clock = new ManualClock();
        using var tenant = new AdminApiHarness(new TenantOptions { Mailboxes = 60, Clock = clock });
        for (var i = 0; i < 60; i++)
        {
            var statistics = (await tenant.InvokeAsync("Get-MailboxStatistics", new { Identity = $"m{i}@contoso.onmicrosoft.com" })).Ok().Only;
            Assert.True((DateTimeOffset)statistics["LastLogonTime"]! < clock.GetUtcNow());
        }
    }

    [Fact]
    public async Task Whom_rules_and_groups_name_exists()
    {
        var inbox = (await RunAsync("Get-InboxRule", new { Mailbox = "m6@contoso.onmicrosoft.com" })).Value;
        var forward = (string)Assert.Single(inbox)!["ForwardTo"]![0]!;
        var legacyName = forward[(forward.IndexOf("[EX:", StringComparison.Ordinal) + 4)..^1];
        var rule = (await RunAsync("Get-TransportRule", new { Identity = "Encrypt confidential mail" })).Only;
        var group = (await RunAsync("Get-UnifiedGroup", new { Identity = "projecta" })).Only;

        foreach (var identity in (string[])
            [legacyName, (string)rule["BlindCopyTo"]![0]!, (string)rule["FromMemberOf"]![0]!, (string)group["ManagedBy"]![0]!])
        {
            Assert.Equal(200, (await _tenant.InvokeAsync("Get-Recipient", new { Identity = identity })).Status);
        }

        Assert.Equal(
            (int)group["GroupMemberCount"]!,
            (await RunAsync("Get-UnifiedGroupLinks", new { Identity = "projecta", LinkType = "Members" })).Value.Count);
        Assert.True((bool)(await RunAsync("Get-AdminAuditLogConfig")).Only["UnifiedAuditLogIngestionEnabled"]!);
    }

    [Fact]
    public async Task Exported_rules_are_the_bytes_of_an_xml_file_in_both_forms()
    {
        var clixml = new Dictionary<string, string> { ["X-ResponseFormat"] = "clixml" };
        var json = Convert.FromBase64String((string)(await RunAsync("Export-TransportRuleCollection")).Only["FileData"]!);
        var document = (string)(await _tenant.InvokeAsync("Export-TransportRuleCollection", headers: clixml)).Ok().Only["_cliXml"]!;

        Assert.StartsWith("<?xml", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
        Assert.Contains($"<BA N=\"FileData\">{Convert.ToBase64String(json)}</BA>", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_trace_shows_as_quarantined_is_in_quarantine()
    {
        var parameters = new { StartDate = Time(-9), EndDate = Time(0), Status = new[] { "Quarantined" } };
        var message = (await RunAsync("Get-MessageTraceV2", parameters)).Value[0]!;
        var held = await RunAsync("Get-QuarantineMessage");

        Assert.Contains((string)message["MessageId"]!, held.Texts("MessageId"));
        Assert.All(held.Value, one => Assert.Equal("NOTRELEASED", (string)one!["ReleaseStatus"]!));
    }

    [Theory]
    [InlineData("Get-Mailbox")]
    [InlineData("Get-OrganizationConfig")]
    [InlineData("Get-AcceptedDomain")]
    [InlineData("Get-DistributionGroup")]
    [InlineData("Get-TransportRule")]
    [InlineData("Get-Recipient")]
    [InlineData("Get-UnifiedGroup")]
    [InlineData("Get-User")]
    [InlineData("Get-CASMailbox")]
    [InlineData("Get-MessageTrace")]
    [InlineData("Get-MessageTraceV2")]
    [InlineData("Get-AdminAuditLogConfig")]
    [InlineData("Get-RecipientPermission")]
    [InlineData("Get-AntiPhishPolicy")]
    [InlineData("Get-AntiPhishRule")]
    [InlineData("Get-HostedContentFilterPolicy")]
    [InlineData("Get-HostedContentFilterRule")]
    [InlineData("Get-HostedOutboundSpamFilterPolicy")]
    [InlineData("Get-HostedConnectionFilterPolicy")]
    [InlineData("Get-MalwareFilterPolicy")]
    [InlineData("Get-MalwareFilterRule")]
    [InlineData("Get-SafeLinksPolicy")]
    [InlineData("Get-SafeLinksRule")]
    [InlineData("Get-SafeAttachmentPolicy")]
    [InlineData("Get-AtpPolicyForO365")]
    [InlineData("Get-DkimSigningConfig")]
    [InlineData("Get-RetentionPolicy")]
    [InlineData("Get-RetentionPolicyTag")]
    [InlineData("Get-InboundConnector")]
    [InlineData("Get-OutboundConnector")]
    [InlineData("Get-RemoteDomain")]
    [InlineData("Get-OwaMailboxPolicy")]
    [InlineData("Get-SharingPolicy")]
    [InlineData("Get-RoleGroup")]
    [InlineData("Get-MailContact")]
    [InlineData("Get-MailUser")]
    [InlineData("Get-DynamicDistributionGroup")]
    [InlineData("Get-TransportConfig")]
    [InlineData("Get-MobileDevice")]
    [InlineData("Get-AuthenticationPolicy")]
    [InlineData("Get-Label", TenantService.SecurityCompliance)]
    [InlineData("Get-LabelPolicy", TenantService.SecurityCompliance)]
    [InlineData("Get-DlpCompliancePolicy", TenantService.SecurityCompliance)]
    [InlineData("Get-DlpComplianceRule", TenantService.SecurityCompliance)]
    [InlineData("Get-RetentionCompliancePolicy", TenantService.SecurityCompliance)]
    [InlineData("Get-RetentionComplianceRule", TenantService.SecurityCompliance)]
    [InlineData("Get-ComplianceTag", TenantService.SecurityCompliance)]
    public async Task A_much_used_cmdlet_has_objects_with_an_identity(string cmdlet, TenantService service = TenantService.ExchangeOnline)
    {
        var objects = (await _tenant.InvokeAsync(cmdlet, service: service)).Ok().Value;

        Assert.NotEmpty(objects);
        var key = cmdlet.StartsWith("Get-MessageTrace", StringComparison.Ordinal) ? "MessageTraceId" : "Identity";
        Assert.All(objects, one => Assert.True(one!.AsObject().ContainsKey(key)));
        Assert.All(objects, one => Assert.InRange(one!.AsObject().Count(property => !property.Key.Contains('@', StringComparison.Ordinal)), 9, 400));
    }

    private static string Time(int days) => DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-ddTHH:mm:ss", null);

    private static string Target(string? query) => $"/adminapi/beta/{AdminApiHarness.TenantId:D}/InvokeCommand{query}";

    private static string Body(int days, Dictionary<string, object?> parameters)
    {
        parameters["StartDate"] = Time(-days);
        parameters["EndDate"] = Time(0);
        return AdminApiHarness.CommandBody("Search-UnifiedAuditLog", parameters);
    }

    private async Task<HarnessResponse> AuditAsync(int days, Dictionary<string, object?>? parameters = null, string? query = null)
    {
        return (await _tenant.SendAsync("POST", Target(query), Body(days, parameters ?? []))).Ok();
    }

    private async Task<HarnessResponse> RunAsync(string cmdlet, object? parameters = null) => (await _tenant.InvokeAsync(cmdlet, parameters)).Ok();
}
