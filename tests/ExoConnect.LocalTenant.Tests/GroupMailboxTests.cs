using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>The mailboxes of Microsoft 365 groups, and what objects have that no cmdlet sets.</summary>
public sealed class GroupMailboxTests : IDisposable
{
    private readonly AdminApiHarness _tenant = new(new TenantOptions { Mailboxes = 100 });

    public void Dispose() => _tenant.Dispose();

    [Fact]
    public async Task A_group_mailbox_is_a_mailbox_with_the_names_and_identifiers_of_its_group()
    {
        var group = (await _tenant.InvokeAsync("Get-UnifiedGroup", new { Identity = "projecta" })).Ok().Only;
        var mailbox = (await _tenant.InvokeAsync("Get-Mailbox", new { GroupMailbox = true, Identity = "projecta" })).Ok().Only;

        foreach (var property in (string[])["PrimarySmtpAddress", "Guid", "ExternalDirectoryObjectId", "ExchangeGuid", "DisplayName", "Alias",
            "RecipientTypeDetails", "DistinguishedName", "WhenCreatedUTC"])
        {
            Assert.Equal((string?)group[property], (string?)mailbox[property]);
        }

        Assert.Equal("99 GB (106,300,440,576 bytes)", (string?)mailbox["ProhibitSendQuota"]);
        Assert.Equal("UserMailbox", (string?)mailbox["RecipientType"]);
    }

    [Fact]
    public async Task They_are_listed_where_they_are_asked_for_and_nowhere_else()
    {
        Assert.Equal(6, (await _tenant.InvokeAsync("Get-Mailbox", new { GroupMailbox = true })).Ok().Value.Count);
        Assert.Equal(6, (await _tenant.InvokeAsync("Get-Mailbox", new { RecipientTypeDetails = "GroupMailbox" })).Ok().Value.Count);
        Assert.Equal(6, (await _tenant.GetAsync("Mailbox?RecipientTypeDetails=GroupMailbox")).Ok().Value.Count);
        Assert.DoesNotContain("GroupMailbox", (await _tenant.InvokeAsync("Get-Mailbox")).Ok().Texts("RecipientTypeDetails"));
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "projecta" })).Status);
        Assert.Equal(
            ["Project B"],
            (await _tenant.InvokeAsync("Get-Mailbox", new { GroupMailbox = true, Filter = "Alias -eq 'projectb'" })).Ok().Texts("Name"));
    }

    [Fact]
    public async Task Statistics_folders_and_permissions_are_those_of_the_group()
    {
        var mailbox = (await _tenant.InvokeAsync("Get-Mailbox", new { GroupMailbox = true, Identity = "projecta" })).Ok().Only;
        var id = (string)mailbox["ExternalDirectoryObjectId"]!;

        var statistics = (await _tenant.InvokeAsync("Get-MailboxStatistics", new { Identity = id })).Ok().Only;
        Assert.Equal((string?)mailbox["ExchangeGuid"], (string?)statistics["MailboxGuid"]);
        Assert.Equal("Project A", (string?)statistics["DisplayName"]);
        Assert.NotEqual(0, (int)statistics["ItemCount"]!);
        Assert.Contains("Inbox", (await _tenant.InvokeAsync("Get-MailboxFolderStatistics", new { Identity = id })).Ok().Texts("Name"));
        Assert.NotEmpty((await _tenant.InvokeAsync("Get-MailboxPermission", new { Identity = "projecta" })).Ok().Value);
        Assert.NotEmpty((await _tenant.InvokeAsync("Get-MailboxFolderPermission", new { Identity = "projecta:\\Calendar" })).Ok().Value);

        var key = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("projecta@contoso.onmicrosoft.com"));
        var rest = await _tenant.GetAsync($"Mailbox('{key}')/Exchange.GetMailboxStatistics()?isEncoded=true");
        Assert.Equal((string?)mailbox["ExchangeGuid"], (string?)rest.Ok().Json["MailboxGuid"]);
    }

    [Fact]
    public async Task A_group_that_was_made_has_a_mailbox_too()
    {
        _ = (await _tenant.InvokeAsync("New-UnifiedGroup", new { DisplayName = "New One", Alias = "newone" })).Ok();

        var group = (await _tenant.InvokeAsync("Get-UnifiedGroup", new { Identity = "newone" })).Ok().Only;
        var mailbox = (await _tenant.InvokeAsync("Get-Mailbox", new { GroupMailbox = true, Identity = (string)group["ExchangeGuid"]! })).Ok().Only;
        Assert.Equal((string?)group["Guid"], (string?)mailbox["Guid"]);
    }

    [Fact]
    public async Task Members_owners_and_subscribers_are_people_of_the_tenant()
    {
        async Task<string[]> Of(string link)
        {
            return (await _tenant.InvokeAsync("Get-UnifiedGroupLinks", new { Identity = "projecta", LinkType = link })).Ok().Texts("Name");
        }

        var members = await Of("Members");
        Assert.Equal(8, members.Length);
        Assert.Subset(members.ToHashSet(), (await Of("Owners")).ToHashSet());
        Assert.Subset(members.ToHashSet(), (await Of("Subscribers")).ToHashSet());
        Assert.Equal(3, (await Of("Subscribers")).Length);
        Assert.Empty(await Of("Aggregators"));
    }

    [Theory]
    [InlineData("AcceptedDomain", "PendingRemoval", "ExternallyManaged", "OriginatingServer", "ObjectClass")]
    [InlineData("DkimSigningConfig", "Selector1CNAME", "Selector2KeySize", "LastChecked")]
    [InlineData("UnifiedGroup", "ExchangeGuid", "WhenSoftDeleted", "ExpirationTime")]
    [InlineData("OrganizationConfig", "ServicePlan", "IsLicensingEnforced", "GroupsCreationEnabled")]
    [InlineData("QuarantineMessage", "RecipientCount", "ReleasedUser", "PermissionToPreview")]
    [InlineData("RetentionPolicyTag", "MessageClassDisplayName", "TriggerForRetention")]
    public async Task An_object_has_what_no_cmdlet_sets(string noun, params string[] properties)
    {
        var shown = (await _tenant.InvokeAsync($"Get-{noun}")).Ok().Value[0]!.AsObject();

        Assert.All(properties, property => Assert.True(shown.ContainsKey(property), property));
    }

    [Theory]
    [InlineData("UnifiedGroup", "Owner", "DlIdentity", "ExecutingUser", "ReferenceNumber")]
    [InlineData("DkimSigningConfig", "DomainName", "KeySize")]
    [InlineData("MalwareFilterPolicy", "DomainName")]
    public async Task A_parameter_that_is_no_property_is_not_shown(string noun, params string[] parameters)
    {
        var shown = (await _tenant.InvokeAsync($"Get-{noun}")).Ok().Value[0]!.AsObject();

        Assert.DoesNotContain(shown, property => parameters.Contains(property.Key));
    }

    [Fact]
    public void The_file_of_properties_speaks_of_cmdlets_that_are_there()
    {
        var catalog = CmdletCatalog.Load(null);
        var nouns = CmdletCatalog.Resource("properties.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .SelectMany(line => line[..line.IndexOf(':', StringComparison.Ordinal)].Split(','));

        Assert.All(nouns, noun => Assert.NotNull(catalog.Find(TenantService.ExchangeOnline, $"Get-{noun}")));
    }
}
