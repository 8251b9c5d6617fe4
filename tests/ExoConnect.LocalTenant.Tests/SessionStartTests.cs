using System.Text.RegularExpressions;

namespace ExoConnect.LocalTenant.Tests;

public sealed class SessionStartTests : IDisposable
{
    private readonly AdminApiHarness _tenant = new();

    public void Dispose() => _tenant.Dispose();

    [Fact]
    public async Task A_global_administrator_gets_every_cmdlet()
    {
        var response = await StartAsync();

        Assert.Equal(["ExchangeOnline.psm1", "ExchangeOnline.Format.ps1xml"], response.Texts("fileName"));
        var script = response.Texts("fileContent")[0];
        Assert.Equal(846, Regex.Count(script, "^function script:[A-Za-z0-9]+-", RegexOptions.Multiline) - 1);
        Assert.Equal(846, Exported(response).Length);
        Assert.Contains("<RSAKeyValue><Modulus>", script, StringComparison.Ordinal);
        Assert.Equal(271, Exported(await StartAsync(service: TenantService.SecurityCompliance)).Length);
    }

    [Fact]
    public async Task A_function_has_its_parameters_as_the_service_writes_them()
    {
        var script = (await StartAsync("Get-Mailbox,New-InboxRule")).Texts("fileContent")[0].ReplaceLineEndings("\n");

        Assert.Contains(
            """
            function script:Get-Mailbox
            {
                [CmdletBinding(DefaultParameterSetName='Identity')]
                param(
                [Parameter(ParameterSetName='Identity', Position=0, ValueFromPipeline=$true, ValueFromPipelineByPropertyName=$true)]
                [System.Object]
                $Identity,
            """,
            script, StringComparison.Ordinal);
        Assert.Contains("[CmdletBinding(SupportsShouldProcess=$true, ConfirmImpact='Medium', DefaultParameterSetName='Identity')]", script,
            StringComparison.Ordinal);
        Assert.Contains("[ValidateSet('UserMailbox', 'LinkedMailbox',", script, StringComparison.Ordinal);
        Assert.Contains("    [string[]]\n    $RecipientTypeDetails", script, StringComparison.Ordinal);
        Assert.DoesNotContain("$WhatIf", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-Mailbox", "$true", null)]
    [InlineData("Get-InboxRule", "$false", "Get-MailboxIDBasedRoutingHint -ParameterBasedRoutingHintParameterValue $Mailbox")]
    [InlineData("Get-MailboxFolderPermission", "$false", "Get-MailboxFolderIDBasedRoutingHint -ParameterBasedRoutingHintParameterValue $Identity")]
    public async Task A_function_says_whether_it_is_batched_and_where_it_goes(string cmdlet, string batched, string? routing)
    {
        var script = (await StartAsync(cmdlet)).Texts("fileContent")[0];

        Assert.Contains($"-EnableBatchingStatus:{batched} ", script, StringComparison.Ordinal);
        Assert.Contains($"Execute-Command -CmdletName '{cmdlet}' ", script, StringComparison.Ordinal);
        Assert.Equal(routing is not null, script.Contains("-ParameterBasedRoutingHintDelegate", StringComparison.Ordinal));
        Assert.Contains(routing ?? "", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Remove-Mailbox", "High")]
    [InlineData("Set-Mailbox", "Medium")]
    public async Task A_function_says_how_much_it_changes(string cmdlet, string impact)
    {
        Assert.Contains($"ConfirmImpact='{impact}'", (await StartAsync(cmdlet)).Texts("fileContent")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_can_take_the_place_of_the_module()
    {
        var file = Path.Combine(Path.GetTempPath(), $"module-{Guid.NewGuid():N}.psm1");
        const string Text = "function script:Get-Something\r\n{\r\n}\r\nfunction Get-Inner {}\r\nfunction script:Set-Something\n{\n}\n";
        await File.WriteAllTextAsync(file, Text);
        try
        {
            using var tenant = new AdminApiHarness(new TenantOptions { ModuleFile = file });
            var path = $"/adminapi/v1.0/{AdminApiHarness.TenantId:D}/EXOModuleFile?Version=3.7.0";
            var exchange = (await tenant.SendAsync("GET", path)).Ok();
            var compliance = (await tenant.SendAsync("GET", path, service: TenantService.SecurityCompliance)).Ok();

            Assert.Equal(Text, exchange.Texts("fileContent")[0]);
            Assert.Equal("Get-Something,Set-Something", (string)exchange.Json["exportedCmdlets"]!);
            Assert.Contains("script:Get-Label", compliance.Texts("fileContent")[0], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("'no functions'")]
    public async Task A_module_file_that_is_none_is_named(string? text)
    {
        var file = Path.Combine(Path.GetTempPath(), $"module-{Guid.NewGuid():N}.psm1");
        try
        {
            if (text is not null)
            {
                await File.WriteAllTextAsync(file, text);
            }

            var failure = Assert.Throws<TenantException>(() => new AdminApiHarness(new TenantOptions { ModuleFile = file }));
            Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("*", 846)]
    [InlineData("Get-Mailbox", 1)]
    [InlineData("get-mailbox, Set-Mail?ox, Nothing-*", 2)]
    [InlineData("Nothing-*", 0)]
    public async Task The_list_is_cut_to_the_names_asked_for(string names, int expected)
    {
        Assert.Equal(expected, Exported(await StartAsync(names)).Length);
    }

    [Fact]
    public async Task Readers_only_read()
    {
        var cmdlets = Exported(await StartAsync(caller: AdminApiHarness.Caller(AdminApiHarness.GlobalReader)));

        Assert.InRange(cmdlets.Length, 200, 400);
        Assert.All(cmdlets, name => Assert.Matches("^(Get|Test)-", name));
    }

    [Theory]
    [InlineData(AdminApiHarness.RecipientAdministrator, "Set-Mailbox New-DistributionGroup Add-MailboxPermission",
        "Set-TransportRule New-InboundConnector Set-OrganizationConfig")]
    [InlineData(AdminApiHarness.HelpdeskAdministrator, "Get-Mailbox Set-MailboxRegionalConfiguration", "Set-Mailbox Get-TransportRule")]
    [InlineData(AdminApiHarness.SecurityAdministrator, "Set-HostedContentFilterPolicy Get-TransportRule", "Set-Mailbox")]
    [InlineData(AdminApiHarness.ComplianceAdministrator, "Get-Mailbox Set-RetentionPolicy New-JournalRule", "Set-Mailbox New-InboundConnector")]
    public async Task Each_role_sees_its_own(string role, string allowed, string forbidden)
    {
        var cmdlets = Exported(await StartAsync(caller: AdminApiHarness.Caller(role)));

        Assert.All(allowed.Split(' '), name => Assert.Contains(name, cmdlets));
        Assert.All(forbidden.Split(' '), name => Assert.DoesNotContain(name, cmdlets));
    }

    [Fact]
    public async Task Roles_that_a_service_does_not_know_are_refused_by_name_of_the_app()
    {
        var helpdesk =
            await RawStartAsync(caller: AdminApiHarness.Caller(AdminApiHarness.HelpdeskAdministrator), service: TenantService.SecurityCompliance);
        var stranger = await RawStartAsync(caller: AdminApiHarness.Caller("fe930be7-5e62-47db-91af-98c3a49a38b1"));

        foreach (var response in new[] { helpdesk, stranger })
        {
            Assert.Equal(403, response.Status);
            Assert.StartsWith(
                "The role assigned to application 5b1c7d2e-1111-4222-8333-abcdefabcdef isn't supported in this scenario.",
                (string)response.Json["error"]!["message"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_the_permission_the_token_is_refused()
    {
        var caller = AdminApiHarness.Caller() with { Permissions = [] };
        var response = await RawStartAsync(caller: caller);

        Assert.Equal(401, response.Status);
        Assert.Equal("Bearer", response.Headers.WWWAuthenticate);
        Assert.Empty(response.Body);
    }

    [Fact]
    public async Task A_strangers_tenant_is_not_here()
    {
        Assert.Equal(404, (await _tenant.SendAsync("GET", $"/AdminApi/v1.0/{Guid.NewGuid():D}/EXOModuleFile?Version=3.7.0")).Status);
        Assert.Equal(200, (await _tenant.SendAsync("GET", "/AdminApi/v1.0/contoso.onmicrosoft.com/EXOModuleFile?Version=3.7.0")).Status);
    }

    [Fact]
    public async Task The_banner_tells_where_one_is()
    {
        var response = (await _tenant.GetAsync("EXOBanner('AutogenSession')?Version=3.7.0")).Ok();

        Assert.Contains("contoso.onmicrosoft.com", (string)response.Only["moduleBannerContent"]!, StringComparison.Ordinal);
    }

    // Microsoft's Get-ConnectionInformation calls a connection broken without it.
    [Fact]
    public async Task It_says_that_it_runs()
    {
        var response = (await _tenant.GetAsync("basicinfo('AdminApiState')")).Ok();

        Assert.Equal("AdminApiState", (string?)response.Json["PropertyName"]);
        Assert.Equal("Running", (string?)response.Json["PropertyValue"]);
        Assert.Equal(404, (await _tenant.GetAsync("basicinfo('Other')")).Status);
    }

    [Fact]
    public async Task The_front_door_of_compliance_sends_to_the_region()
    {
        var path = $"/AdminApi/v1.0/{AdminApiHarness.TenantId:D}/EXOModuleFile?Version=3.7.0";
        var response = await _tenant.SendAsync(
            "GET", path, service: TenantService.SecurityCompliance, host: "ps.compliance.protection.exoconnect.localhost:8443");

        Assert.Equal(302, response.Status);
        Assert.Equal($"https://nam12b.admin.protection.exoconnect.localhost:446{path}", response.Headers.Location);
        Assert.Contains("exchangecookie=", response.Headers.SetCookie.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_region_marks_those_who_come_without_a_mark()
    {
        var first = await RawStartAsync(service: TenantService.SecurityCompliance);
        var cookie = first.Headers.SetCookie.ToString().Split(';')[0];
        var second = await _tenant.SendAsync(
            "GET", StartPath, headers: new Dictionary<string, string> { ["Cookie"] = cookie }, service: TenantService.SecurityCompliance);

        Assert.StartsWith("exchangecookie=", cookie, StringComparison.Ordinal);
        Assert.Empty(second.Headers.SetCookie.ToString());
    }

    [Theory]
    [InlineData("POST", "EXOModuleFile", 405)]
    [InlineData("GET", "InvokeCommand", 405)]
    [InlineData("GET", "Nothing", 404)]
    [InlineData("GET", "", 404)]
    public async Task What_is_not_there_says_so(string method, string resource, int status)
    {
        var response = await _tenant.SendAsync(method, $"/adminapi/beta/{AdminApiHarness.TenantId:D}/{resource}", "{}");

        Assert.Equal(status, response.Status);
        Assert.NotNull(response.Json["error"]);
    }

    [Fact]
    public async Task The_key_is_another_after_rotation()
    {
        var before = (await StartAsync("Get-Mailbox")).Texts("fileContent")[0];
        _tenant.Service.Data.Key.Rotate();

        Assert.NotEqual(before, (await StartAsync("Get-Mailbox")).Texts("fileContent")[0]);
    }

    private static string StartPath => $"/AdminApi/v1.0/{AdminApiHarness.TenantId:D}/EXOModuleFile?Version=3.7.0";

    private static string[] Exported(HarnessResponse response)
    {
        return ((string)response.Json["exportedCmdlets"]!).Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<HarnessResponse> StartAsync(string names = "*", TenantService service = TenantService.ExchangeOnline, Caller? caller = null)
    {
        return (await _tenant.SendAsync("GET", StartPath, null, new Dictionary<string, string> { ["CommandName"] = names }, service, caller)).Ok();
    }

    private Task<HarnessResponse> RawStartAsync(Caller? caller = null, TenantService service = TenantService.ExchangeOnline)
    {
        return _tenant.SendAsync("GET", StartPath, service: service, caller: caller);
    }
}
