using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.ServiceRequests;
using ExoConnect.Core.Tests.AdminApi;
using ExoConnect.Core.Tests.ServiceRequests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>
/// Every way to ask the service through every fault at each point of the exchange, once and for good: a right result or an error that says so, no
/// change twice that may have been carried out, no hang, nothing left open, and a client that works afterwards. There is no chance in it, and time
/// is a <see cref="FaultClock"/>'s. With <c>EXOCONNECT_ALL_FAULTS=1</c> all combinations run, and cuts at each byte of a response; otherwise every
/// so many of them.
/// </summary>
public class FaultMatrixTests(ITestOutputHelper output)
{
    private const int Part = 13;
    private const int LongestResponse = 400;

    /// <summary>Of this machine's time: what takes longer hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Of the clock's time. Ten pauses of the longest that a service may ask for are under an hour; pages have theirs each.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(8);

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EXOCONNECT_ALL_FAULTS") == "1";

    private readonly Dictionary<string, string> _alone = [];

    [Fact]
    public async Task Every_fault_ends_well()
    {
        await using var keeping = await FakeExchange.StartAsync();
        await using var closing = await FakeExchange.StartAsync();
        var combinations = Combinations().ToList();
        var chosen = IsLong ? combinations : combinations.Where(static (_, i) => i % Part == 0).ToList();
        var failures = new List<string>();
        var waited = TimeSpan.Zero;
        var (done, handles) = (0, 0);
        foreach (var (operation, fault, point, isForGood) in chosen)
        {
            var name = $"{operation.Name}, {fault.Name}, point {point}, {(isForGood ? "for good" : "once")}";
            var run = new Run(fault.IsOfConnection ? closing : keeping, operation, fault, point, isForGood);
            try
            {
                var outcomes = await run.RunAsync().WaitAsync(Patience);
                failures.AddRange(run.Problems(outcomes).Concat(Compare(run, outcomes)).Select(p => $"{name}: {p}"));
            }
            catch (TimeoutException)
            {
                failures.Add($"{name}: it hangs");
                break;
            }

            waited += run.Waited;
            handles = done++ == chosen.Count / 10 ? Handles() : handles;
        }

        foreach (var operation in chosen.GroupBy(c => c.Operation.Name))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{operation.Count(),6:N0} {operation.Key}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{chosen.Count,6:N0} of {combinations.Count:N0} combinations of operation, fault and point; "
            + $"{waited.TotalHours:N0} hours by the clock."));
        Assert.True(failures.Count == 0, $"{failures.Count} of {chosen.Count}:\n" + string.Join('\n', failures.Take(IsLong ? 200 : 40)));

        // What is left are the connections that lie idle for the next request: of those that broke or fell silent, none.
        await ClosedAsync(keeping).WaitAsync(Patience);
        await ClosedAsync(closing).WaitAsync(Patience);
        if (IsLong)
        {
            // The form in which nothing else runs in this process.
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{handles} handles early on, {Handles()} at the end; {ThreadPool.ThreadCount} threads."));
            Assert.InRange(Handles(), 0, handles + 20);
            Assert.InRange(ThreadPool.ThreadCount, 0, 100);
        }
    }

    private static IEnumerable<(FaultOperation Operation, Fault Fault, int Point, bool IsForGood)> Combinations() =>
        from operation in FaultOperation.All
        from fault in FaultOperation.All[0] == operation || operation.Name == "change" ? [.. Fault.All, .. Cuts()] : Fault.All
        where operation.IsPart ? fault.Part is not null : fault.IsOfConnection || fault.ArriveAsync is not null || fault.RespondAsync is not null
        where !operation.IsLarge || fault.IsOfConnection || fault.ArriveAsync is not null
        where fault.Form <= operation.Form
        from point in Enumerable.Range(0, operation.Points)
        from isForGood in fault.IsNameless ? (bool[])[true] : [false, true]
        where !fault.IsNameless || point == 0
        select (operation, fault, point, isForGood);

    private static IEnumerable<Fault> Cuts() => from length in Enumerable.Range(0, LongestResponse / 2)
                                                from isSilent in (bool[])[false, true]
                                                select Fault.At(length, isSilent);

    private static int Handles() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    private static async Task ClosedAsync(FakeExchange exchange)
    {
        while (exchange.Services.Connections > 4)
        {
            await Task.Delay(20);
        }
    }

    /// <summary>Whatever would be an error alone is the same error in a batch.</summary>
    private IEnumerable<string> Compare(Run run, Outcome[] outcomes)
    {
        foreach (var outcome in outcomes.Where(o => run.IsForGood && o.Error is ServiceException))
        {
            var error = (ServiceException)outcome.Error!;
            var said = $"{error.ErrorId}, {error.Category}, {(error.IsOutcomeUnknown ? "unknown" : "known")}";
            var key = $"{(outcome.IsChange ? "change" : "read")} {run.Fault.Name}";
            if (run.Operation.Name is "read" or "change")
            {
                _alone[key] = said;
            }
            else if (run.Operation.IsPart && _alone.TryGetValue(key, out var alone) && alone != said)
            {
                yield return $"alone '{alone}', in a batch '{said}'";
            }
        }
    }

    /// <summary>One operation through one fault.</summary>
    private sealed class Run(FakeExchange exchange, FaultOperation operation, Fault fault, int point, bool isForGood)
    {
        private readonly FaultClock _clock = new();
        private readonly DateTimeOffset _start = new FaultClock().GetUtcNow();
        private int _happened;
        private int _connections = -1;
        private int _carriedOut;
        private int _batches;
        private Exception? _after;

        public FaultOperation Operation => operation;

        public Fault Fault => fault;

        public bool IsForGood => isForGood;

        public TimeSpan Waited => _clock.GetUtcNow() - _start;

        public async Task<Outcome[]> RunAsync()
        {
            var whole = exchange.Services.Environment;
            using var gate = fault.IsRefusal ? new Gate(whole.Address!, operation.Before + point) : null;
            if (gate is not null && !isForGood)
            {
                _clock.Pausing = gate.Reopen;
            }

            exchange.Services.Environment = gate is not null ? whole with { Address = gate.Address } : fault.IsNameless ? Nameless(whole) : whole;
            exchange.With(o => o with { Environment = exchange.Services.Environment, Clock = _clock, RetryDelay = RetryPolicy.DefaultDelay });
            var service = new ServiceClient(new ServiceClientOptions
            {
                Environment = exchange.Services.Environment, Tokens = exchange.Tokens, Clock = _clock, RetryDelay = RetryPolicy.DefaultDelay,
            });
            exchange.Services.ArriveAsync = fault.ArriveAsync is null ? null : ArriveAsync;
            exchange.Services.ConnectAsync = fault.IsOfConnection ? ConnectAsync : null;
            exchange.Services.SecureAsync = fault.Raw is null ? null : SecureAsync;
            exchange.Responds((context, _) => RespondAsync(context));
            var outcomes = await operation.RunAsync(exchange, service);

            _clock.IsOver = true;
            exchange.Services.Environment = whole;
            exchange.With(o => o with { Clock = _clock, RetryDelay = RetryPolicy.DefaultDelay });
            exchange.Services.ArriveAsync = null;
            exchange.Services.ConnectAsync = null;
            exchange.Services.SecureAsync = null;
            exchange.Responds((context, _) => RightAsync(context, FaultOperation.All[0].ResponseTo(Seen.Of(context))));
            var after = await exchange.RunAsync(FakeExchange.Read());
            _after = after.Objects.Count == 2 ? after.Error : after.Error ?? new InvalidOperationException($"{after.Objects.Count} objects");
            return outcomes;
        }

        /// <summary>What is wrong with what came of it.</summary>
        public IEnumerable<string> Problems(Outcome[] outcomes)
        {
            if (_carriedOut > 1)
            {
                yield return $"a change went {_carriedOut} times";
            }

            if (_after is not null)
            {
                yield return $"afterwards {_after}";
            }

            if (Waited > LongestWait)
            {
                yield return $"it took {Waited}";
            }

            foreach (var outcome in outcomes)
            {
                foreach (var problem in outcome.Error is { } error ? Problems(outcome, error) : Problems(outcome))
                {
                    yield return $"{(outcome.IsChange ? "the change: " : "")}{problem}";
                }
            }
        }

        private IEnumerable<string> Problems(Outcome outcome)
        {
            if (!outcome.Names.SequenceEqual(outcome.Expected))
            {
                yield return $"{string.Join(' ', outcome.Names)} and no error";
            }

            if (outcome.IsChange && _carriedOut != 1)
            {
                yield return $"it is told as done, and went {_carriedOut} times";
            }
        }

        private IEnumerable<string> Problems(Outcome outcome, Exception error)
        {
            if (error is not ExoException { Message.Length: > 0, ErrorId.Length: > 0 } said)
            {
                yield return error.ToString();
                yield break;
            }

            if (!outcome.Names.SequenceEqual(outcome.Expected.Take(outcome.Names.Count)))
            {
                yield return $"{string.Join(' ', outcome.Names)}, then {said.ErrorId}";
            }

            if (operation.Heals(fault, point) && !isForGood && (!outcome.IsChange || fault.Effect == FaultEffect.Untouched))
            {
                yield return $"once was enough for {said.ErrorId}: {said.Message}";
            }

            if (outcome.IsChange && fault.Effect == FaultEffect.Unknown && said is not ServiceException { IsOutcomeUnknown: true })
            {
                yield return $"the outcome is open, and {said.ErrorId} doesn't say so: {said.Message}";
            }

            if (outcome.IsChange && fault.Effect != FaultEffect.Unknown && said is ServiceException { IsOutcomeUnknown: true })
            {
                yield return $"nothing was done, and {said.ErrorId} doesn't say so: {said.Message}";
            }
        }

        private static ExoEnvironment Nameless(ExoEnvironment environment) => environment with
        {
            Address = null,
            SignIn = Invalid(environment.SignIn),
            Exchange = Invalid(environment.Exchange),
            Graph = Invalid(environment.Graph),
            TrustedSuffixes = ["invalid"],
        };

        private static Uri Invalid(Uri host) => new($"https://{host.Host}.invalid/");

        private bool Happens(int at) => at == point && (isForGood || Interlocked.Increment(ref _happened) == 1);

        private bool HappensToConnection(int number) =>
            isForGood ? number >= operation.Before + point : number == operation.Before + point;

        private async Task<bool> ArriveAsync(HttpContext context)
        {
            var seen = new Seen(context.Request.Method, "", context.Request.Path + context.Request.QueryString, new Dictionary<string, string>(), "");
            if (operation.PointOf(seen) is not { } at || !Happens(at))
            {
                return false;
            }

            // The body isn't read; a batch of several has its change once more only where the client sends that again.
            Interlocked.Add(ref _carriedOut, IsChange(context.Request) ? 1 : 0);
            await fault.ArriveAsync!(context);
            return true;
        }

        private async Task<bool> ConnectAsync(ConnectionContext connection)
        {
            var number = Interlocked.Increment(ref _connections);
            connection.Items["number"] = number;
            return fault.ConnectAsync is not null && HappensToConnection(number) && await fault.ConnectAsync(connection);
        }

        private async Task<bool> SecureAsync(ConnectionContext connection)
        {
            if (!HappensToConnection((int)connection.Items["number"]!))
            {
                return false;
            }

            Interlocked.Add(ref _carriedOut, FaultOperation.Changes(await RequestAsync(connection.Transport.Input)));
            await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes(fault.Raw!));
            await connection.Transport.Output.CompleteAsync();
            return true;
        }

        private bool IsChange(HttpRequest request) => operation.Before == 1
            ? Interlocked.Exchange(ref _batches, 1) == 0
            : request.Method == "PATCH" || request.Headers["X-CmdletName"] == "Set-Thing";

        /// <summary>Reads a request as it is on the wire.</summary>
        private static async Task<string> RequestAsync(PipeReader input)
        {
            while (true)
            {
                var read = await input.ReadAsync();
                var text = Encoding.UTF8.GetString(read.Buffer);
                var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                var length = Regex.Match(text, @"^Content-Length: (\d+)", RegexOptions.Multiline | RegexOptions.IgnoreCase) is { Success: true } found
                    ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
                    : 0;
                if (read.IsCompleted || (head >= 0 && read.Buffer.Length >= head + 4 + length))
                {
                    return text;
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }

        private async Task RespondAsync(HttpContext context)
        {
            var seen = Seen.Of(context);
            var hits = fault.ArriveAsync is null && !fault.IsOfConnection && operation.PointOf(seen) is { } at && Happens(at);
            if (hits && operation.IsPart)
            {
                // The last is the change; those in front of it are reads, and meet the same.
                var changes = FaultOperation.Changes(seen);
                Interlocked.Add(ref _carriedOut, fault.Effect == FaultEffect.Unknown ? changes : 0);
                await RightAsync(context, operation.ResponseTo(seen, (_, response) => fault.Part!(response)));
                return;
            }

            Interlocked.Add(ref _carriedOut, hits && fault.Effect != FaultEffect.Unknown ? 0 : FaultOperation.Changes(seen));
            await (hits ? fault.RespondAsync!(context, operation.ResponseTo(seen), _clock) : RightAsync(context, operation.ResponseTo(seen)));
        }

        private Task RightAsync(HttpContext context, string response)
        {
            context.Response.Headers.Connection = fault.IsOfConnection ? "close" : null;
            return Fault.BytesAsync(context, Encoding.UTF8.GetBytes(response));
        }
    }
}
