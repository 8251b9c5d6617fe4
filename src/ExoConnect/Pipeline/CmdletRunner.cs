using System.Collections;
using System.Management.Automation;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;

namespace ExoConnect.Pipeline;

/// <summary>
/// Runs the service's cmdlets for a cmdlet or function. One at a prompt is sent at once and streamed; pipeline input is gathered into batches, with
/// results and errors in the order of the input.
/// </summary>
internal sealed class CmdletRunner(ExoSession session, PSCmdlet caller, PipelineBridge bridge) : IDisposable
{
    /// <summary>How many requests are under way at once by default.</summary>
    public const int DefaultLimit = 8;

    private bool _begun;
    private bool _isInStep;
    private bool _stopsAtFailure;
    private CmdletRequest? _first;
    private ProgressMeter? _meter;
    private BulkPipe<CmdletRequest, InvokeResult>? _bulk;

    /// <summary>How many requests may be under way at once; null for the default.</summary>
    public int? Limit { get; init; }

    /// <summary>The checkpoint; null for none. It is disposed with this object.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>Whether to show progress.</summary>
    public bool ShowProgress { get; init; } = session.Description.ShowProgress;

    /// <summary>Whether more than one cmdlet may come.</summary>
    public bool TakesMany { get; init; } = caller.MyInvocation.ExpectingInput;

    /// <summary>How many cmdlets will come; null if it isn't known.</summary>
    public int? Total { get; init; }

    /// <summary>Runs a cmdlet; its results may come later, at the latest in <see cref="Finish"/>.</summary>
    public void Run(CmdletRequest request)
    {
        Begin(request);
        if (TakesMany)
        {
            _meter?.AddInput();
        }

        if (_bulk is null && _first is null && TakesMany && !_isInStep && Checkpoint is null && request.IsListing)
        {
            // A single listing is streamed as if it were not piped.
            _first = request;
            return;
        }

        RunFirst();
        RunNext(request);
    }

    /// <summary>Waits for what is under way.</summary>
    public void Finish()
    {
        _meter?.EndOfInput();
        if (_first is { } only)
        {
            RunAlone(only);
        }

        _bulk?.Finish();
        bridge.EndProgress();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bulk?.Dispose();
        Checkpoint?.Dispose();
    }

    private void RunFirst()
    {
        if (_first is { } first)
        {
            _first = null;
            RunNext(first);
        }
    }

    private void RunNext(CmdletRequest request)
    {
        // After a write that fails under Stop, nothing may change, and parallel requests could not be called back.
        var isAlone = _isInStep || (_stopsAtFailure && !request.IsRead);
        if (isAlone)
        {
            _bulk?.Flush();
        }

        if (Checkpoint is null && (isAlone || !TakesMany))
        {
            RunAlone(request);
            return;
        }

        _bulk ??= new BulkPipe<CmdletRequest, InvokeResult>(
            bridge, (requests, stop) => session.InvokeManyAsync(requests, bridge, Limit ?? DefaultLimit, Checkpoint, stop), Write);
        _bulk.Add(request);
        if (isAlone)
        {
            _bulk.Flush();
        }
    }

    private void RunAlone(CmdletRequest request)
    {
        ExoException? error = null;
        try
        {
            bridge.Write(session.InvokeAsync(request, bridge, bridge.StopToken), request.Input);
        }
        catch (ExoException e)
        {
            error = e;
        }

        _meter?.Finish(error is null);
        Report(error, request);
    }

    private void Begin(CmdletRequest first)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        _isInStep = TakesMany && PipelineVariables.MayBeInUse(caller);
        _stopsAtFailure = Limit is null && StopsAtFailure();
        if (ShowProgress)
        {
            _meter = new ProgressMeter(TakesMany ? caller.MyInvocation.MyCommand.Name : first.Command);
            if ((TakesMany ? Total : first.MostObjects) is { } total)
            {
                _meter.Expect(total);
            }

            bridge.ShowProgress(_meter);
        }
    }

    /// <summary>Whether nothing may change after a failure.</summary>
    private bool StopsAtFailure()
    {
        var action = caller.MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var bound) ? bound
            : caller.GetVariableValue("ErrorActionPreference");
        return LanguagePrimitives.TryConvertTo(action, out ActionPreference preference)
            && preference is ActionPreference.Stop or ActionPreference.Inquire;
    }

    private void Write(InvokeResult result)
    {
        foreach (var chunk in result.Response)
        {
            // Scripts cut commands out of the service's warnings, so those stay unchanged; their object is named separately.
            if (chunk.Warnings.Count > 0)
            {
                bridge.Verbose($"The next warnings are about {About(result.Request)}.");
            }

            bridge.Write(chunk, result.Request.Input);
        }

        _meter?.Finish(result.Error is null);
        Report(result.Error, result.Request);
    }

    /// <summary>The call, among many, that a message is about.</summary>
    private static string About(CmdletRequest request) => request.Target is { } target
        ? $"{request.Command} '{TargetText.Of(target)}'"
        : $"{request.Command} {string.Join(' ', Given((IDictionary)request.Input))}".TrimEnd();

    private static IEnumerable<string> Given(IDictionary parameters) =>
        parameters.Keys.Cast<object>().Order().Select(name => $"-{name} {parameters[name]}");

    private void Report(ExoException? error, CmdletRequest request)
    {
        if (error is not null)
        {
            bridge.WriteError(EngineErrors.ToRecord(error, request.Input));
        }
    }
}
