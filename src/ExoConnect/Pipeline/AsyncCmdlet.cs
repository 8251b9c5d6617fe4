using System.Collections;
using System.Management.Automation;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;

namespace ExoConnect.Pipeline;

/// <summary>The base of the cmdlets that wait for the service.</summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private PipelineBridge? _bridge;

    /// <summary>The bridge to the engine.</summary>
    private protected PipelineBridge Bridge => _bridge ??= new PipelineBridge(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the resources of the wait.</summary>
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
        EngineHost.Use();
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
    private protected void ThrowEngineError(ExoException exception, object? target = null)
    {
        Bridge.SetFailed();
        ThrowTerminatingError(EngineErrors.ToRecord(exception, target));
    }

    /// <summary>
    /// Ends the script with an error, as EXO's Connect cmdlets do with <c>throw</c>: nothing after it runs, and <c>pwsh -File</c> exits with 1,
    /// unless the script catches it. A cmdlet's own terminating error ends only the statement. With <c>-ErrorAction SilentlyContinue</c> or
    /// <c>Ignore</c>, and outside a <c>try</c>, the script continues, and only <c>$Error</c> holds the error.
    /// </summary>
    private protected void ThrowToScript(ErrorRecord error)
    {
        Bridge.SetFailed();
        var isBound = MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var bound);
        LanguagePrimitives.TryConvertTo(isBound ? bound : GetVariableValue("ErrorActionPreference"), out ActionPreference action);
        if (isBound && action == ActionPreference.Stop)
        {
            // PowerShell's own end of a script; a caller's silent $ErrorActionPreference does not suppress it, but would suppress a throw.
            WriteError(error);
        }

        // PowerShell fills in the failed command for an error that it is given, but not for one that is thrown.
        var record = new ErrorRecord(
            error.Exception, $"{error.FullyQualifiedErrorId},{GetType().FullName}", error.CategoryInfo.Category, error.TargetObject)
        {
            ErrorDetails = error.ErrorDetails,
            CategoryInfo = { Activity = MyInvocation.MyCommand.Name, Reason = error.CategoryInfo.Reason },
        };
        if (action is ActionPreference.SilentlyContinue or ActionPreference.Ignore && !EnclosingTry.Exists())
        {
            (SessionState.PSVariable.GetValue("global:Error") as ArrayList)?.Insert(0, record);
            return;
        }

        throw new RuntimeException(record.Exception.Message, record.Exception, record) { WasThrownFromThrowStatement = true };
    }
}
