using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ExoConnect.Cli.Tests.Processes;

/// <summary>A tenant that goes on in the background.</summary>
public sealed class DetachedTenantTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Sandbox _user = new();

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task Lets_its_caller_s_pipeline_end_and_runs_until_it_is_stopped()
    {
        using var process = await StartAsync();
        Assert.False(process.HasExited);
        using var again = CliProcess.Start(_user.Folder, "tenant", "stop");
        Assert.Equal("The local tenant has stopped.\n", (await again.EndAsync()).Ended(0).Output);
        Assert.True(process.HasExited);
        using var third = CliProcess.Start(_user.Folder, "tenant", "stop");
        Assert.Equal("No tenant is running that was started with --detach.\n", (await third.EndAsync()).Ended(0).Output);
    }

    [Fact]
    public async Task Ends_by_itself_and_takes_its_note_along()
    {
        using var process = await StartAsync("--duration", "1s");
        await process.WaitForExitAsync().WaitAsync(Patience);
        var notes = Directory.EnumerateFiles(_user.Folder, "*.json", SearchOption.AllDirectories);
        Assert.DoesNotContain(notes, f => f.Contains("tenants", StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_does_not_start_says_why()
    {
        using var start = CliProcess.Start(_user.Folder, "tenant", "start", "--detach", "--faults", Path.Combine(_user.Folder, "missing.json"));
        Assert.Contains("missing.json", (await start.EndAsync()).Ended(2).Error, StringComparison.Ordinal);
    }

    /// <summary>Starts one, as a pipeline does that reads to the end.</summary>
    private async Task<Process> StartAsync(params string[] more)
    {
        using var start = CliProcess.Start(_user.Folder, ["tenant", "start", "--detach", "--json", "--mailboxes", "3", .. more]);
        var ran = (await start.EndAsync()).Ended(0);
        return Process.GetProcessById((int)JsonNode.Parse(Assert.Single(ran.Lines))!["processId"]!);
    }
}
