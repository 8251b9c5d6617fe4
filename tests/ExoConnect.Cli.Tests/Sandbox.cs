using System.Runtime.CompilerServices;
using System.Security;
using System.Text;
using ExoConnect.Cli.Hosting;

namespace ExoConnect.Cli.Tests;

/// <summary>A user of their own: a folder for profiles, environment variables, and somebody who responses prompts.</summary>
internal sealed class Sandbox : IDisposable
{
    public Sandbox()
    {
        Folder = Directory.CreateTempSubdirectory("exoconnect-cli-test-").FullName;
        Variables = new() { ["EXOCONNECT_CONFIG"] = Path.Combine(Folder, "config") };
    }

    public string Folder { get; }

    public string ConfigFolder => Variables["EXOCONNECT_CONFIG"];

    public Dictionary<string, string> Variables { get; }

    /// <summary>What is typed where a password is asked for; null for nobody there.</summary>
    public string? Typed { get; set; }

    /// <summary>What is answered to a question; null for nobody there.</summary>
    public bool? Answer { get; set; }

    public bool IsTerminal { get; set; }

    /// <summary>Whether results go to a file, while the terminal shows the rest.</summary>
    public bool IsOutputFile { get; set; }

    /// <summary>What comes from standard input.</summary>
    public string Input { get; set; } = "";

    public int Width { get; set; } = 100;

    public List<string> Prompts { get; } = [];

    /// <summary>Sees all that standard error holds so far, whenever something has been added; null for nobody.</summary>
    public Action<string>? Reader { get; set; }

    /// <summary>Sees the pages that a browser would open.</summary>
    public Action<Uri> Browser { get; set; } = page => throw new InvalidOperationException($"Nobody expected {page}.");

    public string ProfileFile(string name) => Path.Combine(ConfigFolder, "profiles", name + ".json");

    public string WriteFile(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }

    public Task<Ran> RunAsync(params string[] args) => RunAsync(args, CancellationToken.None);

    public async Task<Ran> RunAsync(string[] args, CancellationToken cancellationToken, Stream? output = null)
    {
        using var memory = new MemoryStream();
        using var error = new WatchedWriter(text => Reader?.Invoke(text));
        var code = await CliApplication.RunAsync(args, Host(output ?? memory, error), cancellationToken);
        return new Ran(code, Encoding.UTF8.GetString(memory.ToArray()), error.ToString());
    }

    public CliHost Host(Stream output, TextWriter error) => new()
    {
        Output = new CliOutput(output),
        Error = error,
        IsInputTerminal = Typed is not null || Answer is not null,
        IsOutputTerminal = IsTerminal && !IsOutputFile,
        IsOutputFile = IsOutputFile,
        OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(Input)),
        IsErrorTerminal = IsTerminal || Answer is not null,
        Width = Width,
        OpenBrowser = page => Browser(page),
        Variable = name => Variables.GetValueOrDefault(name),
        ReadSecret = (prompt, _) =>
        {
            Prompts.Add(prompt);
            var secret = new SecureString();
            Typed!.ToList().ForEach(secret.AppendChar);
            return Task.FromResult(secret);
        },
        Ask = (question, _) =>
        {
            Prompts.Add(question);
            return Task.FromResult(Answer!.Value);
        },
    };

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private sealed class WatchedWriter(Action<string> watch) : StringWriter
    {
        public override void Flush()
        {
            base.Flush();
            watch(ToString());
        }
    }

    /// <summary>Lists of cmdlets are kept on disk; the tests keep theirs apart.</summary>
    [ModuleInitializer]
    internal static void KeepCacheApart()
    {
        var cache = Directory.CreateTempSubdirectory("exoconnect-cli-cache-").FullName;
        Environment.SetEnvironmentVariable("EXOCONNECT_CACHE", cache);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(cache, recursive: true);
    }
}

/// <summary>What a command did.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    public string[] Lines => Output.TrimEnd('\n').Split('\n');

    /// <summary>Fails with what was said, if the code is another.</summary>
    public Ran Ended(int code)
    {
        Assert.True(code == Code, $"Exit code {Code} instead of {code}.\n{Output}\n{Error}");
        return this;
    }
}
