using System.Globalization;
using System.Net.Http.Headers;

namespace ExoConnect.Core.AdminApi;

/// <summary>
/// Keeps a session's requests within what the service gives. Where it says how many are left (<c>Rate-Limit-Remaining</c>), no more are sent
/// than that, those under way counted; where it only refuses, the rate that it accepted is found and kept, a little more tried from time to
/// time. One per session; all its requests go through.
/// </summary>
/// <remarks>Time is passed in, so that a service's whole day can be played in a test.</remarks>
internal sealed class RequestPacer
{
    /// <summary>Nothing to do but wait for an answer.</summary>
    public static readonly TimeSpan UntilAnswer = Timeout.InfiniteTimeSpan;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly Queue<(DateTimeOffset Time, int Count)> _accepted = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;
    private int? _credit;
    private int _limit = int.MaxValue;
    private double _share = 1;
    private bool _tellsRemaining;
    private DateTimeOffset _reset;
    private DateTimeOffset _granted;
    private TimeSpan _trip = TimeSpan.MaxValue;
    private double _trust = 1;
    private DateTimeOffset _closedUntil;
    private double? _rate;
    private DateTimeOffset _rateSince;
    private DateTimeOffset _nextSlot;

    /// <summary>
    /// How long a request takes to arrive, as far as we may trust that: one sent this much before all are there again finds them. At 300 ms from
    /// the service it would else be a sixth of the time that nothing is asked for. Half of the quickest answer, as long as that goes well.
    /// </summary>
    private TimeSpan Lead => _trip == TimeSpan.MaxValue ? TimeSpan.Zero : _trip * (0.45 * _trust);

    /// <summary>How many requests may be sent at once by what is known; a batch had better not hold more. At least 1.</summary>
    public int Allowance
    {
        get
        {
            lock (_gate)
            {
                return _credit is > 0 and var credit ? credit : Math.Clamp(_limit - _underWay, 1, _limit);
            }
        }
    }

    /// <summary>Waits until requests may be sent, and counts them as under way; <see cref="Answered"/> must follow.</summary>
    /// <param name="count">How many; each of a batch is one.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask EnterAsync(int count, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan pause;
            Task changed;
            lock (_gate)
            {
                pause = TryEnter(clock.GetUtcNow(), count);
                if (pause == TimeSpan.Zero)
                {
                    return;
                }

                changed = _changed.Task;
            }

            if (pause == UntilAnswer)
            {
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Counts requests as under way, if they may be sent now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="count">How many; each of a batch is one.</param>
    /// <returns>Zero if it may; else how long to wait before asking again, or <see cref="UntilAnswer"/>.</returns>
    public TimeSpan TryEnter(DateTimeOffset now, int count = 1)
    {
        lock (_gate)
        {
            if (now < _closedUntil)
            {
                return _closedUntil - now;
            }

            // More than the service gives at all go when it gives all.
            var needed = Math.Min(count, _limit);
            if (_credit < needed)
            {
                var arrival = now + Lead;
                if (_underWay > 0 && (arrival < _reset || _granted >= _reset || _limit - _underWay < needed))
                {
                    return UntilAnswer;
                }

                if (arrival < _reset)
                {
                    return _reset - arrival;
                }

                // All are there again, as far as anybody said; what is under way may take of them. Then it takes an answer to know more.
                _credit = Math.Max(needed, (int)(_limit * _share) - _underWay);
                _share = Math.Min(1, _share + 0.02);
                _trust = Math.Min(1, _trust + 0.02);
                _granted = now > _reset ? now : _reset;
            }

            if (_rate is not null)
            {
                if (now < _nextSlot)
                {
                    return _nextSlot - now;
                }

                // A slot not used is gone: slots must not add up to a burst.
                var slot = TimeSpan.FromSeconds(count / CurrentRate(now));
                _nextSlot = (_nextSlot > now - slot ? _nextSlot : now) + slot;
            }

            _underWay += count;
            _credit -= count;
            return TimeSpan.Zero;
        }
    }

    /// <summary>Learns from an answer, or from there being none.</summary>
    /// <param name="now">The time.</param>
    /// <param name="left">What the answer said is left; null where it said nothing.</param>
    /// <param name="count">How many requests it answers.</param>
    /// <param name="took">How long it took; null where that says nothing of the way.</param>
    public void Answered(DateTimeOffset now, RateLimit? left, int count = 1, TimeSpan? took = null)
    {
        lock (_gate)
        {
            // The quickest is the one that says most of the way; a way that has become longer is believed slowly.
            _trip = took is not { } t ? _trip : t < _trip ? t : _trip + ((t - _trip) * 0.01);
            _underWay -= count;
            _accepted.Enqueue((now, count));
            Forget(now);
            Learn(left);
        }

        Pulse();
    }

    /// <summary>Learns that a request was refused for being one too many.</summary>
    /// <param name="now">The time.</param>
    /// <param name="left">What the answer said is left; null where it said nothing.</param>
    /// <param name="retryAfter">How long it asked to wait; null where it did not.</param>
    /// <param name="count">How many requests were refused.</param>
    public void Throttled(DateTimeOffset now, RateLimit? left, TimeSpan? retryAfter, int count = 1)
    {
        lock (_gate)
        {
            _underWay -= count;
        }

        Refused(now, left, retryAfter);
    }

    /// <summary>Learns of a refusal inside an answer that was none itself: of one request in a batch.</summary>
    /// <param name="now">The time.</param>
    /// <param name="left">What the answer said is left; null where it said nothing.</param>
    /// <param name="retryAfter">How long it asked to wait; null where it did not.</param>
    public void Refused(DateTimeOffset now, RateLimit? left, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            var first = now >= _closedUntil;

            // What the headers promised was not there: they tell of a moment that has passed. Less is taken of the next promise.
            _share = first && _tellsRemaining ? Math.Max(0.1, _share * 0.75) : _share;
            _trust = first ? _trust * 0.5 : _trust;
            var until = now + (retryAfter ?? TimeSpan.FromSeconds(1));
            _closedUntil = until > _closedUntil ? until : _closedUntil;
            Learn(left);
            if (!_tellsRemaining && first)
            {
                // Of several refused at once, the first tells all.
                Forget(now);
                var measured = _accepted.Sum(static a => a.Count) / Window.TotalSeconds;
                _rate = Math.Max(0.5, _rate is { } rate ? Math.Min(CurrentRate(now), Math.Max(measured, rate * 0.25)) * 0.95 : measured);
                _rateSince = now;
                _nextSlot = _closedUntil;
            }
        }

        Pulse();
    }

    private void Forget(DateTimeOffset now)
    {
        while (_accepted.TryPeek(out var oldest) && oldest.Time < now - Window)
        {
            _accepted.Dequeue();
        }
    }

    /// <summary>Stays near the rate that was refused for a while, then looks for more ever faster: the service may give much more by now.</summary>
    private double CurrentRate(DateTimeOffset now)
    {
        var seconds = Math.Min(60, (now - _rateSince).TotalSeconds);
        return _rate!.Value * (1 + (0.01 * seconds) + (0.0003 * seconds * seconds * seconds));
    }

    private void Learn(RateLimit? left)
    {
        if (left is { } l)
        {
            _tellsRemaining = true;
            _rate = null;

            // Answers overtake each other, and what is under way has been counted or has not: the cautious guess costs a moment, the other
            // one a refusal. So the credit only shrinks, and the reset only moves on, until the service has all of them again.
            _credit = Math.Min(_credit ?? int.MaxValue, l.Remaining - _underWay);
            _limit = Math.Max(1, l.Limit);
            _reset = l.Reset > _reset ? l.Reset : _reset;
        }
    }

    private void Pulse() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>How long an answer asks to wait; null if it does not.</summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var pause = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date is { } date ? date - now : null);
        return pause is { } p ? Clamp(p) : null;
    }

    /// <summary>Reads the <c>Rate-Limit-</c> headers.</summary>
    /// <param name="headers">The answer's headers.</param>
    /// <param name="now">The time.</param>
    /// <returns>What they say; null where they are missing or say nothing of use.</returns>
    public static RateLimit? Read(HttpResponseHeaders headers, DateTimeOffset now) =>
        int.TryParse(Header(headers, "Rate-Limit-Remaining"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var remaining)
        && ReadReset(Header(headers, "Rate-Limit-Reset"), now) is { } reset
            ? new RateLimit(
                int.TryParse(Header(headers, "Rate-Limit-Limit"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var limit) ? limit : Math.Max(1, remaining),
                Math.Max(0, remaining),
                reset)
            : null;

    private static DateTimeOffset? ReadReset(string? reset, DateTimeOffset now)
    {
        if (double.TryParse(reset, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400)
        {
            return now + Clamp(TimeSpan.FromSeconds(seconds));
        }

        return DateTimeOffset.TryParse(reset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? now + Clamp(time - now) : null;
    }

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static TimeSpan Clamp(TimeSpan pause) => pause < TimeSpan.Zero ? TimeSpan.Zero : pause > LongestPause ? LongestPause : pause;
}

/// <summary>What the service says of its limit.</summary>
/// <param name="Limit">How many requests it gives in all.</param>
/// <param name="Remaining">How many are left.</param>
/// <param name="Reset">When it gives all of them again.</param>
internal readonly record struct RateLimit(int Limit, int Remaining, DateTimeOffset Reset);
