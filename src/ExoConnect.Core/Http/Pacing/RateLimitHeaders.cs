using System.Globalization;
using System.Net.Http.Headers;

namespace ExoConnect.Core.Http.Pacing;

/// <summary>The limit that the service names.</summary>
/// <param name="Limit">How many requests it allows in all.</param>
/// <param name="Remaining">How many are left.</param>
/// <param name="Reset">When it allows all of them again.</param>
internal readonly record struct RateLimit(int Limit, int Remaining, DateTimeOffset Reset);

/// <summary>Reads a service's limits from the headers of responses.</summary>
internal static class RateLimitHeaders
{
    /// <summary>The longest wait for a limit to be reset, which is only a hint.</summary>
    private static readonly TimeSpan LongestReset = TimeSpan.FromMinutes(5);

    /// <summary>What a longer pause is read as; a time can't be computed from just any number.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(3650);

    /// <summary>The pause that a response requests; null for none.</summary>
    /// <param name="headers">The response's headers.</param>
    /// <param name="now">The time.</param>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now) => RetryAfter(Header(headers, "Retry-After"), now);

    /// <summary>Reads a <c>Retry-After</c>: seconds, perhaps with a fraction, or a time.</summary>
    /// <param name="value">The header's value; null for none.</param>
    /// <param name="now">The time.</param>
    /// <returns>The pause; null if the value names none.</returns>
    public static TimeSpan? RetryAfter(string? value, DateTimeOffset now) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? Clamp(TimeSpan.FromSeconds(Math.Min(seconds, LongestPause.TotalSeconds)), LongestPause)
            : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? Clamp(time - now, LongestPause)
                : null;

    /// <summary>Reads the <c>Rate-Limit-</c> headers.</summary>
    /// <param name="headers">The response's headers.</param>
    /// <param name="now">The time.</param>
    /// <returns>The limit; null if the headers are missing or unusable.</returns>
    public static RateLimit? Read(HttpResponseHeaders headers, DateTimeOffset now) =>
        int.TryParse(Header(headers, "Rate-Limit-Remaining"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var remaining)
        && ReadReset(Header(headers, "Rate-Limit-Reset"), headers.Date, now) is { } reset
            ? new RateLimit(
                int.TryParse(Header(headers, "Rate-Limit-Limit"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var limit) ? limit
                    : Math.Max(1, remaining),
                Math.Max(0, remaining),
                reset)
            : null;

    private static DateTimeOffset? ReadReset(string? reset, DateTimeOffset? date, DateTimeOffset now)
    {
        if (double.TryParse(reset, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400)
        {
            return now + Clamp(TimeSpan.FromSeconds(seconds), LongestReset);
        }

        // A time is the service's. If its clock and ours differ, we would wait by the difference each time; its date has whole seconds.
        var itsNow = date is { } d && (d - now).Duration() > TimeSpan.FromSeconds(2) ? d : now;
        return DateTimeOffset.TryParse(reset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? now + Clamp(time - itsNow, LongestReset)
            : null;
    }

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault()
        : null;

    private static TimeSpan Clamp(TimeSpan pause, TimeSpan longest) => pause < TimeSpan.Zero ? TimeSpan.Zero : pause > longest ? longest : pause;
}
