using System.Diagnostics;
using System.Globalization;
using ExoConnect.Core.Diagnostics;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>
/// Mixed work of sixty-four threads in eight sessions against a tenant that fails at random, with tokens that end after seconds, reconnects and
/// cancellations, and an account of every operation: what the threads were told, what the connections' logs tell, what the tenant saw, and what
/// there is in the end must be the same. <c>EXOCONNECT_LOAD_MINUTES</c> says for how long, and then the heap must not grow over the last half;
/// without it a few hundred operations run.
/// </summary>
public sealed class LoadTests(ITestOutputHelper output) : IDisposable
{
    private const int Threads = 64;
    private const int FewOperations = 500;
    private const int Samples = 60;

    /// <summary>More than what is under way at one moment differs from another.</summary>
    private const double Tolerance = 8;

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
        await using var tenant = await LoadTenant.StartAsync();
        var log = new LogOptions { Folder = _folder, MaximumFiles = 1000, MaximumSize = 8L << 30 };
        using var work = new LoadWork(tenant, log, Threads / 8);
        await work.ConnectAllAsync();
        await tenant.FailAsync();

        var length = TimeSpan.FromMinutes(Minutes);
        var elapsed = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Threads).Select(number => Task.Factory.StartNew(
            () => work.RunAsync(number, GoOn).GetAwaiter().GetResult(),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        var all = Task.WhenAll(threads);
        var memory = new List<(double Heap, double WorkingSet)>();
        var next = length / Samples;
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(20));
            if (Minutes > 0 && elapsed.Elapsed >= next && elapsed.Elapsed < length)
            {
                next += length / Samples;
                memory.Add((GC.GetTotalMemory(forceFullCollection: true) / 1048576.0, Environment.WorkingSet / 1048576.0));
            }

            Assert.True(elapsed.Elapsed < length + TimeSpan.FromMinutes(5), "It hangs: " + work.UnderWay());
        }

        await all;
        bool GoOn() => Minutes > 0 ? elapsed.Elapsed < length : work.Account.Operations < FewOperations;
        await tenant.CalmAsync();
        var minutes = elapsed.Elapsed.TotalMinutes;
        await work.CompareAsync();

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{work.Account.Operations:N0} operations of {Threads} threads in {minutes:N1} minutes, {work.Requests:N0} requests:"));
        foreach (var line in work.Account.Lines())
        {
            output.WriteLine("  " + line);
        }

        Assert.True(work.Account.Problems.IsEmpty, $"{work.Account.Problems.Count}:\n{string.Join('\n', work.Account.Problems.Take(30))}");
        if (memory.Count >= Samples / 2)
        {
            var before = Median(memory[(memory.Count / 2)..(memory.Count * 3 / 4)]);
            var after = Median(memory[(memory.Count * 3 / 4)..]);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  heap {Median(memory[..(memory.Count / 4)]):N1} MB in the first quarter, {before:N1} in the third, {after:N1} in the last; "
                + $"working set {memory[^1].WorkingSet:N0} MB"));
            Assert.InRange(after, 0, before + Tolerance);
        }

        static double Median(List<(double Heap, double WorkingSet)> samples) => samples.Select(s => s.Heap).Order().ElementAt(samples.Count / 2);
    }
}
