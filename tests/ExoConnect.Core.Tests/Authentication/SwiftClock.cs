using System.Collections.Concurrent;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>The machine's time and what a test adds to it; waits of up to half a minute end at once, and are noted.</summary>
internal sealed class SwiftClock : TimeProvider
{
    private long _ahead;

    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // What cancels something is a limit, and no wait.
        if (state is CancellationTokenSource || dueTime <= TimeSpan.Zero || dueTime >= TimeSpan.FromSeconds(30))
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        Waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
