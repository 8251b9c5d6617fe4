using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ExoConnect.Cli.Tests.Processes;

/// <summary>The program as a process, with a home and a temporary folder of its own.</summary>
internal sealed class CliProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Task<string> _error;

    /// <summary>A script's background job ignores Ctrl+C, and so would every process that the tests start to interrupt.</summary>
    static CliProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int interrupt = 2, byDefault = 0, ignored = 1;
        var before = SetHandler(interrupt, byDefault);
        if (before != ignored)
        {
            SetHandler(interrupt, before);
        }
    }

    private CliProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The line that starts it from a shell.</summary>
    public static string CommandLine => $"'{Host}' '{Program}'";

    public StreamReader Output => _process.StandardOutput;

    private static string Program => typeof(CliApplication).Assembly.Location;

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    public static CliProcess Start(string home, params string[] args) => new(StartInfo(home, Host, [Program, .. args]));

    /// <summary>Runs a line of bash.</summary>
    public static CliProcess Shell(string home, string line, params (string Name, string Value)[] variables)
    {
        var start = StartInfo(home, "bash", ["-c", line]);
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return new CliProcess(start);
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends a signal at once: by the time that a process called kill has started, a quick command may have ended.</summary>
    public void Signal(string name) => Assert.Equal(0, Kill(_process.Id, name switch { "INT" => 2, "KILL" => 9, _ => 15 }));

    public async Task<Ran> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return new Ran(_process.ExitCode, output, await _error);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint SetHandler(int signal, nint handler);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string home, string file, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(file, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = home,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("EXOCONNECT_", StringComparison.Ordinal)
            || k.StartsWith("XDG_", StringComparison.Ordinal) || k == "NO_COLOR").ToList())
        {
            start.Environment.Remove(name);
        }

        var temporary = Directory.CreateDirectory(Path.Combine(home, "tmp")).FullName;
        start.Environment["HOME"] = start.Environment["USERPROFILE"] = home;
        start.Environment["TMPDIR"] = start.Environment["TEMP"] = start.Environment["TMP"] = temporary;
        start.Environment["EXOCONNECT_CONFIG"] = Path.Combine(home, "config");

        // It ends before code that is compiled by what the runtime measured pays for the measuring.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }
}
