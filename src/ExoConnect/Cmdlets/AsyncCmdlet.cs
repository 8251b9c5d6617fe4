using System.Collections.Concurrent;
using System.Management.Automation;
using ExoConnect.Core;
using ExoConnect.Output;

namespace ExoConnect.Cmdlets;

/// <summary>
/// The base of the cmdlets that wait for the service. The engine works on other threads; this one, the pipeline's, waits, passes on what the
/// engine has to say, and stops waiting as soon as the user presses Ctrl+C.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ConcurrentQueue<(bool IsWarning, string Text)> _messages = new();
    private object? _engineMessages;
    private bool _disposed;

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    private protected CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the waiting needs.</summary>
    /// <param name="disposing">True if called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _stop.Dispose();
            _wake.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void BeginProcessing() => ModuleHost.UseEngine();

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet ended while Ctrl+C was on its way.
        }
    }

    /// <summary>Where the engine's messages go: to the warning and verbose streams, at the next wait.</summary>
    private protected IEngineMessages Messages => (IEngineMessages)(_engineMessages ??= new QueuedMessages(this));

    /// <summary>Waits for the engine on the pipeline's thread.</summary>
    /// <param name="task">What to wait for; it must observe <see cref="StopToken"/>.</param>
    /// <returns>Its result.</returns>
    private protected T Await<T>(ValueTask<T> task)
    {
        if (!task.IsCompleted)
        {
            var pending = task.AsTask();
            task = new ValueTask<T>(pending);
            pending.ContinueWith(static (_, wake) => Wake((AutoResetEvent)wake!), _wake, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            while (!pending.IsCompleted)
            {
                _wake.WaitOne();
                WriteMessages();
            }
        }

        WriteMessages();
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Runs a piece of the engine on another thread and waits for it.</summary>
    private protected T Run<T>(Func<CancellationToken, Task<T>> work)
    {
        var token = StopToken;
        return Await(new ValueTask<T>(Task.Run(() => work(token), token)));
    }

    /// <summary>Ends the cmdlet with an engine's error.</summary>
    private protected void ThrowEngineError(ExoException exception, object? target = null) =>
        ThrowTerminatingError(EngineErrors.ToRecord(exception, target));

    private static void Wake(AutoResetEvent wake)
    {
        try
        {
            wake.Set();
        }
        catch (ObjectDisposedException)
        {
            // A message or a task that outlived the cmdlet: nobody waits any more.
        }
    }

    private void WriteMessages()
    {
        while (_messages.TryDequeue(out var message))
        {
            if (message.IsWarning)
            {
                WriteWarning(message.Text);
            }
            else
            {
                WriteVerbose(message.Text);
            }
        }
    }

    private sealed class QueuedMessages(AsyncCmdlet cmdlet) : IEngineMessages
    {
        public void Warning(string message) => Add(true, message);

        public void Verbose(string message) => Add(false, message);

        private void Add(bool isWarning, string message)
        {
            cmdlet._messages.Enqueue((isWarning, message));
            Wake(cmdlet._wake);
        }
    }
}
