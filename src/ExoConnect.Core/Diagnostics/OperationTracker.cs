using System.Diagnostics;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Core.Diagnostics;

/// <summary>
/// Receives a session's operations: its log, and the listeners of <see cref="Telemetry"/>. Without either, operations aren't even begun. Safe for
/// many threads.
/// </summary>
public sealed class OperationTracker : IDisposable
{
    private readonly LogFile? _log;
    private readonly TimeProvider _clock;
    private volatile Subject _subject;

    private OperationTracker(LogFile? log, Guid connection, string service, TimeProvider clock)
    {
        _log = log;
        _clock = clock;
        _subject = new Subject("", connection, "", service);
    }

    /// <summary>Reports to the listeners of <see cref="Telemetry"/> only.</summary>
    internal static OperationTracker ForListeners { get; } = new(null, default, "", TimeProvider.System);

    /// <summary>The file that is being written; null if there is no log.</summary>
    public string? LogPath => _log?.Path;

    /// <summary>Begins to track the operations of a session.</summary>
    /// <param name="log">Where they are written down; null for nowhere.</param>
    /// <param name="connection">The session's own id.</param>
    /// <param name="service">What the session is of.</param>
    /// <param name="messages">Receives the warning if no log can be written.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <returns>The tracker, whose disposal ends the log. That there can be no log is no reason to fail.</returns>
    public static OperationTracker Open(LogOptions? log, Guid connection, string service, IEngineMessages messages, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        clock ??= TimeProvider.System;
        return new OperationTracker(log is null ? null : LogFile.Open(log, connection, clock, messages), connection, service, clock);
    }

    /// <summary>Says who the session is, once that is known.</summary>
    /// <param name="session">Its name.</param>
    /// <param name="organization">Its organization, as the user named it.</param>
    public void Describe(string session, string organization) => _subject = _subject with { Session = session, Organization = organization };

    /// <summary>Ends the log; it no longer records operations under way.</summary>
    public void Dispose() => _log?.Dispose();

    /// <summary>Begins an operation.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">What it is called: few names, and none with a value in it.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="service">The service, where it isn't the session's.</param>
    /// <returns>The operation, to be ended; null without a listener.</returns>
    internal Operation? Start(OperationKind kind, string name, IReadOnlyDictionary<string, object?> parameters, string? service = null)
    {
        if (_log is null && !Telemetry.IsListenedTo)
        {
            return null;
        }

        var now = _clock.GetUtcNow();
        return new Operation(this, kind, name, parameters, service, now, _clock.GetTimestamp(), Telemetry.Start(name, now));
    }

    /// <summary>How long something has been going on.</summary>
    internal TimeSpan Since(long timestamp) => _clock.GetElapsedTime(timestamp);

    /// <summary>The time, to measure from.</summary>
    internal long Timestamp => _clock.GetTimestamp();

    /// <summary>Tells of an operation that has ended.</summary>
    internal void Record(OperationRecord record, IReadOnlyDictionary<string, object?> parameters, string? error, Activity? activity)
    {
        var subject = _subject;
        record = record with
        {
            ProcessId = Environment.ProcessId,
            Session = subject.Session,
            ConnectionId = subject.Connection,
            Organization = subject.Organization,
            Service = record.Service.Length > 0 ? record.Service : subject.Service,
            Parameters = [.. parameters.Keys],
        };
        Telemetry.Record(record, activity);
        _log?.Write(_log.Level == LogLevel.All
            ? record with { Values = parameters.ToDictionary(static p => p.Key, static p => LoggedValue.Of(p.Key, p.Value)), Error = error }
            : record);
    }

    private sealed record Subject(string Session, Guid Connection, string Organization, string Service);
}
