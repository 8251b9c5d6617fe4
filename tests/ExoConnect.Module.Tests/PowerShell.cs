using System.Diagnostics;

namespace ExoConnect.Module.Tests;

/// <summary>The PowerShell on the PATH, if there is one.</summary>
internal static class PowerShell
{
    private static readonly Lazy<bool> Pester = new(static () =>
        Path is not null && RunAsync("if (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -ge 5 }) { exit 0 } else { exit 1 }", new Dictionary<string, string>())
            .GetAwaiter().GetResult().Exit == 0);

    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(d => new[] { System.IO.Path.Combine(d, "pwsh"), System.IO.Path.Combine(d, "pwsh.exe") }).FirstOrDefault(File.Exists);

    public static bool HasPester => Pester.Value;

    public static async Task<(int Exit, string Output)> RunAsync(string script, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Path!, ["-NoProfile", "-NonInteractive", "-Command", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(script + "\n");
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
