using System.Globalization;
using System.Net.Http.Headers;
using System.Threading.Channels;

namespace ExoConnect.Core.Http.Pacing;

/// <summary>
/// Keeps a session's requests within what the service gives. Where it says how many are left (<c>Rate-Limit-Remaining</c>), no more are sent
/// than that; where it only refuses, the rate that it accepted is found and kept, and a little more tried ever again. Before anything is known,
/// few go at once, and twice as many with each round of answers. One per session; all its requests go through.
/// </summary>
/// <remarks>Time is passed in, so that a service's whole day can be played in a test.</remarks>
internal sealed class RequestPacer
{
    /// <summary>Nothing to do but wait for an answer.</summary>
    public static readonly TimeSpan UntilAnswer = Timeout.InfiniteTimeSpan;

    /// <summary>What is sent at once before any answer has come.</summary>
    private const int FirstAtOnce = 10;

    /// <summary>What a service that only refuses gives at least, as far as we believe; per second.</summary>
    private const double LeastRate = 0.5;

    /// <summary>How far beyond the rate we believe in we go at first, and how much farther for each second's worth accepted beyond it.</summary>
    private const double Try = 0.02;
    private const double TryMore = 0.07;

    /// <summary>So many seconds' worth accepted beyond the rate, and we believe in it no longer.</summary>
    private const double Disbelief = 2;

    /// <summary>How much the rate then grows with each request accepted: to twice as much in 1.4 seconds.</summary>
    private const double Growth = 0.5;

    /// <summary>So many seconds' unused slots may be made up for; more would be a burst.</summary>
    private const double Slack = 0.3;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>However long answers take: a request has arrived so long after it was sent.</summary>
    private static readonly TimeSpan LongestWay = TimeSpan.FromSeconds(0.5);

    /// <summary>Where nothing has been heard since all were there again, they are not believed to be there again before.</summary>
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Channel<bool> _turn = Channel.CreateBounded<bool>(1);
    private readonly List<Ticket> _underWay = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _closedUntil;
    private long _sent;

    // Before anything is known.
    private int _atOnce = FirstAtOnce;

    // Where the service says what is left.
    private long? _credit;
    private RateLimit _told;
    private int _limit = int.MaxValue;
    private long _sentBeforeLimit;
    private double _share = 1;
    private DateTimeOffset _reset;
    private DateTimeOffset _granted;
    private TimeSpan _period;
    private TimeSpan _trip = LongestWay;

    // Where it only refuses, and has.
    private readonly Queue<(DateTimeOffset Time, int Count)> _accepted = new();
    private double _rate;
    private bool _grows;
    private double _excess;
    private DateTimeOffset _weighed;
    private long _sentBeforeRate;
    private DateTimeOffset _nextSlot;

    public RequestPacer() => _turn.Writer.TryWrite(true);

    /// <summary>What is sent a second: the more was accepted beyond the rate we believe in, the less we believe in it.</summary>
    private double CurrentRate => _grows ? _rate : _rate * (1 + Try + (TryMore * _excess / _rate));

    /// <summary>Waits until requests may be sent, the longest waiting first, and counts them as under way; an answer must follow.</summary>
    /// <param name="most">How many at most; each of a batch is one. At least one goes.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>How many may go, and what their answer is told by.</returns>
    public async ValueTask<Ticket> EnterAsync(int most, TimeProvider clock, CancellationToken cancellationToken)
    {
        await _turn.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                TimeSpan pause;
                Task changed;
                lock (_gate)
                {
                    pause = TryEnter(clock.GetUtcNow(), most, out var ticket);
                    if (pause == TimeSpan.Zero)
                    {
                        return ticket;
                    }

                    changed = _changed.Task;
                }

                using var waited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(changed, Task.Delay(pause, clock, waited.Token)).ConfigureAwait(false);
                await waited.CancelAsync().ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _turn.Writer.TryWrite(true);
        }
    }

    /// <summary>Counts requests as under way, if they may be sent now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="most">How many at most; each of a batch is one.</param>
    /// <param name="ticket">How many may go, and what their answer is told by.</param>
    /// <returns>Zero if it may; else how long to wait before asking again, or <see cref="UntilAnswer"/>. An answer may change it.</returns>
    public TimeSpan TryEnter(DateTimeOffset now, int most, out Ticket ticket)
    {
        lock (_gate)
        {
            var (count, pause) = now < _closedUntil ? (0, _closedUntil - now)
                : _credit is not null ? ByCredit(now)
                : _rate > 0 ? BySlots(now, most)
                : (_atOnce - _underWay.Sum(static t => t.Count), UntilAnswer);
            count = Math.Clamp(count, 0, most);
            ticket = new Ticket(_sent += count, count, now);
            if (count == 0)
            {
                return pause;
            }

            _credit -= count;
            _underWay.Add(ticket);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Learns from an answer, or from there being none.</summary>
    /// <param name="ticket">Which requests it answers.</param>
    /// <param name="now">The time.</param>
    /// <param name="left">What the answer said is left; null where it said nothing.</param>
    public void Answered(Ticket ticket, DateTimeOffset now, RateLimit? left)
    {
        lock (_gate)
        {
            _underWay.Remove(ticket);
            _atOnce = Math.Min(_atOnce + ticket.Count, 100_000);
            _share = Math.Min(1, _share + (0.02 * ticket.Count / _limit));
            Weigh(ticket, now);
            Learn(ticket, now, left);
        }

        Pulse();
    }

    /// <summary>Learns that requests were refused for being too many.</summary>
    /// <param name="ticket">Which requests.</param>
    /// <param name="now">The time.</param>
    /// <param name="left">What the answer said is left; null where it said nothing.</param>
    /// <param name="retryAfter">How long it asked to wait; null where it did not.</param>
    public void Throttled(Ticket ticket, DateTimeOffset now, RateLimit? left, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            _underWay.Remove(ticket);
            Learn(ticket, now, left);
            Close(now, retryAfter, ticket.Number > _sentBeforeLimit);
        }

        Pulse();
    }

    /// <summary>Learns of a refusal inside an answer that was none itself: of one request in a batch.</summary>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">How long it asked to wait; null where it did not.</param>
    public void Refused(DateTimeOffset now, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            _accepted.Enqueue((now, -1));
            _excess--;
            Close(now, retryAfter);
        }

        Pulse();
    }

    private (int Count, TimeSpan Pause) ByCredit(DateTimeOffset now)
    {
        if (_credit <= 0 && now >= _reset)
        {
            // All are there again, as far as anybody said; and after as long again once more, for an answer can take longer than that.
            _reset = now >= _reset + _period ? now : _reset;
            var fresh = Math.Max(1, (int)(_limit * _share)) - InDoubt(_reset);
            if (fresh > 0)
            {
                (_credit, _granted, _reset) = (fresh, _reset, now + _period);
            }
        }

        return ((int)Math.Clamp(_credit!.Value, 0, int.MaxValue), (now < _reset ? _reset : _reset + _period) - now);
    }

    private (int Count, TimeSpan Pause) BySlots(DateTimeOffset now, int most)
    {
        if (now < _nextSlot)
        {
            return (0, _nextSlot - now);
        }

        // Slots that passed unused may be made up for, but must not add up to a burst.
        var count = (int)Math.Min(most, 1 + ((now - _nextSlot).TotalSeconds * CurrentRate));
        var oldest = now - TimeSpan.FromSeconds(Math.Max(count / CurrentRate, Slack));
        _nextSlot = (_nextSlot > oldest ? _nextSlot : oldest) + TimeSpan.FromSeconds(count / CurrentRate);
        return (count, TimeSpan.Zero);
    }

    private void Weigh(Ticket ticket, DateTimeOffset now)
    {
        // What was sent before the last refusal says nothing of the rate since.
        if (ticket.Number <= _sentBeforeRate)
        {
            return;
        }

        _accepted.Enqueue((now, ticket.Count));
        Forget(now);
        if (_grows)
        {
            _rate += Growth * ticket.Count;
        }
        else if (_rate > 0)
        {
            _excess = Math.Max(0, _excess - (_rate * Math.Max(0, (now - _weighed).TotalSeconds))) + ticket.Count;
            _weighed = now > _weighed ? now : _weighed;
            if (_excess > Disbelief * _rate)
            {
                (_rate, _grows) = (CurrentRate, true);
            }
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (_accepted.TryPeek(out var oldest) && oldest.Time < now.AddSeconds(-1))
        {
            _accepted.Dequeue();
        }
    }

    private void Close(DateTimeOffset now, TimeSpan? retryAfter, bool wasPromised = true)
    {
        // Of several refused at once, the first tells all.
        var first = now >= _closedUntil;
        var until = now + (retryAfter ?? TimeSpan.FromSeconds(1));
        _closedUntil = until > _closedUntil ? until : _closedUntil;
        if (first && _credit is not null)
        {
            // What the headers promised was not there: others use the limit too, or requests overtake each other. Some is left unused.
            _share = wasPromised ? Math.Max(0.1, _share * 0.75) : _share;
        }
        else if (first)
        {
            // Hold below what was refused, and below what was accepted in the last second; but one second proves only so much.
            Forget(now);
            var accepted = 0.95 * _accepted.Sum(static a => a.Count);
            _rate = Math.Max(LeastRate, _rate > 0 ? Math.Clamp(accepted, CurrentRate * 0.25, CurrentRate * 0.9) : accepted);
            (_excess, _weighed, _nextSlot, _sentBeforeRate, _grows) = (0, _closedUntil, _closedUntil, _sent, false);
            _accepted.Clear();
        }
    }

    private void Learn(Ticket ticket, DateTimeOffset now, RateLimit? left)
    {
        if (left is not { } l)
        {
            return;
        }

        if (l.Limit != _told.Limit)
        {
            (_told, _limit, _period, _sentBeforeLimit) = (default, Math.Max(1, l.Limit), TimeSpan.Zero, _sent);
        }

        // A way that has become longer is believed slowly.
        var trip = now - ticket.Sent;
        _trip = trip < _trip ? trip : _trip + ((trip - _trip) * 0.01);
        _period = new[] { l.Reset - ticket.Sent, _period * 0.99, ShortestPeriod }.Max();

        // Answers overtake each other. The one that was counted last has the later reset, and of those with the same the least left.
        if (l.Reset > _granted && (l.Reset > _told.Reset || (l.Reset == _told.Reset && l.Remaining < _told.Remaining)))
        {
            (_told, _reset) = (l, l.Reset);
            _credit = l.Remaining - (int)((1 - _share) * _limit) - InDoubt(ticket.Sent);
        }
    }

    /// <summary>How many that are under way may have been counted after a request that was sent at a time, or may have arrived after that time.</summary>
    private int InDoubt(DateTimeOffset time)
    {
        var since = time - (_trip < LongestWay ? _trip : LongestWay);
        var count = 0;
        for (var i = _underWay.Count - 1; i >= 0 && _underWay[i].Sent >= since; i--)
        {
            count += _underWay[i].Count;
        }

        return count;
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
        && ReadReset(Header(headers, "Rate-Limit-Reset"), headers.Date, now) is { } reset
            ? new RateLimit(
                int.TryParse(Header(headers, "Rate-Limit-Limit"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var limit) ? limit : Math.Max(1, remaining),
                Math.Max(0, remaining),
                reset)
            : null;

    private static DateTimeOffset? ReadReset(string? reset, DateTimeOffset? date, DateTimeOffset now)
    {
        if (double.TryParse(reset, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400)
        {
            return now + Clamp(TimeSpan.FromSeconds(seconds));
        }

        // A time is the service's. Where its clock and ours differ, we would wait by the difference each time; its date has whole seconds.
        var itsNow = date is { } d && (d - now).Duration() > TimeSpan.FromSeconds(2) ? d : now;
        return DateTimeOffset.TryParse(reset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? now + Clamp(time - itsNow) : null;
    }

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static TimeSpan Clamp(TimeSpan pause) => pause < TimeSpan.Zero ? TimeSpan.Zero : pause > LongestPause ? LongestPause : pause;
}

/// <summary>What the service says of its limit.</summary>
/// <param name="Limit">How many requests it gives in all.</param>
/// <param name="Remaining">How many are left.</param>
/// <param name="Reset">When it gives all of them again.</param>
internal readonly record struct RateLimit(int Limit, int Remaining, DateTimeOffset Reset);

/// <summary>Requests that were sent together.</summary>
/// <param name="Number">How many had been sent with them.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Sent">When they were sent.</param>
internal readonly record struct Ticket(long Number, int Count, DateTimeOffset Sent);
