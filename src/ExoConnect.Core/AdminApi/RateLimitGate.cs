using System.Globalization;
using System.Net.Http.Headers;

namespace ExoConnect.Core.AdminApi;

/// <summary>
/// Holds requests back while the service says that none are left (<c>Rate-Limit-Remaining: 0</c> until <c>Rate-Limit-Reset</c>), or asked
/// for a pause. One per session.
/// </summary>
/// <param name="clock">The clock.</param>
internal sealed class RateLimitGate(TimeProvider clock)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private long _closedUntil;

    /// <summary>Waits until the service takes requests again.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (new DateTimeOffset(Interlocked.Read(ref _closedUntil), TimeSpan.Zero) - clock.GetUtcNow() is { Ticks: > 0 } pause)
        {
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Learns from an answer.</summary>
    public void Observe(HttpResponseHeaders headers)
    {
        if (Header(headers, "Rate-Limit-Remaining") is { } left && int.TryParse(left, NumberStyles.Integer, CultureInfo.InvariantCulture, out var remaining)
            && remaining <= 0 && Header(headers, "Rate-Limit-Reset") is { } reset && Pause(reset) is { } pause)
        {
            Close(pause);
        }
    }

    /// <summary>How long an answer asks to wait; null if it does not.</summary>
    public TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        var pause = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date is { } date ? date - clock.GetUtcNow() : null);
        return pause is { } p ? Clamp(p) : null;
    }

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static TimeSpan Clamp(TimeSpan pause) => pause < TimeSpan.Zero ? TimeSpan.Zero : pause > LongestPause ? LongestPause : pause;

    private TimeSpan? Pause(string reset)
    {
        if (double.TryParse(reset, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400)
        {
            return Clamp(TimeSpan.FromSeconds(seconds));
        }

        return DateTimeOffset.TryParse(reset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Clamp(time - clock.GetUtcNow())
            : null;
    }

    private void Close(TimeSpan pause)
    {
        var until = (clock.GetUtcNow() + pause).Ticks;
        long before;
        while ((before = Interlocked.Read(ref _closedUntil)) < until && Interlocked.CompareExchange(ref _closedUntil, until, before) != before)
        {
        }
    }
}
