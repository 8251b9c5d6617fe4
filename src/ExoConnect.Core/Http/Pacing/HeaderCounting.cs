namespace ExoConnect.Core.Http.Pacing;

/// <summary>
/// The service says how many requests are left: the pacer admits no more, less those under way that the service may not have counted yet.
/// </summary>
internal sealed class HeaderCounting(InFlight inFlight) : PacingState(inFlight)
{
    /// <summary>However long responses take: a request has arrived this long after it was sent.</summary>
    private static readonly TimeSpan LongestLatency = TimeSpan.FromSeconds(0.5);

    /// <summary>The shortest time after which the limit counts as restored without a new response.</summary>
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);

    private long _credit;
    private RateLimit _latest;
    private int _limit = int.MaxValue;
    private long _sentBeforeLimit;
    private double _share = 1;
    private DateTimeOffset _reset;
    private DateTimeOffset _granted;
    private TimeSpan _period;
    private TimeSpan _latency = LongestLatency;

    /// <inheritdoc/>
    public override (int Count, TimeSpan Pause) Admit(DateTimeOffset now, int most)
    {
        if (_credit <= 0 && now >= _reset)
        {
            // The limit is restored, as far as the responses said; and again after the same time once more, for a response can take longer than
            // that.
            _reset = now >= _reset + _period ? now : _reset;
            var fresh = Math.Max(1, (int)(_limit * _share)) - UncountedRequests(_reset);
            if (fresh > 0)
            {
                (_credit, _granted, _reset) = (fresh, _reset, now + _period);
            }
        }

        return ((int)Math.Clamp(_credit, 0, int.MaxValue), (now < _reset ? _reset : _reset + _period) - now);
    }

    /// <inheritdoc/>
    public override void Sent(int count) => _credit -= count;

    /// <inheritdoc/>
    public override void Accepted(Ticket ticket, DateTimeOffset now) => _share = Math.Min(1, _share + (0.02 * ticket.Count / _limit));

    /// <inheritdoc/>
    public override PacingState ApplyLimit(Ticket ticket, DateTimeOffset now, RateLimit left)
    {
        if (left.Limit != _latest.Limit)
        {
            (_latest, _limit, _period, _sentBeforeLimit) = (default, Math.Max(1, left.Limit), TimeSpan.Zero, InFlight.Sent);
        }

        // A longer latency takes effect slowly.
        var latency = now - ticket.Sent;
        _latency = latency < _latency ? latency : _latency + ((latency - _latency) * 0.01);
        _period = new[] { left.Reset - ticket.Sent, _period * 0.99, ShortestPeriod }.Max();

        // Responses overtake each other. The one that was counted last has the later reset, and of those with the same reset the least left.
        if (left.Reset > _granted && (left.Reset > _latest.Reset || (left.Reset == _latest.Reset && left.Remaining < _latest.Remaining)))
        {
            (_latest, _reset) = (left, left.Reset);
            _credit = left.Remaining - (int)((1 - _share) * _limit) - UncountedRequests(ticket.Sent);
        }

        return this;
    }

    /// <inheritdoc/>
    public override PacingState Refused(Ticket? ticket, DateTimeOffset now, DateTimeOffset closedUntil)
    {
        // The headers promised more: other clients use the limit too, or requests overtake each other. Some of it stays unused.
        var wasPromised = ticket is not { } refused || refused.Number > _sentBeforeLimit;
        _share = wasPromised ? Math.Max(0.1, _share * 0.75) : _share;
        return this;
    }

    /// <summary>
    /// The number of requests under way that may have been counted after a request that was sent at a time, or may have arrived after that time.
    /// </summary>
    private int UncountedRequests(DateTimeOffset time) => InFlight.Since(time - (_latency < LongestLatency ? _latency : LongestLatency));
}
