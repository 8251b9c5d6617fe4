namespace ExoConnect.Core.Diagnostics;

/// <summary>The kinds of operations.</summary>
public enum OperationKind
{
    /// <summary>A cmdlet that the service ran, or a listing of its entities.</summary>
    Cmdlet,

    /// <summary>Connecting, from the sign-in to the list of cmdlets.</summary>
    Connect,

    /// <summary>A script requested a token.</summary>
    Token,

    /// <summary>A request to another service.</summary>
    Request,
}

/// <summary>How an operation ended.</summary>
public enum OperationOutcome
{
    /// <summary>The service carried it out.</summary>
    Succeeded,

    /// <summary>It was refused, or couldn't be sent.</summary>
    Failed,

    /// <summary>It was sent, and it is unknown whether the service carried it out.</summary>
    Unknown,

    /// <summary>The caller cancelled it, or the session ended.</summary>
    Canceled,
}

/// <summary>The record of one operation that has ended. Immutable.</summary>
public sealed record OperationRecord
{
    /// <summary>When it began.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Its process.</summary>
    public int ProcessId { get; init; }

    /// <summary>The session's name; empty while it is being connected.</summary>
    public string Session { get; init; } = "";

    /// <summary>The session's own id, which the service gets too.</summary>
    public Guid ConnectionId { get; init; }

    /// <summary>The organization, as the user named it.</summary>
    public string Organization { get; init; } = "";

    /// <summary>The session's service: <c>ExchangeOnline</c> or <c>SecurityCompliance</c>; for other requests, the called service.</summary>
    public string Service { get; init; } = "";

    /// <summary>Its kind.</summary>
    public OperationKind Kind { get; init; }

    /// <summary>The cmdlet; for a request its method and service, <c>GET Graph</c>.</summary>
    public string Operation { get; init; } = "";

    /// <summary>The names of the given parameters, in their order.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Their values as text, at <see cref="LogLevel.All"/>; null at others. A secret reads <c>[removed]</c>.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>How it ended.</summary>
    public OperationOutcome Outcome { get; init; }

    /// <summary>The last HTTP status; 0 if no response came.</summary>
    public int StatusCode { get; init; }

    /// <summary>The number of objects.</summary>
    public int Objects { get; init; }

    /// <summary>The number of pages.</summary>
    public int Pages { get; init; }

    /// <summary>Whether it shared a request with others, in a batch.</summary>
    public bool IsBatched { get; init; }

    /// <summary>How often a request of it was sent again.</summary>
    public int Retries { get; init; }

    /// <summary>How often it waited for the service's limits.</summary>
    public int ThrottleWaits { get; init; }

    /// <summary>How long it waited for them in all.</summary>
    public TimeSpan ThrottleWait { get; init; }

    /// <summary>How long it took in all.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The host of the last response or request.</summary>
    public string? Host { get; init; }

    /// <summary>The <c>client-request-id</c> of its request.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The service's id of its last response, for a support case.</summary>
    public string? ServerRequestId { get; init; }

    /// <summary>The error's id; null for none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The error's text, at <see cref="LogLevel.All"/> only: such a text quotes parameter values.</summary>
    public string? Error { get; init; }
}
