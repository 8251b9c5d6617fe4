using System.Globalization;
using System.Text.RegularExpressions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Processes;

/// <summary>A long run that is killed, and started again.</summary>
public sealed partial class CheckpointTests : IDisposable
{
    private const int Calls = 240;
    private const int Kills = 3;
    private const int SeenBeforeKill = 40;

    private readonly Sandbox _user = new();

    public void Dispose() => _user.Dispose();

    /// <summary>
    /// Each call makes a mailbox of its own, which the service refuses to do twice; so its refusals, and the log of its requests, show
    /// what was sent again.
    /// </summary>
    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_and_does_nothing_twice_but_what_got_no_response()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 5, Latency = TimeSpan.FromMilliseconds(150) });
        using (var connect = CliProcess.Start(_user.Folder, TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath)))
        {
            (await connect.EndAsync()).Ended(0);
        }

        var rows = _user.WriteFile("new.csv", "Name,Shared\n"
            + string.Concat(Enumerable.Range(0, Calls).Select(i => string.Create(CultureInfo.InvariantCulture, $"room-{i:000},true\n"))));
        var checkpoint = Path.Combine(_user.Folder, "new.checkpoint");
        string[] line = ["run", "New-Mailbox", "--from", rows, "--checkpoint", checkpoint, "--throttle-limit", "3", "--select", "Name", "-o", "csv"];
        HashSet<string> reported = [], refused = [];
        for (var kill = 0; kill <= Kills; kill++)
        {
            var unanswered = Unanswered();
            using var run = CliProcess.Start(_user.Folder, line);
            if (kill < Kills)
            {
                // At another moment each time, with requests under way.
                for (var lines = 0; lines < SeenBeforeKill; lines++)
                {
                    Assert.NotNull(await run.Output.ReadLineAsync());
                }

                await Task.Delay(45 * kill);
                run.Signal("KILL");
            }

            var ran = await run.EndAsync();
            var reports = Reports().Matches(ran.Error).Select(m => m.Groups[1].Value).ToList();
            Assert.Equal(unanswered, reports.Count);
            Assert.Equal(kill == 0, reports.Count == 0);
            reported.UnionWith(reports);
            refused.UnionWith(Refusals().Matches(ran.Error).Select(m => m.Groups[1].Value));
        }

        // What had been done and was sent again was refused; so only what was reported was sent again, and that is a part of the whole:
        // none of those whose responses were seen before a kill.
        Assert.Subset(reported, refused);
        Assert.InRange(reported.Count, Kills, Calls - (Kills * SeenBeforeKill));
        Assert.All(File.ReadLines(checkpoint), l => Assert.Matches("^(ExoConnect checkpoint 1 .*|[SDR] [0-9A-F]+-0)$", l));

        // Every one was made.
        using var list = CliProcess.Start(_user.Folder, "run", "Get-Mailbox", "--ResultSize", "Unlimited", "--select", "Name", "-o", "csv");
        var names = (await list.EndAsync()).Ended(0).Lines.Where(l => l.StartsWith("room-", StringComparison.Ordinal)).ToList();
        Assert.Equal(Calls, names.Count);
        Assert.Equal(Calls, names.Distinct().Count());

        int Unanswered() => !File.Exists(checkpoint)
            ? 0
            : File.ReadAllText(checkpoint).Split('\n').SkipLast(1).Skip(1).GroupBy(l => l[2..]).Count(g => g.Last()[0] == 'S');
    }

    [GeneratedRegex(@"New-Mailbox (room-\d+): an earlier run sent this")]
    private static partial Regex Reports();

    [GeneratedRegex(@"error: line \d+ \((room-\d+)\)")]
    private static partial Regex Refusals();
}
