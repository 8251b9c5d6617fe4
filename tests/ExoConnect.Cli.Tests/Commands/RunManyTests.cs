using System.Text.Json;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Commands;

/// <summary><c>run --from</c>: one cmdlet for each line of a file.</summary>
public sealed class RunManyTests(TenantFixture fixture) : IClassFixture<TenantFixture>
{
    [Fact]
    public async Task Every_line_is_a_call_and_results_come_in_their_order()
    {
        var aliases = (await fixture.RunAsync("Get-Mailbox", "--ResultSize", "60", "--select", "Alias", "-o", "csv")).Lines.Skip(1).Reverse().ToList(
            );
        var file = fixture.User.WriteFile("mailboxes.csv", "Identity\n" + string.Join('\n', aliases));
        fixture.Tenant.Requests.Clear();
        var ran = (await fixture.RunAsync("Get-Mailbox", "--from", file, "--select", "Alias", "-o", "csv", "--throttle-limit", "3")).Ended(0);

        Assert.Equal(aliases, ran.Lines.Skip(1));
        Assert.Empty(ran.Error);
        Assert.Contains(fixture.Tenant.Requests.Snapshot(), r => r.Target.EndsWith("/$batch", StringComparison.Ordinal));
        Assert.InRange(fixture.Tenant.Requests.MaxConcurrent, 1, 3);
    }

    [Fact]
    public async Task Columns_are_typed_parameters_and_the_command_line_fills_the_gaps()
    {
        var file = fixture.User.WriteFile(
            "changes.csv",
            "Identity;HiddenFromAddressLists;CustomAttribute3;CustomAttribute4;EmailAddresses:=\n"
            + "adele.vance;true;one;$null;\"{\"\"Add\"\": [\"\"a2@contoso.onmicrosoft.com\"\"]}\"\nanton.marino;false;;;\n");
        (await fixture.RunAsync("Set-Mailbox", "--from", file, "--CustomAttribute3", "both")).Ended(0);

        var adele = await MailboxAsync("adele.vance");
        var anton = await MailboxAsync("anton.marino");
        Assert.Equal("one", adele.GetProperty("CustomAttribute3").GetString());
        Assert.True(adele.GetProperty("HiddenFromAddressListsEnabled").GetBoolean());
        Assert.Contains("a2@contoso.onmicrosoft.com", adele.GetProperty("EmailAddresses").ToString(), StringComparison.Ordinal);
        Assert.Equal("both", anton.GetProperty("CustomAttribute3").GetString());
        Assert.False(anton.GetProperty("HiddenFromAddressListsEnabled").GetBoolean());
    }

    [Theory]
    [InlineData(
        "{\"Identity\":\"adele.vance\",\"CustomAttribute6\":\"j\"}\n{\"Identity\":\"nobody\",\"CustomAttribute6\":\"j\"}\n", "line 2 (nobody)")]
    [InlineData(
        "[{\"Identity\":\"adele.vance\",\"CustomAttribute6\":\"j\"},{\"Identity\":\"nobody\",\"CustomAttribute6\":\"j\"}]", "item 2 (nobody)")]
    [InlineData("Identity,CustomAttribute6\nadele.vance,j\nnobody,j\n", "line 3 (nobody)")]
    public async Task A_failure_names_its_line_and_stops_no_other(string input, string place)
    {
        fixture.User.Input = input;
        var ran = (await fixture.RunAsync("Set-Mailbox", "--from", "-")).Ended(1);

        Assert.Contains($"error: {place}: The operation couldn't be performed because object 'nobody'", ran.Error, StringComparison.Ordinal);
        Assert.EndsWith("1 done, 1 failed.\n", ran.Error, StringComparison.Ordinal);
        Assert.Equal("j", (await MailboxAsync("adele.vance")).GetProperty("CustomAttribute6").GetString());
    }

    [Fact]
    public async Task A_file_is_checked_before_anything_is_sent()
    {
        var file = fixture.User.WriteFile("wrong.csv", "Identity,HiddenFromAddressListsEnabled\nadele.vance,true\nanton.marino,many\nx,1,2\n");
        fixture.Tenant.Requests.Clear();
        var ran = (await fixture.RunAsync("Set-Mailbox", "--from", file)).Ended(2);

        Assert.Contains("error: line 3: --HiddenFromAddressListsEnabled: 'many' is not true or false.", ran.Error, StringComparison.Ordinal);
        Assert.Contains("error: line 4: It has 3 values", ran.Error, StringComparison.Ordinal);
        Assert.EndsWith("2 of 3 lines make no sense. Nothing was run.\n", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            fixture.Tenant.Requests.Snapshot(), r => r.Cmdlet == "Set-Mailbox" || r.Target.EndsWith("/$batch", StringComparison.Ordinal));

        var unknown = fixture.User.WriteFile("unknown.csv", "Identity,Colour\nadele.vance,blue\n");
        Assert.Contains("has no parameter Colour", (await fixture.RunAsync("Set-Mailbox", "--from", unknown)).Ended(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_pipe_a_wrong_line_is_a_failure_in_its_place()
    {
        fixture.User.Input = "{\"Identity\":\"adele.vance\"}\nnonsense\n{\"Identity\":\"nobody\"}\n{\"Identity\":\"anton.marino\"}\n{\"Colour\":1}";
        var ran = (await fixture.RunAsync("Get-Mailbox", "--from", "-", "--select", "Alias", "-o", "ndjson")).Ended(1);

        Assert.Equal(["{\"Alias\":\"adele.vance\"}", "{\"Alias\":\"anton.marino\"}"], ran.Lines);
        Assert.Matches(
            "(?s)error: line 2: It is not JSON.*error: line 3 \\(nobody\\).*error: line 5: Get-Mailbox has no parameter Colour.*2 done, 3 failed\\.",
            ran.Error);
    }

    [Fact]
    public async Task A_checkpoint_remembers_what_is_done()
    {
        var checkpoint = Path.Combine(fixture.User.Folder, "changes.checkpoint");
        var file = fixture.User.WriteFile("numbers.csv", "Identity,CustomAttribute7\nadele.vance,1\nnobody,2\nanton.marino,3\n");
        var first = (await fixture.RunAsync("Set-Mailbox", "--from", file, "--checkpoint", checkpoint)).Ended(1);
        Assert.EndsWith("2 done, 1 failed. The same command does what is missing.\n", first.Error, StringComparison.Ordinal);

        fixture.Tenant.Requests.Clear();
        var second = (await fixture.RunAsync("Set-Mailbox", "--from", file, "--checkpoint", checkpoint)).Ended(1);
        Assert.Single(fixture.Tenant.Requests.Snapshot(), r => r.Cmdlet == "Set-Mailbox");
        Assert.Contains("error: line 3 (nobody): ", second.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            "0 done, 1 failed, 2 skipped: done in an earlier run. The same command does what is missing.\n", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_may_stand_in_a_file_and_travels_encrypted()
    {
        fixture.User.Input = "Name,MicrosoftOnlineServicesID,Password\nnewcomer,newcomer@contoso.onmicrosoft.com,Geheim-1234\n";
        var ran = (await fixture.RunAsync("New-Mailbox", "--from", "-", "--select", "Name", "-o", "csv")).Ended(0);

        Assert.Equal(["Name", "newcomer"], ran.Lines);
        Assert.DoesNotContain("Geheim", ran.Output + ran.Error, StringComparison.Ordinal);
        fixture.User.Input = "{\"Name\":\"another\",\"MicrosoftOnlineServicesID\":\"another@contoso.onmicrosoft.com\",\"Password\":\"Geheim-1234\"}";
        (await fixture.RunAsync("New-Mailbox", "--from", "-")).Ended(0);
        Assert.Contains("is a secret", (await fixture.RunAsync("New-Mailbox", "--Name", "x", "--Password:=\"Geheim\"")).Ended(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_asked_once_and_told_how_many()
    {
        var file = fixture.User.WriteFile("gone.csv", "Identity\none\ntwo\n");
        fixture.User.Answer = false;
        try
        {
            Assert.Contains("Nothing was run.", (await fixture.RunAsync("Remove-Mailbox", "--from", file)).Ended(1).Error, StringComparison.Ordinal);
            Assert.Equal("Remove-Mailbox for 2 lines: run it?", fixture.User.Prompts[^1]);
        }
        finally
        {
            fixture.User.Answer = null;
        }
    }

    [Fact]
    public async Task The_options_of_many_calls_need_a_file()
    {
        Assert.Contains("--from", (await fixture.RunAsync("Get-Mailbox", "--checkpoint", "x")).Ended(2).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await fixture.RunAsync("Get-Mailbox", "--from", "/no/such/file")).Ended(2).Error,
            StringComparison.Ordinal);
        (await fixture.RunAsync("Get-Mailbox", "--from", fixture.User.WriteFile("empty.csv", ""))).Ended(0);
    }

    [Fact]
    public async Task A_service_that_is_away_for_all_ends_with_4()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 5 });
        using var user = new Sandbox();
        (await user.RunAsync(TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath))).Ended(0);
        tenant.Faults.Add(new FaultRule { Method = "POST", Path = "/adminapi/beta/", Status = 502 });
        var file = user.WriteFile("rows.csv", "Identity,CustomAttribute1\nadele.vance,a\nanton.marino,b\n");
        (await user.RunAsync("run", "Set-Mailbox", "--from", file)).Ended(4);
    }

    [Fact]
    public async Task A_terminal_sees_how_far_it_is_and_a_file_only_results()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 20, Latency = TimeSpan.FromMilliseconds(150) });
        using var user = new Sandbox();
        (await user.RunAsync(TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath))).Ended(0);
        var file = user.WriteFile("rows.csv", "Identity\n" + string.Concat(Enumerable.Repeat("adele.vance\n", 100)));
        (user.IsTerminal, user.IsOutputFile) = (true, true);
        var ran = (await user.RunAsync("run", "Get-Mailbox", "--from", file, "--throttle-limit", "1", "-o", "ndjson", "--select", "Alias")).Ended(0);

        Assert.Equal(100, ran.Lines.Length);
        Assert.Matches("\rGet-Mailbox … [0-9]+ of 100, [0-9.]+/s, [0-9]+ s left, [0-9]+ s", ran.Error);
        Assert.Contains("100 done, none failed.", ran.Error.Split('\r')[^1], StringComparison.Ordinal);
    }

    private async Task<JsonElement> MailboxAsync(string identity)
    {
        using var json = JsonDocument.Parse((await fixture.RunAsync("Get-Mailbox", identity, "-o", "json")).Ended(0).Output);
        return json.RootElement[0].Clone();
    }
}
