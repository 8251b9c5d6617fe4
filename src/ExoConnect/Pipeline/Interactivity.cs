namespace ExoConnect.Pipeline;

/// <summary>Whether somebody is there to read.</summary>
internal static class Interactivity
{
    /// <summary>False where output is redirected, in a scheduled task, a container or CI.</summary>
    public static bool HasReader =>
        Environment.UserInteractive
        && !Console.IsOutputRedirected
        && !Console.IsInputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
        && !Environment.GetCommandLineArgs().Any(static a => a.StartsWith("-noni", StringComparison.OrdinalIgnoreCase));
}
