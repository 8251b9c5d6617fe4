using System.Diagnostics;
using System.Globalization;
using ExoConnect.Core.Diagnostics;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>
/// Mixed work of sixty-four threads in eight sessions against a tenant that fails at random, with tokens that end after seconds, reconnects and
/// cancellations, and an account of every operation: what the threads were told, what the connections' logs tell, what the tenant saw, and what
/// there is in the end must be the same. <c>EXOCONNECT_LOAD_MINUTES</c> says for how long, and the heap is told then; without it a few hundred
/// operations run.
/// </summary>
public sealed class LoadTests(ITestOutputHelper output) : IDisposable
{
    private const int Threads = 64;
    private const int FewOperations = 500;
    private static readonly double Minutes =
        double.Parse(Environment.GetEnvironmentVariable("EXOCONNECT_LOAD_MINUTES") ?? "0", CultureInfo.InvariantCulture);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "exoconnect-load-" + Guid.NewGuid().ToString("N")[..8]);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Every_operation_of_many_threads_is_accounted_for()
    {
        await using var tenant = await Sessions.ConnectedTenant.StartAsync(new TenantOptions
        {
            TokenLifetime = TimeSpan.FromSeconds(5), Permissions = ["Directory.Read.All"],
        });
        var log = new LogOptions { Folder = _folder, MaximumFiles = 1000, MaximumSize = 8L << 30 };
        using var work = new LoadWork(tenant, log, Threads / 8);
        await work.ConnectAllAsync();
        Misbehave(tenant.Tenant.Faults);
        work.Account.Begin(tenant.Tenant.Requests);

        var length = TimeSpan.FromMinutes(Minutes);
        var elapsed = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Threads).Select(number => Task.Factory.StartNew(
            () => work.RunAsync(number, GoOn).GetAwaiter().GetResult(),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        var all = Task.WhenAll(threads);
        var memory = new List<(double Heap, double WorkingSet)>();
        var next = length / 40;
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(20));
            work.Account.Look(tenant.Tenant.Requests);
            if (Minutes > 0 && elapsed.Elapsed >= next && elapsed.Elapsed < length)
            {
                next += length / 40;
                memory.Add((GC.GetTotalMemory(forceFullCollection: true) / 1048576.0, Environment.WorkingSet / 1048576.0));
            }

            Assert.True(elapsed.Elapsed < length + TimeSpan.FromMinutes(5), "It hangs: " + work.UnderWay());
        }

        await all;
        bool GoOn() => Minutes > 0 ? elapsed.Elapsed < length : work.Account.Operations < FewOperations;
        tenant.Tenant.Faults.Clear();
        var minutes = elapsed.Elapsed.TotalMinutes;
        await work.CompareAsync();

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{work.Account.Operations:N0} operations of {Threads} threads in {minutes:N1} minutes, {work.Account.Requests:N0} requests:"));
        foreach (var line in work.Account.Lines())
        {
            output.WriteLine("  " + line);
        }

        Assert.True(work.Account.Problems.IsEmpty, $"{work.Account.Problems.Count}:\n{string.Join('\n', work.Account.Problems.Take(30))}");
        if (memory.Count >= 8)
        {
            var before = memory[(memory.Count / 2)..(memory.Count * 3 / 4)].Average(m => m.Heap);
            var after = memory[(memory.Count * 3 / 4)..].Average(m => m.Heap);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  heap {memory[memory.Count / 4].Heap:N0} MB after a quarter, {before:N1} in the third quarter, {after:N1} in the last; "
                + $"working set {memory[^1].WorkingSet:N0} MB"));
        }
    }

    private static void Misbehave(FaultSet faults)
    {
        faults.Seed(20261129);
        foreach (var service in (TenantService[])[TenantService.ExchangeOnline, TenantService.Graph])
        {
            Add(0.01, new FaultRule { Status = 503, RetryAfter = TimeSpan.Zero, Body = FaultBody.Empty });
            Add(0.005, new FaultRule { Status = 429, RetryAfter = TimeSpan.Zero });
            Add(0.01, new FaultRule { Status = 502, Body = FaultBody.Html });
            Add(0.01, new FaultRule { Status = 504, Body = FaultBody.Empty });
            Add(0.01, new FaultRule { Status = 500 });
            Add(0.01, new FaultRule { Status = 401, Body = FaultBody.Empty });
            Add(0.01, new FaultRule { Drop = FaultDrop.Before });
            Add(0.02, new FaultRule { Drop = FaultDrop.Middle });
            Add(0.01, new FaultRule { TruncateAt = 300 });
            Add(0.01, new FaultRule { SlowPerKilobyte = TimeSpan.FromMilliseconds(1) });
            Add(0.05, new FaultRule { Delay = TimeSpan.FromMilliseconds(20) });

            void Add(double probability, FaultRule rule) => faults.Add(rule with { Service = service, Probability = probability });
        }

        faults.Add(new FaultRule { Service = TenantService.Entra, Probability = 0.05, Status = 503, Body = FaultBody.Empty });
        faults.Add(new FaultRule { Service = TenantService.Entra, Probability = 0.03, Drop = FaultDrop.Before });
    }
}
