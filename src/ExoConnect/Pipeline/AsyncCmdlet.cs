using System.Management.Automation;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;

namespace ExoConnect.Pipeline;

/// <summary>The base of the cmdlets that wait for the service.</summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private PipelineBridge? _bridge;

    /// <summary>The way to the engine and back.</summary>
    private protected PipelineBridge Bridge => _bridge ??= new PipelineBridge(this);

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
        if (disposing)
        {
            _bridge?.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ModuleHost.UseEngine();
        _bridge = new PipelineBridge(this);
        if (SessionRegistry.Shared.Sessions.Count > 0)
        {
            // Another runspace connected: this one has no views yet.
            ObjectViews.Load();
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _bridge?.Stop();

    /// <summary>Ends the cmdlet with an engine's error.</summary>
    private protected void ThrowEngineError(ExoException exception, object? target = null) =>
        ThrowTerminatingError(EngineErrors.ToRecord(exception, target));
}
