using ExoConnect.Core.Hosting;
using ExoConnect.Tests;

namespace ExoConnect.Core.Tests.Hosting;

public class ProgressMeterTests
{
    private readonly ManualClock _clock = new();
    private readonly ProgressMeter _meter;

    public ProgressMeterTests() => _meter = new ProgressMeter("Get-Mailbox", _clock);

    [Fact]
    public void What_is_quick_is_not_shown_and_what_is_long_a_few_times_a_second()
    {
        Assert.False(_meter.TryRead(out _));
        _clock.Advance(TimeSpan.FromSeconds(0.6));
        Assert.False(_meter.TryRead(out _));

        var shown = 0;
        for (var i = 0; i < 1000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            shown += _meter.TryRead(out _) ? 1 : 0;
        }

        Assert.InRange(shown, 35, 41);
    }

    [Fact]
    public void A_list_tells_objects_rate_and_page()
    {
        for (var page = 1; page <= 11; page++)
        {
            _meter.Add(1000, page);
            Read(1);
        }

        _meter.Add(1000, 12);
        var reading = Read(1);
        Assert.Equal("12,000 objects, 1,000/s, page 12", reading.ToString());
        Assert.Null(reading.Percent);
    }

    [Fact]
    public void A_list_with_a_limit_tells_what_is_left()
    {
        _meter.Expect(4000);
        _meter.Add(1000, 1);
        var reading = Read(2);

        Assert.Equal("1,000 of up to 4,000 objects, 500/s, 6 s left", reading.ToString());
        Assert.Equal((25, TimeSpan.FromSeconds(6)), (reading.Percent, reading.Left));
    }

    [Fact]
    public void Inputs_are_counted_with_their_failures()
    {
        Take(40);
        Finish(20, failed: 2);
        Assert.Equal("20 done, 10/s, 2 failed", Read(2).ToString());

        _meter.EndOfInput();
        Finish(10);
        Assert.Equal("30 of 40, 10/s, 2 failed, 1 s left", Read(1).ToString());

        Finish(10);
        Assert.Equal("40 of 40, 10/s, 2 failed", Read(1).ToString());
    }

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        _meter.Expect(10_000);
        Take(3000);
        for (var second = 0; second < 20; second++)
        {
            Finish(100);
            Read(1);
        }

        for (var second = 0; second < 30; second++)
        {
            Finish(2);
            Read(1);
        }

        Finish(2);
        var reading = Read(1);
        Assert.Equal(2, reading.PerSecond, 0.2);
        Assert.InRange(reading.Left!.Value.TotalMinutes, 50, 80);
        Assert.Matches("2,062 of 10,000, 2/s, 1:[01][0-9] h left", reading.ToString());
    }

    [Fact]
    public void A_standstill_has_no_time_left()
    {
        _meter.Expect(100);
        Take(50);
        var reading = Read(5);

        Assert.Null(reading.Left);
        Assert.Equal("0 of 100", reading.ToString());
    }

    [Fact]
    public void Steps_are_told_where_nothing_is_counted()
    {
        _meter.Step = "Signing in";
        Assert.Equal("Signing in", Read(1).ToString());
        _meter.Step = null;
        Assert.Equal("", Read(1).ToString());
    }

    private void Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _meter.AddInput();
        }
    }

    private void Finish(int count, int failed = 0)
    {
        for (var i = 0; i < count; i++)
        {
            _meter.Finish(i >= failed);
        }
    }

    private ProgressReading Read(double after)
    {
        _clock.Advance(TimeSpan.FromSeconds(after));
        return _meter.TryRead(out var reading) ? reading : throw new InvalidOperationException("Not yet.");
    }
}
