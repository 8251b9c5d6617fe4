using System.Globalization;
using ExoConnect.Core.Http.Pacing;

namespace ExoConnect.Core.Tests.Http.Pacing;

/// <summary>What a simulated service tells of its limit.</summary>
internal enum Telling
{
    /// <summary><c>Rate-Limit-</c> headers.</summary>
    Headers,

    /// <summary>Only <c>Retry-After</c> with a refusal.</summary>
    RetryAfter,

    /// <summary>A refusal without a word.</summary>
    Nothing,
}

/// <summary>How a simulated service counts.</summary>
internal enum Counting
{
    /// <summary>So many in each second of the clock.</summary>
    Window,

    /// <summary>A bucket that holds a second's worth and fills steadily.</summary>
    Bucket,
}

/// <summary>
/// A service in simulated time that allows 20, then 5, then 50 requests a second, and places that always have something to send through one pacer.
/// </summary>
/// <param name="counting">How it counts.</param>
/// <param name="telling">What it tells.</param>
/// <param name="latency">The way there and back, in seconds.</param>
/// <param name="underWay">How many requests may be under way.</param>
/// <param name="batch">How many of them go together at most.</param>
internal sealed class SimulatedService(Counting counting, Telling telling, double latency, int underWay, int batch)
{
    private static readonly int[] Limits = [20, 5, 50];

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action<DateTimeOffset>, (DateTimeOffset Time, long Number)> _events = new();
    private readonly RequestPacer _pacer = new();
    private readonly Queue<DateTimeOffset> _refusals = new();
    private readonly Random _random = new(1);
    private DateTimeOffset _end;
    private DateTimeOffset _asked;
    private DateTimeOffset _counted = Start;
    private double _level;
    private int _waiting;
    private int _limit = Limits[0];
    private long _number;

    /// <summary>How long each limit holds, in seconds.</summary>
    public double Phase { get; init; } = 60;

    /// <summary>What the service works on a request beside the way, in seconds.</summary>
    public double Work { get; init; }

    /// <summary>By how much of itself the way is longer for some requests than for others.</summary>
    public double Spread { get; init; }

    /// <summary>Over how many seconds the service counts, if by the clock.</summary>
    public double Window { get; init; } = 1;

    /// <summary>How many requests were accepted in each phase.</summary>
    public int[] Accepted { get; } = new int[Limits.Length];

    /// <summary>How many were refused in each phase.</summary>
    public int[] Refused { get; } = new int[Limits.Length];

    /// <summary>The most that were refused within a second.</summary>
    public int Storm { get; private set; }

    /// <summary>How many requests a second can be accepted in a phase: what is allowed, or what so many under way can carry.</summary>
    public double Possible(int phase) => Math.Min(Limits[phase], underWay / ((latency * (1 + (Spread / 2))) + Work));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{counting} {telling}, batches of {batch}, {latency * 1000:0} ms, {underWay} under way");

    public void Run()
    {
        _end = Start.AddSeconds(Phase * Limits.Length);
        _level = Limits[0] * (counting == Counting.Bucket ? 1 : Window);
        for (var i = 0; i < Places; i++)
        {
            At(Start, Wait);
        }

        while (_events.TryDequeue(out var action, out var at) && at.Time < _end)
        {
            action(at.Time);
        }
    }

    private int Places => (underWay + batch - 1) / batch;

    private void At(DateTimeOffset time, Action<DateTimeOffset> action) => _events.Enqueue(action, (time, _number++));

    /// <summary>Sends what may be, the longest waiting first.</summary>
    private void Send(DateTimeOffset now)
    {
        while (_waiting > 0)
        {
            var pause = _pacer.TryEnter(now, underWay / Places, out var ticket);
            if (pause != TimeSpan.Zero)
            {
                if (pause != Timeout.InfiniteTimeSpan && (_asked <= now || now + pause < _asked))
                {
                    _asked = now + pause;
                    At(_asked, Send);
                }

                return;
            }

            _waiting--;
            At(now + Way(), then => Serve(then, ticket));
        }
    }

    private TimeSpan Way() => TimeSpan.FromSeconds(latency / 2 * (1 + (Spread * _random.NextDouble())));

    private void Serve(DateTimeOffset now, Ticket ticket)
    {
        var phase = Math.Min((int)((now - Start).TotalSeconds / Phase), Limits.Length - 1);
        Count(now, Limits[phase]);
        var accepted = (int)Math.Min(ticket.Count, _level);
        _level -= accepted;
        Accepted[phase] += accepted;
        Refused[phase] += ticket.Count - accepted;
        for (var i = accepted; i < ticket.Count; i++)
        {
            _refusals.Enqueue(now);
        }

        while (_refusals.TryPeek(out var old) && old <= now.AddSeconds(-1))
        {
            _refusals.Dequeue();
        }

        Storm = Math.Max(Storm, _refusals.Count);
        var all = counting == Counting.Bucket ? now.AddSeconds((_limit - _level) / _limit) : _counted.AddSeconds(Window);
        var one = counting == Counting.Bucket ? (1 - _level) / _limit : (all - now).TotalSeconds;
        RateLimit? left = telling == Telling.Headers ? new RateLimit((int)(_limit * (counting == Counting.Bucket ? 1 : Window)), (int)_level, all)
            : null;
        TimeSpan? wait = telling == Telling.Nothing ? null : TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(one)));
        At(now + Way() + (accepted > 0 ? TimeSpan.FromSeconds(Work) : TimeSpan.Zero), then => Respond(then, ticket, accepted, left, wait));
    }

    private void Count(DateTimeOffset now, int limit)
    {
        if (counting == Counting.Bucket)
        {
            _level = limit == _limit ? Math.Min(limit, _level + ((now - _counted).TotalSeconds * limit)) : limit;
            (_counted, _limit) = (now, limit);
        }
        else if (now >= _counted.AddSeconds(Window) || limit != _limit)
        {
            _counted = Start.AddSeconds(Math.Floor((now - Start).TotalSeconds / Window) * Window);
            (_level, _limit) = (limit * Window, limit);
        }
    }

    private void Respond(DateTimeOffset now, Ticket ticket, int accepted, RateLimit? left, TimeSpan? wait)
    {
        var again = now;
        if (accepted == 0)
        {
            _pacer.Throttled(ticket, now, left, wait);
            again = now + ((wait ?? TimeSpan.FromSeconds(1)) * (1 + (_random.NextDouble() / 10)));
        }
        else
        {
            _pacer.Complete(ticket, now, left);
            for (var i = accepted; i < ticket.Count; i++)
            {
                _pacer.Refused(now, wait);
            }
        }

        At(again, Wait);
        Send(now);
    }

    private void Wait(DateTimeOffset now)
    {
        _waiting++;
        Send(now);
    }
}
