using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Profiles;

namespace ExoConnect.Cli.Commands;

/// <summary>
/// A local tenant in a process of its own, which outlives the command that started it. It holds none of the caller's streams, so that a pipeline
/// after the command ends, and no terminal, so that Ctrl+C at the next prompt doesn't stop it. Each has a note in the configuration folder while it
/// runs; removing the note stops it, on every platform.
/// </summary>
internal static class DetachedTenant
{
    /// <summary>How long a tenant runs without a stop.</summary>
    public static readonly TimeSpan DefaultDuration = TimeSpan.FromHours(1);

    /// <summary>The line after the tenant's description.</summary>
    public const string EndOfDescription = "\0";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Starts one, and waits until it is ready.</summary>
    /// <param name="words">The arguments that start it.</param>
    /// <param name="option">The option for its note's path.</param>
    /// <param name="host">Receives its description, or why it did not start.</param>
    /// <param name="cancellationToken">Gives up, and ends it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> StartAsync(IEnumerable<string> words, string option, CliHost host, CancellationToken cancellationToken)
    {
        var folder = NotesFolder(host);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        using var process = Start([.. words, option, Path.Combine(folder, $"{Guid.NewGuid():N}.json")]);
        try
        {
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var description = new StringBuilder();
            while (await process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                if (line == EndOfDescription)
                {
                    host.Output.Write(description.ToString());
                    await host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
                    return ExitCodes.Success;
                }

                description.Append(line).Append('\n');
            }

            await host.Error.WriteAsync(await error.ConfigureAwait(false)).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>In the tenant's process: detaches from the caller's terminal, and writes the note.</summary>
    /// <param name="note">The note's path.</param>
    public static void Register(string note)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetSid();
        }

        using var self = Process.GetCurrentProcess();
        var text = new JsonObject { ["processId"] = self.Id, ["started"] = self.StartTime.ToUniversalTime() }.ToJsonString();
        File.WriteAllText(note + ".new", text);
        File.Move(note + ".new", note);
    }

    /// <summary>Waits for the removal of the note.</summary>
    /// <param name="note">The note's path.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task WaitForStopAsync(string note, CancellationToken cancellationToken)
    {
        while (File.Exists(note))
        {
            await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops all tenants that this account has started.</summary>
    /// <param name="host">The host, with the folder of their notes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many ran.</returns>
    public static async Task<int> StopAllAsync(CliHost host, CancellationToken cancellationToken)
    {
        var folder = NotesFolder(host);
        List<Process> running = [];
        foreach (var note in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [])
        {
            if (Find(note) is { } process)
            {
                running.Add(process);
            }

            File.Delete(note);
        }

        foreach (var process in running)
        {
            using (process)
            {
                try
                {
                    await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    process.Kill();
                }
            }
        }

        return running.Count;
    }

    private static string NotesFolder(CliHost host) => Path.Combine(ProfileStore.Open(host.Variable).Folder, "tenants");

    /// <summary>The process of a note; null if it has ended, and another process perhaps has its number.</summary>
    private static Process? Find(string note)
    {
        Process? process = null;
        try
        {
            var told = JsonNode.Parse(File.ReadAllText(note));
            process = Process.GetProcessById((int?)told?["processId"] ?? 0);
            if ((process.StartTime.ToUniversalTime() - ((DateTime?)told?["started"] ?? default)).Duration() < TimeSpan.FromSeconds(5))
            {
                return process;
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or JsonException or FormatException)
        {
            // It has ended, or the note is not one of ours.
        }

        process?.Dispose();
        return null;
    }

    private static Process Start(IEnumerable<string> words)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "exoconnect.dll"));
        }

        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        if (OperatingSystem.IsWindows())
        {
            KeepStreamsFromChildren();
        }

        return Process.Start(start)!;
    }

    /// <summary>Windows passes every inheritable handle to a child, and a reader of our output would wait for the tenant's end.</summary>
    private static void KeepStreamsFromChildren()
    {
        const int Inherit = 1;
        foreach (var stream in (ReadOnlySpan<int>)[-10, -11, -12])
        {
            _ = SetHandleInformation(GetStdHandle(stream), Inherit, 0);
        }
    }

    [DllImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetSid();

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint GetStdHandle(int stream);

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetHandleInformation(nint handle, int mask, int flags);
}
