using System.Runtime.InteropServices;

namespace ExoConnect.Cli.Hosting;

/// <summary>Turns Ctrl+C, SIGTERM and SIGHUP into a cancellation. A command that ignores the cancellation ends at a later signal.</summary>
internal sealed class Signals : IDisposable
{
    /// <summary>How long the cleanup may take before another Ctrl+C ends it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long _first;

    public Signals()
    {
        foreach (var (signal, number) in new[] { (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1) })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context => Received(context, number)));
        }
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>The exit code of a process that the signal ended: 128 and its number.</summary>
    public int ExitCode { get; private set; } = ExitCodes.Interrupted;

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _stop.Dispose();
    }

    private void Received(PosixSignalContext context, int number)
    {
        var now = Environment.TickCount64;
        var first = Interlocked.CompareExchange(ref _first, now, 0);
        if (first == 0)
        {
            ExitCode = 128 + number;
            context.Cancel = true;

            // On another thread: the cancelled work may take its time, and the next signal must arrive.
            ThreadPool.QueueUserWorkItem(static stop => stop.Cancel(), _stop, preferLocal: false);
        }
        else
        {
            context.Cancel = now - first < Patience.TotalMilliseconds;
        }
    }
}
