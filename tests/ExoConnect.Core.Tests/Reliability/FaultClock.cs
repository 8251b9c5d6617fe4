using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>
/// A clock that only waiting moves: a pause ends at once, and the time is later by it. A limit, which cancels something, is reached where a test
/// says so. So a matrix of faults plays days of waiting without waiting, and a busy machine changes nothing.
/// </summary>
internal sealed class FaultClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _limits = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private int _waits;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Told when somebody begins to wait before trying again; null for nobody.</summary>
    public Action? Pausing { get; set; }

    /// <summary>How often somebody began to wait for the rest of a body.</summary>
    public int Waits => Volatile.Read(ref _waits);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            // To look at the clock takes time too: who waits for less than a timer can count would look for ever.
            return _now += TimeSpan.FromMicroseconds(10);
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until somebody waits for the rest of a body, once more than before.</summary>
    /// <param name="before">What <see cref="Waits"/> was.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False where nobody does for a while: the last piece was met without waiting.</returns>
    public async Task<bool> IsAwaitedAsync(int before, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < 100 && Waits <= before; tries++)
        {
            await Task.Delay(1, cancellationToken);
        }

        return Waits > before;
    }

    /// <summary>Whether nobody is to wait any more: a host that fell silent learns late that nobody listens.</summary>
    public bool IsOver { get; set; }

    /// <summary>Goes on to when the next limit is reached.</summary>
    public void ReachNextLimit()
    {
        if (IsOver)
        {
            return;
        }

        TimeSpan left;
        lock (_gate)
        {
            left = _limits.Count == 0 ? TimeSpan.Zero : _limits.Min(t => t.At) - _now;
        }

        Advance(left);
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_gate)
        {
            _now += by;
            due = _limits.FindAll(t => t.At <= _now);
            _limits.RemoveAll(due.Contains);
        }

        due.ForEach(t => t.Fire());
    }

    private sealed class Timer(FaultClock clock, TimerCallback callback, object? state) : ITimer
    {
        private int _version;

        public DateTimeOffset At { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = Interlocked.Increment(ref _version);
            lock (clock._gate)
            {
                clock._limits.Remove(this);
                if (state is CancellationTokenSource && dueTime > TimeSpan.Zero)
                {
                    At = clock._now + dueTime;
                    clock._limits.Add(this);
                    clock._waits += dueTime == BodyLimits.Default.Idle ? 1 : 0;
                    return true;
                }
            }

            if (dueTime > TimeSpan.Zero)
            {
                clock.Pausing?.Invoke();
            }

            if (dueTime >= TimeSpan.Zero)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        if (Volatile.Read(ref _version) == version)
                        {
                            clock.Advance(dueTime);
                            callback(state);
                        }
                    },
                    null);
            }

            return true;
        }

        public void Fire() => ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
