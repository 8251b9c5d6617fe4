using ExoConnect.Core.AdminApi;

namespace ExoConnect.Core.Tests.AdminApi;

/// <summary>The pacer against a simulated service, in simulated time.</summary>
public class RequestPacerTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The service allows 20, then 5, then 50 requests a second to workers that always have something to send. Where it does not say how
    /// many are left, what it gives has to be found out by being refused, which takes a while after each change. Latency is the way there and back;
    /// what the service works on a request comes on top, and is no part of the way.
    /// </summary>
    [Theory]
    [InlineData(true, true, 0.08)]
    [InlineData(true, false, 0.08)]
    [InlineData(true, true, 0.005)]
    [InlineData(true, true, 0.15)]
    [InlineData(true, true, 0.08, 80)]
    [InlineData(true, true, 0.3, 80)]
    [InlineData(true, false, 0.3, 80)]
    [InlineData(true, true, 0.3, 80, 0.2)]
    [InlineData(true, true, 0.08, 16, 0.2)]
    [InlineData(false, true, 0.08)]
    [InlineData(false, true, 0.02)]
    [InlineData(false, true, 0.3)]
    public void Settles_near_what_the_service_gives_and_never_storms_it(bool tellsRemaining, bool asksToWait, double latency, int workers = 16, double work = 0)
    {
        var limits = new[] { 20, 5, 50 };
        var seconds = tellsRemaining ? 60 : 600;
        var run = new Simulation(limits, TimeSpan.FromSeconds(seconds), tellsRemaining, asksToWait, TimeSpan.FromSeconds(latency), TimeSpan.FromSeconds(work), workers).Run();

        for (var phase = 0; phase < limits.Length; phase++)
        {
            // What the workers can send at all at this latency bounds what can be asked of them.
            var possible = Math.Min(limits[phase], workers / (latency + work));
            Assert.InRange(run.Accepted[phase] / (double)seconds, possible * 0.85, (limits[phase] * 1.0) + 1);
        }

        Assert.InRange((double)run.Refused.Sum() / run.Accepted.Sum(), 0, 0.02);
    }

    [Fact]
    public void Without_limits_nothing_waits()
    {
        var pacer = new RequestPacer();
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start));
        }
    }

    [Fact]
    public void What_is_under_way_counts_against_what_is_left()
    {
        var pacer = new RequestPacer();
        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start));
        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start));
        pacer.Answered(Start, new RateLimit(10, 2, Start.AddSeconds(5)));

        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start));
        Assert.Equal(RequestPacer.UntilAnswer, pacer.TryEnter(Start));
        pacer.Answered(Start, null);
        pacer.Answered(Start, null);
        Assert.Equal(TimeSpan.FromSeconds(5), pacer.TryEnter(Start));
        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start.AddSeconds(5)));
    }

    [Fact]
    public void A_batch_counts_for_what_it_holds()
    {
        var pacer = new RequestPacer();
        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start));
        pacer.Answered(Start, new RateLimit(20, 12, Start.AddSeconds(5)));
        Assert.Equal(12, pacer.Allowance);

        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start, 10));
        Assert.Equal(2, pacer.Allowance);
        Assert.Equal(RequestPacer.UntilAnswer, pacer.TryEnter(Start, 3));
        pacer.Answered(Start, null, 10);
        Assert.Equal(TimeSpan.FromSeconds(5), pacer.TryEnter(Start, 3));
        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start.AddSeconds(5), 10));
    }

    [Fact]
    public void A_batch_larger_than_the_limit_goes_when_all_are_there()
    {
        var pacer = new RequestPacer();
        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start));
        pacer.Answered(Start, new RateLimit(5, 4, Start.AddSeconds(1)));

        Assert.Equal(TimeSpan.FromSeconds(1), pacer.TryEnter(Start, 10));
        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(Start.AddSeconds(1), 10));
    }

    [Fact]
    public async Task Who_waits_for_an_answer_goes_on_when_it_comes()
    {
        var pacer = new RequestPacer();
        await pacer.EnterAsync(1, TimeProvider.System, default);
        await pacer.EnterAsync(1, TimeProvider.System, default);
        pacer.Answered(DateTimeOffset.UtcNow, new RateLimit(10, 1, DateTimeOffset.UtcNow.AddMilliseconds(50)));
        var waiting = pacer.EnterAsync(1, TimeProvider.System, default).AsTask();
        Assert.False(waiting.IsCompleted);

        pacer.Answered(DateTimeOffset.UtcNow, null);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private sealed class Simulation(int[] limits, TimeSpan phase, bool tellsRemaining, bool asksToWait, TimeSpan latency, TimeSpan work, int workers)
    {
        private readonly PriorityQueue<Action<DateTimeOffset>, DateTimeOffset> _events = new();
        private readonly RequestPacer _pacer = new();
        private readonly List<Action<DateTimeOffset>> _waiting = [];
        private readonly DateTimeOffset _end = Start + (phase * limits.Length);
        private double _level = limits[0];
        private DateTimeOffset _filled = Start;
        private int _lastLimit = limits[0];

        public int[] Accepted { get; } = new int[limits.Length];

        public int[] Refused { get; } = new int[limits.Length];

        public Simulation Run()
        {
            for (var i = 0; i < workers; i++)
            {
                _events.Enqueue(Send, Start);
            }

            while (_events.TryDequeue(out var action, out var now) && now < _end)
            {
                action(now);
            }

            return this;
        }

        private int Phase(DateTimeOffset now) => (int)((now - Start) / phase);

        private void Send(DateTimeOffset now)
        {
            var pause = _pacer.TryEnter(now);
            if (pause == TimeSpan.Zero)
            {
                _events.Enqueue(then => Serve(then, now), now + (latency / 2));
            }
            else if (pause == RequestPacer.UntilAnswer)
            {
                _waiting.Add(Send);
            }
            else
            {
                _events.Enqueue(Send, now + pause);
            }
        }

        private void Serve(DateTimeOffset now, DateTimeOffset sent)
        {
            var index = Math.Min(Phase(now), limits.Length - 1);
            var limit = limits[index];
            _level = limit == _lastLimit ? Math.Min(limit, _level + ((now - _filled).TotalSeconds * limit)) : limit;
            (_filled, _lastLimit) = (now, limit);
            var accepted = _level >= 1;
            if (accepted)
            {
                _level--;
                Accepted[index]++;
            }
            else
            {
                Refused[index]++;
            }

            RateLimit? left = tellsRemaining ? new RateLimit(limit, (int)_level, now.AddSeconds((limit - _level) / limit)) : null;
            TimeSpan? wait = asksToWait ? TimeSpan.FromSeconds(Math.Ceiling((1 - _level) / limit)) : null;
            _events.Enqueue(then => Answer(then, accepted, left, wait, then - sent), now + (latency / 2) + (accepted ? work : TimeSpan.Zero));
        }

        private void Answer(DateTimeOffset now, bool accepted, RateLimit? left, TimeSpan? wait, TimeSpan took)
        {
            if (accepted)
            {
                _pacer.Answered(now, left, took: took);
                _events.Enqueue(Send, now);
            }
            else
            {
                _pacer.Throttled(now, left, wait);
                _events.Enqueue(Send, now + (wait ?? TimeSpan.FromSeconds(1)));
            }

            foreach (var waiting in _waiting)
            {
                _events.Enqueue(waiting, now);
            }

            _waiting.Clear();
        }
    }
}
