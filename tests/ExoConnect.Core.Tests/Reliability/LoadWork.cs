using System.Collections.Concurrent;
using System.Globalization;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.RestEntities;
using ExoConnect.Core.ServiceRequests;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.Sessions;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>The work of a load test: reads with known results, contacts that come and go, and everything that disturbs them.</summary>
internal sealed class LoadWork(LoadTenant tenant, LogOptions log, int threadsOfASession) : IDisposable
{
    private const string Prefix = "Load";
    private const int Mailboxes = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<int, ExoSession> _sessions = new();
    private readonly ConcurrentDictionary<int, string> _underWay = new();
    private readonly ConcurrentDictionary<string, bool> _mayBe = new();
    private readonly ConcurrentDictionary<string, bool> _present = new();
    private IReadOnlyList<string> _aliases = [];
    private int _number;
    private int _reconnects;
    private int _ended;

    public LoadAccount Account { get; } = new();

    /// <summary>How many requests the tenant had.</summary>
    public long Requests { get; private set; }

    public string UnderWay() => string.Join(", ", _underWay.Values.GroupBy(v => v).Select(g => $"{g.Count()} {g.Key}"));

    public async Task ConnectAllAsync()
    {
        for (var slot = 0; slot < threadsOfASession; slot++)
        {
            _sessions[slot] = await SessionConnector.ConnectAsync(Options(), NullMessages.Instance, tenant.Registry);
        }

        _aliases = [.. (await AllAsync(_sessions[0], "Get-Mailbox")).Select(Alias)];
        Assert.Equal(Mailboxes, _aliases.Count);
        Assert.Equal(Mailboxes, _aliases.Distinct().Count());
        for (var slot = 0; slot < threadsOfASession; slot++)
        {
            // What was asked so far is in no account.
            Replace(slot, await SessionConnector.ConnectAsync(Options(), NullMessages.Instance, tenant.Registry));
        }

        Directory.Delete(log.Folder, recursive: true);
        for (var slot = 0; slot < threadsOfASession; slot++)
        {
            Replace(slot, await SessionConnector.ConnectAsync(Options(), NullMessages.Instance, tenant.Registry));
        }

        _reconnects = 0;
    }

    /// <summary>What one thread does. The same number does the same things in the same order; what comes of them differs.</summary>
    public async Task RunAsync(int thread, Func<bool> goOn)
    {
#pragma warning disable CA5394 // Work that can be repeated is the point; nothing secret hangs on it.
        var random = new Random(thread);
        var slot = thread % threadsOfASession;
        var mine = new Queue<string>();
        while (goOn())
        {
            var session = _sessions[slot];
            var dice = random.Next(100);
            var work = dice switch
            {
                < 30 => ReadAsync(session, thread, _aliases[random.Next(Mailboxes)]),
                < 36 => ListAsync(session, thread, null),
                < 42 => EntitiesAsync(session, thread),
                < 62 => CreateAsync(session, thread, mine, null),
                < 78 => RemoveAsync(session, thread, mine, null),
                < 84 => ManyAsync(session, thread, mine, random.Next(5, 15)),
                < 88 => ListAsync(session, thread, TimeSpan.FromMilliseconds(random.Next(30))),
                < 92 => CreateAsync(session, thread, mine, TimeSpan.FromMilliseconds(random.Next(10))),
                < 97 => RequestAsync(session, thread),
                97 => ReconnectAsync(slot, thread),
                _ => tenant.RevokeAsync(),
            };
            try
            {
                await work.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                Account.Problems.Enqueue("It hangs: " + _underWay.GetValueOrDefault(thread));
                return;
            }
        }
#pragma warning restore CA5394
    }

    /// <summary>Compares what callers were told with what there is, and with what the connections' logs tell.</summary>
    public async Task CompareAsync()
    {
        foreach (var session in _sessions.Values)
        {
            tenant.Registry.Disconnect(session);
        }

        var seen = await tenant.TellAsync();
        Requests = seen.Requests;
        foreach (var problem in seen.Problems)
        {
            Account.Problems.Enqueue(problem);
        }

        var last = await SessionConnector.ConnectAsync(tenant.Options(), NullMessages.Instance, tenant.Registry);
        var there = (await AllAsync(last, "Get-MailContact")).Select(Name)
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToHashSet();
        Report("is told as made, and isn't there", _present.Keys.Where(n => !there.Contains(n)));
        Report("is there, and nobody was told so", there.Where(n => !_present.ContainsKey(n) && !_mayBe.ContainsKey(n)));

        var records = Directory.GetFiles(log.Folder).SelectMany(LogReader.Read).Where(r => r.Kind is OperationKind.Cmdlet or OperationKind.Request)
            .Where(r => r.Operation != "EXOModuleFile").GroupBy(r => r.Operation).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var name in Account.Names)
        {
            // A session that ends closes its log: what was under way isn't in it.
            var lines = records.GetValueOrDefault(name) ?? [];
            var (told, logged) = (Enum.GetValues<Fate>().Sum(f => Account.Count(name, f)), lines.Count);
            var (done, succeeded) = (Account.Count(name, Fate.Done), lines.Count(r => r.Outcome == OperationOutcome.Succeeded));
            var lost = _ended + _reconnects;
            if (logged > told || logged < told - lost || succeeded > done + lost || succeeded < done - lost)
            {
                Account.Problems.Enqueue($"{name}: {told} operations and {done} done; in the logs {logged} and {succeeded}.");
            }
        }

        void Report(string problem, IEnumerable<string> names)
        {
            foreach (var name in names)
            {
                Account.Problems.Enqueue($"{name} {problem}.");
            }
        }
    }

    public void Dispose() => _sessions.Clear();

    private static string Alias(object mailbox) => (string)ConnectedTenant.Value(mailbox, "Alias")!;

    private static string Name(object contact) => (string)ConnectedTenant.Value(contact, "Name")!;

    /// <summary>Without keeping what is told, which would be most of the memory.</summary>
    private static async Task<List<ResponseChunk>> ChunksAsync(
        ExoSession session, CmdletRequest request, CancellationToken cancellationToken = default)
    {
        var chunks = new List<ResponseChunk>();
        await foreach (var chunk in session.InvokeAsync(request, NullMessages.Instance, cancellationToken))
        {
            chunks.Add(chunk);
        }

        return chunks;
    }

    private static async Task<IEnumerable<object>> AllAsync(ExoSession session, string cmdlet) =>
        (await ChunksAsync(session, ConnectedTenant.Request(cmdlet, ("ResultSize", "Unlimited")))).SelectMany(c => c.Objects);

    private ConnectOptions Options() => tenant.Options() with { Log = log, PageSize = 30 };

    private void Replace(int slot, ExoSession session)
    {
        var before = _sessions[slot];
        _sessions[slot] = session;
        tenant.Registry.Disconnect(before);
    }

    private Task<Fate> ReadAsync(ExoSession session, int thread, string alias) => TryAsync(thread, "Get-Mailbox", async () =>
    {
        var chunks = await ChunksAsync(session, ConnectedTenant.Request("Get-Mailbox", ("Identity", alias)));
        var found = chunks.SelectMany(c => c.Objects).ToList();
        Check(found.Count == 1 && Alias(found[0]) == alias, $"Get-Mailbox {alias} gave {string.Join(' ', found.Select(Alias))}.");
    });

    private async Task ListAsync(ExoSession session, int thread, TimeSpan? giveUp)
    {
        using var stop = new CancellationTokenSource(giveUp ?? Timeout.InfiniteTimeSpan);
        await TryAsync(thread, "Get-Mailbox", async () =>
        {
            var request = ConnectedTenant.Request("Get-Mailbox", ("ResultSize", "Unlimited"));
            var found = (await ChunksAsync(session, request, stop.Token)).SelectMany(c => c.Objects).Select(Alias).ToList();
            Check(found.SequenceEqual(_aliases), $"A listing of {found.Count}, {found.Distinct().Count()} of them different.");
        });
    }

    private Task<Fate> EntitiesAsync(ExoSession session, int thread) => TryAsync(thread, "Get-EXOMailbox", async () =>
    {
        var found = new List<string>();
        var request = new GetExoMailboxOptions { ResultSize = ResultSize.Of(50) }.ToRequest();
        await foreach (var chunk in session.QueryAsync(request, NullMessages.Instance))
        {
            found.AddRange(chunk.Objects.Select(Alias));
        }

        Check(found.SequenceEqual(_aliases.Take(50)), $"Get-EXOMailbox gave {found.Count}, {found.Distinct().Count()} of them different.");
    });

    private Task<Fate> RequestAsync(ExoSession session, int thread) => TryAsync(thread, "GET Graph", async () =>
    {
        var response = await session.SendAsync(new ServiceRequest { Uri = "/v1.0/organization" }, NullMessages.Instance);
        Check(response.Items().Count() == 1, "Graph gave no organization.");
    });

    private async Task CreateAsync(ExoSession session, int thread, Queue<string> mine, TimeSpan? giveUp)
    {
        using var stop = new CancellationTokenSource(giveUp ?? Timeout.InfiniteTimeSpan);
        var request = Create();
        Created(request, mine, await TryAsync(thread, request.Name, () => ChunksAsync(session, request, stop.Token)));
    }

    private CmdletRequest Create()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Interlocked.Increment(ref _number):D7}");
        return ConnectedTenant.Request("New-MailContact", ("Name", name), ("ExternalEmailAddress", name + "@fabrikam.com"));
    }

    private void Created(CmdletRequest request, Queue<string> mine, Fate fate)
    {
        var name = (string)request.Parameters["Name"]!;
        if (fate == Fate.Done)
        {
            _present[name] = true;
            mine.Enqueue(name);
        }
        else if (fate == Fate.Unknown)
        {
            _mayBe[name] = true;
        }
    }

    private async Task RemoveAsync(ExoSession session, int thread, Queue<string> mine, TimeSpan? giveUp)
    {
        if (!mine.TryDequeue(out var name))
        {
            return;
        }

        using var stop = new CancellationTokenSource(giveUp ?? Timeout.InfiniteTimeSpan);
        var request = ConnectedTenant.Request("Remove-MailContact", ("Identity", name), ("Confirm", false));
        Removed(name, mine, await TryAsync(thread, request.Name, () => ChunksAsync(session, request, stop.Token)));
    }

    private void Removed(string name, Queue<string> mine, Fate fate)
    {
        if (fate == Fate.NotDone)
        {
            mine.Enqueue(name);
            return;
        }

        _present.TryRemove(name, out _);
        if (fate == Fate.Unknown)
        {
            _mayBe[name] = true;
        }
    }

    private async Task ManyAsync(ExoSession session, int thread, Queue<string> mine, int count)
    {
        _underWay[thread] = "InvokeMany";
        var requests = Enumerable.Range(0, count).Select(i => (i % 3) switch
        {
            0 => Create(),
            1 when mine.TryDequeue(out var name) => ConnectedTenant.Request("Remove-MailContact", ("Identity", name), ("Confirm", false)),
            _ => ConnectedTenant.Request("Get-Mailbox", ("Identity", _aliases[(thread + i) % Mailboxes])),
        }).ToList();
        var answered = 0;
        await foreach (var result in session.InvokeManyAsync(requests.ToAsyncEnumerable(), NullMessages.Instance, 4))
        {
            Check(result.Request == requests[answered++], "A result out of its order.");
            var fate = Judge(result.Request.Name, result.Error);
            Account.Note(result.Request.Name, fate);
            switch (result.Request.Name)
            {
                case "New-MailContact":
                    Created(result.Request, mine, fate);
                    break;
                case "Remove-MailContact":
                    Removed((string)result.Request.Parameters["Identity"]!, mine, fate);
                    break;
                default:
                    var found = result.Response.SelectMany(c => c.Objects).Select(Alias).ToList();
                    Check(fate != Fate.Done || found.SequenceEqual([(string)result.Request.Parameters["Identity"]!]), "A result of another.");
                    break;
            }
        }

        Check(answered == count, $"{answered} results for {count} requests.");
        _underWay.TryRemove(thread, out _);
    }

    private async Task ReconnectAsync(int slot, int thread)
    {
        _underWay[thread] = "Connect";
        try
        {
            Replace(slot, await SessionConnector.ConnectAsync(Options(), NullMessages.Instance, tenant.Registry));
            Interlocked.Increment(ref _reconnects);
            Account.Note("Connect", Fate.Done);
        }
        catch (ExoException)
        {
            Account.Note("Connect", Fate.NotDone);
        }

        _underWay.TryRemove(thread, out _);
    }

    private async Task<Fate> TryAsync(int thread, string name, Func<Task> work)
    {
        _underWay[thread] = name;
        Exception? error = null;
        try
        {
            await work();
        }
        catch (Exception e)
        {
            error = e;
        }

        _underWay.TryRemove(thread, out _);
        var fate = Judge(name, error);
        Account.Note(name, fate);
        return fate;
    }

    private Fate Judge(string name, Exception? error)
    {
        switch (error)
        {
            case null:
                return Fate.Done;
            case OperationCanceledException:
                return Fate.Unknown;
            case ExoException { ErrorId: ErrorIds.SessionDisconnected }:
                Interlocked.Increment(ref _ended);
                return Fate.Unknown;
            case ServiceException { ServiceType: not null } refused:
                // The tenant's faults name no exception: there is one already, or none any more.
                Account.Problems.Enqueue($"{name}: {refused.ErrorId}: {refused.Message}");
                return Fate.NotDone;
            case ServiceException { IsOutcomeUnknown: true }:
                return Fate.Unknown;
            case ExoException:
                return Fate.NotDone;
            default:
                Account.Problems.Enqueue($"{name}: {error}");
                return Fate.Unknown;
        }
    }

    private void Check(bool isRight, string problem)
    {
        if (!isRight)
        {
            Account.Problems.Enqueue(problem);
        }
    }
}
