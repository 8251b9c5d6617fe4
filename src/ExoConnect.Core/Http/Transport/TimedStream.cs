using System.Globalization;

namespace ExoConnect.Core.Http.Transport;

/// <summary>A body whose reading fails when it falls silent or drips.</summary>
/// <param name="body">The body.</param>
/// <param name="limits">How long it may take.</param>
/// <param name="clock">The clock.</param>
internal sealed class TimedStream(Stream body, BodyLimits limits, TimeProvider clock) : ReadOnlyAsyncStream
{
    private readonly CancellationTokenSource _stalled = new(Timeout.InfiniteTimeSpan, clock);
    private TimeSpan _waited;
    private long _count;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = body.ReadAsync(buffer, _stalled.Token);
        if (!reading.IsCompletedSuccessfully)
        {
            return await WaitAsync(reading, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var count = reading.Result;
        _count += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            _stalled.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> WaitAsync(ValueTask<int> reading, CancellationToken cancellationToken)
    {
        var isTooSlow = IsTooSlow();
        var start = clock.GetTimestamp();
        _stalled.CancelAfter(isTooSlow ? TimeSpan.Zero : limits.Idle);
        using var caller = cancellationToken.UnsafeRegister(static stalled => ((CancellationTokenSource)stalled!).Cancel(), _stalled);
        try
        {
            var count = await reading.ConfigureAwait(false);
            _count += count;
            return count;
        }
        catch (OperationCanceledException) when (_stalled.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new BodyStalledException(isTooSlow
                ? string.Create(CultureInfo.InvariantCulture, $"it came too slowly, {_count:N0} bytes in {_waited.TotalSeconds:N0} seconds.")
                : string.Create(CultureInfo.InvariantCulture,
                    $"nothing more came for {limits.Idle.TotalSeconds:0.###} seconds, after {_count:N0} bytes."));
        }
        finally
        {
            _waited += clock.GetElapsedTime(start);
            if (!_stalled.IsCancellationRequested)
            {
                _stalled.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }

    private bool IsTooSlow() => _waited > limits.Total && _count < _waited.TotalSeconds * limits.LeastPerSecond;
}
