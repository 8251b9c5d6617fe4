using System.Runtime.CompilerServices;
using ExoConnect.Core.AdminApi.Batches;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.AdminApi.Batches;

/// <summary>Work on many inputs side by side.</summary>
public class OrderedRunnerTests
{
    [Fact]
    public void Results_come_in_the_order_of_the_inputs_whatever_the_limit_and_the_times()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<byte[]>(),
            (limit, inputs) => RunAsync(
                inputs, limit.Get % 20 + 1, async (input, stop) =>
                {
                    for (var i = 0; i < input % 7; i++)
                    {
                        await Task.Yield();
                    }

                    return input;
                }).GetAwaiter().GetResult().SequenceEqual(inputs)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task As_many_as_the_limit_are_under_way_and_no_more()
    {
        using var arrived = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var underWay = 0;
        var most = 0;
        var run = RunAsync(Enumerable.Range(0, 50), 5, async (input, stop) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref underWay));
            arrived.Release();
            await go.WaitAsync(stop);
            Interlocked.Decrement(ref underWay);
            return input;
        });
        for (var i = 0; i < 5; i++)
        {
            await arrived.WaitAsync();
        }

        Assert.Equal(0, arrived.CurrentCount);
        go.Release(50);

        Assert.Equal(Enumerable.Range(0, 50), await run);
        Assert.Equal(5, most);
    }

    [Fact]
    public async Task Behind_a_slow_one_work_goes_on_but_only_so_far()
    {
        using var go = new SemaphoreSlim(0);
        var taken = 0;
        async IAsyncEnumerable<int> Inputs()
        {
            for (var i = 0; i < 1000; i++)
            {
                Volatile.Write(ref taken, i + 1);
                yield return i;
                await Task.Yield();
            }
        }

        var run = ListAsync(OrderedRunner.RunAsync(
            Inputs(),
            async (input, stop) =>
            {
                if (input == 0)
                {
                    await go.WaitAsync(stop);
                }

                return input;
            },
            4));
        var before = -1;
        for (var now = Volatile.Read(ref taken); before != now || now < 5; now = Volatile.Read(ref taken))
        {
            before = now;
            await Task.Delay(50);
        }

        Assert.InRange(before, 5, 40);
        go.Release();
        Assert.Equal(Enumerable.Range(0, 1000), await run);
    }

    [Fact]
    public async Task A_failure_ends_the_run_in_its_place()
    {
        var results = new List<int>();
        var stopped = false;
        var next = new TaskCompletionSource();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var result in OrderedRunner.RunAsync(
                Async(Enumerable.Range(0, 100)),
                async (input, stop) =>
                {
                    if (input == 3)
                    {
                        await next.Task;
                        throw new InvalidOperationException("three");
                    }

                    if (input > 3)
                    {
                        next.TrySetResult();
                        await Task.Delay(Timeout.Infinite, stop).ContinueWith(delay => stopped = delay.IsCanceled, TaskScheduler.Default);
                    }

                    return input;
                },
                4))
            {
                results.Add(result);
            }
        });

        Assert.Equal("three", error.Message);
        Assert.Equal([0, 1, 2], results);
        Assert.True(stopped);
    }

    [Fact]
    public async Task Inputs_that_fail_end_the_run_behind_what_came_before()
    {
        static async IAsyncEnumerable<int> Inputs()
        {
            yield return 1;
            await Task.Yield();
            throw new InvalidOperationException("no more");
        }

        var results = new List<int>();
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var result in OrderedRunner.RunAsync(Inputs(), (input, _) => Task.FromResult(input), 4))
            {
                results.Add(result);
            }
        });
        Assert.Equal([1], results);
    }

    [Fact]
    public async Task Who_has_seen_enough_stops_what_is_under_way_and_waits_for_its_end()
    {
        var underWay = 0;
        await foreach (var result in OrderedRunner.RunAsync(
            Async(Enumerable.Range(0, int.MaxValue)),
            async (input, stop) =>
            {
                Interlocked.Increment(ref underWay);
                try
                {
                    await Task.Delay(input < 3 ? 0 : Timeout.Infinite, stop);
                }
                finally
                {
                    Interlocked.Decrement(ref underWay);
                }

                return input;
            },
            6))
        {
            if (result == 2)
            {
                break;
            }
        }

        Assert.Equal(0, underWay);
    }

    [Fact]
    public async Task Cancelling_ends_it_at_once()
    {
        using var stop = new CancellationTokenSource();
        var run = ListAsync(OrderedRunner.RunAsync(
            Async([1]),
            async (input, token) =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
                return input;
            },
            1,
            stop.Token));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Nothing_in_is_nothing_out() => Assert.Empty(await RunAsync(Array.Empty<int>(), 3, (input, _) => Task.FromResult(input)));

    [Fact]
    public async Task A_limit_of_none_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => RunAsync(new[] { 1 }, 0, (input, _) => Task.FromResult(input)));

    private static Task<List<TResult>> RunAsync<TInput, TResult>(
        IEnumerable<TInput> inputs, int limit, Func<TInput, CancellationToken, Task<TResult>> work) =>
        ListAsync(OrderedRunner.RunAsync(Async(inputs), work, limit));

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private static async IAsyncEnumerable<T> Async<T>(IEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return item;
        }
    }
}
