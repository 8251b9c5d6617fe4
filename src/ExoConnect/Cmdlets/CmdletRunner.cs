using System.Management.Automation;
using ExoConnect.Core;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;

namespace ExoConnect.Cmdlets;

/// <summary>
/// Runs the service's cmdlets for a cmdlet or function: one at a prompt is sent at once and streamed; what comes out of a pipeline is gathered
/// into batches, with results and errors in the order of the input.
/// </summary>
internal sealed class CmdletRunner(ExoSession session, PSCmdlet caller, PipelineBridge bridge, int limit, Checkpoint? checkpoint = null) : IDisposable
{
    /// <summary>How many requests are under way at once where nobody says otherwise.</summary>
    public const int DefaultLimit = 8;

    private bool? _gathers;
    private BulkPipe<CmdletRequest, InvokeResult>? _bulk;

    /// <summary>False once a cmdlet has failed.</summary>
    public bool Succeeded { get; private set; } = true;

    /// <summary>Runs a cmdlet; its results may come later, but no later than <see cref="Finish"/>.</summary>
    public void Run(CmdletRequest request)
    {
        if (_gathers ??= checkpoint is not null
            || (caller.MyInvocation.ExpectingInput && (request.IsRead || !StopsAtFailure()) && !PipelineVariables.MayBeInUse(caller)))
        {
            _bulk ??= new BulkPipe<CmdletRequest, InvokeResult>(
                bridge, (requests, stop) => session.InvokeManyAsync(requests, bridge, limit, checkpoint, stop), Write);
            _bulk.Add(request);
            return;
        }

        try
        {
            bridge.Write(session.InvokeAsync(request, bridge, bridge.StopToken));
        }
        catch (ExoException e)
        {
            Fail(e, request);
        }
    }

    /// <summary>Waits for what is under way.</summary>
    public void Finish() => _bulk?.Finish();

    /// <inheritdoc/>
    public void Dispose()
    {
        _bulk?.Dispose();
        checkpoint?.Dispose();
    }

    /// <summary>Whether nothing is to be changed after a failure. What is under way side by side could not be called back.</summary>
    private bool StopsAtFailure()
    {
        var action = caller.MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var bound) ? bound : caller.GetVariableValue("ErrorActionPreference");
        return LanguagePrimitives.TryConvertTo(action, out ActionPreference preference) && preference is ActionPreference.Stop or ActionPreference.Inquire;
    }

    private void Write(InvokeResult result)
    {
        foreach (var chunk in result.Answer)
        {
            bridge.Write(chunk);
        }

        if (result.Error is { } error)
        {
            Fail(error, result.Request);
        }
    }

    private void Fail(ExoException error, CmdletRequest request)
    {
        Succeeded = false;
        caller.WriteError(EngineErrors.ToRecord(error, request.Parameters.GetValueOrDefault("Identity")));
    }
}
