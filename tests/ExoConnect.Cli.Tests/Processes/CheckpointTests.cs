using System.Globalization;
using System.Text.RegularExpressions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;

namespace ExoConnect.Cli.Tests.Processes;

/// <summary>A long run that is killed, and started again.</summary>
public sealed partial class CheckpointTests : IDisposable
{
    private const int Calls = 240;

    private readonly Sandbox _user = new();

    public void Dispose() => _user.Dispose();

    /// <summary>
    /// Each call makes a mailbox of its own, which the service refuses to do twice; so its refusals, and the log of its requests, show
    /// what was sent again.
    /// </summary>
    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_and_does_nothing_twice_but_what_was_not_answered()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 5 });
        using (var connect = CliProcess.Start(_user.Folder, TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath)))
        {
            (await connect.EndAsync()).Ended(0);
        }

        var rows = _user.WriteFile("new.csv", "Name,Shared\n" + string.Concat(Enumerable.Range(0, Calls).Select(i => string.Create(CultureInfo.InvariantCulture, $"room-{i:000},true\n"))));
        var checkpoint = Path.Combine(_user.Folder, "new.checkpoint");
        string[] line = ["run", "New-Mailbox", "--from", rows, "--checkpoint", checkpoint, "--throttle-limit", "3", "--select", "Name", "-o", "csv"];
        HashSet<string> reported = [], refused = [];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        for (var kill = 0; kill <= 3; kill++)
        {
            var unanswered = await UnansweredAsync();

            // The first batches are answered; what comes then is done, and its answer held back until the kill.
            var held = kill < 3
                ? tenant.Faults.Add(new FaultRule { Path = "/$batch", Skip = 5 + kill, SlowPerKilobyte = TimeSpan.FromHours(1) })
                : null;
            using var run = CliProcess.Start(_user.Folder, line);
            if (held is not null)
            {
                for (var lines = 0; lines < 10; lines++)
                {
                    Assert.NotNull(await run.Output.ReadLineAsync());
                }

                // Three batches of ten are under way at most, and once their answers are held nothing else is.
                while (held.Happened == 0 || await UnansweredAsync() is 0 or > 30)
                {
                    await Task.Delay(100, patience.Token);
                }

                run.Signal("KILL");
                held.Remove();
            }

            var ran = await run.EndAsync();
            var reports = Reports().Matches(ran.Error).Select(m => m.Groups[1].Value).ToList();
            Assert.Equal(unanswered, reports.Count);
            Assert.Equal(kill == 0, reports.Count == 0);
            reported.UnionWith(reports);
            refused.UnionWith(Refusals().Matches(ran.Error).Select(m => m.Groups[1].Value));
        }

        // What had been done and was sent again was refused; so only what was reported was sent again, and that is a part of the whole.
        Assert.Subset(reported, refused);
        Assert.InRange(reported.Count, 3, 90);
        Assert.All(File.ReadLines(checkpoint), l => Assert.Matches("^(ExoConnect checkpoint 1 .*|[SDR] [0-9A-F]+-0)$", l));

        // Every one was made.
        using var list = CliProcess.Start(_user.Folder, "run", "Get-Mailbox", "--ResultSize", "Unlimited", "--select", "Name", "-o", "csv");
        var names = (await list.EndAsync()).Ended(0).Lines.Where(l => l.StartsWith("room-", StringComparison.Ordinal)).ToList();
        Assert.Equal(Calls, names.Count);
        Assert.Equal(Calls, names.Distinct().Count());

        // The running program has locked the file; .NET would respect that, cat doesn't.
        async Task<int> UnansweredAsync()
        {
            using var cat = CliProcess.Shell(_user.Folder, $"cat '{checkpoint}' 2>/dev/null || true");
            var lines = (await cat.EndAsync()).Output.Split('\n');
            return lines.SkipLast(1).Skip(1).GroupBy(l => l[2..]).Count(g => g.Last()[0] == 'S');
        }
    }

    [GeneratedRegex(@"New-Mailbox (room-\d+): an earlier run sent this")]
    private static partial Regex Reports();

    [GeneratedRegex(@"error: line \d+ \((room-\d+)\)")]
    private static partial Regex Refusals();
}
