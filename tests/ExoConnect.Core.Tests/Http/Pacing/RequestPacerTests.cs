using System.Globalization;
using System.Net;
using ExoConnect.Core.Http.Pacing;

namespace ExoConnect.Core.Tests.Http.Pacing;

/// <summary>The pacer against a simulated service, in simulated time.</summary>
public class RequestPacerTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The service allows 20, then 5, then 50 requests a second, for a minute each, and says what is left: at most 15 % of what it allows, or of
    /// what so many under way can carry at that latency, goes by unused, and fewer than 2 % are refused. What was sent before the limit fell, and
    /// some of the first ones, can't but be refused.
    /// </summary>
    [Theory]
    [InlineData("Window", 1)]
    [InlineData("Window", 10)]
    [InlineData("Window", 1, 10.0)]
    [InlineData("Bucket", 1)]
    [InlineData("Bucket", 10)]
    public void Uses_what_the_service_says_is_left(string counting, int batch, double window = 1)
    {
        foreach (var (latency, underWay) in Matrix)
        {
            Check(new SimulatedService(Enum.Parse<Counting>(counting), Telling.Headers, latency, underWay, batch) { Window = window });
        }
    }

    /// <summary>On the way requests overtake each other, and the service works on them; the latter is no part of the way.</summary>
    [Theory]
    [InlineData("Window", 0.5, 0)]
    [InlineData("Window", 0.0, 0.2)]
    [InlineData("Window", 0.5, 0.2)]
    [InlineData("Bucket", 0.5, 0)]
    [InlineData("Bucket", 0.0, 0.2)]
    [InlineData("Bucket", 0.5, 0.2)]
    public void Overtaking_and_work_of_the_service_do_no_harm(string counting, double spread, double work)
    {
        foreach (var (latency, underWay) in Matrix)
        {
            Check(new SimulatedService(Enum.Parse<Counting>(counting), Telling.Headers, latency, underWay, 1) { Spread = spread, Work = work });
        }
    }

    /// <summary>
    /// A service that only refuses has to be found out by being refused. That takes a while: near its limit little more is tried, slowly, since each
    /// refusal closes the way for a second, and a rise to the tenfold is found within a minute. So the phases are of ten minutes. One or two batches
    /// far from a service that counts by the clock carry the limit only if they fall evenly into its seconds, which nobody can aim at: a quarter is
    /// lost.
    /// </summary>
    [Theory]
    [InlineData("Bucket", "RetryAfter", 1)]
    [InlineData("Bucket", "RetryAfter", 10)]
    [InlineData("Bucket", "Nothing", 1)]
    [InlineData("Bucket", "Nothing", 10)]
    [InlineData("Window", "RetryAfter", 1)]
    [InlineData("Window", "RetryAfter", 10)]
    [InlineData("Window", "Nothing", 1)]
    [InlineData("Window", "Nothing", 10)]
    public void Finds_out_what_a_service_gives_that_only_refuses(string counting, string telling, int batch)
    {
        foreach (var (latency, underWay) in Matrix)
        {
            var isCoarse = counting == "Window" && batch > 1 && underWay < 80 && latency == 0.3;
            Check(
                new SimulatedService(Enum.Parse<Counting>(counting), Enum.Parse<Telling>(telling), latency, underWay, batch) { Phase = 600 },
                isCoarse ? 0.7 : 0.85);
        }
    }

    /// <summary>A response that takes longer than until all are there again doesn't hold up the others.</summary>
    [Theory]
    [InlineData("Window")]
    [InlineData("Bucket")]
    public void Slow_responses_do_not_hold_up_others(string counting)
    {
        var service = new SimulatedService(Enum.Parse<Counting>(counting), Telling.Headers, 0.02, 80, 1) { Work = 2 };
        Check(service);
    }

    [Fact]
    public void A_tenfold_rise_is_found_within_a_minute_where_the_service_only_refuses()
    {
        foreach (var (latency, underWay) in Matrix.Where(m => m.UnderWay == 80))
        {
            var service = new SimulatedService(Counting.Bucket, Telling.RetryAfter, latency, underWay, 1) { Phase = 120 };
            service.Run();
            Assert.InRange(service.Accepted[2], 60 * 50, 121 * 50);
        }
    }

    [Fact]
    public void Before_anything_is_known_few_go_at_once_and_soon_many()
    {
        var pacer = new RequestPacer();
        var sent = new List<int>();
        for (var round = 0; round < 5; round++)
        {
            var tickets = new List<Ticket>();
            while (pacer.TryEnter(Start, 1, out var ticket) == TimeSpan.Zero)
            {
                tickets.Add(ticket);
            }

            sent.Add(tickets.Count);
            tickets.ForEach(t => pacer.Complete(t, Start, null));
        }

        Assert.Equal([10, 20, 40, 80, 160], sent);
    }

    [Fact]
    public void Where_plenty_is_left_nothing_waits()
    {
        var pacer = new RequestPacer();
        pacer.Complete(Enter(pacer, Start), Start, new RateLimit(100_000, 100_000, Start.AddSeconds(1)));
        for (var i = 0; i < 1000; i++)
        {
            Enter(pacer, Start);
        }
    }

    [Fact]
    public void What_is_under_way_counts_against_what_is_left()
    {
        var pacer = new RequestPacer();
        var first = Enter(pacer, Start);
        var second = Enter(pacer, Start);
        pacer.Complete(first, Start, new RateLimit(10, 2, Start.AddSeconds(5)));

        var third = Enter(pacer, Start);
        Assert.Equal(TimeSpan.FromSeconds(5), pacer.TryEnter(Start, 1, out _));
        pacer.Complete(second, Start, null);
        pacer.Complete(third, Start, null);
        Assert.Equal(TimeSpan.FromSeconds(5), pacer.TryEnter(Start, 1, out _));
        Enter(pacer, Start.AddSeconds(5));
    }

    [Fact]
    public void Of_responses_that_overtook_each_other_the_one_counted_last_is_believed()
    {
        var pacer = new RequestPacer();
        var first = Enter(pacer, Start);
        var second = Enter(pacer, Start);
        pacer.Complete(first, Start, new RateLimit(10, 0, Start.AddSeconds(5)));
        pacer.Complete(second, Start, new RateLimit(10, 1, Start.AddSeconds(5)));

        Assert.Equal(TimeSpan.FromSeconds(5), pacer.TryEnter(Start, 1, out _));
    }

    [Fact]
    public void Of_a_batch_as_many_go_as_there_is_room_for()
    {
        var pacer = new RequestPacer();
        pacer.Complete(Enter(pacer, Start), Start, new RateLimit(20, 12, Start.AddSeconds(5)));

        Assert.Equal(10, Enter(pacer, Start, 10).Count);
        Assert.Equal(2, Enter(pacer, Start, 10).Count);
        Assert.Equal(TimeSpan.FromSeconds(5), pacer.TryEnter(Start, 10, out _));
    }

    [Fact]
    public void A_limit_of_one_is_used_again_after_refusals()
    {
        var pacer = new RequestPacer();
        var now = Start;
        for (var i = 0; i < 20; i++)
        {
            var pause = pacer.TryEnter(now, 1, out var ticket);
            if (pause == TimeSpan.Zero)
            {
                pacer.Throttled(ticket, now, new RateLimit(1, 0, now.AddSeconds(1)), TimeSpan.FromSeconds(1));
                pause = TimeSpan.FromSeconds(1);
            }

            Assert.InRange(pause, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
            now += pause;
        }

        Assert.InRange(now - Start, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Who_waits_for_a_response_goes_on_when_it_comes()
    {
        var pacer = new RequestPacer();
        var first = await pacer.EnterAsync(10, TimeProvider.System, default);
        var waiting = pacer.EnterAsync(1, TimeProvider.System, default).AsTask();
        Assert.False(waiting.IsCompleted);

        pacer.Complete(first, DateTimeOffset.UtcNow, null);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Who_gives_up_waiting_lets_the_next_one_go()
    {
        var pacer = new RequestPacer();
        var first = await pacer.EnterAsync(10, TimeProvider.System, default);
        using var stop = new CancellationTokenSource();
        var givesUp = pacer.EnterAsync(1, TimeProvider.System, stop.Token).AsTask();
        var waiting = pacer.EnterAsync(1, TimeProvider.System, default).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givesUp);

        pacer.Complete(first, DateTimeOffset.UtcNow, null);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(0, "2026-01-01T00:00:05Z", 5)]
    [InlineData(1, "2026-01-01T00:00:05Z", 5)]
    [InlineData(600, "2026-01-01T00:10:05Z", 5)]
    [InlineData(-600, "2025-12-31T23:50:05Z", 5)]
    [InlineData(600, "7", 7)]
    public void A_reset_is_read_by_the_clock_of_the_service(int ahead, string reset, int seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.OK);
        var headers = response.Headers;
        headers.Date = Start.AddSeconds(ahead);
        headers.Add("Rate-Limit-Limit", "20");
        headers.Add("Rate-Limit-Remaining", "3");
        headers.Add("Rate-Limit-Reset", reset);

        Assert.Equal(new RateLimit(20, 3, Start.AddSeconds(seconds)), RateLimitHeaders.Read(headers, Start));
    }

    private static IEnumerable<(double Latency, int UnderWay)> Matrix =>
        from latency in new[] { 0, 0.02, 0.08, 0.3 }
        from underWay in new[] { 8, 16, 80 }
        select (latency, underWay);

    private static Ticket Enter(RequestPacer pacer, DateTimeOffset now, int most = 1)
    {
        Assert.Equal(TimeSpan.Zero, pacer.TryEnter(now, most, out var ticket));
        return ticket;
    }

    private void Check(SimulatedService service, double share = 0.85)
    {
        service.Run();
        var refused = service.Refused.Sum() / (double)service.Accepted.Sum();
        var used = service.Accepted.Select((accepted, i) => accepted / service.Phase / service.Possible(i)).ToArray();
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{service}: {string.Join(' ', used.Select(u => u.ToString("0.00", CultureInfo.InvariantCulture)))}, refused {refused:0.00%}, most in "
                + $"a second {service.Storm}");
        output.WriteLine(line);
        Assert.True(used.All(u => u >= share && u < 1.06), line);
        Assert.True(refused < 0.02, line);
    }
}
