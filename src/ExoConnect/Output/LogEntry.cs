using System.Collections.Specialized;
using ExoConnect.Core.Diagnostics;

namespace ExoConnect.Output;

/// <summary>An operation in the output of Get-ExoLog.</summary>
public sealed class LogEntry
{
    /// <summary>When it began, in this machine's time.</summary>
    public DateTime Time { get; private init; }

    /// <summary>The session's name; empty while it was being connected.</summary>
    public string Session { get; private init; } = "";

    /// <summary>The session's own id.</summary>
    public Guid ConnectionId { get; private init; }

    /// <summary>The organization, as it was named.</summary>
    public string Organization { get; private init; } = "";

    /// <summary>The session's service; of a request to another service that one.</summary>
    public string Service { get; private init; } = "";

    /// <summary><c>Cmdlet</c>, <c>Connect</c>, <c>Token</c> or <c>Request</c>.</summary>
    public string Kind { get; private init; } = "";

    /// <summary>The cmdlet; of a request its method and service.</summary>
    public string Operation { get; private init; } = "";

    /// <summary>The names of the parameters that were given.</summary>
    public string[] Parameters { get; private init; } = [];

    /// <summary>Their values, if the log holds them; else null.</summary>
    public OrderedDictionary? Values { get; private init; }

    /// <summary><c>Succeeded</c>, <c>Failed</c>, <c>Unknown</c> (sent, and it is unknown whether it was carried out) or <c>Canceled</c>.</summary>
    public string Outcome { get; private init; } = "";

    /// <summary>The last HTTP status; 0 if no response came.</summary>
    public int StatusCode { get; private init; }

    /// <summary>The number of objects.</summary>
    public int Objects { get; private init; }

    /// <summary>The number of pages.</summary>
    public int Pages { get; private init; }

    /// <summary>Whether it went in a batch.</summary>
    public bool IsBatched { get; private init; }

    /// <summary>How often a request was sent again.</summary>
    public int Retries { get; private init; }

    /// <summary>How often it waited for the service's limits.</summary>
    public int ThrottleWaits { get; private init; }

    /// <summary>How long it waited for them.</summary>
    public TimeSpan ThrottleWait { get; private init; }

    /// <summary>How long it took in all.</summary>
    public TimeSpan Duration { get; private init; }

    /// <summary>The host of the response.</summary>
    public string? Server { get; private init; }

    /// <summary>The id it was sent with.</summary>
    public string? ClientRequestId { get; private init; }

    /// <summary>The service's id of the response, for a support case.</summary>
    public string? ServerRequestId { get; private init; }

    /// <summary>The id of the error; null if there was none.</summary>
    public string? ErrorId { get; private init; }

    /// <summary>The error's text, if the log holds it.</summary>
    public string? Error { get; private init; }

    /// <summary>The process that wrote it.</summary>
    public int ProcessId { get; private init; }

    /// <summary>The log's file.</summary>
    public string Path { get; private init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Operation}: {Outcome}";

    internal static LogEntry Of(OperationRecord record, string path)
    {
        OrderedDictionary? values = null;
        if (record.Values is not null)
        {
            values = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in record.Values)
            {
                values[name] = value;
            }
        }

        return new LogEntry
        {
            Time = record.Time.LocalDateTime,
            Session = record.Session,
            ConnectionId = record.ConnectionId,
            Organization = record.Organization,
            Service = record.Service,
            Kind = record.Kind.ToString(),
            Operation = record.Operation,
            Parameters = [.. record.Parameters],
            Values = values,
            Outcome = record.Outcome.ToString(),
            StatusCode = record.StatusCode,
            Objects = record.Objects,
            Pages = record.Pages,
            IsBatched = record.IsBatched,
            Retries = record.Retries,
            ThrottleWaits = record.ThrottleWaits,
            ThrottleWait = record.ThrottleWait,
            Duration = record.Duration,
            Server = record.Host,
            ClientRequestId = record.ClientRequestId,
            ServerRequestId = record.ServerRequestId,
            ErrorId = record.ErrorId,
            Error = record.Error,
            ProcessId = record.ProcessId,
            Path = path,
        };
    }
}
