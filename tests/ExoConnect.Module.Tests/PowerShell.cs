using System.Diagnostics;

namespace ExoConnect.Module.Tests;

/// <summary>A PowerShell to run scripts in.</summary>
/// <param name="program">The program to start.</param>
/// <param name="arguments">The arguments that stand before PowerShell's own.</param>
internal sealed class PowerShell(string program, params string[] arguments)
{
    /// <summary>
    /// The PowerShells to test in, by name. "restored" is that of the tool manifest, which a restore has put into NuGet's cache; the entry point
    /// of its package is a shim that would start the same assembly in a second process. "further" is what EXOCONNECT_TEST_PWSH names, if it is set.
    /// </summary>
    public static IReadOnlyDictionary<string, PowerShell> All { get; } = Find();

    public async Task<(int Exit, string Output)> RunAsync(string script, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, [.. arguments, "-NoProfile", "-NonInteractive", "-Command", "-"])
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

    private static Dictionary<string, PowerShell> Find()
    {
        var system = OperatingSystem.IsWindows() ? "win" : "unix";
        var restored = Path.Combine(Repository.PowerShellPackage, "tools", "net10.0", "any", system, "pwsh.dll");
        var found = new Dictionary<string, PowerShell>
        {
            ["restored"] = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet", restored),
        };
        if (Environment.GetEnvironmentVariable("EXOCONNECT_TEST_PWSH") is { Length: > 0 } further)
        {
            found["further"] = new PowerShell(further);
        }

        return found;
    }
}
