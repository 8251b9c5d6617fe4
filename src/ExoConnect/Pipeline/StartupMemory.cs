namespace ExoConnect.Pipeline;

/// <summary>
/// Frees the memory of the first connect of a process: much of the heap is then left from signing in and reading the list of cmdlets. Otherwise the
/// collector keeps it for a script that may run for hours in little memory.
/// </summary>
internal static class StartupMemory
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static int _released;

    /// <summary>Collects once in the process, beside the pipeline. It stops the process for some 20 ms.</summary>
    public static void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            // Not at once: it stops all threads for 20 to 30 ms, and the first command mostly follows connecting immediately.
            _ = Task.Delay(Pause).ContinueWith(
                static _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
