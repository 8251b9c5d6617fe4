using System.Diagnostics;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Diagnostics;

/// <summary>The record of one operation while it runs. It is reported once, when the operation ends. Safe for many threads.</summary>
internal sealed class Operation(
    OperationTracker tracker, OperationKind kind, string name, IReadOnlyDictionary<string, object?> parameters, string? service, DateTimeOffset begun,
    long timestamp, Activity? activity)
{
    private readonly object _gate = new();
    private int _retries;
    private int _waits;
    private TimeSpan _waited;
    private int _pages;
    private int _objects;
    private int _status;
    private string? _clientRequestId;
    private string? _serverRequestId;
    private string? _host;
    private ExoException? _reported;
    private volatile bool _isBatched;
    private bool _hasEnded;

    /// <summary>Notes that it shares a request with others.</summary>
    public void Batch() => _isBatched = true;

    /// <summary>Makes its span the current one, for the HTTP requests that follow in the same flow.</summary>
    public void Enter()
    {
        if (activity is not null)
        {
            Activity.Current = activity;
        }
    }

    /// <summary>Notes that a request of it is sent again.</summary>
    public void Retried() => Interlocked.Increment(ref _retries);

    /// <summary>Notes that it waited for the service's limits.</summary>
    /// <param name="time">How long.</param>
    public void Waited(TimeSpan time)
    {
        lock (_gate)
        {
            _waits++;
            _waited += time;
        }
    }

    /// <summary>Notes that a response has come.</summary>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="host">The host.</param>
    /// <param name="clientRequestId">The id that its request was sent with.</param>
    /// <param name="serverRequestId">The service's id of it; null for none.</param>
    public void OnResponse(int status, string host, string? clientRequestId, string? serverRequestId)
    {
        lock (_gate)
        {
            (_status, _host, _clientRequestId) = (status, host, clientRequestId);
            _serverRequestId = serverRequestId ?? _serverRequestId;
        }
    }

    /// <summary>Notes that a page of a response was read.</summary>
    /// <param name="objects">The number of its objects.</param>
    public void Read(int objects)
    {
        lock (_gate)
        {
            _pages++;
            _objects += objects;
        }
    }

    /// <summary>Notes that the service reported a failure beside its objects.</summary>
    public void Reported(ExoException failure)
    {
        lock (_gate)
        {
            _reported ??= failure;
        }
    }

    /// <summary>Ends it as a success.</summary>
    public void Succeed()
    {
        var reported = _reported;
        End(reported is null ? OperationOutcome.Succeeded : OperationOutcome.Failed, reported?.ErrorId, reported?.Message, _status);
    }

    /// <summary>Ends it as cancelled by the caller.</summary>
    public void Cancel() => End(OperationOutcome.Canceled, null, null, _status);

    /// <summary>Ends it as failed.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="status">The HTTP status; 0 if no response came.</param>
    /// <param name="isOutcomeUnknown">Whether the service may have carried it out.</param>
    public void Fail(Exception failure, int status = 0, bool isOutcomeUnknown = false)
    {
        if (failure is OperationCanceledException)
        {
            Cancel();
            return;
        }

        if (failure is ExoException { ClientRequestId: { } id } known)
        {
            lock (_gate)
            {
                (_clientRequestId, _serverRequestId) = (id, known.ServerRequestId ?? _serverRequestId);
            }
        }

        End(
            isOutcomeUnknown ? OperationOutcome.Unknown : OperationOutcome.Failed,
            (failure as ExoException)?.ErrorId ?? failure.GetType().Name, ShownText.Clean(failure.Message), status);
    }

    private void End(OperationOutcome outcome, string? errorId, string? error, int status)
    {
        OperationRecord record;
        lock (_gate)
        {
            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
            record = new OperationRecord
            {
                Time = begun,
                Service = service ?? "",
                Kind = kind,
                Operation = name,
                Outcome = outcome,
                StatusCode = status,
                Objects = _objects,
                Pages = _pages,
                IsBatched = _isBatched,
                Retries = _retries,
                ThrottleWaits = _waits,
                ThrottleWait = _waited,
                Duration = tracker.Since(timestamp),
                Host = _host,
                ClientRequestId = _clientRequestId,
                ServerRequestId = _serverRequestId,
                ErrorId = errorId,
            };
        }

        tracker.Record(record, parameters, error, activity);
    }
}
