using ExoConnect.Cli.Tests.Processes;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Cli.Tests.Commands;

/// <summary>What shells are told, and that real ones understand it.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly Sandbox _user = new();

    public CompletionTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_user.ProfileFile("x"))!);
        File.WriteAllText(_user.ProfileFile("contoso"), "{}");
        File.WriteAllText(_user.ProfileFile("fabrikam"), "{}");
    }

    public void Dispose() => _user.Dispose();

    [Theory]
    [InlineData("=conn", "connect,connection")]
    [InlineData("=", "connect,login,run,request,token,status,connection,disconnect,logout,completion")]
    [InlineData("=l connection", "list")]
    [InlineData("= connection use", "contoso,fabrikam")]
    [InlineData("=c request --profile", "contoso")]
    [InlineData("=con run Get-Mailbox --profiles", "contoso")]
    [InlineData("=contoso, run Get-Mailbox --profiles", "contoso,fabrikam", ';')]
    [InlineData("=G token -r", "Graph")]
    [InlineData("= token --output", "text,json")]
    [InlineData("=--out request /v1.0/x", "--output,--out-file")]
    [InlineData("=--ver request", "--verbose")]
    [InlineData("=O365US login --environment", "O365USGovGCCHigh,O365USGovDoD")]
    [InlineData("=P request /v1.0/x -m", "POST,PATCH,PUT")]
    [InlineData("= completion", "bash,zsh,fish,powershell")]
    public async Task A_line_is_completed(string words, string expected, char separator = ',')
    {
        var parts = words.Split(' ');
        var ran = (await _user.RunAsync(["complete", .. parts])).Ended(0);
        var found = ran.Lines.Select(l => l.Split('\t')[0]).ToList();
        if (words == "=")
        {
            Assert.Superset(expected.Split(',').ToHashSet(), found.ToHashSet());
        }
        else
        {
            Assert.Equal(expected.Split(separator).Order(), found.Order());
        }
    }

    [Theory]
    [InlineData("=--profile request --profile contoso")]
    [InlineData("=x request /v1.0/x --body-file")]
    [InlineData("= no such command")]
    [InlineData("= connection use contoso")]
    public async Task Where_nothing_fits_the_shell_has_file_names(string words) =>
        Assert.Empty((await _user.RunAsync(["complete", .. words.Split(' ')])).Ended(0).Output);

    /// <summary>From what a session left on the disk; nothing is asked of the tenant.</summary>
    [Fact]
    public async Task Cmdlets_parameters_and_values_are_those_of_the_profile()
    {
        using var user = new Sandbox();
        await using var tenant = await Tenant.StartAsync(new TenantOptions { Mailboxes = 1 });
        using (var connect = CliProcess.Start(user.Folder, TenantFixture.ConnectLine(tenant, "--certificate", tenant.PemPath)))
        {
            (await connect.EndAsync()).Ended(0);
        }

        var asked = tenant.Requests.Snapshot().Count;
        Assert.Equal(["Get-Mailbox"], (await Complete("=get-mailbox", "run")).Take(1));
        Assert.Contains("Get-MailboxStatistics", await Complete("=Get-MailboxS", "run"));
        Assert.Equal(["--ResultSize"], await Complete("=--results", "run", "Get-Mailbox", "--output", "csv"));
        Assert.Equal(["--select", "--service"], (await Complete("=--se", "run", "Get-Mailbox")).Order().Take(2));
        Assert.DoesNotContain("--ResultSize", await Complete("=--", "run"));
        Assert.Empty(await Complete("=Get-M", "run", "--profile", "no-such-profile"));
        Assert.Empty(await Complete("=Get-M", "run", "--service", "compliance"));
        Assert.Empty(await Complete("=Get-M", "run", "Get-Mailbox"));
        Assert.Equal(asked, tenant.Requests.Snapshot().Count);

        async Task<List<string>> Complete(params string[] line)
        {
            using var complete = CliProcess.Start(user.Folder, ["complete", .. line]);
            return [.. (await complete.EndAsync()).Ended(0).Lines.Where(l => l.Length > 0).Select(l => l.Split('\t')[0])];
        }
    }

    [Fact]
    public async Task Every_shell_has_its_script_and_no_other()
    {
        foreach (var shell in new[] { "bash", "zsh", "fish", "powershell", "pwsh" })
        {
            Assert.Contains(" complete ", (await _user.RunAsync("completion", shell)).Ended(0).Output, StringComparison.Ordinal);
        }

        Assert.Contains("bash, zsh, fish, powershell", (await _user.RunAsync("completion", "tcsh")).Ended(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_with_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var bin = Directory.CreateDirectory(Path.Combine(_user.Folder, "bin")).FullName;
        var program = Path.Combine(bin, "exoconnect");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec {CliProcess.CommandLine} \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var bash = CliProcess.Shell(
            _user.Folder,
            """
            PATH="$PWD/bin:$PATH"; source <(exoconnect completion bash)
            try() { COMP_WORDS=(exoconnect "$@"); COMP_CWORD=$(($# )); _exoconnect; echo "${COMPREPLY[*]}"; }
            try connection use ''; try token -r Az; try conn; complete -p exoconnect
            """);
        var ran = (await bash.EndAsync()).Ended(0);
        Assert.Equal(["contoso fabrikam", "AzureManagement AzureManagementClassic", "connect connection"], ran.Lines[..3]);
        Assert.Contains("_exoconnect", ran.Lines[3], StringComparison.Ordinal);
        Assert.Empty(ran.Error);
    }

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Shells_that_are_here_can_read_their_scripts(string shell)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var script = _user.WriteFile("script", (await _user.RunAsync("completion", shell)).Ended(0).Output);
        using var check = CliProcess.Shell(_user.Folder, $"! command -v {shell} >/dev/null || {shell} -n '{script}'");
        Assert.Empty((await check.EndAsync()).Ended(0).Error);
    }
}
