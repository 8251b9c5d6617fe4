using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.ServiceRequests;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Faults;

namespace ExoConnect.Core.Tests.Diagnostics;

/// <summary>The log of a connection, and what OpenTelemetry is told.</summary>
public sealed class LogTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "exoconnect-log-" + Guid.NewGuid().ToString("N")[..8]);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Every_operation_is_written_down_once_without_values_and_with_the_ids_of_its_requests()
    {
        await using var tenant = await ConnectedTenant.StartAsync(new TenantOptions { Permissions = ["Directory.Read.All"] });
        using var telemetry = new Listener();
        var session = await tenant.ConnectAsync(tenant.Options() with { Log = new LogOptions { Folder = _folder }, PageSize = 40 });
        await tenant.RunAsync(session, "Get-Mailbox", ("ResultSize", "Unlimited"));
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Get-Recipient", Status = 502, Times = 2, Body = FaultBody.Html });
        await tenant.RunAsync(session, "Get-Recipient", ("ResultSize", 1));
        tenant.Tenant.Faults.Add(new FaultRule { Cmdlet = "Set-Mailbox", Status = 502, Times = 1, Body = FaultBody.Html });
        await Assert.ThrowsAsync<ServiceException>(
            () => tenant.RunAsync(session, "Set-Mailbox", ("Identity", "canary-value"), ("CustomAttribute1", "x")));
        await Assert.ThrowsAsync<ServiceException>(() => tenant.RunAsync(session, "Get-Mailbox", ("Identity", "canary-value")));
        await foreach (var _ in session.InvokeManyAsync(Many(25), tenant.Messages))
        {
        }

        await session.SendAsync(new ServiceRequest { Uri = "/v1.0/organization" }, tenant.Messages);

        var text = ReadShared(session.LogPath!);
        var records = LogReader.Read(session.LogPath!).ToList();
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        Assert.All(records.Where(r => r.Kind == OperationKind.Cmdlet && r.Operation != "EXOModuleFile"),
            r => Assert.Equal(session.Description.Name, r.Session));
        Assert.Single(records, r => r is { Kind: OperationKind.Connect, Outcome: OperationOutcome.Succeeded });
        Assert.Equal(["Token", "Token"], records.Where(r => r.Kind == OperationKind.Token).Select(r => r.Operation));
        var listing = records.First(r => r.Operation == "Get-Mailbox");
        Assert.True(listing is
        {
            Outcome: OperationOutcome.Succeeded, StatusCode: 200, Pages: > 1, Objects: > 40, Parameters: ["ResultSize"], Values: null,
        });
        Assert.Equal(2, Assert.Single(records, r => r.Operation == "Get-Recipient").Retries);
        var change = Assert.Single(records, r => r.Operation == "Set-Mailbox");
        Assert.Equal((OperationOutcome.Unknown, 502), (change.Outcome, change.StatusCode));
        var refused = records.Last(r => r.Operation == "Get-Mailbox" && r.Outcome == OperationOutcome.Failed);
        Assert.Equal(("ManagementObjectNotFoundException", 404, null), (refused.ErrorId, refused.StatusCode, refused.Error));
        Assert.Equal(25, records.Count(r => r is { Operation: "Get-CASMailbox", Outcome: OperationOutcome.Failed }));
        Assert.Equal("Graph", Assert.Single(records, r => r.Kind == OperationKind.Request).Service);
        var sent = tenant.Tenant.Requests.Snapshot().Select(r => r.Header("client-request-id")).ToHashSet();
        Assert.All(records.Where(r => r.Kind is OperationKind.Cmdlet or OperationKind.Request), r => Assert.Contains(r.ClientRequestId, sent));

        // Others' sessions are told of to the same listener.
        Assert.Equal(records.Count, telemetry.Spans.Count(
            s => Equals(s.GetTagItem("exoconnect.connection.id"), session.Description.ConnectionId.ToString())));
        Assert.True(telemetry.Durations >= records.Count);
    }

    [Fact]
    public async Task The_highest_level_tells_values_but_no_secret()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        var session = await tenant.ConnectAsync(tenant.Options() with { Log = new LogOptions { Folder = _folder, Level = LogLevel.All } });
        using var secure = new SecureString();
        "canary".ToList().ForEach(secure.AppendChar);
        await Assert.ThrowsAnyAsync<ExoException>(() => tenant.RunAsync(
            session, "Set-Mailbox", ("Identity", "plain-value"), ("Password", secure), ("RoomMailboxPassword", "canary"),
            ("CustomAttribute1", secure),
            ("CustomAttribute2", "Bearer eyJcanarycanary.eyJcanarycanary.canary"),
            ("CustomAttribute3", new Dictionary<string, object> { ["ClientSecret"] = "canary" })));

        var text = ReadShared(session.LogPath!);
        Assert.Contains("plain-value", text, StringComparison.Ordinal);
        Assert.Contains("[removed]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_warned_of_and_no_reason_to_fail()
    {
        await using var tenant = await ConnectedTenant.StartAsync();
        await File.WriteAllTextAsync(_folder, "", TestContext.Current.CancellationToken);
        try
        {
            var session = await tenant.ConnectAsync(tenant.Options() with { Log = new LogOptions { Folder = _folder } });

            Assert.Null(session.LogPath);
            Assert.Contains(tenant.Messages.Warnings, w => w.StartsWith("No log is written", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    [Fact]
    public void Files_are_bounded_in_size_number_and_age_and_half_lines_are_left_out()
    {
        Directory.CreateDirectory(_folder);
        var old = Path.Combine(_folder, "ExoConnect-20200101-000000-00000000.jsonl");
        File.WriteAllText(old, "{}");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-31));
        var options = new LogOptions { Folder = _folder, MaximumFileSize = 2000, MaximumFiles = 3 };
        using (var log = LogFile.Open(options, Guid.NewGuid(), TimeProvider.System, NullMessages.Instance)!)
        {
            for (var i = 0; i < 100; i++)
            {
                log.Write(new OperationRecord { Time = DateTimeOffset.UtcNow, Operation = "Get-M\u00FCller" + i });
            }

            File.AppendAllText(log.Path, "{\"time\":\"2026\nnonsense\n{\"time\":");
        }

        var files = LogReader.Files(_folder);
        Assert.False(File.Exists(old));
        Assert.Equal(3, files.Count);
        Assert.All(files, f => Assert.InRange(new FileInfo(f).Length, 1, 2100));
        Assert.Contains("Get-M\u00FCller99", files.SelectMany(LogReader.Read).Select(r => r.Operation));
        Assert.Equal(ErrorIds.LogUnreadable, Assert.Throws<ExoException>(() => LogReader.Read(old).Any()).ErrorId);
    }

    [Fact]
    public void An_operation_that_nobody_wants_to_know_of_allocates_nothing()
    {
        var parameters = new Dictionary<string, object?> { ["Identity"] = "a" };
        Assert.Null(OperationTracker.ForListeners.Start(OperationKind.Cmdlet, "Get-Mailbox", parameters));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            OperationTracker.ForListeners.Start(OperationKind.Cmdlet, "Get-Mailbox", parameters)?.Succeed();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static async IAsyncEnumerable<CmdletRequest> Many(int count)
    {
        await Task.Yield();
        for (var i = 0; i < count; i++)
        {
            yield return ConnectedTenant.Request("Get-CASMailbox", ("Identity", "canary-" + i));
        }
    }

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private sealed class Listener : IDisposable
    {
        private readonly ActivityListener _spans;
        private readonly MeterListener _meters = new();
        private readonly List<Activity> _ended = [];
        private int _durations;

        public Listener()
        {
            _spans = new ActivityListener
            {
                ShouldListenTo = s => s.Name == Telemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = a =>
                {
                    lock (_ended)
                    {
                        _ended.Add(a);
                    }
                },
            };
            ActivitySource.AddActivityListener(_spans);
            _meters.InstrumentPublished = (i, l) =>
            {
                if (i is { Meter.Name: Telemetry.Name, Name: "rpc.client.call.duration" })
                {
                    l.EnableMeasurementEvents(i);
                }
            };
            _meters.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _durations));
            _meters.Start();
        }

        public int Durations => Volatile.Read(ref _durations);

        public IReadOnlyList<Activity> Spans
        {
            get
            {
                lock (_ended)
                {
                    return [.. _ended];
                }
            }
        }

        public void Dispose()
        {
            _spans.Dispose();
            _meters.Dispose();
        }
    }
}
