using System.Diagnostics;
using System.Threading.Channels;

namespace ExoConnect.Pipeline;

/// <summary>
/// Feeds a cmdlet's pipeline input to parallel work, and writes the results in the order of the input. The pipeline's thread waits only when all
/// slots of the work are taken, and at the end.
/// </summary>
internal sealed class BulkPipe<TInput, TResult> : IDisposable
{
    /// <summary>How many inputs are taken ahead of the work: enough that it never waits for the next object.</summary>
    private const int Ahead = 16;

    /// <summary>
    /// Input this slow comes from a command that waits for the results, and taking the next meanwhile gains nothing. Results can be written only
    /// while the cmdlet has the pipeline, which is between an input and the next.
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
    /// <param name="bridge">The cmdlet's bridge to the engine.</param>
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

    /// <summary>Passes an input to the work, and writes the results that are ready.</summary>
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

    /// <summary>Ends the input, and writes the remaining results.</summary>
    public void Finish()
    {
        _inputs.Writer.TryComplete();
        while (WriteNext())
        {
        }
    }

    /// <summary>Cancels what is under way.</summary>
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

        // When the caller requests the next result, the work takes this one as written.
        _write(_results.Current);
        _underWay--;
        _next = _results.MoveNextAsync().AsTask();
        return true;
    }
}
