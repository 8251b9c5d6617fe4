using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Faults;

/// <summary>The faults of a running tenant. Rules may be added and removed at any time, by any thread.</summary>
public sealed class FaultSet
{
    private readonly Lock _chance = new();
    private ImmutableArray<ActiveFault> _active = [];
    private Random _random = Seeded(0);

    internal FaultSet()
    {
    }

    /// <summary>The rules in their order, with the number of times that each has happened.</summary>
    public IReadOnlyList<ActiveFault> Active => _active;

    /// <summary>Adds a rule after the others.</summary>
    /// <param name="rule">The rule.</param>
    /// <returns>The active rule, which counts and can be removed.</returns>
    /// <exception cref="TenantException">The rule is invalid; the message gives the reason.</exception>
    public ActiveFault Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.Check() is var (member, problem))
        {
            throw new TenantException($"The fault rule's {member} makes no sense: {problem}.", "Correct the rule.");
        }

        var active = new ActiveFault(this, rule);
        ImmutableInterlocked.Update(ref _active, static (list, added) => list.Add(added), active);
        return active;
    }

    /// <summary>Removes all rules.</summary>
    public void Clear() => ImmutableInterlocked.Update(ref _active, static list => list.Clear());

    /// <summary>Restarts the random numbers of <see cref="FaultRule.Probability"/>.</summary>
    /// <param name="seed">The same seed gives the same numbers, as long as requests come one after the other.</param>
    public void Seed(int seed)
    {
        lock (_chance)
        {
            _random = Seeded(seed);
        }
    }

    internal void Remove(ActiveFault fault) => ImmutableInterlocked.Update(ref _active, static (list, gone) => list.Remove(gone), fault);

    /// <summary>Finds the rule of a request, and counts it.</summary>
    /// <param name="service">The service that receives the request.</param>
    /// <param name="request">The request.</param>
    /// <returns>The rule to follow; null to do nothing.</returns>
    internal FaultRule? Next(TenantService service, HttpRequest request)
    {
        foreach (var fault in _active)
        {
            if (fault.Rule.Matches(service, request) && fault.IsTriggered(this))
            {
                return fault.Rule;
            }
        }

        return null;
    }

    internal bool Chance(double probability)
    {
        if (probability >= 1)
        {
            return true;
        }

        lock (_chance)
        {
            return _random.NextDouble() < probability;
        }
    }

#pragma warning disable CA5394 // Chances that can be repeated are the point; nothing secret hangs on them.
    private static Random Seeded(int seed) => new(seed);
#pragma warning restore CA5394
}
