using System.Threading.Channels;

namespace ExoConnect.Cmdlets;

/// <summary>
/// Feeds a cmdlet's pipeline input to work that runs side by side, and writes its results in the order of the input. The pipeline's thread
/// waits only where the work has no more room, and at the end.
/// </summary>
internal sealed class BulkPipe<TInput, TResult> : IDisposable
{
    /// <summary>What is taken from the pipeline ahead of the work: enough that it never waits for the next object.</summary>
    private const int Ahead = 16;

    private readonly PipelineBridge _bridge;
    private readonly Action<TResult> _write;
    private readonly CancellationTokenSource _stop;
    private readonly Channel<TInput> _inputs = Channel.CreateBounded<TInput>(
        new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });

    private readonly IAsyncEnumerator<TResult> _results;
    private Task<bool> _next;

    /// <summary>Begins to work.</summary>
    /// <param name="bridge">The cmdlet's way to the engine.</param>
    /// <param name="work">The work: a stream of inputs in, a stream of results out.</param>
    /// <param name="write">Writes a result; called on the pipeline's thread.</param>
    public BulkPipe(
        PipelineBridge bridge, Func<IAsyncEnumerable<TInput>, CancellationToken, IAsyncEnumerable<TResult>> work, Action<TResult> write)
    {
        _bridge = bridge;
        _write = write;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(bridge.StopToken);
        _results = work(_inputs.Reader.ReadAllAsync(_stop.Token), _stop.Token).GetAsyncEnumerator(_stop.Token);
        _next = _results.MoveNextAsync().AsTask();
    }

    /// <summary>Gives the work an input, and writes what has become ready.</summary>
    public void Add(TInput input)
    {
        while (!_inputs.Writer.TryWrite(input))
        {
            WriteNext();
        }

        while (_next.IsCompleted)
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

        var result = _results.Current;
        _next = _results.MoveNextAsync().AsTask();
        _write(result);
        return true;
    }
}
