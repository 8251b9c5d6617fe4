using System.Security.Cryptography;
using System.Text;

namespace ExoConnect.LocalTenant.Tests;

public sealed class CmdletTests : IDisposable
{
    private readonly AdminApiHarness _tenant = new(new TenantOptions { Mailboxes = 200 });

    public void Dispose() => _tenant.Dispose();

    [Fact]
    public async Task A_mailbox_is_made_found_listed_removed_and_brought_back()
    {
        var made = (await RunAsync("New-Mailbox",
            new { Name = "Zed New", MicrosoftOnlineServicesID = "zed@contoso.onmicrosoft.com", Password = Secret("P@ss1") })).Only;
        Assert.Equal("zed", (string)made["Alias"]!);
        var guid = (string)made["Guid"]!;

        Assert.Equal("Zed New", (string)(await RunAsync("Get-Mailbox", new { Identity = "zed@contoso.onmicrosoft.com" })).Only["DisplayName"]!);
        Assert.Equal("Zed New", (string)(await RunAsync("Get-Mailbox", new { Identity = guid })).Only["Name"]!);
        Assert.Contains(guid, (await RunAsync("Get-Mailbox", new { ResultSize = "Unlimited" })).Texts("Guid"));
        Assert.Equal(0, (int)(await RunAsync("Get-MailboxStatistics", new { Identity = guid })).Only["ItemCount"]!);
        await RunAsync("Remove-Mailbox", new { Identity = guid });
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = guid })).Status);
        Assert.Equal(404, (await _tenant.InvokeAsync("Remove-Mailbox", new { Identity = guid })).Status);
        Assert.Equal("Zed New", (string)(await RunAsync("Get-Mailbox", new { SoftDeletedMailbox = true })).Only["Name"]!);
        await RunAsync("Undo-SoftDeletedMailbox", new { SoftDeletedObject = "Zed New" });
        Assert.Equal("zed", (string)(await RunAsync("Get-Mailbox", new { Identity = guid })).Only["Alias"]!);
    }

    [Theory]
    [InlineData("Shared", "SharedMailbox")]
    [InlineData("Room", "RoomMailbox")]
    [InlineData("Equipment", "EquipmentMailbox")]
    public async Task A_mailbox_is_made_of_each_kind(string kind, string expected)
    {
        var made = (await RunAsync("New-Mailbox", new Dictionary<string, object> { ["Name"] = $"A {kind}", [kind] = true })).Only;

        Assert.Equal(expected, (string)made["RecipientTypeDetails"]!);
        Assert.Contains($"A {kind}", (await RunAsync("Get-Mailbox", new { RecipientTypeDetails = expected })).Texts("Name"));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        var response = await _tenant.InvokeAsync("New-Mailbox", new { Name = "adele.vance", Shared = true });

        Assert.Equal(400, response.Status);
        Assert.Contains("already being used", response.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_decrypted_with_the_current_key_and_the_one_before_and_shown_nowhere()
    {
        var secret = Secret("P@ss1");
        _tenant.Service.Data.Key.Rotate();
        await RunAsync("Set-Mailbox", new { Identity = "adele.vance", Password = secret });
        _tenant.Service.Data.Key.Rotate();
        var refused = await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance", Password = secret });
        var clear = await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance", Password = "P@ss1" });

        Assert.All([refused, clear], response =>
        {
            Assert.Equal(400, response.Status);
            Assert.EndsWith("ParameterTransformationException", response.InternalType, StringComparison.Ordinal);
            Assert.DoesNotContain("P@ss1", response.Text, StringComparison.Ordinal);
        });
        Assert.DoesNotContain("P@ss1", (await RunAsync("Get-Mailbox", new { Identity = "adele.vance" })).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_settings_and_user_properties_are_changed_and_seen_by_each_other()
    {
        await RunAsync("Set-CASMailbox", new { Identity = "adele.vance", OWAEnabled = false, EwsAllowList = new[] { "a", "b" } });
        await RunAsync("Set-User", new { Identity = "adele.vance", Department = "Space", Office = "Moon" });
        await RunAsync("Set-Mailbox", new { Identity = "adele.vance", DisplayName = "Adele V." });

        Assert.False((bool)(await RunAsync("Get-CASMailbox", new { Identity = "adele.vance" })).Only["OWAEnabled"]!);
        var user = (await RunAsync("Get-User", new { Identity = "adele.vance" })).Only;
        Assert.Equal(("Space", "Adele V."), ((string)user["Department"]!, (string)user["DisplayName"]!));
        Assert.Equal("Space", (string)(await RunAsync("Get-Recipient", new { Identity = "Adele V." })).Only["Department"]!);
        Assert.Equal("Moon", (string)(await RunAsync("Get-Mailbox", new { Identity = "adele.vance" })).Only["Office"]!);
        Assert.Single((await RunAsync("Get-User", new { Filter = "Department -eq 'Space'" })).Value);
    }

    [Fact]
    public async Task The_archive_is_enabled_and_disabled()
    {
        Assert.Equal(400, (await _tenant.InvokeAsync("Get-MailboxStatistics", new { Identity = "adele.vance", Archive = true })).Status);
        await RunAsync("Enable-Mailbox", new { Identity = "adele.vance", Archive = true });
        Assert.True((bool)(await RunAsync("Get-MailboxStatistics", new { Identity = "adele.vance", Archive = true })).Only["IsArchiveMailbox"]!);
        Assert.Contains("adele.vance", (await RunAsync("Get-Mailbox", new { Archive = true })).Texts("Name"));
        await RunAsync("Disable-Mailbox", new { Identity = "adele.vance", Archive = true });
        Assert.Equal("None", (string)(await RunAsync("Get-Mailbox", new { Identity = "adele.vance" })).Only["ArchiveStatus"]!);
    }

    [Fact]
    public async Task Mailbox_permissions_are_added_and_removed()
    {
        object full = new { Identity = "adele.vance", User = "m1@contoso.onmicrosoft.com", AccessRights = "FullAccess", InheritanceType = "All" };
        var user = (string)(await RunAsync("Add-MailboxPermission", full)).Only["User"]!;
        Assert.StartsWith("The appropriate access control entry is already present",
            Assert.Single((await RunAsync("Add-MailboxPermission", full)).Warnings), StringComparison.Ordinal);
        Assert.Equal(["NT AUTHORITY\\SELF", user], (await RunAsync("Get-MailboxPermission", new { Identity = "adele.vance" })).Texts("User"));
        Assert.Equal("FullAccess", (string)(await RunAsync("Get-MailboxPermission", new { Identity = "adele.vance", User = user }))
            .Only["AccessRights"]![0]!);
        await RunAsync("Remove-MailboxPermission", new { Identity = "adele.vance", User = user, AccessRights = new[] { "FullAccess" } });
        Assert.Single((await RunAsync("Get-MailboxPermission", new { Identity = "adele.vance" })).Value);
        var again =
            await RunAsync("Remove-MailboxPermission", new { Identity = "adele.vance", User = user, AccessRights = new[] { "FullAccess" } });
        Assert.Contains("the ACE isn't present", Assert.Single(again.Warnings), StringComparison.Ordinal);
        Assert.Equal(404, (await _tenant.InvokeAsync("Add-MailboxPermission",
            new { Identity = "adele.vance", User = "nobody", AccessRights = "FullAccess" })).Status);
        Assert.Contains(
            "ChangeOwner, ChangePermission",
            (await _tenant.InvokeAsync("Add-MailboxPermission", new { Identity = "adele.vance", User = user, AccessRights = "Everything" }))
                .InternalMessage,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipient_permissions_are_listed_over_all_recipients_by_pages()
    {
        await RunAsync("Add-RecipientPermission", new { Identity = "Sales Team", Trustee = "adele.vance", AccessRights = "SendAs" });
        Assert.Contains("adele.vance@contoso.onmicrosoft.com", (await RunAsync("Get-RecipientPermission", new { Identity = "Sales Team" }))
            .Texts("Trustee"));
        var headers = new Dictionary<string, string> { ["Prefer"] = "odata.maxpagesize=37" };
        object parameters = new { ResultSize = "Unlimited" };
        var page = (await _tenant.InvokeAsync("Get-RecipientPermission", parameters, null, headers)).Ok();
        var entries = new List<string>(page.Value.Select(entry => $"{entry!["Identity"]}|{entry["Trustee"]}"));
        while (page.NextLink is not null)
        {
            page = (await _tenant.SendAsync("POST", page.NextTarget, AdminApiHarness.CommandBody("Get-RecipientPermission", parameters), headers))
                .Ok();
            entries.AddRange(page.Value.Select(entry => $"{entry!["Identity"]}|{entry["Trustee"]}"));
        }

        Assert.Equal(entries.Count, entries.Distinct().Count());
        Assert.Contains("Sales Team|adele.vance@contoso.onmicrosoft.com", entries);
        Assert.True(entries.Count > 224);
        Assert.Equal(["Sales Team"], (await RunAsync("Get-RecipientPermission", new { Trustee = "adele.vance" })).Texts("Identity"));
        await RunAsync("Remove-RecipientPermission", new { Identity = "Sales Team", Trustee = "adele.vance", AccessRights = "SendAs" });
        Assert.Empty((await RunAsync("Get-RecipientPermission", new { Trustee = "adele.vance" })).Value);
    }

    [Fact]
    public async Task Folder_permissions_are_added_set_and_removed()
    {
        const string Calendar = "adele.vance@contoso.onmicrosoft.com:\\Calendar";
        var user = (string)(await RunAsync("Add-MailboxFolderPermission",
            new { Identity = Calendar, User = "m1@contoso.onmicrosoft.com", AccessRights = "Editor" })).Only["User"]!;
        var twice =
            await _tenant.InvokeAsync("Add-MailboxFolderPermission", new { Identity = Calendar, User = user, AccessRights = "Editor" });
        Assert.Contains("UserAlreadyExistsInPermissionEntryException", twice.Detail, StringComparison.Ordinal);
        await RunAsync("Set-MailboxFolderPermission", new { Identity = Calendar, User = user, AccessRights = "Reviewer" });
        Assert.Equal("Reviewer", (string)(await RunAsync("Get-MailboxFolderPermission", new { Identity = Calendar, User = user }))
            .Only["AccessRights"]![0]!);
        await RunAsync("Remove-MailboxFolderPermission", new { Identity = Calendar, User = user });
        var gone = await _tenant.InvokeAsync("Get-MailboxFolderPermission", new { Identity = Calendar, User = user });
        Assert.Contains("There is no existing permission entry found for user", gone.Detail, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("Get-MailboxFolderPermission", new { Identity = "adele.vance" })).Value.Count);
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-MailboxFolderPermission", new { Identity = "adele.vance:\\Nothing" })).Status);
    }

    [Fact]
    public async Task Statistics_of_folders_follow_the_scope()
    {
        var all = (await RunAsync("Get-MailboxFolderStatistics", new { Identity = "adele.vance" })).Texts("FolderPath");
        var inbox = (await RunAsync("Get-MailboxFolderStatistics", new { Identity = "adele.vance", FolderScope = "Inbox" })).Texts("FolderPath");

        Assert.Contains("/Sent Items", all);
        Assert.Equal(["/Inbox", "/Inbox/Projects", "/Inbox/Newsletters"], inbox);
        Assert.All((await RunAsync("Get-MailboxFolderStatistics", new { Identity = "adele.vance", FolderScope = "RecoverableItems" }))
            .Texts("FolderType"),
            type => Assert.StartsWith("RecoverableItems", type, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mobile_devices_are_found_and_removed()
    {
        var all = await RunAsync("Get-MobileDevice", new { ResultSize = "Unlimited" });
        var identity = (string)all.Value[0]!["Identity"]!;
        Assert.Equal(identity, (string)(await RunAsync("Get-MobileDeviceStatistics", new { Identity = identity })).Only["Identity"]!);
        await RunAsync("Remove-MobileDevice", new { Identity = identity });
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-MobileDevice", new { Identity = identity })).Status);
        Assert.Equal(all.Value.Count - 1, (await RunAsync("Get-MobileDevice", new { ResultSize = "Unlimited" })).Value.Count);
    }

    [Fact]
    public async Task A_group_is_made_with_members_changed_and_removed()
    {
        var made = (await RunAsync(
            "New-DistributionGroup",
            new
            {
                Name = "Rocket Club",
                Members = new[] { "adele.vance", "Sales Team" },
                ManagedBy = "m1@contoso.onmicrosoft.com",
                Type = "Security"
            })).Only;
        Assert.Equal("MailUniversalSecurityGroup", (string)made["RecipientTypeDetails"]!);
        Assert.Equal(["adele.vance", "Sales Team"], (await RunAsync("Get-DistributionGroupMember", new { Identity = "RocketClub" })).Texts("Name"));
        await RunAsync("Add-DistributionGroupMember", new { Identity = "Rocket Club", Member = "partner1@fabrikam.com" });
        Assert.Contains(
            "MemberAlreadyExistsException",
            (await _tenant.InvokeAsync("Add-DistributionGroupMember", new { Identity = "Rocket Club", Member = "Partner 1" })).Detail,
            StringComparison.Ordinal);
        await RunAsync("Remove-DistributionGroupMember", new { Identity = "Rocket Club", Member = "Sales Team" });
        Assert.Contains(
            "MemberNotFoundException",
            (await _tenant.InvokeAsync("Remove-DistributionGroupMember", new { Identity = "Rocket Club", Member = "Sales Team" })).Detail,
            StringComparison.Ordinal);
        await RunAsync("Update-DistributionGroupMember", new { Identity = "Rocket Club", Members = new[] { "m5@contoso.onmicrosoft.com" } });
        Assert.Single((await RunAsync("Get-DistributionGroupMember", new { Identity = "Rocket Club" })).Value);
        await RunAsync(
            "Set-DistributionGroup",
            new { Identity = "Rocket Club", PrimarySmtpAddress = "rockets@contoso.onmicrosoft.com", MailTip = "3, 2, 1", DisplayName = "Rockets" });
        var group = (await RunAsync("Get-DistributionGroup", new { Identity = "rockets@contoso.onmicrosoft.com" })).Only;
        Assert.Equal(("Rockets", "3, 2, 1"), ((string)group["DisplayName"]!, (string)group["MailTip"]!));
        Assert.Equal(
            ["SMTP:rockets@contoso.onmicrosoft.com", "smtp:RocketClub@contoso.onmicrosoft.com"], group["EmailAddresses"]!.AsArray()
                .Select(address => (string)address!));
        Assert.Single((await RunAsync("Get-DistributionGroup", new { ManagedBy = "m1@contoso.onmicrosoft.com" })).Value);
        await RunAsync("Remove-DistributionGroup", new { Identity = "Rockets" });
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-Recipient", new { Identity = "rockets@contoso.onmicrosoft.com" })).Status);
    }

    [Fact]
    public async Task Links_that_are_not_there_are_errors_beside_those_that_are()
    {
        var response = await RunAsync(
            "Add-UnifiedGroupLinks",
            new { Identity = "Project A", LinkType = "Members", Links = new[] { "m150@contoso.onmicrosoft.com", "nobody" } });

        Assert.StartsWith(
            "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|"
                + "The operation couldn't be performed because object 'nobody'",
            (string)Assert.Single(response.Json["@adminapi.errors"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Equal(9, (await RunAsync("Get-UnifiedGroupLinks", new { Identity = "Project A", LinkType = "Members" })).Value.Count);
        Assert.Equal(400, (await _tenant.InvokeAsync(
            "Add-UnifiedGroupLinks", new { Identity = "Project A", LinkType = "Owners", Links = new[] { "m199@contoso.onmicrosoft.com" } })).Status);
    }

    [Fact]
    public async Task A_unified_group_has_owners_and_a_site()
    {
        var made = (await RunAsync("New-UnifiedGroup", new { DisplayName = "Moon Base", Owner = "adele.vance", AccessType = "Public" })).Only;

        Assert.Equal("Public", (string)made["AccessType"]!);
        Assert.Equal("https://contoso.sharepoint.com/sites/MoonBase", (string)made["SharePointSiteUrl"]!);
        Assert.Equal("adele.vance", (string)(await RunAsync("Get-UnifiedGroupLinks", new { Identity = "MoonBase", LinkType = "Owners" }))
            .Only["Name"]!);
        Assert.Contains("Moon Base", (await RunAsync("Get-Mailbox", new { GroupMailbox = true })).Texts("Name"));
    }

    [Fact]
    public async Task Contacts_live()
    {
        await RunAsync("New-MailContact", new { Name = "Kim Far", ExternalEmailAddress = "kim@far.example" });
        Assert.Equal("SMTP:kim@far.example", (string)(await RunAsync("Get-MailContact", new { Identity = "kim@far.example" }))
            .Only["ExternalEmailAddress"]!);
        await RunAsync("Set-MailContact", new { Identity = "Kim Far", CustomAttribute3 = "x", Alias = "kf" });
        Assert.Equal("x", (string)(await RunAsync("Get-Contact", new { Identity = "kf" })).Only["CustomAttribute3"]!);
        Assert.Equal("MailContact", (string)(await RunAsync("Get-Recipient", new { Identity = "kf" })).Only["RecipientTypeDetails"]!);
        Assert.Contains("Kim Far", (await RunAsync("Get-Recipient", new { RecipientType = "MailContact" })).Texts("Name"));
        Assert.Equal(400, (await _tenant.InvokeAsync("New-MailContact", new { Name = "Kim Far", ExternalEmailAddress = "other@far.example" }))
            .Status);
        await RunAsync("Remove-MailContact", new { Identity = "kf" });
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-MailContact", new { Identity = "kf" })).Status);
    }

    [Fact]
    public async Task Organization_and_domains()
    {
        await RunAsync("Set-OrganizationConfig", new { AuditDisabled = true, MailTipsLargeAudienceThreshold = 50 });
        var config = (await RunAsync("Get-OrganizationConfig")).Only;
        Assert.True((bool)config["AuditDisabled"]!);
        Assert.Equal("contoso.onmicrosoft.com", (string)config["Name"]!);
        Assert.Equal(3, (await RunAsync("Get-AcceptedDomain")).Value.Count);
        await RunAsync("Set-AcceptedDomain", new { Identity = "contoso.com", DomainType = "InternalRelay" });
        Assert.Equal("InternalRelay", (string)(await RunAsync("Get-AcceptedDomain", new { Identity = "contoso.com" })).Only["DomainType"]!);
        Assert.Single((await RunAsync("Get-TransportConfig")).Value);
    }

    [Fact]
    public async Task Rules_belong_to_their_mailbox()
    {
        await RunAsync("New-InboxRule",
            new { Mailbox = "adele.vance", Name = "Move", SubjectContainsWords = new[] { "x" }, MoveToFolder = "adele.vance:\\Archive" });
        await RunAsync("New-InboxRule", new { Mailbox = "m1@contoso.onmicrosoft.com", Name = "Move", SubjectContainsWords = new[] { "y" } });
        Assert.Equal(400, (await _tenant.InvokeAsync("New-InboxRule", new { Mailbox = "adele.vance", Name = "Move" })).Status);

        var rule = (await RunAsync("Get-InboxRule", new { Mailbox = "adele.vance" })).Only;
        Assert.Equal(($"adele.vance\\{rule["RuleIdentity"]}", true), ((string)rule["Identity"]!, (bool)rule["Enabled"]!));
        await RunAsync("Disable-InboxRule", new { Mailbox = "adele.vance", Identity = "Move" });
        Assert.False((bool)(await RunAsync("Get-InboxRule", new { Mailbox = "adele.vance", Identity = "Move" })).Only["Enabled"]!);
        Assert.True((bool)(await RunAsync("Get-InboxRule", new { Mailbox = "m1@contoso.onmicrosoft.com" })).Only["Enabled"]!);
        await RunAsync("Remove-InboxRule", new { Mailbox = "adele.vance", Identity = "Move" });
        Assert.Empty((await RunAsync("Get-InboxRule", new { Mailbox = "adele.vance" })).Value);
    }

    [Fact]
    public async Task Transport_rules_and_connectors_are_kept_by_noun()
    {
        await RunAsync("New-TransportRule", new { Name = "Stamp", SubjectContainsWords = new[] { "a", "b" }, PrependSubject = "[x]" });
        await RunAsync("Set-TransportRule", new { Identity = "Stamp", NotifySender = "NotifyOnly" });
        await RunAsync("Disable-TransportRule", new { Identity = "Stamp" });
        var rule = (await RunAsync("Get-TransportRule", new { Identity = "Stamp" })).Only;
        Assert.Equal("NotifyOnly", (string)rule["SenderNotificationType"]!);
        Assert.Equal(("Disabled", "[x]", 3), ((string)rule["State"]!, (string)rule["PrependSubject"]!, (int)rule["Priority"]!));
        await RunAsync("Set-InboundConnector", new { Identity = "From partner", SenderDomains = new[] { "a.com", "b.com" }, RequireTls = false });
        var connector = (await RunAsync("Get-InboundConnector")).Only;
        Assert.Equal(2, connector["SenderDomains"]!.AsArray().Count);
        Assert.False((bool)connector["RequireTls"]!);
    }

    [Fact]
    public async Task A_mailbox_has_its_settings_without_anybody_making_them()
    {
        Assert.Equal("Disabled", (string)(await RunAsync("Get-MailboxAutoReplyConfiguration", new { Identity = "adele.vance" }))
            .Only["AutoReplyState"]!);
        await RunAsync("Set-MailboxAutoReplyConfiguration", new { Identity = "adele.vance", AutoReplyState = "Enabled", InternalMessage = "Away" });
        var settings = (await RunAsync("Get-MailboxAutoReplyConfiguration", new { Identity = "Adele Vance" })).Only;
        Assert.Equal(("Enabled", "Away"), ((string)settings["AutoReplyState"]!, (string)settings["InternalMessage"]!));
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-MailboxRegionalConfiguration", new { Identity = "nobody" })).Status);
    }

    [Fact]
    public async Task A_service_principal_in_a_role_group_may_what_the_group_may()
    {
        var caller = AdminApiHarness.Caller("fe930be7-5e62-47db-91af-98c3a49a38b1");
        Assert.Equal(403, (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" }, caller: caller)).Status);
        await RunAsync("New-ServicePrincipal", new { caller.AppId, caller.ObjectId, DisplayName = "Robot" });
        await RunAsync("Add-RoleGroupMember", new { Identity = "Recipient Management", Member = "Robot" });

        Assert.Equal(200, (await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance", CustomAttribute1 = "r" }, caller: caller))
            .Status);
        Assert.Equal(403, (await _tenant.InvokeAsync("Get-TransportRule", caller: caller)).Status);
        Assert.Equal(["Robot"], (await RunAsync("Get-RoleGroupMember", new { Identity = "Recipient Management" })).Texts("Name"));
        await RunAsync("Remove-RoleGroupMember", new { Identity = "Recipient Management", Member = caller.AppId });
        Assert.Equal(403, (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" }, caller: caller)).Status);
    }

    [Fact]
    public async Task A_compliance_search_runs_and_its_action_needs_that()
    {
        await ComplyAsync("New-ComplianceSearch", new { Name = "Find it", ExchangeLocation = "All", ContentMatchQuery = "subject:x" });
        Assert.Equal("NotStarted", (string)(await ComplyAsync("Get-ComplianceSearch", new { Identity = "Find it" })).Only["Status"]!);
        Assert.Equal(400, (await _tenant.InvokeAsync(
            "New-ComplianceSearchAction", new { SearchName = "Find it", Preview = true }, service: TenantService.SecurityCompliance)).Status);
        await ComplyAsync("Start-ComplianceSearch", new { Identity = "Find it" });
        var search = (await ComplyAsync("Get-ComplianceSearch", new { Identity = "Find it" })).Only;
        Assert.Equal("Completed", (string)search["Status"]!);
        Assert.True((long)search["Items"]! > 0);
        Assert.Equal("Find it_Preview", (string)(await ComplyAsync("New-ComplianceSearchAction", new { SearchName = "Find it", Preview = true }))
            .Only["Name"]!);
    }

    [Fact]
    public async Task Policies_rules_labels_and_cases_live()
    {
        await ComplyAsync("New-RetentionCompliancePolicy", new { Name = "Keep", TeamsChannelLocation = "All" });
        await ComplyAsync("New-RetentionComplianceRule", new { Policy = "Keep", RetentionDuration = "365", Name = "Keep rule" });
        Assert.Equal("Keep rule", (string)(await ComplyAsync("Get-RetentionComplianceRule", new { Policy = "Keep" })).Only["Name"]!);
        Assert.Equal("Teams", (string)(await ComplyAsync("Get-RetentionCompliancePolicy", new { Identity = "Keep" })).Only["Workload"]!);
        Assert.Equal(404, (await _tenant.InvokeAsync(
            "New-RetentionComplianceRule", new { Policy = "Nothing", Name = "Rule", RetentionDuration = "1" },
            service: TenantService.SecurityCompliance)).Status);
        await ComplyAsync("New-Label", new { Name = "Top", DisplayName = "Top Secret", Tooltip = "t" });
        var label = (await ComplyAsync("Get-Label", new { Identity = "Top Secret" })).Only;
        Assert.Equal((string)label["Guid"]!, (string)label["ImmutableId"]!);
        await ComplyAsync("Set-Label", new { Identity = "Top", Comment = "c" });
        Assert.Equal("c", (string)(await ComplyAsync("Get-Label", new { Identity = (string)label["Guid"]! })).Only["Comment"]!);
        await ComplyAsync("New-ComplianceCase", new { Name = "A v. B" });
        await ComplyAsync("Set-ComplianceCase", new { Identity = "A v. B", Close = true });
        Assert.Equal("Closed", (string)(await ComplyAsync("Get-ComplianceCase", new { Identity = "A v. B" })).Only["Status"]!);
        await ComplyAsync("New-DlpCompliancePolicy", new { Name = "D", ExchangeLocation = "All", Mode = "TestWithNotifications" });
        Assert.Equal("TestWithNotifications", (string)(await ComplyAsync("Get-DlpCompliancePolicy", new { Identity = "D" })).Only["Mode"]!);
        await ComplyAsync("Remove-DlpCompliancePolicy", new { Identity = "D" });
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-DlpCompliancePolicy", new { Identity = "D" }, service: TenantService.SecurityCompliance))
            .Status);
    }

    [Fact]
    public async Task What_if_makes_and_removes_nothing()
    {
        Assert.Equal(
            "Creating MailContact \"W\".",
            (string)(await RunAsync("New-MailContact", new { Name = "W", ExternalEmailAddress = "w@w.com", WhatIf = true }))
                .Json["@adminapi.confirmationmessage"]!);
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-MailContact", new { Identity = "W" })).Status);
        await RunAsync("Remove-Mailbox", new { Identity = "adele.vance", WhatIf = true });
        await RunAsync("Remove-DistributionGroup", new { Identity = "Sales Team", WhatIf = true });
        Assert.Equal(200, (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Status);
        Assert.Equal(200, (await _tenant.InvokeAsync("Get-DistributionGroup", new { Identity = "Sales Team" })).Status);
    }

    private async Task<HarnessResponse> RunAsync(string cmdlet, object? parameters = null) => (await _tenant.InvokeAsync(cmdlet, parameters)).Ok();

    private async Task<HarnessResponse> ComplyAsync(string cmdlet, object? parameters = null)
    {
        return (await _tenant.InvokeAsync(cmdlet, parameters, service: TenantService.SecurityCompliance)).Ok();
    }

    private string Secret(string text)
    {
        using var key = RSA.Create();
        key.FromXmlString(_tenant.Service.Data.Key.PublicKeyXml);
        return Convert.ToBase64String(key.Encrypt(Encoding.UTF8.GetBytes(text), RSAEncryptionPadding.Pkcs1));
    }
}
