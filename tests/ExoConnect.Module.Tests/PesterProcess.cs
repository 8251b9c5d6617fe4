using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;

namespace ExoConnect.Module.Tests;

/// <summary>
/// A PowerShell process that runs Pester files, one after another. To start PowerShell, Pester and the module takes more time than most files do.
/// </summary>
internal sealed class PesterProcess : IDisposable
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["EXOCONNECT_TEST_MODULE"] = Repository.Module,
        ["EXOCONNECT_TEST_CLI"] = Repository.CommandLine,

        // What PowerShell itself sends would be among the requests that the tests look at, and leave the machine.
        ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
        ["POWERSHELL_UPDATECHECK"] = "Off",

        // These processes, their tenants and command lines end before better code pays for its making.
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_TC_CallCountThreshold"] = "300",
    };

    private readonly Process _process;
    private readonly NamedPipeServerStream _pipe;
    private readonly StringBuilder _errors = new();
    private readonly List<string> _files = [];

    private PesterProcess(Process process, NamedPipeServerStream pipe)
    {
        _process = process;
        _pipe = pipe;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Starts a process that waits for files.</summary>
    public static PesterProcess Start(PowerShell powerShell)
    {
        var name = $"exoconnect-pester-{Guid.NewGuid():N}";
        var pipe = new NamedPipeServerStream(
            name, PipeDirection.Out, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        var script = Path.Combine(Repository.Root, "tests", "Pester", "RunFiles.ps1");
        return new PesterProcess(powerShell.Start(script, ["-PipeName", name, "-PesterManifest", Repository.Pester], Variables), pipe);
    }

    /// <summary>Runs a file. A process in which one has failed is not used again.</summary>
    /// <param name="file">The file.</param>
    /// <param name="results">Where its results go.</param>
    /// <returns>Whether all its tests passed, and what the process wrote; a failure tells the files that ran before it.</returns>
    public async Task<(bool Passed, string Output)> RunAsync(string file, string results)
    {
        var output = new StringBuilder();
        var end = $"end {Guid.NewGuid()}";
        var passed = false;
        if (await ConnectAsync())
        {
            var request = JsonSerializer.Serialize(new { File = file, Results = results, End = end });
            await _pipe.WriteAsync(Encoding.UTF8.GetBytes(request + "\n"));
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.StartsWith(end, StringComparison.Ordinal))
                {
                    passed = line == end + " Passed";
                    break;
                }

                output.AppendLine(line);
            }
        }

        lock (_errors)
        {
            output.AppendLine().Append(_errors).AppendLine();
        }

        output.Append("Run in this process before: ").AppendJoin(", ", _files);
        _files.Add(Path.GetFileName(file));
        return (passed, output.ToString());
    }

    /// <summary>Ends the process, which reads the end of its requests; one that doesn't go is killed.</summary>
    public void Dispose()
    {
        _pipe.Dispose();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    // False if the process ends instead.
    private async Task<bool> ConnectAsync()
    {
        if (_pipe.IsConnected)
        {
            return true;
        }

        using var ended = new CancellationTokenSource();
        var exit = _process.WaitForExitAsync(ended.Token);
        var connected = _pipe.WaitForConnectionAsync(ended.Token);
        var first = await Task.WhenAny(connected, exit);
        await ended.CancelAsync();
        return first == connected;
    }
}
