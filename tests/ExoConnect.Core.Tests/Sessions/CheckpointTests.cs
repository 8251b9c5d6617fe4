using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;

namespace ExoConnect.Core.Tests.Sessions;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "exo-checkpoint-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task A_second_run_does_only_what_the_first_did_not()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Latency = TimeSpan.FromMilliseconds(10) });
        var (session, writes) = await PrepareAsync(tenant, 40);
        using (var stop = new CancellationTokenSource())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(tenant, session, writes, stop, stopAfter: 15));
        }

        var first = await WrittenAsync(tenant, session);
        tenant.Tenant.Requests.Clear();
        var results = await RunAsync(tenant, session, writes);

        Assert.InRange(first, 15, 40);
        Assert.Equal(40, results.Count);
        Assert.All(results, r => Assert.Null(r.Error));
        Assert.Equal(40, await WrittenAsync(tenant, session));

        tenant.Tenant.Requests.Clear();
        Assert.All(await RunAsync(tenant, session, writes), r => Assert.Null(r.Error));
        Assert.Empty(tenant.Tenant.Requests.Snapshot());
    }

    [Fact]
    public async Task A_lost_response_is_reported_and_run_again()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var (session, writes) = await PrepareAsync(tenant, 1);
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Set-Mailbox", Drop = FaultDrop.Middle, Times = 1 });
        Assert.NotNull(Assert.Single(await RunAsync(tenant, session, writes)).Error);
        Assert.DoesNotContain(tenant.Messages.Warnings, IsReport);

        Assert.Null(Assert.Single(await RunAsync(tenant, session, writes)).Error);
        Assert.Single(tenant.Messages.Warnings, IsReport);
        Assert.Equal(1, await WrittenAsync(tenant, session));

        static bool IsReport(string warning) => warning.Contains("may have been carried out", StringComparison.Ordinal);
    }

    /// <summary>The response to the first of two writes is lost; the second is carried out. Run again, the first must not undo it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_would_undo_a_later_row_is_not_run_again(bool setsMore)
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var first = new List<(string, object?)> { ("Identity", "adele.vance"), ("CustomAttribute5", "one") };
        if (setsMore)
        {
            first.Add(("CustomAttribute6", "more"));
        }

        CmdletRequest[] writes =
        [
            ConnectedTenant.Request("Set-Mailbox", [.. first]),
            ConnectedTenant.Request("Set-Mailbox", ("identity", "adele.vance"), ("customAttribute5", "two")),
        ];
        tenant.Tenant.Faults.Add(new FaultRule { Path = "InvokeCommand", Cmdlet = "Set-Mailbox", Drop = FaultDrop.Middle, Times = 1 });
        Assert.Equal([true, false], (await RunAsync(tenant, session, writes)).Select(r => r.Error is not null));

        tenant.Tenant.Requests.Clear();
        Assert.Equal([setsMore ? "CheckpointOvertaken" : null, null], (await RunAsync(tenant, session, writes)).Select(r => r.Error?.ErrorId));
        Assert.Empty(tenant.Tenant.Requests.Snapshot());
        Assert.Equal("two", await ReadAsync(tenant, session));
    }

    [Fact]
    public async Task What_was_refused_and_set_by_a_later_row_since_is_left()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        CmdletRequest[] writes =
        [
            ConnectedTenant.Request("Set-Mailbox", ("Identity", "adele.vance"), ("CustomAttribute5", "one")),
            ConnectedTenant.Request("Set-Mailbox", ("Identity", "adele.vance"), ("CustomAttribute5", "one"), ("CustomAttribute6", "kept")),
            ConnectedTenant.Request("Set-Mailbox", ("Identity", "adele.vance"),
                ("EmailAddresses", new System.Collections.Hashtable { ["Add"] = "a5@" + tenant.Tenant.Organization })),
            ConnectedTenant.Request("Set-Mailbox", ("IDENTITY", "adele.vance"), ("CUSTOMATTRIBUTE5", "two")),
        ];
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Set-Mailbox", Status = 400, Times = 3 });
        Assert.Equal([true, true, true, false], (await RunAsync(tenant, session, writes)).Select(r => r.Error is not null));
        tenant.Tenant.Requests.Clear();

        // All of the first has been set since, some of the second, and nothing of the third.
        var again = await RunAsync(tenant, session, writes);
        Assert.Equal([null, "CheckpointOvertaken", null, null], again.Select(r => r.Error?.ErrorId));
        Assert.Single(tenant.Tenant.Requests.Snapshot());
        Assert.Equal("two", await ReadAsync(tenant, session));
    }

    [Fact]
    public async Task What_was_only_asked_about_overtakes_nothing()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        CmdletRequest[] writes =
        [
            ConnectedTenant.Request("Set-Mailbox", ("Identity", "adele.vance"), ("CustomAttribute5", "real")),
            ConnectedTenant.Request("Set-Mailbox", ("Identity", "adele.vance"), ("CustomAttribute5", "dry"), ("WhatIf", true)),
        ];
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Set-Mailbox", Status = 400, Times = 1 });
        Assert.Equal([true, false], (await RunAsync(tenant, session, writes)).Select(r => r.Error is not null));

        Assert.All(await RunAsync(tenant, session, writes), r => Assert.Null(r.Error));
        Assert.Equal("real", await ReadAsync(tenant, session));
    }

    [Fact]
    public async Task A_password_in_the_clear_leaves_no_trace_either()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        await RunAsync(tenant, session, [ConnectedTenant.Request("Set-Mailbox", ("Identity", "adele.vance"), ("Password", "Geheim-1"))]);
        var first = await File.ReadAllTextAsync(_path);
        File.Delete(_path);
        await RunAsync(tenant, session, [ConnectedTenant.Request("Set-Mailbox", ("Identity", "adele.vance"), ("Password", "Geheim-2"))]);

        Assert.Equal(first, await File.ReadAllTextAsync(_path));
    }

    [Fact]
    public async Task A_read_is_done_when_its_result_was_taken()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        var mailboxes = await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", 30));
        CmdletRequest[] reads = [.. mailboxes.Select(
            m => ConnectedTenant.Request("Get-MailboxStatistics", ("Identity", ConnectedTenant.Value(m, "Alias"))))];
        var taken = new List<object?>();
        foreach (var count in (int[])[7, 11, 100])
        {
            using var checkpoint = Checkpoint.Open(_path, session.Description);
            await foreach (var result in session.InvokeManyAsync(reads.ToAsyncEnumerable(), tenant.Messages, 2, checkpoint))
            {
                taken.AddRange(result.Response.Select(_ => result.Request.Parameters["Identity"]));
                if (taken.Count >= count)
                {
                    break;
                }
            }
        }

        // The one that was being written when the run ended comes again; none is missing.
        Assert.Equal(30, taken.Distinct().Count());
        Assert.InRange(taken.Count, 30, 32);
    }

    [Fact]
    public async Task A_password_that_may_have_changed_is_told_of()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        CmdletRequest[] writes = [ConnectedTenant.Request(
            "Set-Mailbox", ("Identity", "adele.vance"), ("Password", new System.Net.NetworkCredential("", "Geheim-1").SecurePassword))];
        await RunAsync(tenant, session, writes);
        Assert.Empty(tenant.Messages.Warnings);

        await RunAsync(tenant, session, [writes[0] with { Parameters = new Dictionary<string,
            object?>(writes[0].Parameters) { ["Password"] = new System.Net.NetworkCredential("", "Geheim-2").SecurePassword } }]);
        Assert.Contains("only a password has changed", Assert.Single(tenant.Messages.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_service_refused_is_tried_again_without_a_word()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        CmdletRequest[] writes = [ConnectedTenant.Request("Set-Mailbox", ("Identity", "nobody"), ("CustomAttribute1", "x"))];
        Assert.NotNull(Assert.Single(await RunAsync(tenant, session, writes)).Error);
        tenant.Tenant.Requests.Clear();

        Assert.NotNull(Assert.Single(await RunAsync(tenant, session, writes)).Error);
        Assert.Single(tenant.Tenant.Requests.Snapshot());
        Assert.Empty(tenant.Messages.Warnings);
    }

    [Fact]
    public async Task Equal_cmdlets_in_one_list_are_all_run()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var (session, writes) = await PrepareAsync(tenant, 1);
        await RunAsync(tenant, session, [writes[0], writes[0]]);
        tenant.Tenant.Requests.Clear();
        await RunAsync(tenant, session, [writes[0], writes[0], writes[0]]);

        Assert.Single(tenant.Tenant.Requests.Snapshot());
    }

    [Fact]
    public async Task Half_a_line_counts_as_not_written()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var (session, writes) = await PrepareAsync(tenant, 2);
        await RunAsync(tenant, session, writes);
        var text = await File.ReadAllTextAsync(_path);
        await File.WriteAllTextAsync(_path, text[..^5]);
        tenant.Tenant.Requests.Clear();
        await RunAsync(tenant, session, writes);

        Assert.Single(tenant.Tenant.Requests.Snapshot());
        Assert.EndsWith("\n", await File.ReadAllTextAsync(_path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_holds_no_names_and_no_secrets_and_is_ours_alone()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        using var password = new System.Security.SecureString();
        foreach (var c in "Geheim-1234")
        {
            password.AppendChar(c);
        }

        CmdletRequest[] writes =
        [
            ConnectedTenant.Request("New-Mailbox", ("Name", "secretive"), ("Password", password),
                ("MicrosoftOnlineServicesID", "secretive@" + tenant.Tenant.Organization)),
        ];
        await RunAsync(tenant, session, writes);
        var text = await File.ReadAllTextAsync(_path);
        tenant.Tenant.Requests.Clear();
        await RunAsync(tenant, session, writes);

        Assert.DoesNotContain("secretive", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Geheim", text, StringComparison.Ordinal);
        Assert.Empty(tenant.Tenant.Requests.Snapshot());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
        }
    }

    [Fact]
    public async Task Another_tenants_or_no_checkpoint_at_all_is_refused_and_left_alone()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();
        using (Checkpoint.Open(_path, session.Description with { TenantId = Guid.NewGuid().ToString() }))
        {
            Assert.Equal("CheckpointInUse", Assert.Throws<ExoException>(() => Checkpoint.Open(_path, session.Description)).ErrorId);
        }

        Assert.Equal("CheckpointForeign", Assert.Throws<ExoException>(() => Checkpoint.Open(_path, session.Description)).ErrorId);
        foreach (var foreign in new[] { "my diary\n", "my diary without an end of its line", "\n\n" })
        {
            await File.WriteAllTextAsync(_path, foreign);
            Assert.Equal("CheckpointUnreadable", Assert.Throws<ExoException>(() => Checkpoint.Open(_path, session.Description)).ErrorId);
            Assert.Equal(foreign, await File.ReadAllTextAsync(_path));
        }

        Assert.Equal("CheckpointPath", Assert.Throws<ExoException>(() => Checkpoint.Open("/no/such/folder/x", session.Description)).ParameterName);
    }

    [SpecialFileTheory]
    [MemberData(nameof(SpecialFiles.Paths), MemberType = typeof(SpecialFiles))]
    public async Task A_pipe_or_device_is_refused_and_not_opened(string path)
    {
        using var folder = new TestFolder();
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync();

        var e = Assert.Throws<ExoException>(() => Checkpoint.Open(SpecialFiles.Make(path, folder), session.Description));
        Assert.Equal("CheckpointUnreadable", e.ErrorId);
    }

    private static async Task<(ExoSession Session, CmdletRequest[] Writes)> PrepareAsync(ConnectedTenant tenant, int count)
    {
        var session = await tenant.ConnectAsync();
        var mailboxes = await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", count));
        return (session, [.. mailboxes.Select(m => ConnectedTenant.Request(
            "Set-Mailbox", ("Identity", ConnectedTenant.Value(m, "Alias")), ("CustomAttribute5", "written")))]);
    }

    private static async Task<string?> ReadAsync(ConnectedTenant tenant, ExoSession session) =>
        (string?)ConnectedTenant.Value(Assert.Single(await tenant.RunAsync(session, "Get-Mailbox", ("Identity", "adele.vance"))), "CustomAttribute5");

    private static async Task<int> WrittenAsync(ConnectedTenant tenant, ExoSession session) =>
        (await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", "Unlimited"))).Count(
            m => (string?)ConnectedTenant.Value(m, "CustomAttribute5") == "written");

    private async Task<List<InvokeResult>> RunAsync(
        ConnectedTenant tenant, ExoSession session, IEnumerable<CmdletRequest> requests, CancellationTokenSource? stop = null,
        int stopAfter = int.MaxValue)
    {
        using var checkpoint = Checkpoint.Open(_path, session.Description);
        var results = new List<InvokeResult>();
        await foreach (var result in session.InvokeManyAsync(requests.ToAsyncEnumerable(), tenant.Messages, 2, checkpoint, stop?.Token ?? default))
        {
            results.Add(result);
            if (results.Count == stopAfter)
            {
                await stop!.CancelAsync();
            }
        }

        return results;
    }
}
