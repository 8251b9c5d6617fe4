using System.Threading.Channels;

namespace ExoConnect.Core.Http.Pacing;

/// <summary>
/// The gate that keeps a session's requests within what the service gives. What it knows of the limit is its state: nothing
/// (<see cref="SlowStart"/>), what the service says is left (<see cref="HeaderCounting"/>), or only what it refuses
/// (<see cref="RateProbing"/>). One per session; all its requests go through.
/// </summary>
/// <remarks>Time is passed in, so that a service's whole day can be played in a test.</remarks>
internal sealed class RequestPacer
{
    /// <summary>Nothing to do but wait for a response.</summary>
    public static readonly TimeSpan UntilResponse = Timeout.InfiniteTimeSpan;

    private readonly object _gate = new();
    private readonly Channel<bool> _turn = Channel.CreateBounded<bool>(1);
    private readonly UnderWay _underWay = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _closedUntil;
    private PacingState _state;

    /// <summary>Makes a gate that is open; nothing is known yet.</summary>
    public RequestPacer()
    {
        _state = new SlowStart(_underWay);
        _turn.Writer.TryWrite(true);
    }

    /// <summary>Waits until requests may be sent, the longest waiting first, and counts them as under way; a response must follow.</summary>
    /// <param name="most">How many at most; each of a batch is one. At least one goes.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>How many may go, and what their response is told by.</returns>
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
    /// <param name="most">How many at most; each of a batch is one.</param>
    /// <param name="ticket">How many may go, and what their response is told by.</param>
    /// <returns>Zero if it may; else how long to wait before asking again, or <see cref="UntilResponse"/>. A response may change it.</returns>
    public TimeSpan TryEnter(DateTimeOffset now, int most, out Ticket ticket)
    {
        lock (_gate)
        {
            var (count, pause) = now < _closedUntil ? (0, _closedUntil - now) : _state.Admit(now, most);
            count = Math.Clamp(count, 0, most);
            ticket = _underWay.Add(count, now);
            if (count == 0)
            {
                return pause;
            }

            _state.Sent(count);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Learns from a response, or from there being none.</summary>
    /// <param name="ticket">Which requests it answers.</param>
    /// <param name="now">The time.</param>
    /// <param name="left">What the response said is left; null if it said nothing.</param>
    public void Complete(Ticket ticket, DateTimeOffset now, RateLimit? left)
    {
        lock (_gate)
        {
            _underWay.Remove(ticket);
            _state.Accepted(ticket, now);
            ApplyLimit(ticket, now, left);
        }

        Pulse();
    }

    /// <summary>Learns that requests were refused for being too many.</summary>
    /// <param name="ticket">Which requests.</param>
    /// <param name="now">The time.</param>
    /// <param name="left">What the response said is left; null if it said nothing.</param>
    /// <param name="retryAfter">How long it asked to wait; null if it did not.</param>
    public void Throttled(Ticket ticket, DateTimeOffset now, RateLimit? left, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            _underWay.Remove(ticket);
            ApplyLimit(ticket, now, left);
            Close(ticket, now, retryAfter);
        }

        Pulse();
    }

    /// <summary>Learns of a refusal inside a response that was none itself: of one request in a batch.</summary>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">How long it asked to wait; null if it did not.</param>
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
        // Of several refused at once, the first tells all.
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
