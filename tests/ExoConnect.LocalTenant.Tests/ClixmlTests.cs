using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ExoConnect.LocalTenant.Tests;

/// <summary>Responses in PowerShell's serialisation, as Microsoft's own client requests them.</summary>
public sealed class ClixmlTests : IDisposable
{
    private static readonly XNamespace Ps = "http://schemas.microsoft.com/powershell/2004/04";
    private static readonly Dictionary<string, string> Clixml = new() { ["X-ResponseFormat"] = "clixml" };

    private readonly AdminApiHarness _tenant = new();

    public void Dispose() => _tenant.Dispose();

    [Fact]
    public async Task One_document_holds_all_objects_of_a_page()
    {
        var mailboxes = await ObjectsAsync("Get-Mailbox", new { ResultSize = 7 });

        Assert.Equal(7, mailboxes.Length);
        Assert.Equal(7, mailboxes.Select(mailbox => Member(mailbox, "Guid")!.Value).Distinct().Count());
    }

    [Fact]
    public async Task A_response_without_objects_is_an_empty_list()
    {
        Assert.Empty(await ObjectsAsync("Get-Mailbox", new { Filter = "Alias -eq 'nobody'" }));
        Assert.Empty(await ObjectsAsync("Set-Mailbox", new { Identity = "adele.vance", CustomAttribute3 = "x" }));
    }

    [Fact]
    public async Task Type_names_are_the_services_own_and_written_once()
    {
        var root = await DocumentAsync("Get-Mailbox", new { ResultSize = 3 });
        XElement[] objects = [.. root.Element(Ps + "Obj")!.Element(Ps + "LST")!.Elements()];

        string[] names = [.. objects[0].Element(Ps + "TN")!.Elements().Select(name => name.Value)];
        Assert.Equal("Microsoft.Exchange.Data.Directory.Management.Mailbox", names[0]);
        Assert.Equal("System.Object", names[^1]);
        Assert.Equal((string)objects[0].Element(Ps + "TN")!.Attribute("RefId")!, (string)objects[1].Element(Ps + "TNRef")!.Attribute("RefId")!);
        string[] ids = [.. root.Descendants(Ps + "Obj").Select(one => (string)one.Attribute("RefId")!)];
        Assert.Equal(Enumerable.Range(0, ids.Length).Select(number => $"{number}"), ids);
        HashSet<string> known = [.. root.Descendants(Ps + "TN").Select(names => (string)names.Attribute("RefId")!)];
        Assert.All(root.Descendants(Ps + "TNRef"), reference => Assert.Contains((string)reference.Attribute("RefId")!, known));
    }

    [Fact]
    public async Task A_mailbox_that_was_changed_is_written_as_those_that_were_not()
    {
        var before = await DocumentAsync("Get-Mailbox", new { ResultSize = 3 });
        var identity = Member(before.Element(Ps + "Obj")!.Element(Ps + "LST")!.Elements().ElementAt(1), "Guid")!.Value;
        await ObjectsAsync("Set-Mailbox", new { Identity = identity, CustomAttribute7 = "x" });
        var after = await DocumentAsync("Get-Mailbox", new { ResultSize = 3 });

        XElement[] changed = [.. after.Descendants().Where(one => (string?)one.Attribute("N") is "CustomAttribute7" && one.Value == "x")];
        Assert.Single(changed);
        static string Rest(XElement root) => string.Join('\n', root.Descendants().Where(
            one => !one.HasElements && (string?)one.Attribute("N") is not ("CustomAttribute7" or "WhenChanged" or "WhenChangedUTC")));
        Assert.Equal(Rest(before), Rest(after));
    }

    [Theory]
    [InlineData("Get-Mailbox", "m1@contoso.onmicrosoft.com")]
    [InlineData("Get-MailboxStatistics", "adele.vance")]
    [InlineData("Get-MailboxFolderStatistics", "adele.vance")]
    [InlineData("Get-MailboxFolderPermission", "adele.vance:\\Calendar")]
    [InlineData("Get-MailboxPermission", "m7@contoso.onmicrosoft.com")]
    [InlineData("Get-User", "adele.vance")]
    [InlineData("Get-CASMailbox", "adele.vance")]
    [InlineData("Get-Recipient", "Sales Team")]
    [InlineData("Get-UnifiedGroup", "projecta")]
    [InlineData("Get-TransportRule", null)]
    [InlineData("Get-OrganizationConfig", null)]
    [InlineData("Get-AcceptedDomain", null)]
    public async Task Both_forms_have_the_same_properties_and_values(string cmdlet, string? identity)
    {
        object parameters = identity is null ? new { } : new { Identity = identity };
        var json = (await _tenant.InvokeAsync(cmdlet, parameters)).Ok().Value;
        var objects = await ObjectsAsync(cmdlet, parameters);

        Assert.Equal(json.Count, objects.Length);
        for (var i = 0; i < objects.Length; i++)
        {
            var one = json[i]!.AsObject();
            Assert.Equal(
                one.Select(property => property.Key).Where(name => !name.Contains('@', StringComparison.Ordinal)),
                objects[i].Element(Ps + "Props")!.Elements().Select(NameOf));
            Assert.All(
                objects[i].Element(Ps + "Props")!.Elements(),
                member => Assert.Equal(Shown(one[NameOf(member)]), Shown(member)));
        }
    }

    [Fact]
    public async Task Sizes_have_a_value_and_say_whether_they_are_unlimited()
    {
        var statistics = (await ObjectsAsync("Get-MailboxStatistics", new { Identity = "adele.vance" }))[0];
        var size = Member(statistics, "TotalItemSize")!;

        Assert.StartsWith("Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize", TypeOf(size), StringComparison.Ordinal);
        Assert.EndsWith(" bytes)", Shown(Member(size, "Value")!), StringComparison.Ordinal);
        Assert.Equal("Microsoft.Exchange.Data.ByteQuantifiedSize", TypeOf(Member(size, "Value")!));
        Assert.Equal("false", Member(size, "IsUnlimited")!.Value);
    }

    [Fact]
    public async Task Numbers_and_spans_of_time_that_may_be_unlimited_are_their_text()
    {
        var mailbox = (await ObjectsAsync("Get-Mailbox", new { Identity = "adele.vance" }))[0];
        var statistics = (await ObjectsAsync("Get-MailboxStatistics", new { Identity = "adele.vance" }))[0];
        (string, string) Of(XElement of, string name) => (Member(of, name)!.Name.LocalName, Member(of, name)!.Value);

        Assert.Equal(("S", "500"), Of(mailbox, "RecipientLimits"));
        Assert.Equal(("S", "Unlimited"), Of(mailbox, "LitigationHoldDuration"));
        Assert.Equal(("S", "14.00:00:00"), Of(mailbox, "RetainDeletedItemsFor"));
        Assert.Equal(("S", "90.00:00:00"), Of(mailbox, "AuditLogAgeLimit"));
        Assert.Equal(("S", "16384"), Of(statistics, "NamedPropertiesCountQuota"));
        Assert.Equal(("S", "Unlimited"), Of(statistics, "FoldersCountReceiveQuota"));
    }

    [Fact]
    public async Task A_quota_of_the_directory_is_its_text()
    {
        var quota = Member((await ObjectsAsync("Get-Mailbox", new { Identity = "adele.vance" }))[0], "ProhibitSendQuota")!;
        var group = (await ObjectsAsync("Get-DistributionGroup", new { Identity = "Sales Team" }))[0];

        Assert.Equal(("S", "99 GB (106,300,440,576 bytes)"), (quota.Name.LocalName, quota.Value));
        Assert.Equal(("S", "Unlimited"), (Member(group, "MaxSendSize")!.Name.LocalName, Member(group, "MaxSendSize")!.Value));
    }

    [Fact]
    public async Task Numbers_without_a_sign_and_versions_have_elements_of_their_own()
    {
        var rule = (await ObjectsAsync("Get-TransportRule", new { }))[0];
        var signing = (await ObjectsAsync("Get-DkimSigningConfig", new { }))[0];
        var inbox = (await ObjectsAsync("Get-InboxRule", new { Mailbox = "m2@contoso.onmicrosoft.com" }))[0];

        Assert.Equal("Version", Member(rule, "RuleVersion")!.Name.LocalName);
        Assert.Equal("U16", Member(signing, "Selector1KeySize")!.Name.LocalName);
        Assert.Equal("U64", Member(inbox, "RuleIdentity")!.Name.LocalName);
        Assert.Equal($"{Member(inbox, "MailboxOwnerId")!.Value}\\{Member(inbox, "RuleIdentity")!.Value}", Member(inbox, "Identity")!.Value);
    }

    [Fact]
    public async Task An_object_without_names_shows_as_its_type()
    {
        var message = (await ObjectsAsync("Get-MessageTrace", new { PageSize = 1 }))[0];

        Assert.Equal("Microsoft.Exchange.Management.FfoReporting.MessageTrace", message.Element(Ps + "ToString")!.Value);
    }

    [Fact]
    public async Task Enums_and_addresses_are_text_with_a_type_or_members_and_times_have_elements_of_their_own()
    {
        var mailbox = (await ObjectsAsync("Get-Mailbox", new { Identity = "adele.vance" }))[0];
        var kind = Member(mailbox, "RecipientTypeDetails")!;
        var address = Member(mailbox, "EmailAddresses")!.Element(Ps + "LST")!.Elements().First();

        Assert.Equal("UserMailbox", kind.Element(Ps + "S")!.Value);
        Assert.Equal(
            ["Microsoft.Exchange.Data.Directory.Recipient.RecipientTypeDetails", "System.Enum", "System.ValueType", "System.Object"],
            kind.Element(Ps + "TN")!.Elements().Select(name => name.Value));
        Assert.Equal("SMTP:adele.vance@contoso.onmicrosoft.com", address.Element(Ps + "S")!.Value);
        Assert.Equal("adele.vance@contoso.onmicrosoft.com", Member(address, "SmtpAddress")!.Value);
        Assert.Equal("true", Member(address, "IsPrimaryAddress")!.Value);
        Assert.EndsWith("Z", Member(mailbox, "WhenCreatedUTC")!.Value, StringComparison.Ordinal);
        Assert.EndsWith("+00:00", Member(mailbox, "WhenCreated")!.Value, StringComparison.Ordinal);
        Assert.Equal("DT", Member(mailbox, "WhenCreated")!.Name.LocalName);
        Assert.Equal("G", Member(mailbox, "ExchangeGuid")!.Name.LocalName);
    }

    [Fact]
    public async Task Who_has_a_permission_on_a_folder_is_an_object()
    {
        (await _tenant.InvokeAsync(
            "Add-MailboxFolderPermission",
            new { Identity = "adele.vance:\\Calendar", User = "m1@contoso.onmicrosoft.com", AccessRights = new[] { "Editor" } })).Ok();
        var entries = await ObjectsAsync("Get-MailboxFolderPermission", new { Identity = "adele.vance:\\Calendar" });
        var everybody = Member(entries[0], "User")!;
        var somebody = Member(entries[2], "User")!;
        var mailbox = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "m1@contoso.onmicrosoft.com" })).Ok().Only;

        Assert.Equal(("Default", "Default"), (Shown(everybody), Shown(Member(everybody, "UserType")!)));
        Assert.Equal("Nil", Member(everybody, "RecipientPrincipal")!.Name.LocalName);
        Assert.Equal("Microsoft.Exchange.Management.StoreTasks.MailboxFolderUserId", TypeOf(somebody));
        Assert.Equal("Internal", Shown(Member(somebody, "UserType")!));
        Assert.Equal("2", Member(somebody, "UserType")!.Element(Ps + "I32")!.Value);
        Assert.Equal((string)mailbox["DisplayName"]!, Shown(somebody));
        Assert.Equal((string)mailbox["PrimarySmtpAddress"]!, Member(Member(somebody, "RecipientPrincipal")!, "PrimarySmtpAddress")!.Value);
        Assert.Equal((string)mailbox["Guid"]!, Member(Member(somebody, "RecipientPrincipal")!, "Guid")!.Value);
    }

    [Fact]
    public async Task Text_that_neither_xml_nor_json_can_carry_is_escaped()
    {
        const string Odd = "a<b>&\"c\" \\ _x0041_ \u0001\n§ 😀 \ud800 _y";
        var odd = Odd.Replace("\ud800", "", StringComparison.Ordinal);
        (await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance", CustomAttribute4 = odd })).Ok();

        var mailbox = (await ObjectsAsync("Get-Mailbox", new { Identity = "adele.vance" }))[0];

        Assert.Equal("a<b>&\"c\" \\ _x005F_x0041_ _x0001__x000A_§ 😀  _y", Member(mailbox, "CustomAttribute4")!.Value);
    }

    [Fact]
    public async Task Errors_are_serialised_and_say_in_headers_what_failed_where()
    {
        var response = await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "nobody" }, headers: Clixml);
        var error = JsonNode.Parse(response.Detail)!;

        Assert.Equal(404, response.Status);
        Assert.Equal("Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException", (string)error["ClassName"]!);
        Assert.StartsWith("The operation couldn't be performed because object 'nobody'", (string)error["Message"]!, StringComparison.Ordinal);
        Assert.Equal("Ex6F9304", (string)error["localizedString"]!["stringId"]!);
        Assert.True(int.TryParse((string)response.Json["error"]!["details"]![0]!["code"]!, out _));
        Assert.Equal("ManagementObjectNotFoundException", response.Headers["x-ExceptionType"]);
        Assert.All(["x-ExceptionTargetType", "X-CalculatedBETarget", "request-id"], name => Assert.NotEmpty((string)response.Headers[name]!));
    }

    [Fact]
    public async Task Without_clixml_errors_keep_their_text_and_have_the_headers_too()
    {
        var response = await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance", Bogus = 1 });

        Assert.StartsWith(
            "|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|", response.Detail, StringComparison.Ordinal);
        Assert.Equal("AmbiguousParameterSetException", response.Headers["x-ExceptionType"]);
    }

    [Fact]
    public async Task Each_failure_in_a_batch_has_headers_of_its_own()
    {
        var url = $"/adminapi/beta/{AdminApiHarness.TenantId:D}/InvokeCommand";
        var body = JsonSerializer.Serialize(new
        {
            requests = new[] { "nobody", "adele.vance" }.Select((identity, number) => new
            {
                id = $"{number}",
                method = "POST",
                url,
                headers = Clixml,
                body = JsonNode.Parse(AdminApiHarness.CommandBody("Get-Mailbox", new { Identity = identity })),
            }),
        });
        var responses = (await _tenant.SendAsync("POST", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/$batch", body)).Ok()
            .Json["responses"]!.AsArray();
        var failed = responses.Single(response => (string)response!["id"]! == "0")!;
        var found = responses.Single(response => (string)response!["id"]! == "1")!;

        Assert.Equal("ManagementObjectNotFoundException", (string)failed["headers"]!["x-ExceptionType"]!);
        Assert.NotNull(failed["headers"]!["request-id"]);
        Assert.NotNull(failed["headers"]!["X-CalculatedBETarget"]);
        Assert.Contains("adele.vance", (string)found["body"]!["value"]![0]!["_cliXml"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_asks_for_confirmation_says_what_it_would_do_and_does_nothing()
    {
        var asked = (await _tenant.InvokeAsync("Remove-Mailbox", new { Identity = "adele.vance", Confirm = true }, headers: Clixml)).Ok();

        Assert.Contains("adele.vance", (string)asked.Json["@adminapi.confirmationmessage"]!, StringComparison.Ordinal);
        (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Ok();
        (await _tenant.InvokeAsync("Remove-Mailbox", new { Identity = "adele.vance", Confirm = false })).Ok();
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Status);
    }

    private async Task<XElement> DocumentAsync(string cmdlet, object parameters)
    {
        var response = (await _tenant.InvokeAsync(cmdlet, parameters, headers: Clixml)).Ok();
        return XElement.Parse((string)response.Only["_cliXml"]!);
    }

    private async Task<XElement[]> ObjectsAsync(string cmdlet, object parameters)
    {
        return [.. (await DocumentAsync(cmdlet, parameters)).Element(Ps + "Obj")!.Element(Ps + "LST")!.Elements()];
    }

    private static string NameOf(XElement member) => (string)member.Attribute("N")!;

    private static string TypeOf(XElement value) => value.Element(Ps + "TN") is { } names
        ? names.Elements().First().Value
        : value.Document?.ToString() ?? Root(value).Descendants(Ps + "TN")
            .Single(names => (string)names.Attribute("RefId")! == (string)value.Element(Ps + "TNRef")!.Attribute("RefId")!).Elements().First().Value;

    private static XElement Root(XElement element) => element.AncestorsAndSelf().Last();

    private static XElement? Member(XElement of, string name)
    {
        return of.Elements(Ps + "Props").Concat(of.Elements(Ps + "MS")).Elements().SingleOrDefault(member => NameOf(member) == name);
    }

    // A value's text as PowerShell shows it, from either form.
    private static string Shown(XElement value)
    {
        return value.Name.LocalName switch
        {
            "Nil" => "",
            "Obj" when value.Element(Ps + "LST") is { } list => string.Join(' ', list.Elements().Select(Shown)),
            "Obj" => Unescaped(value.Element(Ps + "ToString")!.Value),
            _ => Unescaped(value.Value),
        };
    }

    private static string Unescaped(string text)
    {
        return Regex.Replace(text, "_x([0-9A-F]{4})_", match => $"{(char)Convert.ToInt32(match.Groups[1].Value, 16)}");
    }

    private static string Shown(JsonNode? value)
    {
        return value switch
        {
            null => "",
            JsonArray list => string.Join(' ', list.Select(Shown)),
            _ => value.ToString(),
        };
    }
}
