using System.Threading.Channels;
using ExoConnect.Core.Http.Failures;

namespace ExoConnect.Core.Http.Pacing;

/// <summary>
/// The gate that keeps a session's requests within the service's limit. Its state is what it knows of the limit: nothing (<see cref="SlowStart"/>),
/// how many requests are left (<see cref="HeaderCounting"/>), or only the refusals (<see cref="RateProbing"/>). A session has one; all its requests
/// go through it.
/// </summary>
/// <remarks>Callers pass the time in, so that a test can play a service's whole day.</remarks>
internal sealed class RequestPacer
{
    /// <summary>The pause until a response comes.</summary>
    public static readonly TimeSpan UntilResponse = Timeout.InfiniteTimeSpan;

    private readonly object _gate = new();
    private readonly Channel<bool> _turn = Channel.CreateBounded<bool>(1);
    private readonly InFlight _inFlight = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _closedUntil;
    private PacingState _state;

    /// <summary>Makes an open gate that knows no limit yet.</summary>
    public RequestPacer()
    {
        _state = new SlowStart(_inFlight);
        _turn.Writer.TryWrite(true);
    }

    /// <summary>
    /// Waits until requests may be sent, the longest waiting first, and counts them as under way; <see cref="Complete"/> or <see cref="Throttled"/>
    /// must follow.
    /// </summary>
    /// <param name="most">How many at most; each request of a batch counts. At least one goes.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>How many may go, and the ticket for their response.</returns>
    /// <exception cref="ServiceException">The service asked for a pause that is too long to wait for.</exception>
    public async ValueTask<Ticket> EnterAsync(int most, TimeProvider clock, CancellationToken cancellationToken)
    {
        await _turn.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                TimeSpan pause;
                Task changed;
                lock (_gate)
                {
                    pause = TryEnter(clock.GetUtcNow(), most, out var ticket);
                    if (pause == TimeSpan.Zero)
                    {
                        return ticket;
                    }

                    if (pause > RequestFailure.LongestWait)
                    {
                        throw RequestFailure.Paused(_closedUntil);
                    }

                    changed = _changed.Task;
                }

                using var waited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(changed, Task.Delay(pause, clock, waited.Token)).ConfigureAwait(false);
                await waited.CancelAsync().ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _turn.Writer.TryWrite(true);
        }
    }

    /// <summary>Counts requests as under way, if they may be sent now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="most">How many at most; each request of a batch counts.</param>
    /// <param name="ticket">How many may go, and the ticket for their response.</param>
    /// <returns>Zero if some may; else how long to wait before asking again, or <see cref="UntilResponse"/>. A response may change it.</returns>
    public TimeSpan TryEnter(DateTimeOffset now, int most, out Ticket ticket)
    {
        lock (_gate)
        {
            var (count, pause) = now < _closedUntil ? (0, _closedUntil - now) : _state.Admit(now, most);
            count = Math.Clamp(count, 0, most);
            ticket = _inFlight.Add(count, now);
            if (count == 0)
            {
                return pause;
            }

            _state.Sent(count);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Notes a response, or that none will come.</summary>
    /// <param name="ticket">The ticket of its requests.</param>
    /// <param name="now">The time.</param>
    /// <param name="left">The limit in the response; null for none.</param>
    public void Complete(Ticket ticket, DateTimeOffset now, RateLimit? left)
    {
        lock (_gate)
        {
            _inFlight.Remove(ticket);
            _state.Accepted(ticket, now);
            ApplyLimit(ticket, now, left);
        }

        Pulse();
    }

    /// <summary>Notes that the service throttled requests.</summary>
    /// <param name="ticket">The ticket of the requests.</param>
    /// <param name="now">The time.</param>
    /// <param name="left">The limit in the response; null for none.</param>
    /// <param name="retryAfter">The pause that it requests; null for none.</param>
    public void Throttled(Ticket ticket, DateTimeOffset now, RateLimit? left, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            _inFlight.Remove(ticket);
            ApplyLimit(ticket, now, left);
            Close(ticket, now, retryAfter);
        }

        Pulse();
    }

    /// <summary>Notes that the service throttled one request inside a batch that it accepted.</summary>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">The pause that it requests; null for none.</param>
    public void Refused(DateTimeOffset now, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            _state.Withdrawn(now);
            Close(null, now, retryAfter);
        }

        Pulse();
    }

    private void ApplyLimit(Ticket ticket, DateTimeOffset now, RateLimit? left)
    {
        if (left is { } told)
        {
            _state = _state.ApplyLimit(ticket, now, told);
        }
    }

    private void Close(Ticket? ticket, DateTimeOffset now, TimeSpan? retryAfter)
    {
        // Of several requests refused at once, the first is enough.
        var isFirst = now >= _closedUntil;
        var until = now + (retryAfter ?? TimeSpan.FromSeconds(1));
        _closedUntil = until > _closedUntil ? until : _closedUntil;
        if (isFirst)
        {
            _state = _state.Refused(ticket, now, _closedUntil);
        }
    }

    private void Pulse() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
