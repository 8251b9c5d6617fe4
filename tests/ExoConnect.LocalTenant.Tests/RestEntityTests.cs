using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>Every row of the table in protocol.md section 5.</summary>
public sealed class RestEntityTests : IDisposable
{
    private readonly AdminApiHarness _tenant = new(new TenantOptions { Mailboxes = 1500 });

    public void Dispose() => _tenant.Dispose();

    [Fact]
    public async Task A_list_has_the_minimum_and_pages_by_get()
    {
        var page = (await _tenant.GetAsync("Mailbox", Prefer(400))).Ok();
        var names = new HashSet<string>(page.Texts("Name"));

        Assert.Equal(400, page.Value.Count);
        Assert.Equal(
            PropertySets.Of("Mailbox")["Minimum"].Order(), Properties(page.Value[0]!).Order());
        while (page.NextLink is not null)
        {
            page = (await _tenant.SendAsync("GET", page.NextTarget, headers: Prefer(400))).Ok();
            names.UnionWith(page.Texts("Name"));
        }

        Assert.Equal(1500, names.Count);
    }

    [Fact]
    public async Task Selected_properties_come_with_the_minimum()
    {
        var mailbox = (await _tenant.GetAsync("Mailbox?$select=Office,ArchiveStatus", Prefer(1))).Ok().Value[0]!;

        Assert.Equal([.. PropertySets.Of("Mailbox")["Minimum"].Append("ArchiveStatus").Append("Office").Order()], Properties(mailbox).Order());
    }

    [Fact]
    public async Task Property_sets_add_up_and_all_is_all()
    {
        var sets = (await _tenant.GetAsync("Mailbox?PropertySet=Minimum,Archive", Prefer(1))).Ok().Value[0]!;
        var all = (await _tenant.GetAsync("Mailbox?PropertySet=All", Prefer(1))).Ok().Value[0]!;

        Assert.Equal(
            PropertySets.Of("Mailbox")["Minimum"].Union(PropertySets.Of("Mailbox")["Archive"]).Order(), Properties(sets).Order());
        Assert.Equal(
            MailboxSchema.Mailbox.Properties.Select(property => property.Name.Name).Where(EntityType.Of("Mailbox").Has).Order(),
            Properties(all).Order());
    }

    [Fact]
    public void Every_property_of_every_set_is_there()
    {
        var schemas = new Dictionary<string, Schema<MailboxRow>>
        {
            ["Mailbox"] = MailboxSchema.Mailbox, ["CasMailbox"] = MailboxViews.CasMailbox, ["Recipient"] = MailboxViews.Recipient,
            ["MailboxStatistics"] = MailboxViews.Statistics,
        };
        foreach (var entity in PropertySets.Names)
        {
            Assert.Empty(PropertySets.Of(entity).SelectMany(set => set.Value).Where(name => schemas[entity].Find(name) is null).Distinct());
        }
    }

    [Theory]
    [InlineData("startswith(Alias, 'adele.v') and DisplayName ne 'x'", 1, 40)]
    [InlineData("not (not (contains(Alias, 'ser'))) or WhenCreated gt '2099-01-01'", 1, 200)]
    [InlineData("endswith(Alias, '.team')", 75, 75)]
    [InlineData("RecipientTypeDetails eq 'SharedMailbox' or RecipientTypeDetails eq 'EquipmentMailbox'", 90, 90)]
    [InlineData("IsResource eq true", 45, 45)]
    [InlineData("WhenCreated lt 2000-01-01T00:00:00Z", 0, 0)]
    [InlineData("ForwardingAddress ne null", 0, 0)]
    [InlineData("not(RecipientTypeDetails eq 'UserMailbox')", 120, 120)]
    public async Task A_filter_is_evaluated(string filter, int least, int most)
    {
        var response = (await _tenant.GetAsync($"Mailbox?$filter={Uri.EscapeDataString(filter)}")).Ok();

        Assert.InRange(response.Value.Count, least, most);
    }

    [Theory]
    [InlineData("Mailbox?$filter=Bogus%20eq%20'x'", "Could not find a property named 'Bogus' on type 'Exchange.Mailbox'.")]
    [InlineData("Mailbox?$select=Bogus", "Could not find a property named 'Bogus' on type 'Exchange.Mailbox'.")]
    [InlineData("CasMailbox?$select=Bogus", "Could not find a property named 'Bogus' on type 'Exchange.CasMailbox'.")]
    [InlineData("Mailbox?$filter=Alias%20eq", "Invalid filter clause")]
    [InlineData("Mailbox?$filter=length(Alias,'x')", "There is no function 'length'")]
    [InlineData("Mailbox?PropertySet=Bogus", "The property set 'Bogus' is not defined")]
    [InlineData("Mailbox('not+base64!')?isEncoded=true", "is said to be encoded but is not base64")]
    public async Task What_cannot_be_is_a_bad_request(string path, string expected)
    {
        var response = await _tenant.GetAsync(path);

        Assert.Equal(400, response.Status);
        Assert.Contains(expected, (string)response.Json["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anr_and_recipient_type_details_narrow()
    {
        Assert.All((await _tenant.GetAsync("Mailbox?Anr=vance")).Ok().Texts("DisplayName"),
            name => Assert.Contains("Vance", name, StringComparison.Ordinal));
        Assert.Equal(90, (await _tenant.GetAsync("Mailbox?RecipientTypeDetails=SharedMailbox,EquipmentMailbox")).Ok().Value.Count);
        Assert.Equal(375, (await _tenant.GetAsync("Mailbox?Archive=True")).Ok().Value.Count);
        Assert.Empty((await _tenant.GetAsync("Mailbox?InactiveMailboxOnly=True&Archive=True")).Ok().Value);
    }

    [Theory]
    [InlineData("adele.vance@contoso.onmicrosoft.com")]
    [InlineData("adele.vance")]
    public async Task A_key_may_be_encoded_or_not(string identity)
    {
        var encoded = (await _tenant.GetAsync($"Mailbox('{Base64(identity)}')?isEncoded=true")).Ok().Json;
        var plain = (await _tenant.GetAsync($"Mailbox('{Uri.EscapeDataString(identity)}')")).Ok().Json;
        var quoted = (await _tenant.GetAsync($"Mailbox(%27{Uri.EscapeDataString(Base64(identity))}%27)?isEncoded=True")).Ok().Json;

        Assert.All([encoded, plain, quoted], mailbox => Assert.Equal("adele.vance", (string)mailbox["Alias"]!));
        Assert.EndsWith("$metadata#Mailbox/$entity", (string)encoded["@odata.context"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_leads_nowhere_is_a_404()
    {
        var response = await _tenant.GetAsync($"Mailbox('{Base64("nobody")}')?isEncoded=true");

        Assert.Equal(404, response.Status);
        Assert.Contains("'nobody' couldn't be found", response.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_declared_has_no_annotation_and_stands_in_the_order_of_the_declaration()
    {
        var mailbox = (await _tenant.GetAsync("Mailbox?$select=WhenCreated,ExchangeGuid", Prefer(1))).Ok().Only;

        Assert.DoesNotContain(mailbox, static property => property.Key.Contains('@', StringComparison.Ordinal));
        Assert.Equal(
            [
                "ExternalDirectoryObjectId", "ExchangeGuid", "UserPrincipalName", "Alias", "DisplayName", "EmailAddresses", "PrimarySmtpAddress",
                "RecipientType", "RecipientTypeDetails", "Identity", "Id", "ExchangeVersion", "Name", "DistinguishedName", "WhenCreated",
                "OrganizationId", "Guid",
            ],
            mailbox.Select(static property => property.Key));
        Assert.True(DateTimeOffset.TryParseExact(
            (string?)mailbox["WhenCreated"], "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), (string?)mailbox["WhenCreated"]);
    }

    [Fact]
    public async Task A_folder_has_all_that_is_declared()
    {
        var mailbox = Convert.ToBase64String("m0@contoso.onmicrosoft.com"u8);
        var folders = (await _tenant.GetAsync(
            $"Mailbox('{mailbox}')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'All')?isEncoded=true")).Ok();

        var folder = folders.Value[0]!.AsObject();
        Assert.True(folder.ContainsKey("SearchFolder"));
        Assert.Null(folder["RawContentMailboxGuid"]);
        Assert.Equal("Name", folder.First().Key);
    }

    [Fact]
    public async Task Recipients_of_all_kinds_are_listed_and_found_by_a_header()
    {
        var kinds = new HashSet<string>();
        var page = (await _tenant.GetAsync("Recipient")).Ok();
        var count = page.Value.Count;
        kinds.UnionWith(page.Texts("RecipientTypeDetails"));
        while (page.NextLink is not null)
        {
            page = (await _tenant.SendAsync("GET", page.NextTarget)).Ok();
            count += page.Value.Count;
            kinds.UnionWith(page.Texts("RecipientTypeDetails"));
        }

        Assert.Equal(1500 + 10 + 6 + 1 + 5 + 2, count);
        Assert.Superset(
            new HashSet<string> { "UserMailbox", "SharedMailbox", "GroupMailbox", "MailContact", "MailUser", "MailUniversalDistributionGroup" },
            kinds);
        var found = (await _tenant.GetAsync("Recipient?ReadIdsAndParamsFromHeaders=True", Identity("Sales Team"))).Ok().Json;
        Assert.Equal("Sales Team", (string)found["Name"]!);
    }

    [Fact]
    public async Task Cas_mailboxes_have_their_sets()
    {
        var imap = (await _tenant.GetAsync($"CasMailbox('{Base64("adele.vance")}')?isEncoded=true&PropertySet=Imap")).Ok().Json;

        Assert.True((bool)imap["ImapEnabled"]!);
        Assert.True(imap.ContainsKey("ImapUseProtocolDefaults"));
        Assert.False(imap.ContainsKey("EwsAllowOutlook"));
        Assert.Equal(1000, (await _tenant.GetAsync("CasMailbox")).Ok().Value.Count);
    }

    [Fact]
    public async Task Permissions_of_a_mailbox_are_one_entry_for_each_user()
    {
        var key = $"Mailbox('{Base64("m7@contoso.onmicrosoft.com")}')/MailboxPermission";
        var all = (await _tenant.GetAsync($"{key}?isEncoded=true")).Ok();
        var other = all.Texts("User").Single(user => user != "NT AUTHORITY\\SELF");
        var one = (await _tenant.GetAsync($"{key}('{Base64(other)}')?isEncoded=true")).Ok().Json;
        var owner = (await _tenant.GetAsync($"{key}?$filter=IsOwner%20eq%20true&isEncoded=true")).Ok();

        Assert.Equal(2, all.Value.Count);
        Assert.Equal(other, (string)one["User"]!);
        Assert.Equal("FullAccess", (string)one["PermissionList"]![0]!["AccessRights"]![0]!);
        Assert.Equal("NT AUTHORITY\\SELF", (string)owner.Only["User"]!);
        Assert.Equal(404, (await _tenant.GetAsync($"{key}('{Base64("nobody")}')?isEncoded=true")).Status);
    }

    [Fact]
    public async Task Permissions_of_all_come_expanded()
    {
        var mailboxes =
            (await _tenant.GetAsync("Mailbox?$expand=MailboxPermission&$select=MailboxPermission,%20ExternalDirectoryObjectId", Prefer(10))).Ok();
        var recipients =
            (await _tenant.GetAsync("Recipient?$expand=RecipientPermission&$select=RecipientPermission,%20ExternalDirectoryObjectId", Prefer(10)))
            .Ok();

        Assert.Equal(10, mailboxes.Value.Count);
        Assert.Equal(2, mailboxes.Value[7]!["MailboxPermission"]!.AsArray().Count);
        Assert.Equal("SendAs", (string)recipients.Value[0]!["RecipientPermission"]![0]!["AccessRights"]![0]!);
        Assert.NotNull(recipients.NextLink);
    }

    [Fact]
    public async Task Recipient_permissions_come_expanded_and_by_filters()
    {
        var identity = Base64("m7@contoso.onmicrosoft.com");
        var all = (await _tenant.GetAsync(
            $"Recipient('{identity}')?$expand=RecipientPermission&isEncoded=true&$select=RecipientPermission,%20ExternalDirectoryObjectId")).Ok()
                .Json;
        var trustee = all["RecipientPermission"]!.AsArray().Select(entry => (string)entry!["Trustee"]!)
            .Single(name => name != "NT AUTHORITY\\SELF");
        var one = (await _tenant.GetAsync(
            $"Recipient/Exchange.GetRecipientPermissionByFilters(identity='{Uri.EscapeDataString(identity)}',"
            + $"trustee='{Uri.EscapeDataString(Base64(trustee))}',"
            + "accessRights=%5B%22SendAs%22%5D)?$expand=RecipientPermission&isEncoded=true")).Ok().Json;

        Assert.Equal(trustee, (string)Assert.Single(one["RecipientPermission"]!.AsArray())!["Trustee"]!);
        Assert.NotNull(one["ExternalDirectoryObjectId"]);
    }

    [Fact]
    public async Task Statistics_come_in_both_forms()
    {
        var key = Base64("m5@contoso.onmicrosoft.com");
        var mailbox = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "m5@contoso.onmicrosoft.com" })).Ok().Only;
        var minimum = (await _tenant.GetAsync($"Mailbox('{key}')/Exchange.GetMailboxStatistics()?isEncoded=true")).Ok().Json;
        var archive = (await _tenant.GetAsync($"Mailbox('{key}')/Exchange.GetMailboxStatistics()?isEncoded=true&Archive=True&PropertySet=All"))
            .Ok().Json;
        var second = (await _tenant.GetAsync(
            $"Mailbox/Exchange.GetMailboxStatisticsV2(mailboxGuid={mailbox["ExchangeGuid"]},databaseGuid={mailbox["DatabaseGuid"]})"
            + "?UseCopyOnLocalServer=True")).Ok().Json;

        Assert.Equal(PropertySets.Of("MailboxStatistics")["Minimum"].Order(), Properties(minimum).Order());
        Assert.Equal((long)minimum["TotalItemSize"]!, (long)second["TotalItemSize"]!);
        Assert.EndsWith("$metadata#Exchange.MailboxStatistics", (string)minimum["@odata.context"]!, StringComparison.Ordinal);
        Assert.True((bool)archive["IsArchiveMailbox"]!);
        Assert.Equal((string)mailbox["ArchiveGuid"]!, (string)archive["MailboxGuid"]!);
        Assert.Equal(
            400, (await _tenant.GetAsync($"Mailbox('{Base64("adele.vance")}')/Exchange.GetMailboxStatistics()?isEncoded=true&Archive=True")).Status);
    }

    [Fact]
    public async Task Folders_and_their_permissions()
    {
        var key = Base64("adele.vance");
        var folders = (await _tenant.GetAsync(
            $"Mailbox('{key}')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'All')?isEncoded=true")).Ok();
        var inbox = (await _tenant.GetAsync(
            $"Mailbox('{key}')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'Inbox')?isEncoded=true")).Ok();
        var calendar = $"Mailbox('{key}')/MailboxFolder('{Base64("\\Calendar")}')/MailboxFolderPermission";
        var permissions = (await _tenant.GetAsync($"{calendar}?IsUsingMailboxFolderId=True&isEncoded=true")).Ok();
        var one = (await _tenant.GetAsync($"{calendar}('{Base64("Default")}')?IsUsingMailboxFolderId=True&isEncoded=true")).Ok().Json;
        var id = (string)folders.Value.Single(folder => (string)folder!["FolderPath"]! == "/Calendar")!["FolderId"]!;
        var byId = (await _tenant.GetAsync(
            $"Mailbox('{key}')/MailboxFolder('{Uri.EscapeDataString(Base64(id))}')/MailboxFolderPermission"
            + "?IsUsingMailboxFolderId=True&isEncoded=true")).Ok();

        Assert.EndsWith("$metadata#Collection(Exchange.MailboxFolderStatistics)", (string)folders.Json["@odata.context"]!, StringComparison.Ordinal);
        Assert.EndsWith("/MailboxFolderPermission", (string)permissions.Json["@odata.context"]!, StringComparison.Ordinal);
        Assert.EndsWith("/MailboxFolderPermission/$entity", (string)one["@odata.context"]!, StringComparison.Ordinal);
        Assert.Equal("adele.vance:\\Calendar", (string)one["MailboxFolderIdentity"]!);
        Assert.Equal("Default", (string)one["MailboxFolderUser"]!["UserType"]!);
        Assert.Contains("/Top of Information Store", folders.Texts("FolderPath"));
        Assert.All(inbox.Texts("FolderPath"), path => Assert.StartsWith("/Inbox", path, StringComparison.Ordinal));
        Assert.Equal(["Default", "Anonymous"], permissions.Texts("User"));
        Assert.Equal(["Default", "Anonymous"], byId.Texts("User"));
        Assert.Equal("AvailabilityOnly", (string)one["AccessRights"]![0]!);
        Assert.Equal(404, (await _tenant.GetAsync($"Mailbox('{key}')/MailboxFolder('{Base64("\\Nothing")}')/MailboxFolderPermission?isEncoded=true"))
            .Status);
    }

    [Fact]
    public async Task Mobile_devices_of_a_mailbox_and_by_identity()
    {
        HarnessResponse? devices = null;
        for (var i = 0; devices is null || devices.Value.Count == 0; i++)
        {
            devices = (await _tenant.GetAsync(
                $"Mailbox('{Base64($"m{i}@contoso.onmicrosoft.com")}')/MobileDevice/Exchange.GetMobileDeviceStatistics()?isEncoded=true")).Ok();
        }

        var identity = (string)devices.Value[0]!["Identity"]!;
        var one = (await _tenant.GetAsync(
            "GetMobileDeviceStatisticsByIdentity(Identity='XParameter-Identity')?ReadIdsAndParamsFromHeaders=True", Identity(identity))).Ok().Json;

        Assert.Equal(identity, (string)one["Identity"]!);
        Assert.Equal(404, (await _tenant.GetAsync(
            "GetMobileDeviceStatisticsByIdentity(Identity='XParameter-Identity')?ReadIdsAndParamsFromHeaders=True", Identity("nothing"))).Status);
    }

    [Theory]
    [InlineData("Mailbox", "Mailbox?PropertySet=All")]
    [InlineData("CasMailbox", "CasMailbox?PropertySet=All")]
    [InlineData("Recipient", "Recipient?PropertySet=All")]
    [InlineData("MailboxFolderStatistics",
        "Mailbox('YWRlbGUudmFuY2U=')/MailboxFolder/Exchange.GetMailboxFolderStatistics(folderscope=Exchange.ElcFolderType'All')?isEncoded=true")]
    [InlineData("MailboxPermission", "Mailbox('YWRlbGUudmFuY2U=')/MailboxPermission?isEncoded=true")]
    [InlineData("MailboxFolderPermission",
        "Mailbox('YWRlbGUudmFuY2U=')/MailboxFolder('XENhbGVuZGFy')/MailboxFolderPermission?isEncoded=true")]
    public async Task Every_value_is_of_the_declared_type(string type, string path)
    {
        var declared = CmdletCatalog.Resource("entities.txt").Split('\n')
            .Single(line => line.StartsWith($"{type}: ", StringComparison.Ordinal))[(type.Length + 2)..].Split(' ')
            .Select(property => property.Split('/')).ToDictionary(parts => parts[0], parts => parts.Length == 1 ? 't' : parts[1][0]);
        var seen = new HashSet<string>();
        var page = (await _tenant.GetAsync(path)).Ok();
        for (; ; page = (await _tenant.SendAsync("GET", page.NextTarget)).Ok())
        {
            foreach ((var name, var value) in page.Value.SelectMany(item => item!.AsObject())
                .Where(property => !property.Key.Contains('@', StringComparison.Ordinal)))
            {
                seen.Add(name);
                Assert.True(declared.TryGetValue(name, out var kind), name);
                Assert.True(
                    kind switch
                    {
                        't' => value is null || value.GetValueKind() == JsonValueKind.String,
                        'b' => value is null || value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
                        'g' => value is null || Guid.TryParse((string)value!, out _),
                        'i' => value is null || value.AsValue().TryGetValue(out int _),
                        'l' => value is null || value.AsValue().TryGetValue(out long _),
                        _ => value is JsonArray or JsonObject,
                    },
                    $"{name}: {value}");
            }

            if (page.NextLink is null)
            {
                break;
            }
        }

        Assert.True(seen.Count > 4, string.Join(' ', seen));
    }

    [Fact]
    public async Task A_changed_value_is_of_the_declared_type_too()
    {
        (await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance", MailTip = "Hello", RetainDeletedItemsFor = "20.00:00:00" })).Ok();

        var mailbox = (await _tenant.GetAsync($"Mailbox('{Base64("adele.vance")}')?isEncoded=true&PropertySet=All")).Ok().Json;

        Assert.Equal("20.00:00:00", (string)mailbox["RetainDeletedItemsFor"]!);
        Assert.Equal("Hello", (string)mailbox["MailTip"]!);
    }

    [Fact]
    public async Task Entities_are_read_only_and_need_a_role_that_reads()
    {
        Assert.Equal(405, (await _tenant.SendAsync("POST", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/Mailbox", "{}")).Status);
        Assert.Equal(404, (await _tenant.GetAsync($"Mailbox('{Base64("adele.vance")}')/Nothing?isEncoded=true")).Status);
        Assert.Equal(
            404, (await _tenant.SendAsync("GET", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/Mailbox", service: TenantService.SecurityCompliance))
                .Status);
    }

    [Fact]
    public async Task Version_two_takes_calls_at_an_address_for_each_noun()
    {
        var response = await _tenant.SendAsync(
            "POST", $"/adminapi/v2.0/{AdminApiHarness.TenantId:D}/AcceptedDomain", AdminApiHarness.CommandBody("Get-AcceptedDomain", null));

        Assert.Contains("contoso.onmicrosoft.com", response.Ok().Texts("DomainName"));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static Dictionary<string, string> Prefer(int size) => new() { ["Prefer"] = $"odata.maxpagesize={size};" };

    private static Dictionary<string, string> Identity(string identity) => new() { ["XParameter-Identity"] = Base64(identity) };

    private static string[] Properties(JsonNode item)
    {
        return [.. item.AsObject().Select(property => property.Key).Where(name => !name.Contains('@', StringComparison.Ordinal))];
    }
}
