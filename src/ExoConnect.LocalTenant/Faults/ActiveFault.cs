namespace ExoConnect.LocalTenant.Faults;

/// <summary>An active rule of a tenant.</summary>
public sealed class ActiveFault
{
    private readonly FaultSet _set;
    private int _matched;
    private int _happened;

    internal ActiveFault(FaultSet set, FaultRule rule)
    {
        _set = set;
        Rule = rule;
    }

    /// <summary>The rule.</summary>
    public FaultRule Rule { get; }

    /// <summary>How many requests it matched so far.</summary>
    public int Matched => Volatile.Read(ref _matched);

    /// <summary>How many times it happened so far.</summary>
    public int Happened => Rule.Times is { } times ? Math.Min(times, Volatile.Read(ref _happened)) : Volatile.Read(ref _happened);

    /// <summary>Removes the rule from the tenant.</summary>
    public void Remove() => _set.Remove(this);

    internal bool IsTriggered(FaultSet set)
    {
        if (Interlocked.Increment(ref _matched) <= Rule.Skip || (Rule.Times is { } limit && Volatile.Read(ref _happened) >= limit)
            || !set.Chance(Rule.Probability))
        {
            return false;
        }

        return Interlocked.Increment(ref _happened) <= (Rule.Times ?? int.MaxValue);
    }
}
