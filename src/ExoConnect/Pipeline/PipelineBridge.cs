using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Output;

namespace ExoConnect.Pipeline;

/// <summary>
/// Lets a cmdlet or function wait for the engine. The engine works on other threads. The pipeline's thread waits here, passes the engine's messages
/// on, and stops as soon as the user presses Ctrl+C.
/// </summary>
/// <param name="cmdlet">The cmdlet with the streams.</param>
internal sealed class PipelineBridge(PSCmdlet cmdlet) : IEngineMessages, ISignInInteraction, IDisposable
{
    /// <summary>Nothing tells a function in script that it is stopped; the bridge must poll.</summary>
    private static readonly TimeSpan StopCheck = TimeSpan.FromMilliseconds(50);

    private static readonly string[] HostTag = ["PSHOST"];

    private static int _lastActivity = 1_000_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ConcurrentQueue<(MessageKind Kind, string Text)> _messages = new();
    private ProgressMeter? _meter;
    private int _activity;

    /// <summary>When the cmdlet began, as <see cref="Stopwatch"/> counts.</summary>
    public long Began { get; } = Stopwatch.GetTimestamp();

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    public CancellationToken StopToken => _stop.Token;

    /// <summary>Whether the cmdlet has written an error, or is about to end with one.</summary>
    public bool HasFailed { get; private set; }

    /// <inheritdoc/>
    public void Warning(string message) => Add(MessageKind.Warning, message);

    /// <inheritdoc/>
    public void Verbose(string message) => Add(MessageKind.Verbose, message);

    /// <summary>Shows a text at the prompt, as Write-Host does: it isn't output, and can be redirected and transcribed.</summary>
    public void Information(string text) => cmdlet.WriteInformation(new HostInformationMessage { Message = text }, HostTag);

    /// <inheritdoc/>
    public void ShowDeviceCode(DeviceCodePrompt prompt) => Add(MessageKind.Said, prompt.Message);

    /// <inheritdoc/>
    public Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken)
    {
        Add(MessageKind.Said, "Sign in in the browser that opens. Ctrl+C cancels.");
        SystemBrowser.Open(address);
        return Task.CompletedTask;
    }

    /// <summary>Shows the progress of the work from time to time, subject to <c>$ProgressPreference</c>.</summary>
    /// <param name="meter">The meter; null for none.</param>
    public void ShowProgress(ProgressMeter? meter) => _meter = meter;

    /// <summary>Removes the progress display.</summary>
    public void EndProgress()
    {
        if (_activity == 0)
        {
            return;
        }

        var done = new ProgressRecord(_activity, _meter!.Activity, " ") { RecordType = ProgressRecordType.Completed };
        _activity = 0;
        try
        {
            cmdlet.WriteProgress(done);
        }
        catch (PipelineStoppedException)
        {
            // Stopped: PowerShell itself removes all progress displays.
        }
    }

    /// <summary>Writes a non-terminating error, which the user may have made a terminating one.</summary>
    public void WriteError(ErrorRecord error)
    {
        SetFailed();
        Guard(static (c, e) => c.WriteError(e), error);
    }

    /// <summary>Notes in EXO's variable that the cmdlet has failed; before its error is written, since the cmdlet may end there.</summary>
    public void SetFailed()
    {
        HasFailed = true;
        LastExecutionStatus.Set(cmdlet, succeeded: false);
    }

    /// <summary>Cancels what is under way.</summary>
    public void Stop()
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

    /// <summary>Runs a piece of the engine on another thread and waits for it.</summary>
    /// <param name="work">The work; it must observe its token.</param>
    /// <param name="meanwhile">The work for the pipeline's own thread during the wait.</param>
    /// <returns>The work's result.</returns>
    public T Run<T>(Func<CancellationToken, Task<T>> work, Action? meanwhile = null)
    {
        var token = StopToken;
        var task = Task.Run(() => work(token), token);
        try
        {
            meanwhile?.Invoke();
        }
        catch
        {
            Abandon(task);
            throw;
        }

        return Await(new ValueTask<T>(task));
    }

    /// <summary>Waits on the pipeline's thread.</summary>
    /// <param name="task">The task; it must observe <see cref="StopToken"/>.</param>
    /// <returns>Its result.</returns>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline.</exception>
    public T Await<T>(ValueTask<T> task)
    {
        if (!task.IsCompleted)
        {
            var pending = task.AsTask();
            task = new ValueTask<T>(pending);
            pending.ContinueWith(
                static (_, bridge) => ((PipelineBridge)bridge!).Signal(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            try
            {
                while (!pending.IsCompleted)
                {
                    _wake.WaitOne(StopCheck);
                    WriteMessages();
                    WriteProgress();
                    if (cmdlet.Stopping)
                    {
                        Stop();
                    }
                }
            }
            catch
            {
                // -WarningAction Stop: the cmdlet ends here.
                Abandon(pending);
                EndProgress();
                throw;
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

    /// <summary>Writes a response to the cmdlet's streams as it arrives.</summary>
    /// <param name="response">The response.</param>
    /// <param name="target">The request's object, for errors that don't name it.</param>
    /// <exception cref="ExoException">The request failed; the objects before it have been written.</exception>
    public void Write(IAsyncEnumerable<ResponseChunk> response, object? target = null)
    {
        var chunks = response.GetAsyncEnumerator(StopToken);
        try
        {
            while (Await(chunks.MoveNextAsync()))
            {
                Write(chunks.Current, target);
            }
        }
        finally
        {
            // Runs too when Select-Object -First has enough: the request under way is cancelled.
            chunks.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Writes a piece of a response to the cmdlet's streams.</summary>
    /// <param name="chunk">The piece.</param>
    /// <param name="target">The request's object, for errors that don't name it.</param>
    public void Write(ResponseChunk chunk, object? target = null)
    {
        if (_meter is { } meter)
        {
            meter.Add(chunk.Objects.Count, chunk.Page);
            WriteProgress();
        }

        if (chunk.Errors.Count > 0)
        {
            SetFailed();
        }

        Guard(WriteAll, (chunk, target));
        if (chunk.ConfirmationMessage is { } message)
        {
            Information("What if: " + message);
        }

        static void WriteAll(PSCmdlet cmdlet, (ResponseChunk Chunk, object? Target) what)
        {
            foreach (var item in what.Chunk.Objects)
            {
                cmdlet.WriteObject(item);
            }

            foreach (var warning in what.Chunk.Warnings)
            {
                cmdlet.WriteWarning(warning);
            }

            foreach (var error in what.Chunk.Errors)
            {
                cmdlet.WriteError(EngineErrors.ToRecord(error, what.Target));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _wake.Dispose();
    }

    /// <summary>Stops a task, and waits until it has ended: only then can its resources be released.</summary>
    private void Abandon(Task task)
    {
        Stop();
        task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
    }

    private void Add(MessageKind kind, string message)
    {
        _messages.Enqueue((kind, message));
        Signal();
    }

    private void Signal()
    {
        try
        {
            _wake.Set();
        }
        catch (ObjectDisposedException)
        {
            // A message or a task that outlived the cmdlet has no reader.
        }
    }

    /// <summary>Writes something that may end the cmdlet: with -ErrorAction Stop, or for a Select-Object that has enough.</summary>
    private void Guard<T>(Action<PSCmdlet, T> write, T what)
    {
        try
        {
            write(cmdlet, what);
        }
        catch
        {
            EndProgress();
            throw;
        }
    }

    private void WriteProgress()
    {
        if (_meter is not { } meter || !meter.TryRead(out var reading))
        {
            return;
        }

        // Several commands of a pipeline show their progress in parallel.
        _activity = _activity == 0 ? Interlocked.Increment(ref _lastActivity) : _activity;
        var text = reading.ToString();
        cmdlet.WriteProgress(new ProgressRecord(_activity, meter.Activity, text.Length > 0 ? text : $"{(int)reading.Elapsed.TotalSeconds} s")
        {
            PercentComplete = reading.Percent ?? -1,
            SecondsRemaining = reading.Left is { TotalSeconds: < int.MaxValue } left ? (int)Math.Ceiling(left.TotalSeconds) : -1,
        });
    }

    private void WriteMessages()
    {
        while (_messages.TryDequeue(out var message))
        {
            switch (message.Kind)
            {
                case MessageKind.Warning:
                    cmdlet.WriteWarning(message.Text);
                    break;
                case MessageKind.Said:
                    Information(message.Text);
                    break;
                default:
                    cmdlet.WriteVerbose(message.Text);
                    break;
            }
        }
    }

    private enum MessageKind
    {
        Verbose,
        Warning,
        Said,
    }
}
