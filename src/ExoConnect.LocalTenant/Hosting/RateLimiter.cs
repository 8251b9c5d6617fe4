using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>One token bucket per app, with the requests of a second, and its headers (docs/internals/protocol.md section 4).</summary>
internal sealed class RateLimiter(TimeProvider clock, int requestsPerSecond)
{
    private const string Plenty = "100000";

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.OrdinalIgnoreCase);
    private int _requestsPerSecond = requestsPerSecond;
    private Stamp _now = new(-1, string.Empty);

    /// <summary>How many requests an app may send in a second; 0 for no limit. May be changed at any time.</summary>
    public int RequestsPerSecond
    {
        get => Volatile.Read(ref _requestsPerSecond);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Volatile.Write(ref _requestsPerSecond, value);
            _buckets.Clear();
        }
    }

    /// <summary>Takes one request out of an app's bucket and writes the headers.</summary>
    /// <param name="appId">The app.</param>
    /// <param name="headers">The response's headers.</param>
    /// <returns>True if the request may continue; false if it gets 429, with <c>Retry-After</c> set.</returns>
    public bool TryTake(string appId, IHeaderDictionary headers)
    {
        var limit = RequestsPerSecond;
        if (limit == 0)
        {
            headers["Rate-Limit-Limit"] = Plenty;
            headers["Rate-Limit-Remaining"] = Plenty;
            headers["Rate-Limit-Reset"] = Now();
            return true;
        }

        var (allowed, remaining, full, wait) = BucketOf(appId, limit).Take(clock, 1);
        Write(headers, limit, remaining, full);
        if (!allowed)
        {
            headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return allowed;
    }

    /// <summary>Writes the headers again at the start of a response, after the batch has taken its requests.</summary>
    /// <param name="appId">The app.</param>
    /// <param name="headers">The response's headers.</param>
    public void Describe(string appId, IHeaderDictionary headers)
    {
        if (RequestsPerSecond is > 0 and var limit)
        {
            var (_, remaining, full, _) = BucketOf(appId, limit).Take(clock, 0);
            Write(headers, limit, remaining, full);
        }
    }

    /// <summary>Takes one request of a batch out of an app's bucket.</summary>
    /// <param name="appId">The app.</param>
    /// <returns>The wait before the request; null for none.</returns>
    public TimeSpan? Take(string appId)
    {
        var limit = RequestsPerSecond;
        if (limit == 0)
        {
            return null;
        }

        var (allowed, _, _, wait) = BucketOf(appId, limit).Take(clock, 1);
        return allowed ? null : wait;
    }

    private void Write(IHeaderDictionary headers, int limit, int remaining, TimeSpan full)
    {
        headers["Rate-Limit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        headers["Rate-Limit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        headers["Rate-Limit-Reset"] = (clock.GetUtcNow() + full).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
    }

    private Bucket BucketOf(string appId, int limit)
    {
        return _buckets.GetOrAdd(appId, static (_, state) => new Bucket(state.clock, state.limit), (clock, limit));
    }

    private string Now()
    {
        var now = clock.GetUtcNow();
        var second = now.ToUnixTimeSeconds();
        var last = Volatile.Read(ref _now);
        if (last.Second != second)
        {
            last = new Stamp(second, DateTimeOffset.FromUnixTimeSeconds(second + 1).UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            Volatile.Write(ref _now, last);
        }

        return last.Text;
    }

    private sealed record Stamp(long Second, string Text);

    private sealed class Bucket(TimeProvider clock, int limit)
    {
        private readonly Lock _gate = new();
        private double _level = limit;
        private long _at = clock.GetTimestamp();

        public (bool Allowed, int Remaining, TimeSpan Full, TimeSpan Wait) Take(TimeProvider clock, int count)
        {
            lock (_gate)
            {
                var now = clock.GetTimestamp();
                _level = Math.Min(limit, _level + (clock.GetElapsedTime(_at, now).TotalSeconds * limit));
                _at = now;
                var allowed = _level >= count;
                if (allowed)
                {
                    _level -= count;
                }

                return (allowed, (int)_level, TimeSpan.FromSeconds((limit - _level) / limit), TimeSpan.FromSeconds((1 - _level) / limit));
            }
        }
    }
}
