using System.Text.Json;

namespace ExoConnect.Cli.Tests.Processes;

public sealed class ProcessTests(TenantFixture fixture) : IClassFixture<TenantFixture>, IDisposable
{
    private readonly Sandbox _user = new();

    private string Home => _user.Folder;

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task The_demonstration_works_and_leaves_nothing_behind()
    {
        using var demo = CliProcess.Start(Home, "demo");
        var ran = (await demo.EndAsync()).Ended(0);
        Assert.Empty(ran.Error);
        Assert.DoesNotContain('\e', ran.Output);
        Assert.Equal(11, ran.Lines.Count(l => l.StartsWith("✓ ", StringComparison.Ordinal)));
        Assert.Contains("adele.vance@contoso.onmicrosoft.com", ran.Output, StringComparison.Ordinal);
        Assert.Contains("error: The operation couldn't be performed because object 'nobody@contoso.onmicrosoft.com' couldn't be found", ran.Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", ran.Output, StringComparison.Ordinal);
        AssertNothingLeft();
    }

    [Fact]
    public async Task The_demonstration_cleans_up_when_it_is_interrupted()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // Slow enough that the signal finds it at work.
        using var demo = CliProcess.Start(Home, "demo", "--latency", "1000");
        while (await demo.Output.ReadLineAsync() is { } line && !line.Contains("into the store", StringComparison.Ordinal))
        {
        }

        demo.Signal("INT");
        (await demo.EndAsync()).Ended(130);
        AssertNothingLeft();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_tenant_ends_well_by_a_signal_and_takes_its_folder_along(string signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tenant = CliProcess.Start(Home, "tenant", "start", "--json");
        using var json = JsonDocument.Parse((await tenant.Output.ReadLineAsync())!);
        var folder = json.RootElement.GetProperty("stateDirectory").GetString()!;
        Assert.True(Directory.Exists(folder));
        tenant.Signal(signal);
        Assert.Empty((await tenant.EndAsync()).Ended(0).Error);
        Assert.False(Directory.Exists(folder));
        AssertNothingLeft();
    }

    [Fact]
    public async Task A_tenant_does_not_outlive_its_script()
    {
        using var tenant = CliProcess.Start(Home, "tenant", "start", "--json", "--until-stdin-closes");
        Assert.NotNull(await tenant.Output.ReadLineAsync());
        tenant.CloseInput();
        (await tenant.EndAsync()).Ended(0);
        AssertNothingLeft();
    }

    [Fact]
    public async Task Head_ends_a_long_list_quietly()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await ConnectAsync();
        foreach (var format in new[] { "ndjson", "csv", "table", "json" })
        {
            using var shell = CliProcess.Shell(
                Home, $"set -o pipefail; {CliProcess.CommandLine} run Get-Mailbox --ResultSize Unlimited --page-size 100 --verbose -o {format} | "
                    + "head -2; echo \"codes ${PIPESTATUS[*]}\"");
            var ran = (await shell.EndAsync()).Ended(0);
            Assert.Equal(3, ran.Lines.Length);
            Assert.Equal("codes 0 0", ran.Lines[2]);
            Assert.DoesNotContain("error", ran.Error, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("page 12,", ran.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_full_disk_ends_with_1()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        await ConnectAsync();
        using var shell = CliProcess.Shell(Home, $"{CliProcess.CommandLine} run Get-Mailbox -o csv > /dev/full");
        Assert.Contains("error: ", (await shell.EndAsync()).Ended(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_and_errors_can_share_a_file()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await ConnectAsync();
        using var shell = CliProcess.Shell(
            Home, $"{CliProcess.CommandLine} run Get-Mailbox --ResultSize 2 --select Alias,Nix -o csv > both.txt 2>&1; cat both.txt");
        var ran = (await shell.EndAsync()).Ended(0);
        Assert.Equal(5, ran.Lines.Length);
        Assert.Contains("Alias,Nix", ran.Lines);
        Assert.Contains("adele.vance,", ran.Lines);
        Assert.Equal(2, ran.Lines.Count(l => l.StartsWith("warning: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Interrupted_it_ends_with_130_at_once()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var slow = await LocalTenant.Hosting.Tenant.StartAsync(new LocalTenant.TenantOptions());
        using (var connect = CliProcess.Start(Home, TenantFixture.ConnectLine(slow, "--certificate", slow.PemPath)))
        {
            (await connect.EndAsync()).Ended(0);
        }

        slow.Faults.Add(new LocalTenant.Faults.FaultRule { Cmdlet = "Get-Mailbox", Delay = TimeSpan.FromMinutes(5) });
        using var run = CliProcess.Start(Home, "run", "Get-Mailbox", "-o", "json");
        while (!slow.Requests.Snapshot().Any(r => r.Cmdlet == "Get-Mailbox"))
        {
            await Task.Delay(20);
        }

        run.Signal("INT");
        var ran = (await run.EndAsync()).Ended(130);
        Assert.Empty(ran.Output + ran.Error);
    }

    [Fact]
    public async Task The_culture_of_the_machine_changes_nothing()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await ConnectAsync();
        var outputs = await Task.WhenAll(new[] { "C", "de_DE.UTF-8", "tr_TR.UTF-8", "ar_SA.UTF-8" }.Select(async culture =>
        {
            using var shell = CliProcess.Shell(
                Home,
                $"{CliProcess.CommandLine} run GET-MAILBOX --identity adele.vance -o csv",
                ("LANG", culture), ("LC_ALL", culture), ("TZ", culture == "C" ? "UTC" : "Asia/Tokyo"));
            return (await shell.EndAsync()).Ended(0).Output;
        }));
        Assert.Single(outputs.Distinct());
        Assert.Contains("Z,", outputs[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_connects_at_once_do_not_disturb_each_other()
    {
        var ran = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var connect = CliProcess.Start(Home, fixture.Connect("--profile", "p" + i));
            return await connect.EndAsync();
        }));
        Assert.All(ran, r => r.Ended(0));
        using var status = CliProcess.Start(Home, "status", "--output", "json");
        using var json = JsonDocument.Parse((await status.EndAsync()).Ended(0).Output);
        Assert.Equal(4, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Nothing_is_asked_where_nobody_is()
    {
        using var connect = CliProcess.Start(Home, TenantFixture.ConnectLine(fixture.Tenant, "--certificate", fixture.Tenant.PfxPath));
        Assert.Contains("--password-file", (await connect.EndAsync()).Ended(3).Error, StringComparison.Ordinal);
    }

    private async Task ConnectAsync()
    {
        using var connect = CliProcess.Start(Home, fixture.Connect());
        (await connect.EndAsync()).Ended(0);
    }

    private void AssertNothingLeft()
    {
        // .NET itself keeps folders there for its diagnostics; they are not ours.
        var left = Directory.EnumerateFileSystemEntries(Home, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Home, f))
            .Where(f => f != "tmp" && !Path.GetFileName(f).StartsWith("clr-debug-pipe-", StringComparison.Ordinal)
                && !Path.GetFileName(f).StartsWith("dotnet-diagnostic-", StringComparison.Ordinal));
        Assert.Empty(left);
    }
}
