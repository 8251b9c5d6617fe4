using System.Collections.Concurrent;
using System.Globalization;
using ExoConnect.LocalTenant.Requests;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>What a caller was told of an operation.</summary>
internal enum Fate
{
    /// <summary>It succeeded.</summary>
    Done,

    /// <summary>It failed, and nothing was done.</summary>
    NotDone,

    /// <summary>It failed, was cancelled or lost its session, and may have been carried out.</summary>
    Unknown,
}

/// <summary>Counts what callers were told, and what the tenant saw. Safe for many threads, but for <see cref="Look"/>.</summary>
internal sealed class LoadAccount
{
    private readonly ConcurrentDictionary<(string Name, Fate Fate), int> _fates = new();
    private readonly HashSet<Guid> _carriedOut = [];
    private readonly List<RequestRecord> _open = [];
    private long _seen;
    private int _operations;

    public int Operations => Volatile.Read(ref _operations);

    /// <summary>How many requests the tenant had.</summary>
    public long Requests { get; private set; }

    /// <summary>What doesn't add up.</summary>
    public ConcurrentQueue<string> Problems { get; } = new();

    public void Note(string name, Fate fate)
    {
        Interlocked.Increment(ref _operations);
        _fates.AddOrUpdate((name, fate), 1, static (_, count) => count + 1);
    }

    public int Count(string name, Fate fate) => _fates.GetValueOrDefault((name, fate));

    public IEnumerable<string> Names => _fates.Keys.Select(k => k.Name).Distinct().Order();

    public IEnumerable<string> Lines() => Names.Select(name => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {Count(name, Fate.Done):N0} done, {Count(name, Fate.NotDone):N0} failed, {Count(name, Fate.Unknown):N0} cancelled or unknown"));

    /// <summary>Begins behind what the tenant has seen so far.</summary>
    public void Begin(RequestLog log) => _seen = log.Snapshot()[^1].Number;

    /// <summary>Looks at what has come since the last time: no change may have been carried out twice for one call.</summary>
    public void Look(RequestLog log)
    {
        foreach (var record in log.Snapshot().Where(r => r.Number > _seen))
        {
            if (record.Number > _seen + 1)
            {
                // One before it has its number, and isn't in the log yet; or it has gone from there.
                if (record.Number < _seen + (RequestLog.Capacity / 2))
                {
                    break;
                }

                Problems.Enqueue($"The tenant's log has no request {_seen + 1} any more.");
            }

            _seen = record.Number;
            Requests++;
            _open.Add(record);
        }

        // A request that was cut has no status and never gets one.
        _open.RemoveAll(r => r.Status != 0 ? Judge(r) : DateTimeOffset.UtcNow - r.Time > TimeSpan.FromSeconds(30));
    }

    private bool Judge(RequestRecord record)
    {
        if (record.Status == 200 && record.Cmdlet is "New-MailContact" or "Remove-MailContact"
            && record.Target.EndsWith("/InvokeCommand", StringComparison.Ordinal)
            && !_carriedOut.Add(Guid.Parse(record.Header("client-request-id")!)))
        {
            Problems.Enqueue($"{record.Cmdlet} {record.Header("client-request-id")} was carried out twice.");
        }

        return true;
    }
}
