namespace ExoConnect.Core.Http.Pacing;

/// <summary>The limit is unknown: few requests go at once, and with each round of responses twice as many.</summary>
internal sealed class SlowStart(InFlight inFlight) : PacingState(inFlight)
{
    /// <summary>How many requests go at once before the first response.</summary>
    private const int FirstAtOnce = 10;

    private readonly LastSecond _accepted = new();
    private int _atOnce = FirstAtOnce;

    /// <inheritdoc/>
    public override (int Count, TimeSpan Pause) Admit(DateTimeOffset now, int most) => (_atOnce - InFlight.Count, RequestPacer.UntilResponse);

    /// <inheritdoc/>
    public override void Accepted(Ticket ticket, DateTimeOffset now)
    {
        _atOnce = Math.Min(_atOnce + ticket.Count, 100_000);
        _accepted.Add(now, ticket.Count);
    }

    /// <inheritdoc/>
    public override void Withdrawn(DateTimeOffset now) => _accepted.Add(now, -1);

    /// <inheritdoc/>
    public override PacingState Refused(Ticket? ticket, DateTimeOffset now, DateTimeOffset closedUntil) =>
        new RateProbing(InFlight, _accepted.Count(now), closedUntil);
}

/// <summary>The requests accepted in the last second.</summary>
internal sealed class LastSecond
{
    private readonly Queue<(DateTimeOffset Time, int Count)> _accepted = new();

    /// <summary>Adds accepted requests; a negative count takes some back.</summary>
    public void Add(DateTimeOffset now, int count)
    {
        _accepted.Enqueue((now, count));
        Forget(now);
    }

    /// <summary>Their number.</summary>
    public int Count(DateTimeOffset now)
    {
        Forget(now);
        return _accepted.Sum(static a => a.Count);
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear() => _accepted.Clear();

    private void Forget(DateTimeOffset now)
    {
        while (_accepted.TryPeek(out var oldest) && oldest.Time < now.AddSeconds(-1))
        {
            _accepted.Dequeue();
        }
    }
}
