using System.Text;
using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Tests;

public sealed class CatalogTests
{
    [Fact]
    public void The_built_in_catalog_has_all_cmdlets_of_both_services()
    {
        var catalog = CmdletCatalog.Load(null);

        Assert.Equal(846, catalog.Of(TenantService.ExchangeOnline).Count());
        Assert.Equal(271, catalog.Of(TenantService.SecurityCompliance).Count());
    }

    [Fact]
    public void The_text_round_trips()
    {
        var catalog = CmdletCatalog.Load(null);
        var text = CatalogText.Format(catalog.Cmdlets);

        Assert.Equal(CmdletCatalog.Resource("cmdlets.txt").Split('\n')[1..], text.Split('\n'));
        Assert.Equal(text, CatalogText.Format(CatalogText.Parse(text)));
        Assert.True(Encoding.UTF8.GetByteCount(text) < 512 * 1024);
    }

    [Fact]
    public void A_line_reads_as_the_readme_says()
    {
        var cmdlet = Assert.Single(CatalogText.Parse(
            "# comment\n\nGet-Thing ES Identity !high !single !folder=Identity "
            + "Identity:ThingIdParameter@Identity=m0vn@Other~Set=12 Confirm:SwitchParameter|cf^E Name:DateTime?\n"));

        Assert.Equal(("Get", "Thing", "Identity"), (cmdlet.Verb, cmdlet.Noun, cmdlet.DefaultParameterSet));
        Assert.Equal(CatalogServices.ExchangeOnline | CatalogServices.SecurityCompliance, cmdlet.Services);
        Assert.Equal(
            [new ParameterSetMember("Identity", true, 0, true, true), new ParameterSetMember("Other Set", false, 12, false, false)],
            cmdlet.Parameters[0].Sets);
        Assert.Equal(
            (true, false, "Identity", true), (cmdlet.IsOfHighImpact, cmdlet.IsBatched, cmdlet.RoutedBy, cmdlet.IsRoutedByFolder));
        Assert.Equal(("DateTime", true), (cmdlet.Parameters[2].Type, cmdlet.Parameters[2].IsUntyped));
        Assert.Equal(["cf"], cmdlet.Parameters[1].Aliases);
        Assert.Equal(CatalogServices.ExchangeOnline, cmdlet.Parameters[1].Services);
        Assert.Same(cmdlet.Parameters[1], cmdlet.Find("CF"));
        Assert.Equal(ParameterDefinition.AllSets, Assert.Single(cmdlet.Parameters[2].Sets).Name);
    }

    [Theory]
    [InlineData("Get-Thing", "a name, services")]
    [InlineData("Get-Thing X -", "'X' is no service")]
    [InlineData("Get-Thing E - Name", "a colon and a type are missing")]
    [InlineData("Get-Thing E - Name:String@Set=q", "'q' is no flag")]
    public void A_line_that_is_none_is_named(string line, string expected)
    {
        var failure = Assert.Throws<FormatException>(() => CatalogText.Parse($"# first\n{line}\n"));

        Assert.StartsWith("Line 2 of the cmdlet catalog:", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-HostedOutboundSpamFilterPolicy")]
    [InlineData("Get-MailboxStatistics")]
    [InlineData("Get-MailboxFolderStatistics")]
    [InlineData("Get-QuarantineMessage")]
    [InlineData("Get-ManagementRole")]
    [InlineData("Set-OrganizationConfig")]
    public void What_the_service_needs_no_argument_for_is_run_without(string name)
    {
        var cmdlet = CmdletCatalog.Load(null).Find(TenantService.ExchangeOnline, name)!;

        Assert.Contains(
            cmdlet.Parameters.SelectMany(parameter => parameter.Sets).Select(set => set.Name).Append(cmdlet.DefaultParameterSet!).Distinct(),
            set => !cmdlet.Parameters.Any(parameter => parameter.IsMandatoryIn(set)));
    }

    [Fact]
    public void Sets_and_pipeline_are_those_that_the_service_sends()
    {
        var catalog = CmdletCatalog.Load(null);

        Assert.Equal("Summary", catalog.Find(TenantService.ExchangeOnline, "Get-QuarantineMessage")!.DefaultParameterSet);
        Assert.All(
            catalog.Find(TenantService.ExchangeOnline, "Get-MailboxPermission")!.Find("Identity")!.Sets,
            set => Assert.Equal((false, true), (set.Pipeline, set.PipelineByName)));
        Assert.NotNull(catalog.Find(TenantService.ExchangeOnline, "Search-AdminAuditLog"));
        Assert.NotNull(catalog.Find(TenantService.ExchangeOnline, "Get-MessageTraceV2"));
        Assert.Equal(16, catalog.Of(TenantService.ExchangeOnline).Count(cmdlet => !cmdlet.IsBatched));
        Assert.Equal(16, catalog.Of(TenantService.ExchangeOnline).Count(cmdlet => cmdlet.RoutedBy is not null));
    }

    [Fact]
    public async Task A_file_replaces_the_built_in_catalog()
    {
        var file = Path.Combine(Path.GetTempPath(), $"catalog-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(
            file,
            """
            [{"name":"Get-Mailbox","services":["ExchangeOnline"],"defaultParameterSet":null,"parameters":[
              {"name":"Identity","type":"String","aliases":[],"services":["ExchangeOnline"],
               "sets":[{"name":"__AllParameterSets","mandatory":true,"position":0,"pipeline":true,"pipelineByName":false}]}]}]
            """);
        try
        {
            using var tenant = new AdminApiHarness(new TenantOptions { CatalogFile = file });
            var cmdlet = Assert.Single(tenant.Service.Data.Catalog.Cmdlets);
            Assert.Equal(new ParameterSetMember("__AllParameterSets", true, 0, true, false), Assert.Single(cmdlet.Parameters[0].Sets));
            Assert.Equal(200, (await tenant.InvokeAsync("Get-Mailbox", new { Identity = "adele.vance" })).Status);
            Assert.Equal(403, (await tenant.InvokeAsync("Set-Mailbox", new { Identity = "adele.vance" })).Status);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[{\"services\":[]}]")]
    [InlineData("[{\"name\":\"A-B\",\"services\":[\"Elsewhere\"]}]")]
    [InlineData("[")]
    public void A_file_that_is_none_says_so(string json)
    {
        Assert.Throws<FormatException>(() => CatalogJson.Parse(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var failure = Assert.Throws<TenantException>(() => CmdletCatalog.Load("no-such-catalog.json"));

        Assert.Contains("no-such-catalog.json", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_enum_with_values_is_a_type_of_the_catalog()
    {
        HashSet<string> types =
            [.. CmdletCatalog.Load(null).Cmdlets.SelectMany(cmdlet => cmdlet.Parameters).Select(parameter => parameter.ElementType)];

        foreach (var line in CmdletCatalog.Resource("enums.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            var type = line[..line.IndexOf(": ", StringComparison.Ordinal)];
            Assert.Contains(type, types);
            Assert.NotEmpty(EnumValues.Of($"{type}[]")!);
        }
    }
}
