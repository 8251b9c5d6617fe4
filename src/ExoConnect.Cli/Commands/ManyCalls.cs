using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Input;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Sessions;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Commands;

/// <summary>
/// Runs a cmdlet once for each row of a file: in parallel, with results in the order of the rows and each failure tied to its own row. A file is
/// checked to its end before anything is sent. A pipe can't be; an invalid row in a pipe is a failure like others.
/// </summary>
/// <param name="host">The host.</param>
/// <param name="messenger">Receives failures and progress.</param>
/// <param name="session">The session.</param>
/// <param name="binder">Converts the rows to parameters.</param>
/// <param name="template">The cmdlet, with the common part of all calls.</param>
internal sealed class ManyCalls(CliHost host, Messenger messenger, ExoSession session, CmdletBinder binder, CmdletRequest template)
{
    /// <summary>More of them would hide the first.</summary>
    private const int MostProblems = 20;

    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly ProgressMeter _meter = new(template.Name);
    private int _succeeded;
    private int _failed;
    private int _skipped;
    private int _code;
    private bool _stopped;

    /// <summary>How many requests may be under way at once.</summary>
    public int Limit { get; init; } = OrderedRunner.DefaultLimit;

    /// <summary>The checkpoint's file; null for none.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>The part of the calls that this process makes; null for all.</summary>
    public Shard? Shard { get; init; }

    /// <summary>How objects are written.</summary>
    public OutputFormat Format { get; init; }

    /// <summary>Runs them.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="mayRun">Prompts the person at the terminal, with the number of calls; null if it isn't known.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(RowSource source, Func<long?, CancellationToken, Task<bool>> mayRun, CancellationToken cancellationToken)
    {
        long? total = null;
        if (source.CanRepeat)
        {
            if (await CheckAsync(source, cancellationToken).ConfigureAwait(false) is not { } count)
            {
                return ExitCodes.Usage;
            }

            total = count;
            _meter.Expect(count);
        }

        if (total != 0 && !await mayRun(total, cancellationToken).ConfigureAwait(false))
        {
            messenger.Information("Nothing was run.");
            return ExitCodes.Failed;
        }

        using var checkpoint = CheckpointPath is null ? null
            : Checkpoint.Open(Shard?.CheckpointPath(CheckpointPath) ?? CheckpointPath, session.Description);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = new ResultWriter(host, messenger, Format, template, _meter);
        try
        {
            await using (results.ConfigureAwait(false))
            {
                await foreach (var result in session.InvokeManyAsync(
                    RequestsAsync(source, stop.Token), messenger, Limit, checkpoint, stop.Token).ConfigureAwait(false))
                {
                    await ReportAsync(result, results, stop).ConfigureAwait(false);
                }

                ReportInvalidLines();
                results.Complete();
            }
        }
        catch (OperationCanceledException) when (_stopped && !cancellationToken.IsCancellationRequested)
        {
            // A later call can't succeed either.
        }
        finally
        {
            Summarise(total);
        }

        return _code;
    }

    /// <summary>Reads all rows, and reports the invalid ones.</summary>
    /// <returns>The number of rows; null if some are invalid.</returns>
    private async Task<long?> CheckAsync(RowSource source, CancellationToken cancellationToken)
    {
        var problems = 0;
        long count = 0;
        long own = 0;
        await foreach (var row in source.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            count++;
            var (request, problem, remedy) = await BindAsync(row, cancellationToken).ConfigureAwait(false);
            own += request is not null && IsOwn(request) ? 1 : 0;
            if (problem is not null && ++problems <= MostProblems)
            {
                messenger.Error($"{row.Place}: {problem}", remedy is null ? [] : [remedy]);
            }
        }

        if (problems > 0)
        {
            messenger.Information(string.Create(
                CultureInfo.InvariantCulture, $"{problems:N0} of {count:N0} lines make no "
                    + $"sense{(problems > MostProblems ? $" (the first {MostProblems} are shown)" : "")}. Nothing was run."));
            return null;
        }

        return own;
    }

    private bool IsOwn(CmdletRequest request) => Shard?.Takes(request) != false;

    private async IAsyncEnumerable<CmdletRequest> RequestsAsync(RowSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in source.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var (request, problem, remedy) = await BindAsync(row, cancellationToken).ConfigureAwait(false);
            if (request is not null && !IsOwn(request))
            {
                continue;
            }

            _meter.AddInput();
            _calls.Enqueue(new Call(row.Place, problem, remedy));
            if (request is not null)
            {
                yield return request;
            }
        }

        _meter.EndOfInput();
    }

    private async Task<(CmdletRequest? Request, string? Problem, string? Remedy)> BindAsync(InputRow row, CancellationToken cancellationToken)
    {
        if (row.Problem is { } unreadable)
        {
            return (null, unreadable, null);
        }

        try
        {
            var own = await binder.BindAsync(row.Words, cancellationToken).ConfigureAwait(false);
            var all = new Dictionary<string, object?>(template.Parameters, StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in own)
            {
                all[name] = value;
            }

            return (template with { Parameters = all }, null, null);
        }
        catch (UsageException e)
        {
            return (null, e.Message, e.Remedy);
        }
    }

    private async Task ReportAsync(InvokeResult result, ResultWriter results, CancellationTokenSource stop)
    {
        ReportInvalidLines();
        _calls.TryDequeue(out var call);
        var place = Label(call!, result.Request);
        foreach (var chunk in result.Response)
        {
            await results.WriteAsync(chunk, place, stop.Token).ConfigureAwait(false);
        }

        if (result.Error is { } failure)
        {
            messenger.Error(failure, place);
        }

        if (result.IsSkipped)
        {
            _skipped++;
            _meter.Finish(succeeded: true);
            return;
        }

        var first = result.Response.SelectMany(c => c.Errors).FirstOrDefault<ExoException>() ?? result.Error;
        Count(first is null ? ExitCodes.Success : ExitCodes.Of(first, whileConnecting: false));
        if (result.Error is { Category: ExoErrorCategory.AuthenticationError } or { ErrorId: ErrorIds.SessionDisconnected })
        {
            _stopped = true;
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reports the invalid rows before the next call, so that everything is reported in the order of the rows.</summary>
    private void ReportInvalidLines()
    {
        while (_calls.TryPeek(out var next) && next.Problem is not null && _calls.TryDequeue(out _))
        {
            messenger.Error($"{next.Place}: {next.Problem}", next.Remedy is null ? [] : [next.Remedy]);
            Count(ExitCodes.Failed);
        }
    }

    /// <summary>Counts a call. If all failures are of one kind, the whole run has that kind.</summary>
    private void Count(int code)
    {
        _meter.Finish(code == ExitCodes.Success);
        if (code == ExitCodes.Success)
        {
            _succeeded++;
            return;
        }

        code = code == ExitCodes.Usage ? ExitCodes.Failed : code;
        _code = _failed++ == 0 || _code == code ? code : ExitCodes.Failed;
    }

    private void Summarise(long? total)
    {
        var all = total is { } t && t != _succeeded + _failed + _skipped ? Number(t) : null;
        var text = (Shard is null ? "" : $"Shard {Shard}: ") + Number(_succeeded) + (all is null ? "" : $" of {all}") + " done, "
            + (_failed == 0 ? "none" : Number(_failed)) + " failed"
            + (_skipped == 0 ? "." : $", {Number(_skipped)} skipped: done in an earlier run.");
        if (_failed > 0 || _stopped)
        {
            messenger.Information(CheckpointPath is null ? text : text + " The same command does what is missing.");
        }
        else if (_skipped > 0)
        {
            messenger.Information(text);
        }
        else
        {
            messenger.Hint(text);
        }

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
    }

    private static string Label(Call call, CmdletRequest request) =>
        (request.Parameters.GetValueOrDefault("Identity") ?? request.Parameters.GetValueOrDefault("Name")) is { } target
            ? $"{call.Place} ({SafeText.Line(ValueText.Cell(target, ", "))})"
            : call.Place;

    private sealed record Call(string Place, string? Problem, string? Remedy);
}
