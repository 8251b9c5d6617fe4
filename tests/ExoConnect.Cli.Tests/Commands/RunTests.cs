using System.Text.Json;
using ExoConnect.LocalTenant.Faults;

namespace ExoConnect.Cli.Tests.Commands;

public sealed class RunTests(TenantFixture fixture) : IClassFixture<TenantFixture>
{
    private const string Adele = "adele.vance@contoso.onmicrosoft.com";

    [Fact]
    public async Task A_table_has_a_few_columns_that_tell_objects_apart()
    {
        var ran = (await fixture.RunAsync("Get-Mailbox", "--ResultSize", "3")).Ended(0);
        Assert.Equal(5, ran.Lines.Length);
        Assert.Matches("^DisplayName +Alias +PrimarySmtpAddress +RecipientTypeDetails$", ran.Lines[0]);
        Assert.Matches("^-+  -+  -+  -+$", ran.Lines[1]);
        Assert.Contains(Adele, ran.Lines[2], StringComparison.Ordinal);
        Assert.StartsWith("warning: There are more results available", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Select_says_which_columns_and_in_which_order()
    {
        var ran = (await fixture.RunAsync("Get-Mailbox", "--ResultSize", "1", "--select", " primarysmtpaddress, DisplayName,,displayname")).Ended(0);
        Assert.Matches("^primarysmtpaddress +DisplayName$", ran.Lines[0]);
        Assert.Matches($"^{Adele}  Adele Vance$", ran.Lines[2]);
    }

    [Fact]
    public async Task Json_is_an_array_of_typed_values()
    {
        var ran = (await fixture.RunAsync("Get-Mailbox", Adele, "--output", "json")).Ended(0);
        using var json = JsonDocument.Parse(ran.Output);
        var mailbox = Assert.Single(json.RootElement.EnumerateArray());
        Assert.True(mailbox.EnumerateObject().Count() > 200);
        Assert.Equal(JsonValueKind.False, mailbox.GetProperty("LitigationHoldEnabled").ValueKind);
        Assert.Equal("99 GB (106,300,440,576 bytes)", mailbox.GetProperty("ProhibitSendQuota").GetString());
        Assert.Equal(JsonValueKind.Array, mailbox.GetProperty("EmailAddresses").ValueKind);
        Assert.True(Guid.TryParse(mailbox.GetProperty("ExchangeGuid").GetString(), out _));
        Assert.EndsWith("Z", mailbox.GetProperty("WhenCreated").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("@", string.Concat(mailbox.EnumerateObject().Select(p => p.Name)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ndjson_is_an_object_a_line_over_all_pages()
    {
        var ran = (await fixture.RunAsync(
            "Get-Mailbox", "--ResultSize", "Unlimited", "--page-size", "500", "--select", "Alias,Guid", "-o", "ndjson")).Ended(0);
        Assert.Equal(1200, ran.Lines.Length);
        Assert.Equal(1200, ran.Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("Guid").GetGuid()).Distinct().Count());
        Assert.Equal(["Alias", "Guid"], JsonDocument.Parse(ran.Lines[0]).RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Empty(ran.Error);
    }

    [Fact]
    public async Task Csv_is_quoted_and_lists_are_joined()
    {
        (await fixture.RunAsync("Set-Mailbox", "anton.marino", "--CustomAttribute2", "a \"b\", c;\nd")).Ended(0);
        var ran = (await fixture.RunAsync(
            "Get-Mailbox", "anton.marino", "--select", "Alias,CustomAttribute2,ProhibitSendQuota,EmailAddresses,LitigationHoldEnabled", "-o", "csv"))
                .Ended(0);
        Assert.StartsWith(
            "Alias,CustomAttribute2,ProhibitSendQuota,EmailAddresses,LitigationHoldEnabled\n"
            + "anton.marino,\"a \"\"b\"\", c;\nd\",\"99 GB (106,300,440,576 bytes)\",SMTP:anton.marino@contoso.onmicrosoft.com;smtp:",
            ran.Output, StringComparison.Ordinal);
        Assert.EndsWith(",False\n", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_that_is_not_there_is_a_warning_and_empty()
    {
        var ran = (await fixture.RunAsync("Get-Mailbox", Adele, "--select", "Alias,Shoesize", "-o", "csv")).Ended(0);
        Assert.Equal("Alias,Shoesize\nadele.vance,\n", ran.Output);
        Assert.Contains("gave no Shoesize", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_cmdlet_ends_with_1_and_its_ids_and_prints_nothing()
    {
        foreach (var format in new[] { "table", "json", "csv", "ndjson" })
        {
            var ran = (await fixture.RunAsync("Get-Mailbox", "--Identity", "nobody", "-o", format)).Ended(1);
            Assert.Empty(ran.Output);
            Assert.StartsWith("error: The operation couldn't be performed because object 'nobody' couldn't be found", ran.Error,
                StringComparison.Ordinal);
            Assert.Contains("ManagementObjectNotFoundException", ran.Error, StringComparison.Ordinal);
            Assert.Contains("client-request-id ", ran.Error, StringComparison.Ordinal);
            Assert.Contains(", request-id ", ran.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_change_is_made_and_seen()
    {
        (await fixture.RunAsync("Set-Mailbox", "-Identity", "carlos.doyle", "-CustomAttribute1:true", "--HiddenFromAddressListsEnabled", "true"))
            .Ended(0);
        var ran = (await fixture.RunAsync(
            "Get-Mailbox", "carlos.doyle", "--select", "CustomAttribute1,HiddenFromAddressListsEnabled", "-o", "ndjson")).Ended(0);
        Assert.Equal("{\"CustomAttribute1\":\"true\",\"HiddenFromAddressListsEnabled\":true}\n", ran.Output);
        Assert.Empty(ran.Error);
    }

    [Fact]
    public async Task What_if_tells_and_does_nothing()
    {
        var ran = (await fixture.RunAsync("Set-Mailbox", "carlos.doyle", "--CustomAttribute3", "x", "--WhatIf")).Ended(0);
        Assert.Empty(ran.Output);
        Assert.NotEmpty(ran.Error);
        Assert.Equal("{\"CustomAttribute3\":\"\"}\n",
            (await fixture.RunAsync("Get-Mailbox", "carlos.doyle", "--select", "CustomAttribute3", "-o", "ndjson")).Output);
    }

    [Fact]
    public async Task Tables_are_given_as_json_and_lists_by_repeating()
    {
        (await fixture.RunAsync("Set-Mailbox", "diego.keller", "--EmailAddresses:={\"Add\": [\"dk@contoso.onmicrosoft.com\"]}")).Ended(0);
        (await fixture.RunAsync("Set-Mailbox", "diego.keller", "--ExtensionCustomAttribute1", "a", "--ExtensionCustomAttribute1", "b")).Ended(0);
        var ran = (await fixture.RunAsync(
            "Get-Mailbox", "diego.keller", "--select", "EmailAddresses,ExtensionCustomAttribute1", "-o", "ndjson")).Ended(0);
        Assert.Contains("smtp:dk@contoso.onmicrosoft.com", ran.Output, StringComparison.Ordinal);
        Assert.Contains("\"ExtensionCustomAttribute1\":[\"a\",\"b\"]", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-Mailbox --Identitty x", "Get-Mailbox has no parameter Identitty", "Did you mean --Identity?")]
    [InlineData("Get-Mailbox --ErrorAction Stop", "Get-Mailbox has no parameter ErrorAction", "")]
    [InlineData("Get-Mailbox a b", "'b' has no parameter's name before it", "Name it")]
    [InlineData("Get-Mailbox --Identity", "--Identity wants a value", "")]
    [InlineData("Get-Mailbox --Archive maybe more", "'more' has no parameter's name before it", "")]
    [InlineData("Get-Mailbox --Archive=maybe", "--Archive: 'maybe' is not true or false", "")]
    [InlineData("Set-Mailbox x --AccountDisabled perhaps", "--AccountDisabled: 'perhaps' is not true or false", "")]
    [InlineData("Set-Mailbox x --AccountDisabled true --AccountDisabled true", "--AccountDisabled is given more than once", "")]
    [InlineData("Set-Mailbox x --CustomAttribute 1", "--CustomAttribute may be any of --CustomAttribute1", "")]
    [InlineData("New-Mailbox --Name x --Password hunter2", "--Password is a secret", "env:NAME")]
    [InlineData("New-Mailbox --Name x --Password env:NOT_SET", "NOT_SET, which is not set", "")]
    public async Task What_does_not_fit_the_cmdlet_is_wrong_usage(string line, string message, string remedy)
    {
        var ran = (await fixture.RunAsync(line.Split(' '))).Ended(2);
        Assert.Empty(ran.Output);
        Assert.Contains(message, ran.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cmdlet_that_the_roles_do_not_allow_has_a_neighbour()
    {
        var ran = (await fixture.RunAsync("Get-Mailboks", "--Whatever", "x")).Ended(1);
        Assert.Contains("did you mean Get-Mailbox?", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_may_be_short_and_in_any_case()
    {
        var ran = (await fixture.RunAsync("get-mailbox", "-ident", "adele.vance", "-o", "ndjson", "--select", "Alias")).Ended(0);
        Assert.Equal("{\"Alias\":\"adele.vance\"}\n", ran.Output);
    }

    [Fact]
    public async Task A_switch_leaves_the_next_word_to_its_place()
    {
        var ran = (await fixture.RunAsync("Set-Mailbox", "--WhatIf", "adele.vance", "--CustomAttribute4", "x")).Ended(0);
        Assert.Empty(ran.Output);
    }

    [Fact]
    public async Task Another_service_gets_a_token_of_its_own()
    {
        var ran = (await fixture.RunAsync("Get-Label", "--service", "compliance", "-o", "ndjson")).Ended(0);
        Assert.Contains(ran.Lines, l => l.Contains("Confidential", StringComparison.Ordinal));
        Assert.Contains("271 cmdlets", (await fixture.RunAsync("Get-Mailbox", "--service", "compliance")).Ended(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_is_made_with_a_password_that_nobody_sees()
    {
        const string Password = "Xk7!correct-horse";
        fixture.User.Variables["NEW_PASSWORD"] = Password;
        var ran = (await fixture.RunAsync(
            "New-Mailbox", "--Name", "Cli Made", "--Alias", "cli.made", "--MicrosoftOnlineServicesID", "cli.made@contoso.onmicrosoft.com",
            "--Password", "env:NEW_PASSWORD", "--verbose", "-o", "json")).Ended(0);
        Assert.DoesNotContain(Password, ran.Output + ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Tenant.Requests.Snapshot(), r => r.ToString().Contains(Password, StringComparison.Ordinal));
        (await fixture.RunAsync("Get-Mailbox", "cli.made")).Ended(0);

        var file = fixture.User.WriteFile("new.secret", Password + "\n");
        (await fixture.RunAsync(
            "New-Mailbox", "--Name", "Cli Two", "--Alias", "cli.two", "--MicrosoftOnlineServicesID", "cli.two@contoso.onmicrosoft.com",
            "--Password", "file:" + file)).Ended(0);

        // Removing asks where somebody is there to response, and only there.
        fixture.User.Answer = false;
        try
        {
            Assert.Contains("Nothing was run.", (await fixture.RunAsync("Remove-Mailbox", "cli.two")).Ended(1).Error, StringComparison.Ordinal);
            Assert.Equal("Remove-Mailbox 'cli.two': run it?", fixture.User.Prompts[^1]);
            (await fixture.RunAsync("Get-Mailbox", "cli.two")).Ended(0);
            (await fixture.RunAsync("Remove-Mailbox", "cli.two", "--Confirm:$false")).Ended(0);
        }
        finally
        {
            fixture.User.Answer = null;
        }

        (await fixture.RunAsync("Remove-Mailbox", "cli.made")).Ended(0);
        (await fixture.RunAsync("Get-Mailbox", "cli.made")).Ended(1);
    }

    [Fact]
    public async Task The_variable_names_a_profile_and_the_option_wins()
    {
        using var user = new Sandbox();
        (await user.RunAsync(fixture.Connect("--profile", "one"))).Ended(0);
        user.Variables["EXOCONNECT_PROFILE"] = "two";
        Assert.Contains("There is no profile 'two'", (await user.RunAsync("run", "Get-Mailbox")).Ended(2).Error, StringComparison.Ordinal);
        (await user.RunAsync("run", "Get-Mailbox", "--ResultSize", "1", "--profile", "One")).Ended(0);
    }

    [Fact]
    public async Task A_terminal_gets_a_hint_and_a_table_that_fits()
    {
        fixture.User.IsTerminal = true;
        fixture.User.Width = 60;
        try
        {
            var ran = (await fixture.RunAsync("Get-Mailbox", Adele)).Ended(0);
            Assert.All(ran.Lines.Where(l => !l.Contains('\e', StringComparison.Ordinal)), l => Assert.True(l.Length <= 60, l));
            Assert.Contains("…", ran.Output, StringComparison.Ordinal);
            Assert.Contains("more properties are not shown", ran.Error, StringComparison.Ordinal);
        }
        finally
        {
            fixture.User.IsTerminal = false;
        }
    }

    [Fact]
    public async Task Cancellation_ends_with_130_and_half_a_list_is_no_list()
    {
        await using var tenant = await LocalTenant.Hosting.Tenant.StartAsync(new LocalTenant.TenantOptions { Mailboxes = 50_000 });
        using var user = new Sandbox();
        (await user.RunAsync(TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath))).Ended(0);
        using var stop = new CancellationTokenSource();
        using var output = new TriggerStream(stop.Cancel);
        var ran = await user.RunAsync(["run", "Get-Mailbox", "--ResultSize", "Unlimited", "-o", "json"], stop.Token, output);
        ran.Ended(130);
        Assert.Empty(ran.Error);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(output.ToArray()));
    }

    [Fact]
    public async Task A_closed_pipe_ends_quietly()
    {
        using var output = new TriggerStream(() => throw new IOException("Broken pipe", 32));
        var ran = (await fixture.User.RunAsync(["run", "Get-Mailbox", "--ResultSize", "Unlimited", "-o", "ndjson"], default, output)).Ended(0);
        Assert.Empty(ran.Error);
    }

    [Fact]
    public async Task A_full_disk_does_not()
    {
        using var output = new TriggerStream(() => throw new IOException("No space left on device", 28));
        var ran = (await fixture.User.RunAsync(["run", "Get-Mailbox", "-o", "csv"], default, output)).Ended(1);
        Assert.Contains("No space left on device", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_have_their_codes()
    {
        await using var tenant = await LocalTenant.Hosting.Tenant.StartAsync(new LocalTenant.TenantOptions());
        using var user = new Sandbox();
        (await user.RunAsync(TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath))).Ended(0);

        // A write is not sent again when nobody knows whether it was carried out.
        tenant.Faults.Add(new FaultRule { Cmdlet = "Set-Mailbox", Status = 503, Body = FaultBody.Html });
        Assert.Contains("error: ", (await user.RunAsync("run", "Set-Mailbox", "x", "--CustomAttribute1", "y")).Ended(4).Error,
            StringComparison.Ordinal);

        tenant.Faults.Add(new FaultRule { Cmdlet = "Get-Mailbox", Status = 401 });
        (await user.RunAsync("run", "Get-Mailbox")).Ended(3);
    }

    [Fact]
    public async Task Steps_are_told_when_asked_for_and_hold_no_token()
    {
        var ran = (await fixture.RunAsync("Get-Mailbox", Adele, "--verbose")).Ended(0);
        Assert.Contains("verbose: Get-Mailbox: 200 from outlook.exoconnect.localhost", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", ran.Error, StringComparison.Ordinal);
    }

    /// <summary>Does something at the first write.</summary>
    private sealed class TriggerStream(Action act) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, CancellationToken.None);
            act();
        }
    }
}
