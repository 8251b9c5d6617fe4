using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>Objects that public recordings of the service show: their properties, and what their cmdlets do to them.</summary>
public sealed class KnownObjectTests : IDisposable
{
    private readonly AdminApiHarness _tenant = new();

    public void Dispose() => _tenant.Dispose();

    [Fact]
    public async Task They_have_all_their_properties_in_the_services_order_and_no_others()
    {
        var seen = new List<string>();
        foreach (var noun in KnownObjects.Nouns)
        {
            var service = CmdletCatalog.Load(null).Find(TenantService.ExchangeOnline, $"Get-{noun}") is null
                ? TenantService.SecurityCompliance : TenantService.ExchangeOnline;
            foreach (var one in (await _tenant.InvokeAsync($"Get-{noun}", service: service)).Ok().Value.Take(2))
            {
                Assert.Equal(KnownObjects.Of(noun)!.Properties.Select(property => property.Key), Names(one!.AsObject()));
                seen.Add(noun);
            }
        }

        Assert.True(seen.Distinct().Count() >= 20, string.Join(' ', seen.Distinct()));
    }

    [Theory]
    [InlineData("HostedContentFilter")]
    [InlineData("HostedOutboundSpamFilter")]
    [InlineData("MalwareFilter")]
    [InlineData("AntiPhish")]
    [InlineData("SafeLinks")]
    [InlineData("SafeAttachment")]
    public async Task A_filter_rule_is_switched_by_its_state(string kind)
    {
        await RunAsync($"Disable-{kind}Rule", new { Identity = "Executives" });
        var off = (await RunAsync($"Get-{kind}Rule", new { Identity = "Executives" })).Only;
        await RunAsync($"Enable-{kind}Rule", new { Identity = "Executives" });
        var on = (await RunAsync($"Get-{kind}Rule", new { Identity = "Executives" })).Only;

        Assert.Equal(("Disabled", "Enabled"), ((string)off["State"]!, (string)on["State"]!));
        Assert.False(off.ContainsKey("Enabled"));
        Assert.Equal(200, (await _tenant.InvokeAsync($"Get-{kind}Policy", new { Identity = (string)on[$"{kind}Policy"]! })).Status);
    }

    [Fact]
    public async Task A_role_group_names_its_members_and_the_assignments_of_its_roles()
    {
        await RunAsync("Add-RoleGroupMember", new { Identity = "Help Desk", Member = "adele.vance" });
        var group = (await RunAsync("Get-RoleGroup", new { Identity = "Help Desk" })).Only;
        var assignments = (await RunAsync("Get-ManagementRoleAssignment")).Texts("Name");

        var name = (string)(await RunAsync("Get-Mailbox", new { Identity = "adele.vance" })).Only["Name"]!;
        Assert.Equal([name], ((JsonArray)group["Members"]!).Select(member => (string)member!));
        Assert.All((JsonArray)group["RoleAssignments"]!, name => Assert.Contains((string)name!, assignments));
        Assert.Equal(((JsonArray)group["Roles"]!).Count, ((JsonArray)group["RoleAssignments"]!).Count);
    }

    [Theory]
    [InlineData("DlpCompliance")]
    [InlineData("RetentionCompliance")]
    public async Task A_rule_of_a_policy_has_its_guid_and_is_found_by_its_name(string kind)
    {
        var policy = (await _tenant.InvokeAsync($"Get-{kind}Policy", service: TenantService.SecurityCompliance)).Ok().Value[0]!;
        var rule = (await _tenant.InvokeAsync(
            $"Get-{kind}Rule", new { Policy = (string)policy["Name"]! }, service: TenantService.SecurityCompliance)).Ok().Only;

        Assert.Equal((string)policy["Guid"]!, (string)rule["Policy"]!);
        Assert.Equal((string)policy["Name"]!, (string)(await _tenant.InvokeAsync(
            $"Get-{kind}Policy", new { Identity = (string)rule["Policy"]! }, service: TenantService.SecurityCompliance)).Ok().Only["Name"]!);
        Assert.EndsWith($"/Configuration/{policy["Name"]}", (string)policy["Identity"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_under_another_names_its_parent_and_is_published_by_a_policy()
    {
        const TenantService Service = TenantService.SecurityCompliance;
        await _tenant.InvokeAsync(
            "New-Label", new { Name = "Board", DisplayName = "Board", Tooltip = "For the board.", ParentId = "Confidential" }, service: Service);
        var labels = (await _tenant.InvokeAsync("Get-Label", service: Service)).Ok();
        var parents = labels.Value.Where(label => label!["ParentId"] is not null).ToArray();
        var policy = (await _tenant.InvokeAsync("Get-LabelPolicy", service: Service)).Ok().Only;

        Assert.Equal(["All Employees", "Board"], parents.Select(label => (string)label!["Name"]!));
        Assert.All(parents, label => Assert.Contains((string)label!["ParentId"]!, labels.Texts("Guid")));
        Assert.All((JsonArray)policy["Labels"]!, name => Assert.Contains((string)name!, labels.Texts("Name")));
    }

    [Fact]
    public async Task A_label_has_a_json_text_for_each_action_that_its_settings_make()
    {
        const TenantService Service = TenantService.SecurityCompliance;
        await _tenant.InvokeAsync(
            "New-Label",
            new
            {
                Name = "Sealed",
                DisplayName = "Sealed",
                Tooltip = "t",
                EncryptionEnabled = true,
                EncryptionProtectionType = "UserDefined",
                EncryptionDoNotForward = true,
                EncryptionRightsDefinitions = "a@b.c:VIEW,EDIT;d@e.f:VIEW",
                ApplyContentMarkingHeaderEnabled = true,
                ApplyContentMarkingHeaderText = "Secret",
                SiteAndGroupProtectionPrivacy = "Private",
                SiteAndGroupProtectionAllowFullAccess = true,
            },
            service: Service);
        await _tenant.InvokeAsync(
            "Set-Label", new { Identity = "Sealed", EncryptionEnabled = false, EncryptionOfflineAccessDays = 7, ApplyWaterMarkingText = "w" },
            service: Service);
        var label = (await _tenant.InvokeAsync("Get-Label", new { Identity = "Sealed" }, service: Service)).Ok().Only;

        Assert.Equal(
            [
                """
                {"Type":"encrypt","SubType":null,"Settings":[{"Key":"disabled","Value":"true"},{"Key":"protectiontype","Value":"userdefined"},
                {"Key":"donotforward","Value":"true"},{"Key":"rightsdefinitions","Value":"[{\"Identity\":\"a@b.c\",\"Rights\":\"VIEW,EDIT\"},
                {\"Identity\":\"d@e.f\",\"Rights\":\"VIEW\"}]"},{"Key":"offlineaccessdays","Value":"7"}]}
                """.ReplaceLineEndings(""),
                """
                {"Type":"applycontentmarking","SubType":"header","Settings":[{"Key":"disabled","Value":"false"},{"Key":"text","Value":"Secret"}]}
                """,
                """
                {"Type":"protectgroup","SubType":null,"Settings":[{"Key":"disabled","Value":"false"},{"Key":"privacy","Value":"private"}]}
                """,
                """
                {"Type":"protectsite","SubType":null,"Settings":[{"Key":"disabled","Value":"false"},{"Key":"allowfullaccess","Value":"true"}]}
                """,
                """
                {"Type":"applywatermarking","SubType":null,"Settings":[{"Key":"disabled","Value":"false"},{"Key":"text","Value":"w"}]}
                """,
            ],
            label["LabelActions"]!.AsArray().Select(action => (string)action!));
    }

    [Fact]
    public async Task Get_recipient_shows_recipients_of_each_kind_with_the_same_properties()
    {
        var recipients = (await RunAsync("Get-Recipient", new { ResultSize = "Unlimited" })).Value.Select(one => one!.AsObject()).ToArray();
        var members = (await RunAsync("Get-DistributionGroupMember", new { Identity = "Sales Team" })).Value.Select(one => one!.AsObject());
        var details = recipients.Select(one => (string)one["RecipientTypeDetails"]!).ToHashSet();
        var group = recipients.First(one => (string)one["RecipientTypeDetails"]! == "MailUniversalDistributionGroup");

        Assert.Superset(
            new HashSet<string> { "UserMailbox", "MailUniversalDistributionGroup", "GroupMailbox", "DynamicDistributionGroup", "MailContact" },
            details);
        Assert.All(recipients.Concat(members), one => Assert.Equal(Names(recipients[0]), Names(one)));
        Assert.Equal(["Identity", "Alias", "ArchiveGuid", "AuthenticationType", "City", "Notes", "Company"], Names(group).Take(7));
        Assert.Equal((Guid.Empty, "None"), (Guid.Parse((string)group["ArchiveGuid"]!), (string)group["ArchiveStatus"]!));
        Assert.False((bool)group["UMEnabled"]!);
    }

    private static IEnumerable<string> Names(JsonObject one)
    {
        return one.Select(property => property.Key).Where(name => !name.Contains('@', StringComparison.Ordinal));
    }

    private async Task<HarnessResponse> RunAsync(string cmdlet, object? parameters = null) => (await _tenant.InvokeAsync(cmdlet, parameters)).Ok();
}
