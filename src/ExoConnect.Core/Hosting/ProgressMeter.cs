using System.Globalization;

namespace ExoConnect.Core.Hosting;

/// <summary>
/// Counts the work of a long call, and computes rate and time left. Counting costs next to nothing. A display may ask as often as it likes, and
/// gets a reading a few times a second. Any thread may count; one at a time may ask.
/// </summary>
/// <param name="activity">The activity: the cmdlet, or <c>Signing in</c>.</param>
/// <param name="clock">The clock; null for the system's.</param>
public sealed class ProgressMeter(string activity, TimeProvider? clock = null)
{
    /// <summary>A call that ends before this time shows no progress.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(700);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>The time that the rate covers: long enough to be steady, short enough to notice that the service gives less now.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _start = (clock ?? TimeProvider.System).GetTimestamp();
    private readonly Queue<(TimeSpan Time, long Done)> _samples = new([(TimeSpan.Zero, 0)]);
    private TimeSpan _next = Quiet;
    private volatile string? _step;
    private long _objects;
    private long _inputs;
    private long _done;
    private long _failed;
    private long _total;
    private int _page;

    /// <summary>The activity.</summary>
    public string Activity { get; } = activity;

    /// <summary>The current step, if there is nothing to count; null for none.</summary>
    public string? Step
    {
        get => _step;
        set => _step = value;
    }

    /// <summary>Sets the total: of inputs if inputs are counted, else the most objects that may come.</summary>
    /// <param name="total">The total.</param>
    public void Expect(long total) => Volatile.Write(ref _total, total);

    /// <summary>Counts an input.</summary>
    public void AddInput() => Interlocked.Increment(ref _inputs);

    /// <summary>Notes that no more inputs will come.</summary>
    public void EndOfInput() => Expect(Volatile.Read(ref _inputs));

    /// <summary>Counts an input that is done.</summary>
    /// <param name="succeeded">False if it failed.</param>
    public void Finish(bool succeeded)
    {
        Interlocked.Increment(ref _done);
        if (!succeeded)
        {
            Interlocked.Increment(ref _failed);
        }
    }

    /// <summary>Counts the objects of a piece of a response.</summary>
    /// <param name="objects">The number of its objects.</param>
    /// <param name="page">The number of its page, from 1.</param>
    public void Add(int objects, int page)
    {
        Interlocked.Add(ref _objects, objects);
        Volatile.Write(ref _page, page);
    }

    /// <summary>Whether it is time to show a reading: not at once, and not too often.</summary>
    /// <param name="reading">The reading.</param>
    /// <returns>False for most calls.</returns>
    public bool TryRead(out ProgressReading reading)
    {
        var now = _clock.GetElapsedTime(_start);
        if (now < _next)
        {
            reading = default;
            return false;
        }

        _next = now + Pace;
        reading = Read(now);
        return true;
    }

    private ProgressReading Read(TimeSpan now)
    {
        var countsInputs = Volatile.Read(ref _inputs) > 0;
        var done = countsInputs ? Interlocked.Read(ref _done) : Interlocked.Read(ref _objects);
        while (_samples.Count > 1 && _samples.Peek().Time < now - Window)
        {
            _samples.Dequeue();
        }

        var (since, before) = _samples.Peek();
        var rate = (done - before) / Math.Max(0.001, (now - since).TotalSeconds);
        _samples.Enqueue((now, done));

        long? total = Volatile.Read(ref _total) is > 0 and var t ? Math.Max(t, done) : null;
        var left = total is { } all && rate > 0 && (all - done) / rate is var seconds && seconds < TimeSpan.MaxValue.TotalSeconds / 2
            ? TimeSpan.FromSeconds(seconds)
            : (TimeSpan?)null;
        return new ProgressReading
        {
            Step = _step,
            Elapsed = now,
            CountsInputs = countsInputs,
            Done = done,
            Failed = Interlocked.Read(ref _failed),
            Total = total,
            PerSecond = rate,
            Left = left,
            Page = Volatile.Read(ref _page),
        };
    }
}

/// <summary>The progress of a call at a moment.</summary>
public readonly record struct ProgressReading
{
    /// <summary>The current step; null if something is counted.</summary>
    public string? Step { get; init; }

    /// <summary>The time since the call began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>True if inputs are counted, false for objects.</summary>
    public bool CountsInputs { get; init; }

    /// <summary>How many so far, including failed inputs.</summary>
    public long Done { get; init; }

    /// <summary>How many of the inputs failed.</summary>
    public long Failed { get; init; }

    /// <summary>The total, of objects at most; null if it isn't known.</summary>
    public long? Total { get; init; }

    /// <summary>The rate per second in the last seconds.</summary>
    public double PerSecond { get; init; }

    /// <summary>The time left at this rate; null if it isn't known.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>The current page, from 1; 0 before the first.</summary>
    public int Page { get; init; }

    /// <summary>The done part, in percent; null if the total isn't known.</summary>
    public int? Percent => Total is > 0 and var total ? (int)(Done * 100 / total) : null;

    /// <summary>The reading in a line: <c>300 of 1,000, 45/s, 2 failed, 16 s left</c>.</summary>
    /// <returns>The line; empty if there is nothing to say yet.</returns>
    public override string ToString()
    {
        if (Step is not null)
        {
            return Step;
        }

        if (Done == 0 && !CountsInputs)
        {
            return "";
        }

        var all = Total ?? 0;
        var parts = new List<string>(4)
        {
            Text((CountsInputs, Total) switch
            {
                (true, not null) => $"{Done:N0} of {all:N0}",
                (true, null) => $"{Done:N0} done",
                (false, not null) => $"{Done:N0} of up to {all:N0} objects",
                (false, null) => $"{Done:N0} objects",
            }),
        };
        if (PerSecond > 0)
        {
            parts.Add(Text($"{(PerSecond < 10 ? Math.Round(PerSecond, 1) : Math.Round(PerSecond)):#,0.#}/s"));
        }

        if (Failed > 0)
        {
            parts.Add(Text($"{Failed:N0} failed"));
        }

        if (Page > 1 && !CountsInputs)
        {
            parts.Add(Text($"page {Page:N0}"));
        }

        if (Left is { } left && Done < Total)
        {
            parts.Add(Length(left) + " left");
        }

        return string.Join(", ", parts);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Length(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds switch
        {
            < 60 => Text($"{seconds} s"),
            < 3600 => Text($"{seconds / 60}:{seconds % 60:00} min"),
            _ => Text($"{seconds / 3600:N0}:{seconds % 3600 / 60:00} h"),
        };
    }
}
