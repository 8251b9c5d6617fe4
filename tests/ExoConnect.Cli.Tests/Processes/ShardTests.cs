using System.Globalization;
using System.Text.RegularExpressions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Processes;

/// <summary>A list that several processes share.</summary>
public sealed partial class ShardTests : IDisposable
{
    private const int Calls = 150;
    private const int Processes = 3;

    private readonly Sandbox _user = new();

    public void Dispose() => _user.Dispose();

    /// <summary>
    /// Each call makes a mailbox of its own, which the service refuses to do twice: what was made, and what was refused, shows what was sent.
    /// </summary>
    [Fact]
    public async Task Processes_side_by_side_send_each_call_once_though_one_of_them_is_killed_and_started_again()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 5, Latency = TimeSpan.FromMilliseconds(100) });
        using (var connect = CliProcess.Start(_user.Folder, TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath)))
        {
            (await connect.EndAsync()).Ended(0);
        }

        var lines = Enumerable.Range(0, Calls).Select(i => string.Create(CultureInfo.InvariantCulture, $"room-{i:000},true\n"));
        var rows = _user.WriteFile("new.csv", "Name,Shared\n" + string.Concat(lines));
        var checkpoint = Path.Combine(_user.Folder, "new.checkpoint");
        string[] line =
            ["run", "New-Mailbox", "--from", rows, "--checkpoint", checkpoint, "--throttle-limit", "2", "--select", "Name", "-o", "ndjson"];
        using var killed = CliProcess.Start(_user.Folder, [.. line, "--shard", $"1/{Processes}"]);
        using var second = CliProcess.Start(_user.Folder, [.. line, "--shard", $"2/{Processes}"]);
        using var third = CliProcess.Start(_user.Folder, [.. line, "--shard", $"3/{Processes}"]);
        for (var read = 0; read < 12; read++)
        {
            Assert.NotNull(await killed.Output.ReadLineAsync());
        }

        killed.Signal("KILL");
        await killed.EndAsync();
        using var again = CliProcess.Start(_user.Folder, [.. line, "--shard", $"1/{Processes}"]);
        var first = await again.EndAsync();
        var others = new[] { (await second.EndAsync()).Ended(0), (await third.EndAsync()).Ended(0) };

        // Only what the killed one had sent and got no response to may have gone twice; the next run says which that was.
        var reported = Reports().Matches(first.Error).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Subset(reported, Refusals().Matches(first.Error).Select(m => m.Groups[1].Value).ToHashSet());
        Assert.InRange(reported.Count, 0, 20);
        Assert.All(others, o => Assert.DoesNotContain("error:", o.Error, StringComparison.Ordinal));

        // The others had different parts, and all of it was made.
        var made = others.Select(o => o.Lines.Where(l => l.Contains("room-", StringComparison.Ordinal)).ToHashSet()).ToList();
        Assert.All(made, m => Assert.InRange(m.Count, Calls / Processes / 2, Calls / Processes * 2));
        Assert.Empty(made[0].Intersect(made[1]));
        using var list = CliProcess.Start(_user.Folder, "run", "Get-Mailbox", "--ResultSize", "Unlimited", "--select", "Name", "-o", "csv");
        Assert.Equal(Calls, (await list.EndAsync()).Ended(0).Lines.Where(l => l.StartsWith("room-", StringComparison.Ordinal)).Distinct().Count());
        Assert.Equal(Processes, Directory.GetFiles(_user.Folder, "new.checkpoint.*-of-3").Length);
    }

    [GeneratedRegex(@"New-Mailbox (room-\d+): an earlier run sent this")]
    private static partial Regex Reports();

    [GeneratedRegex(@"error: line \d+ \((room-\d+)\)")]
    private static partial Regex Refusals();
}
