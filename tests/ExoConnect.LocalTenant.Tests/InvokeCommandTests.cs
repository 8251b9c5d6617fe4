
namespace ExoConnect.LocalTenant.Tests;

public sealed class InvokeCommandTests : IDisposable
{
    private readonly AdminApiHarness _tenant = new(new TenantOptions { Mailboxes = 2500 });

    public void Dispose() => _tenant.Dispose();

    [Fact]
    public async Task A_full_mailbox_has_the_services_properties_and_size()
    {
        var response = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Ok();

        var mailbox = response.Only;
        Assert.InRange(response.Body.Length, 12_000, 15_500);
        Assert.InRange(mailbox.Count(property => !property.Key.Contains('@', StringComparison.Ordinal)), 235, 260);
        Assert.Equal("Adele Vance", (string)mailbox["DisplayName"]!);
        Assert.Equal("adele.vance@contoso.onmicrosoft.com", (string)mailbox["PrimarySmtpAddress"]!);
        Assert.Equal("99 GB (106,300,440,576 bytes)", (string)mailbox["ProhibitSendQuota"]!);
        Assert.Equal(response.Body.Length, response.Headers.ContentLength);
    }

    [Fact]
    public async Task Annotations_stand_before_their_property()
    {
        var text = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Ok().Text;

        Assert.Contains("\"ExchangeGuid@data.type\":\"System.Guid\",\"ExchangeGuid@odata.type\":\"#Guid\",\"ExchangeGuid\":\"", text,
            StringComparison.Ordinal);
        Assert.Contains("\"WhenCreatedUTC@data.type\":\"System.DateTime\",\"WhenCreatedUTC\":\"20", text, StringComparison.Ordinal);
        Assert.Contains("\"EmailAddresses@odata.type\":\"#Collection(String)\",\"EmailAddresses\":[\"SMTP:", text, StringComparison.Ordinal);
        Assert.Contains("\"PitrCopyIntervalInSeconds@data.type\":\"System.Int16\",\"PitrCopyIntervalInSeconds@odata.type\":\"#Int16\",", text,
            StringComparison.Ordinal);
        Assert.Contains("\"MailboxContainerGuid\":null", text, StringComparison.Ordinal);
        Assert.DoesNotContain("MailboxContainerGuid@", text, StringComparison.Ordinal);
        Assert.Contains("\\u00a7", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_follow_the_next_link_until_there_is_none()
    {
        var parameters = new { ResultSize = "Unlimited" };
        var seen = new HashSet<string>();
        var page = (await _tenant.InvokeAsync("Get-Mailbox", parameters, "?$select=Guid,Alias")).Ok();
        var sizes = new List<int>();
        while (true)
        {
            sizes.Add(page.Value.Count);
            seen.UnionWith(page.Texts("Guid"));
            if (page.NextLink is null)
            {
                break;
            }

            Assert.Contains("$select=Guid,Alias", page.NextLink, StringComparison.Ordinal);
            page = (await _tenant.SendAsync("POST", page.NextTarget, AdminApiHarness.CommandBody("Get-Mailbox", parameters))).Ok();
        }

        Assert.Equal([1000, 1000, 500], sizes);
        Assert.Equal(2500, seen.Count);
        Assert.Empty(page.Warnings);
    }

    [Fact]
    public async Task A_page_is_as_long_as_prefer_says_and_no_longer_than_a_thousand()
    {
        var small = new Dictionary<string, string> { ["Prefer"] = "odata.maxpagesize=7;odata.continue-on-error" };
        var large = new Dictionary<string, string> { ["Prefer"] = "odata.maxpagesize=5000" };

        Assert.Equal(7, (await _tenant.InvokeAsync("Get-Mailbox", new { ResultSize = "Unlimited" }, "?$select=Alias", small)).Ok().Value.Count);
        Assert.Equal(1000, (await _tenant.InvokeAsync("Get-Mailbox", new { ResultSize = "Unlimited" }, "?$select=Alias", large)).Ok().Value.Count);
    }

    [Fact]
    public async Task Without_a_result_size_a_thousand_come_and_a_warning()
    {
        var response = (await _tenant.InvokeAsync("Get-Mailbox", null, "?$select=Alias")).Ok();

        Assert.Equal(1000, response.Value.Count);
        Assert.Null(response.NextLink);
        Assert.StartsWith("By default, only the first 1000 items are returned.", Assert.Single(response.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_size_holds_over_pages()
    {
        var headers = new Dictionary<string, string> { ["Prefer"] = "odata.maxpagesize=400" };
        var parameters = new { ResultSize = 1000 };
        var first = (await _tenant.InvokeAsync("Get-Mailbox", parameters, "?$select=Alias", headers)).Ok();
        var body = AdminApiHarness.CommandBody("Get-Mailbox", parameters);
        var second = (await _tenant.SendAsync("POST", first.NextTarget, body, headers)).Ok();
        var third = (await _tenant.SendAsync("POST", second.NextTarget, body, headers)).Ok();

        Assert.Equal([400, 400, 200], (int[])[first.Value.Count, second.Value.Count, third.Value.Count]);
        Assert.Null(third.NextLink);
        Assert.StartsWith("There are more results available", Assert.Single(third.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_skip_token_that_is_none_is_a_bad_request()
    {
        var response = await _tenant.InvokeAsync("Get-Mailbox", null, "?$skiptoken=%7B%7D");

        Assert.Equal(400, response.Status);
        Assert.Equal("BadRequest", (string)response.Json["error"]!["code"]!);
    }

    [Theory]
    [InlineData("adele.vance")]
    [InlineData("ADELE.VANCE@contoso.onmicrosoft.com")]
    [InlineData("smtp:adele.vance@contoso.onmicrosoft.com")]
    [InlineData("m0@contoso.onmicrosoft.com")]
    [InlineData("Adele Vance")]
    [InlineData("CN=adele.vance,OU=contoso.onmicrosoft.com,OU=Microsoft Exchange Hosted Organizations,DC=NAMPR07A004,DC=PROD,DC=OUTLOOK,DC=COM")]
    public async Task A_mailbox_is_found_by_any_of_its_names(string identity)
    {
        Assert.Equal("adele.vance", (string)(await _tenant.InvokeAsync("Get-Mailbox", new { Identity = identity })).Ok().Only["Alias"]!);
    }

    [Fact]
    public async Task A_mailbox_is_found_by_each_of_its_guids_and_legacy_name()
    {
        var mailbox = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "m1201@contoso.onmicrosoft.com" })).Ok().Only;
        foreach (var property in new[] { "Guid", "ExchangeGuid", "ExternalDirectoryObjectId", "LegacyExchangeDN", "ArchiveGuid", "DisplayName" })
        {
            var found = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = (string)mailbox[property]! })).Ok().Only;
            Assert.Equal((string)mailbox["Alias"]!, (string)found["Alias"]!);
        }
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_a_404_with_the_services_shape()
    {
        var response = await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "nobody@contoso.com" });

        Assert.Equal(404, response.Status);
        var error = response.Json["error"]!;
        Assert.Equal("NotFound", (string)error["code"]!);
        Assert.Equal("Error executing cmdlet", (string)error["message"]!);
        Assert.Equal("Context", (string)error["details"]![0]!["code"]!);
        Assert.StartsWith(
            "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object "
            + "'nobody@contoso.com' couldn't be found on '",
            response.Detail, StringComparison.Ordinal);
        Assert.Equal("Microsoft.Exchange.Admin.OData.Core.ODataServiceException", (string)error["innererror"]!["type"]!);
        Assert.StartsWith("Exception of type '", response.InternalMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_parameter_is_named()
    {
        var response = await _tenant.InvokeAsync("Get-Mailbox", new { Bogus = 1 });

        Assert.Equal(400, response.Status);
        Assert.Equal("Invalid Operation", (string)response.Json["error"]!["message"]!);
        Assert.Equal(
            "Parameter set cannot be resolved using the specified named parameters. Invalid cmdlet parameters specified. Bogus",
            response.InternalMessage);
        Assert.EndsWith(".AmbiguousParameterSetException", response.InternalType, StringComparison.Ordinal);
        Assert.StartsWith(
            "|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|", response.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_of_different_sets_are_ambiguous()
    {
        var response = await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance", Anr = "adele" });

        Assert.Equal(400, response.Status);
        Assert.Equal("Parameter set cannot be resolved using the specified named parameters.", response.InternalMessage);
    }

    [Fact]
    public async Task A_missing_mandatory_parameter_is_named()
    {
        var response = await _tenant.InvokeAsync("Set-Mailbox", new { MailTip = "x" });

        Assert.Equal(400, response.Status);
        Assert.Equal("Cannot process command because of one or more missing mandatory parameters: Identity.", response.InternalMessage);
    }

    [Theory]
    [InlineData("RecipientTypeDetails", "\"Bogus\"",
        "Bogus to a valid enumerator name. Specify one of the following enumerator names and try again: UserMailbox,")]
    [InlineData("ResultSize", "\"many\"", "isn't valid")]
    [InlineData("Archive", "\"perhaps\"", "Boolean parameters accept only Boolean values and numbers")]
    [InlineData("Filter", "[\"a\",\"b\"]", "Cannot convert the \"System.Object[]\" value")]
    public async Task A_value_that_does_not_convert_says_what_would(string parameter, string json, string expected)
    {
        var response = await _tenant.SendAsync(
            "POST", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/InvokeCommand",
            "{\"CmdletInput\":{\"CmdletName\":\"Get-Mailbox\",\"Parameters\":{\"" + parameter + "\":" + json + "}}}");

        Assert.Equal(400, response.Status);
        Assert.EndsWith(".ParameterTransformationException", response.InternalType, StringComparison.Ordinal);
        Assert.StartsWith($"Cannot process argument transformation on parameter '{parameter}'.", response.InternalMessage, StringComparison.Ordinal);
        Assert.Contains(expected, response.InternalMessage, StringComparison.Ordinal);
        Assert.Null(response.Json["error"]!["details"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"CmdletInput\":{}}")]
    public async Task A_body_that_is_no_call_is_a_bad_request(string body)
    {
        var response = await _tenant.SendAsync("POST", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/InvokeCommand", body);

        Assert.Equal(400, response.Status);
        Assert.Equal("BadRequest", (string)response.Json["error"]!["code"]!);
    }

    [Fact]
    public async Task Exchange_forbids_with_nul_bytes_that_claim_to_be_gzip()
    {
        var unknown = await _tenant.InvokeAsync("Get-Nothing");
        var forbidden = await _tenant.InvokeAsync(
            "Set-Mailbox", new { Identity = "adele.vance" }, caller: AdminApiHarness.Caller(AdminApiHarness.GlobalReader));

        foreach (var response in new[] { unknown, forbidden })
        {
            Assert.Equal(403, response.Status);
            Assert.Equal("gzip", response.Headers.ContentEncoding);
            Assert.NotEmpty(response.Body);
            Assert.All(response.Body, unit => Assert.Equal(0, unit));
        }
    }

    [Fact]
    public async Task Compliance_forbids_with_json()
    {
        var response = await _tenant.InvokeAsync("Get-Nothing", service: TenantService.SecurityCompliance);

        Assert.Equal(403, response.Status);
        Assert.Contains("Get-Nothing", (string)response.Json["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_set_is_read_again_and_nothing_else_changed()
    {
        var before = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "m17@contoso.onmicrosoft.com" })).Ok().Only;
        (await _tenant.InvokeAsync(
            "Set-Mailbox",
            new { Identity = "m17@contoso.onmicrosoft.com", CustomAttribute5 = "é\"\\", ProhibitSendQuota = "10GB", LitigationHoldEnabled = true }))
                .Ok();
        var after = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "m17@contoso.onmicrosoft.com" })).Ok().Only;

        Assert.Equal("é\"\\", (string)after["CustomAttribute5"]!);
        Assert.Equal("10 GB (10,737,418,240 bytes)", (string)after["ProhibitSendQuota"]!);
        Assert.True((bool)after["LitigationHoldEnabled"]!);
        Assert.NotNull(after["LitigationHoldDate"]);
        string[] changed =
        [
            .. before.Where(property => after[property.Key]?.ToJsonString() != property.Value?.ToJsonString()).Select(property => property.Key)
                .Order(),
        ];
        Assert.Equal(
            ["CustomAttribute5", "LitigationHoldDate", "LitigationHoldEnabled", "LitigationHoldOwner", "ProhibitSendQuota", "WhenChanged",
                "WhenChangedUTC"],
            changed);
    }

    [Fact]
    public async Task A_multi_valued_property_gains_and_loses_values()
    {
        const string Body =
            """
            {"CmdletInput":{"CmdletName":"Set-Mailbox","Parameters":{"Identity":"adele.vance",
            "EmailAddresses":{"@odata.type":"#Exchange.GenericHashTable",
            "Add@odata.type":"#Collection(String)","Add":["smtp:new@contoso.com"],"Remove":"smtp:m0@contoso.onmicrosoft.com"}}}}
            """;
        (await _tenant.SendAsync("POST", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/InvokeCommand", Body)).Ok();

        var mailbox = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "new@contoso.com" })).Ok().Only;
        string[] addresses = [.. mailbox["EmailAddresses"]!.AsArray().Select(address => (string)address!)];
        Assert.Contains("smtp:new@contoso.com", addresses);
        Assert.Contains("SMTP:adele.vance@contoso.onmicrosoft.com", addresses);
        Assert.DoesNotContain("smtp:m0@contoso.onmicrosoft.com", addresses);
        Assert.Equal(404, (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "m0@contoso.onmicrosoft.com" })).Status);
    }

    [Theory]
    [InlineData("Set-Mailbox", """ "UserCertificate":{"@odata.type":"#Exchange.ByteArrayType","Data":"AQID"} """, "Edm.Byte")]
    [InlineData("Set-Mailbox", """ "UserCertificate":{"@odata.type":"#Exchange.ByteArrayType","Data":[1,256]} """, "Edm.Byte")]
    [InlineData("Set-Mailbox", """ "UserCertificate":[{"Data":[1]}] """, "has no type")]
    [InlineData("Import-RecipientDataProperty", """ "Picture":true,"FileData":"AQID" """, "Exchange.ByteArrayType")]
    [InlineData("Set-Mailbox", """ "EmailAddresses":{"Add":"a@b.c"} """, "is missing or isn't known")]
    [InlineData("Set-Mailbox", """ "EmailAddresses":{"@odata.type":"#Exchange.Other","Add":"a@b.c"} """, "is missing or isn't known")]
    [InlineData("Set-Mailbox", """ "EmailAddresses":[{"@odata.type":"#Exchange.GenericHashTable","Add":"a@b.c"}] """, "has no type")]
    [InlineData("Set-Mailbox", """ "EmailAddresses@odata.type":"#Collection(Exchange.Other)","EmailAddresses":["a@b.c"] """, "isn't known")]
    [InlineData("Set-Mailbox", """ "EmailAddresses@data.type":"#Collection(String)","EmailAddresses":["a@b.c"] """, "isn't known")]
    [InlineData("Set-Mailbox", """ "EmailAddresses@odata.type":"#Collection(String)" """, "no collection")]
    [InlineData(
        "Set-Mailbox", """ "EmailAddresses":{"@odata.type":"#Exchange.GenericHashTable","Add@odata.type":"#Collection(What)","Add":["a"]} """,
        "isn't known")]
    [InlineData("Set-MailboxAutoReplyConfiguration", """ "StartTime":"2026-01-02T03:04:05Z" """, "yyyy-MM-ddTHH:mm:ss")]
    [InlineData("Set-MailboxAutoReplyConfiguration", """ "StartTime":"2026-01-02T03:04:05.0000000" """, "yyyy-MM-ddTHH:mm:ss")]
    [InlineData("Set-MailboxAutoReplyConfiguration", """ "StartTime":"2026-01-02T03:04:05+02:00" """, "yyyy-MM-ddTHH:mm:ss")]
    public async Task What_Microsofts_client_does_not_send_is_refused(string cmdlet, string parameter, string why)
    {
        var refused = await _tenant.SendAsync(
            "POST", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/InvokeCommand", Invocation(cmdlet, parameter));

        Assert.Equal(400, refused.Status);
        Assert.Contains(why, System.Text.RegularExpressions.Regex.Unescape(refused.Text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Set-Mailbox", """ "UserCertificate":{"@odata.type":"#Exchange.ByteArrayType","Data":[1,2,255]} """)]
    [InlineData(
        "Set-Mailbox", """ "UserCertificate@odata.type":"#Collection(Exchange.ByteArrayType)","UserCertificate":[{"Data":[1]},{"Data":[]}] """)]
    [InlineData("Set-Mailbox", """ "EmailAddresses":{"@odata.type":"#Exchange.GenericHashTable","Add":["smtp:n1@contoso.com"],"Remove":null} """)]
    [InlineData("Set-MailboxAutoReplyConfiguration", """ "StartTime":"2026-01-02T03:04:05" """)]
    [InlineData("Set-Mailbox", """ "CustomAttribute1":"x","ErrorAction":"Stop","OutVariable":"x","Verbose":true """)]
    public async Task What_it_sends_is_taken(string cmdlet, string parameter) =>
        (await _tenant.SendAsync("POST", $"/adminapi/beta/{AdminApiHarness.TenantId:D}/InvokeCommand", Invocation(cmdlet, parameter))).Ok();

    [Theory]
    [InlineData("Get-ComplianceSearch")]
    [InlineData("New-ComplianceSearchAction")]
    [InlineData("Remove-ComplianceCase")]
    public async Task A_compliance_search_wants_a_session_of_its_own(string cmdlet)
    {
        var ordinary = AdminApiHarness.Caller() with { IsSearchOnly = false };

        var refused = await _tenant.InvokeAsync(cmdlet, service: TenantService.SecurityCompliance, caller: ordinary);

        Assert.Equal(400, refused.Status);
        Assert.Contains("with the -EnableSearchOnlySession flag", refused.Detail, StringComparison.Ordinal);
        (await _tenant.InvokeAsync("Get-ComplianceSearch", service: TenantService.SecurityCompliance)).Ok();
        (await _tenant.InvokeAsync("Get-ComplianceCase", service: TenantService.SecurityCompliance, caller: ordinary)).Ok();
        (await _tenant.InvokeAsync("Get-Label", service: TenantService.SecurityCompliance, caller: ordinary)).Ok();
    }

    private static string Invocation(string cmdlet, string parameter) =>
        "{\"CmdletInput\":{\"CmdletName\":\"" + cmdlet + "\",\"Parameters\":{\"Identity\":\"adele.vance\"," + parameter + "}}}";

    [Fact]
    public async Task A_new_name_leads_to_the_mailbox_and_the_old_one_does_not()
    {
        (await _tenant.InvokeAsync(
            "Set-Mailbox",
            new
            {
                Identity = "adele.vance",
                Alias = "av",
                Name = "av",
                DisplayName = "A. V.",
                MicrosoftOnlineServicesID = "av@contoso.com",
                WindowsEmailAddress = "av@contoso.com"
            })).Ok();

        foreach (var identity in new[] { "av", "A. V.", "av@contoso.com" })
        {
            Assert.Equal("av", (string)(await _tenant.InvokeAsync("Get-Mailbox", new { Identity = identity })).Ok().Only["Alias"]!);
        }

        Assert.Equal(404, (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Status);
        Assert.Equal(
            "av", (string)(await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance@contoso.onmicrosoft.com" })).Ok().Only["Alias"]!);
    }

    [Fact]
    public async Task An_address_that_another_has_is_refused()
    {
        var response = await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance", Alias = await AliasAsync(1) });

        Assert.Equal(400, response.Status);
        Assert.Contains("ProxyAddressExistsException", response.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_set_is_a_warning()
    {
        var response = (await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance" })).Ok();

        Assert.Equal("The command completed successfully but no settings of 'adele.vance' have been modified.", Assert.Single(response.Warnings));
    }

    [Fact]
    public async Task What_if_says_what_would_be_done_and_does_not_do_it()
    {
        var response = (await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance", CustomAttribute1 = "no", WhatIf = true }))
            .Ok();

        Assert.Equal("Setting mailbox Identity:\"adele.vance\".", (string)response.Json["@adminapi.confirmationmessage"]!);
        Assert.Empty(response.Value);
        Assert.NotEqual("no", (string)(await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Ok().Only["CustomAttribute1"]!);
    }

    [Fact]
    public async Task A_forwarding_address_is_the_recipients_name()
    {
        var other = await AliasAsync(3);
        (await _tenant.InvokeAsync("Set-Mailbox",
            new { Identity = "adele.vance", ForwardingAddress = $"{other}@contoso.onmicrosoft.com", ForwardingSmtpAddress = "x@y.com" })).Ok();

        var mailbox = (await _tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Ok().Only;
        Assert.Equal(other, (string)mailbox["ForwardingAddress"]!);
        Assert.Equal("smtp:x@y.com", (string)mailbox["ForwardingSmtpAddress"]!);
        Assert.Equal(404, (await _tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance", ForwardingAddress = "nobody" })).Status);
    }

    [Theory]
    [InlineData("Alias -eq 'adele.vance'", 1)]
    [InlineData("{Alias -eq 'adele.vance' -or Alias -like 'nobody*'}", 1)]
    [InlineData("RecipientTypeDetails -eq 'SharedMailbox'", 125)]
    [InlineData("-not (RecipientTypeDetails -ne 'SharedMailbox')", 125)]
    [InlineData("IsResource -eq $true -and ResourceType -eq 'Equipment'", 25)]
    [InlineData("ForwardingAddress -ne $null", 0)]
    [InlineData("EmailAddresses -like '*:m17@*'", 1)]
    [InlineData("WhenCreated -lt '2019-01-01'", 0)]
    [InlineData("ProhibitSendQuota -gt '98GB' -and Alias -eq 'adele.vance'", 1)]
    public async Task A_filter_is_evaluated(string filter, int expected)
    {
        Assert.Equal(expected, (await _tenant.InvokeAsync("Get-Mailbox", new { Filter = filter, ResultSize = "Unlimited" }, "?$select=Alias")).Ok()
            .Value.Count);
    }

    [Theory]
    [InlineData("Bogus -eq 'x'", "\"Bogus\" is not a recognized filterable property.")]
    [InlineData("Alias -eq 'x", "has no closing quotation mark")]
    [InlineData("Alias eq 'x'", "expected an operator")]
    [InlineData("Alias -eq", "The filter ends where a value is expected")]
    [InlineData("(Alias -eq 'x'", "')'")]
    public async Task A_filter_that_is_none_says_why(string filter, string expected)
    {
        var response = await _tenant.InvokeAsync("Get-Mailbox", new { Filter = filter });

        Assert.Equal(400, response.Status);
        Assert.Contains(expected, response.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anr_finds_by_the_beginning_of_a_name()
    {
        var found = (await _tenant.InvokeAsync("Get-Mailbox", new { Anr = "vance", ResultSize = "Unlimited" }, "?$select=DisplayName")).Ok()
            .Texts("DisplayName");

        Assert.NotEmpty(found);
        Assert.All(found, name => Assert.Contains("Vance", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sorting_holds_over_pages()
    {
        var headers = new Dictionary<string, string> { ["Prefer"] = "odata.maxpagesize=900" };
        var parameters = new { SortBy = "DisplayName", ResultSize = "Unlimited" };
        var page = (await _tenant.InvokeAsync("Get-Mailbox", parameters, "?$select=DisplayName", headers)).Ok();
        var names = new List<string>(page.Texts("DisplayName"));
        while (page.NextLink is not null)
        {
            page = (await _tenant.SendAsync("POST", page.NextTarget, AdminApiHarness.CommandBody("Get-Mailbox", parameters), headers)).Ok();
            names.AddRange(page.Texts("DisplayName"));
        }

        Assert.Equal(2500, names.Count);
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public async Task Gzip_is_for_those_who_accept_it()
    {
        var accepts = new Dictionary<string, string> { ["Accept-Encoding"] = "gzip, deflate, br" };
        var zipped = (await _tenant.InvokeAsync("Get-Mailbox", new { ResultSize = 50 }, null, accepts)).Ok();
        var plain = (await _tenant.InvokeAsync("Get-Mailbox", new { ResultSize = 50 })).Ok();

        Assert.Equal("gzip", zipped.Headers.ContentEncoding);
        Assert.Empty(plain.Headers.ContentEncoding.ToString());
        Assert.Equal(plain.Text, zipped.Text);
        Assert.True(zipped.Body.Length * 5 < plain.Body.Length);

        using var without = new AdminApiHarness(new TenantOptions { Compress = false });
        Assert.Empty((await without.InvokeAsync("Get-Mailbox", null, null, accepts)).Ok().Headers.ContentEncoding.ToString());
    }

    private async Task<string> AliasAsync(int index)
    {
        return (string)(await _tenant.InvokeAsync("Get-Mailbox", new { Identity = $"m{index}@contoso.onmicrosoft.com" })).Ok().Only["Alias"]!;
    }
}
