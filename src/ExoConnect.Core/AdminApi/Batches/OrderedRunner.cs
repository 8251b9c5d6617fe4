using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ExoConnect.Core.AdminApi.Batches;

/// <summary>
/// Works on many inputs in parallel and returns the results in the order of the inputs. Both the inputs that are read ahead and the results that
/// wait for their turn are bounded, whatever the number of inputs.
/// </summary>
public static class OrderedRunner
{
    /// <summary>How many inputs are under way at once by default.</summary>
    public const int DefaultLimit = 8;

    /// <summary>How many results may wait after a slow one, for each input under way.</summary>
    private const int Waiting = 4;

    /// <summary>Runs the work.</summary>
    /// <param name="inputs">The inputs; the runner takes each when a slot is free.</param>
    /// <param name="work">
    /// The work on one input. The part before its first wait runs in the order of the inputs. An exception ends the run at that result; a failure
    /// that concerns one input only belongs in its result.
    /// </param>
    /// <param name="limit">How many inputs may be under way at once, at least 1.</param>
    /// <param name="cancellationToken">Stops everything at once.</param>
    /// <returns>The results. To stop reading them cancels what is under way.</returns>
    public static async IAsyncEnumerable<TResult> RunAsync<TInput, TResult>(
        IAsyncEnumerable<TInput> inputs, Func<TInput, CancellationToken, Task<TResult>> work, int limit,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var places = new SemaphoreSlim(limit);
        var results = Channel.CreateBounded<Task<TResult>>(
            new BoundedChannelOptions(limit * Waiting) { SingleReader = true, SingleWriter = true });
        var feeding = Task.Run(FeedAsync, CancellationToken.None);
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return await result.ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // A caller that holds every slot is alone: nothing is under way.
            for (var i = 0; i < limit; i++)
            {
                await places.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }

        async Task FeedAsync()
        {
            try
            {
                await foreach (var input in inputs.WithCancellation(stop.Token).ConfigureAwait(false))
                {
                    await places.WaitAsync(stop.Token).ConfigureAwait(false);
                    await results.Writer.WriteAsync(RunOneAsync(input), stop.Token).ConfigureAwait(false);
                }

                results.Writer.Complete();
            }
            catch (Exception e)
            {
                // The caller gets it after the results that came before.
                results.Writer.Complete(e);
            }
        }

        async Task<TResult> RunOneAsync(TInput input)
        {
            try
            {
                return await work(input, stop.Token).ConfigureAwait(false);
            }
            finally
            {
                places.Release();
            }
        }
    }
}
