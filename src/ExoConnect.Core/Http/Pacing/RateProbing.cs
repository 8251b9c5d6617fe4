namespace ExoConnect.Core.Http.Pacing;

/// <summary>
/// The service only refuses. Requests go in evenly spaced slots, at a rate below the refused one. The state tries a little more again and again;
/// when the service keeps accepting it, the rate grows until the service refuses.
/// </summary>
internal sealed class RateProbing : PacingState
{
    /// <summary>The assumed least rate of a service that only refuses; per second.</summary>
    private const double LeastRate = 0.5;

    /// <summary>How far the first attempt goes beyond the assumed rate, and how much farther for each second's worth accepted beyond it.</summary>
    private const double ProbeStep = 0.02;
    private const double ProbeGrowth = 0.07;

    /// <summary>After this many seconds' worth accepted beyond the rate, the rate is too low.</summary>
    private const double ExcessLimit = 2;

    /// <summary>The rate then grows by this much with each accepted request: to twice as much in 1.4 seconds.</summary>
    private const double Growth = 0.5;

    /// <summary>How many seconds' unused slots may be made up for; more would be a burst.</summary>
    private const double Slack = 0.3;

    private readonly LastSecond _accepted = new();
    private double _rate;
    private bool _isGrowing;
    private double _excess;
    private DateTimeOffset _excessUpdated;
    private long _sentBeforeRate;
    private DateTimeOffset _nextSlot;

    /// <summary>Begins after the service's first refusal.</summary>
    /// <param name="inFlight">The requests that wait for their responses.</param>
    /// <param name="accepted">The number accepted in the last second.</param>
    /// <param name="closedUntil">When the next request may go.</param>
    public RateProbing(InFlight inFlight, int accepted, DateTimeOffset closedUntil)
        : base(inFlight)
    {
        LowerRate(Math.Max(LeastRate, 0.95 * accepted), closedUntil);
    }

    /// <summary>Requests per second: the more was accepted beyond the assumed rate, the higher.</summary>
    private double CurrentRate => _isGrowing ? _rate : _rate * (1 + ProbeStep + (ProbeGrowth * _excess / _rate));

    /// <inheritdoc/>
    public override (int Count, TimeSpan Pause) Admit(DateTimeOffset now, int most)
    {
        if (now < _nextSlot)
        {
            return (0, _nextSlot - now);
        }

        // Unused slots may be made up for, but must not add up to a burst.
        var count = (int)Math.Min(most, 1 + ((now - _nextSlot).TotalSeconds * CurrentRate));
        var oldest = now - TimeSpan.FromSeconds(Math.Max(count / CurrentRate, Slack));
        _nextSlot = (_nextSlot > oldest ? _nextSlot : oldest) + TimeSpan.FromSeconds(count / CurrentRate);
        return (count, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override void Accepted(Ticket ticket, DateTimeOffset now)
    {
        // Requests from before the last refusal tell nothing about the rate since.
        if (ticket.Number <= _sentBeforeRate)
        {
            return;
        }

        _accepted.Add(now, ticket.Count);
        if (_isGrowing)
        {
            _rate += Growth * ticket.Count;
            return;
        }

        _excess = Math.Max(0, _excess - (_rate * Math.Max(0, (now - _excessUpdated).TotalSeconds))) + ticket.Count;
        _excessUpdated = now > _excessUpdated ? now : _excessUpdated;
        if (_excess > ExcessLimit * _rate)
        {
            (_rate, _isGrowing) = (CurrentRate, true);
        }
    }

    /// <inheritdoc/>
    public override void Withdrawn(DateTimeOffset now)
    {
        _accepted.Add(now, -1);
        _excess--;
    }

    /// <inheritdoc/>
    public override PacingState Refused(Ticket? ticket, DateTimeOffset now, DateTimeOffset closedUntil)
    {
        // Stay below what was refused, and below what was accepted in the last second; but one second proves only so much.
        LowerRate(Math.Max(LeastRate, Math.Clamp(0.95 * _accepted.Count(now), CurrentRate * 0.25, CurrentRate * 0.9)), closedUntil);
        return this;
    }

    private void LowerRate(double rate, DateTimeOffset closedUntil)
    {
        (_rate, _isGrowing, _excess, _excessUpdated, _nextSlot, _sentBeforeRate) = (rate, false, 0, closedUntil, closedUntil, InFlight.Sent);
        _accepted.Clear();
    }
}
