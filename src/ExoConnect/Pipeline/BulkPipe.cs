using System.Diagnostics;
using System.Threading.Channels;

namespace ExoConnect.Pipeline;

/// <summary>
/// Feeds a cmdlet's pipeline input to work that runs in parallel, and writes its results in the order of the input. The pipeline's thread
/// waits only where the work has no more room, and at the end.
/// </summary>
internal sealed class BulkPipe<TInput, TResult> : IDisposable
{
    /// <summary>What is taken from the pipeline ahead of the work: enough that it never waits for the next object.</summary>
    private const int Ahead = 16;

    /// <summary>
    /// Input that comes this slowly comes from somebody who waits for the response, and nothing is won by taking the next meanwhile. Results are
    /// written
    /// while we have the pipeline, which is between an input and the next.
    /// </summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly PipelineBridge _bridge;
    private readonly Action<TResult> _write;
    private readonly CancellationTokenSource _stop;
    private readonly Channel<TInput> _inputs = Channel.CreateBounded<TInput>(
        new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });

    private readonly IAsyncEnumerator<TResult> _results;
    private Task<bool> _next;
    private long _left;
    private int _underWay;

    /// <summary>Begins to work.</summary>
    /// <param name="bridge">The cmdlet's way to the engine.</param>
    /// <param name="work">The work: a stream of inputs in, a stream of results out.</param>
    /// <param name="write">Writes a result; called on the pipeline's thread.</param>
    public BulkPipe(
        PipelineBridge bridge, Func<IAsyncEnumerable<TInput>, CancellationToken, IAsyncEnumerable<TResult>> work, Action<TResult> write)
    {
        _bridge = bridge;
        _write = write;
        _left = bridge.Began;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(bridge.StopToken);
        _results = work(_inputs.Reader.ReadAllAsync(_stop.Token), _stop.Token).GetAsyncEnumerator(_stop.Token);
        _next = _results.MoveNextAsync().AsTask();
    }

    /// <summary>Gives the work an input, and writes what has become ready.</summary>
    public void Add(TInput input)
    {
        var isSlow = Stopwatch.GetElapsedTime(_left) >= Slow;
        while (!_inputs.Writer.TryWrite(input))
        {
            // Whichever comes first: waiting for a result alone would starve the work.
            var room = _inputs.Writer.WaitToWriteAsync(_stop.Token).AsTask();
            _bridge.Await(new ValueTask<Task<bool>>(Task.WhenAny(room, _next)));
            if (_next.IsCompleted)
            {
                WriteNext();
            }
        }

        _underWay++;
        while (_next.IsCompleted)
        {
            WriteNext();
        }

        if (isSlow)
        {
            Flush();
        }

        _left = Stopwatch.GetTimestamp();
    }

    /// <summary>Waits for the results of all inputs so far, and writes them.</summary>
    public void Flush()
    {
        while (_underWay > 0)
        {
            WriteNext();
        }
    }

    /// <summary>Says that there is no more input, and writes what is left.</summary>
    public void Finish()
    {
        _inputs.Writer.TryComplete();
        while (WriteNext())
        {
        }
    }

    /// <summary>Gives up what is under way.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        _results.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private bool WriteNext()
    {
        if (!_bridge.Await(new ValueTask<bool>(_next)))
        {
            return false;
        }

        // Asked for the next, the work takes this one for written.
        _write(_results.Current);
        _underWay--;
        _next = _results.MoveNextAsync().AsTask();
        return true;
    }
}
