namespace ExoConnect.Pipeline;

/// <summary>Whether a person reads the output.</summary>
internal static class Interactivity
{
    /// <summary>False if output is redirected, in a scheduled task, a container or CI.</summary>
    public static bool HasReader =>
        Environment.UserInteractive
        && !Console.IsOutputRedirected
        && !Console.IsInputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
        && !Environment.GetCommandLineArgs().Any(static a => a.StartsWith("-noni", StringComparison.OrdinalIgnoreCase));
}
