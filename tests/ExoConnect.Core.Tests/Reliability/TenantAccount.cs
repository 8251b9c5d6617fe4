using ExoConnect.LocalTenant.Requests;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>Counts what a tenant saw, and looks for changes that were carried out twice. Safe for many threads.</summary>
/// <param name="log">The tenant's log.</param>
internal sealed class TenantAccount(RequestLog log)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _carriedOut = [];
    private readonly List<RequestRecord> _open = [];
    private readonly List<string> _problems = [];
    private long _seen;
    private long _requests;
    private bool _begun;

    /// <summary>What there is to tell.</summary>
    /// <param name="Requests">How many requests came.</param>
    /// <param name="Problems">What doesn't add up.</param>
    internal sealed record Result(long Requests, IReadOnlyList<string> Problems);

    /// <summary>Begins behind what the tenant has seen so far.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _seen = log.Snapshot()[^1].Number;
            _begun = true;
        }
    }

    /// <summary>Looks a last time, and tells.</summary>
    public Result Tell()
    {
        Look();
        lock (_gate)
        {
            return new Result(_requests, [.. _problems]);
        }
    }

    /// <summary>Looks at what has come since the last time: no change may have been carried out twice for one call.</summary>
    public void Look()
    {
        lock (_gate)
        {
            if (_begun)
            {
                Count();
            }
        }
    }

    private void Count()
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

                _problems.Add($"The tenant's log has no request {_seen + 1} any more.");
            }

            _seen = record.Number;
            _requests++;
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
            _problems.Add($"{record.Cmdlet} {record.Header("client-request-id")} was carried out twice.");
        }

        return true;
    }
}
