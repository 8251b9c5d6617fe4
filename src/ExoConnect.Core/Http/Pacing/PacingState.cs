namespace ExoConnect.Core.Http.Pacing;

/// <summary>A <see cref="RequestPacer"/>'s knowledge of the service's limit, and what follows from it. The pacer calls it under its lock.</summary>
/// <param name="inFlight">The requests that wait for their responses.</param>
internal abstract class PacingState(InFlight inFlight)
{
    /// <summary>The requests that wait for their responses.</summary>
    protected InFlight InFlight { get; } = inFlight;

    /// <summary>How many requests may go now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="most">How many requests wait.</param>
    /// <returns>How many may go, perhaps more than wait; if none may, how long to wait before asking again.</returns>
    public abstract (int Count, TimeSpan Pause) Admit(DateTimeOffset now, int most);

    /// <summary>Notes that requests were sent.</summary>
    public virtual void Sent(int count)
    {
    }

    /// <summary>Notes that requests were accepted.</summary>
    public virtual void Accepted(Ticket ticket, DateTimeOffset now)
    {
    }

    /// <summary>Notes that one request inside an accepted batch was refused.</summary>
    public virtual void Withdrawn(DateTimeOffset now)
    {
    }

    /// <summary>Applies the limit that the service names.</summary>
    /// <returns>The next state.</returns>
    public virtual PacingState ApplyLimit(Ticket ticket, DateTimeOffset now, RateLimit left) =>
        new HeaderCounting(InFlight).ApplyLimit(ticket, now, left);

    /// <summary>Notes the first of several refusals; the others add nothing.</summary>
    /// <param name="ticket">The refused requests; null for one inside a batch.</param>
    /// <param name="now">The time.</param>
    /// <param name="closedUntil">When the next request may go.</param>
    /// <returns>The next state.</returns>
    public abstract PacingState Refused(Ticket? ticket, DateTimeOffset now, DateTimeOffset closedUntil);
}

/// <summary>Requests that were sent together.</summary>
/// <param name="Number">How many requests had been sent, including these.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Sent">When they were sent.</param>
internal readonly record struct Ticket(long Number, int Count, DateTimeOffset Sent);

/// <summary>The requests that wait for their responses, in the order they were sent.</summary>
internal sealed class InFlight
{
    private readonly List<Ticket> _tickets = [];

    /// <summary>How many requests they are.</summary>
    public int Count { get; private set; }

    /// <summary>How many requests were ever sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Adds requests that are sent now; a count of 0 only gives a number.</summary>
    public Ticket Add(int count, DateTimeOffset now)
    {
        Sent += count;
        var ticket = new Ticket(Sent, count, now);
        if (count > 0)
        {
            _tickets.Add(ticket);
            Count += count;
        }

        return ticket;
    }

    /// <summary>Removes requests that got their response.</summary>
    public void Remove(Ticket ticket)
    {
        if (_tickets.Remove(ticket))
        {
            Count -= ticket.Count;
        }
    }

    /// <summary>How many were sent at a time or after it.</summary>
    public int Since(DateTimeOffset time)
    {
        var count = 0;
        for (var i = _tickets.Count - 1; i >= 0 && _tickets[i].Sent >= time; i--)
        {
            count += _tickets[i].Count;
        }

        return count;
    }
}
