namespace ExoConnect.Pipeline;

/// <summary>
/// Gives back what the first connect of a process used up: much of the heap is then what signing in and reading the list of cmdlets left behind.
/// Left to itself the collector keeps it for a script that may run for hours in little memory.
/// </summary>
internal static class StartupMemory
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static int _released;

    /// <summary>Collects once in the process's life, beside the pipeline. It stops the process for some 20 ms.</summary>
    public static void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            // Not at once: it stops all threads for 20 to 30 ms, and the first command mostly follows connecting on its heels.
            _ = Task.Delay(Pause).ContinueWith(
                static _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
