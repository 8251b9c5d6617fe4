namespace ExoConnect.Core.Diagnostics;

/// <summary>What kind of operation it was.</summary>
public enum OperationKind
{
    /// <summary>A cmdlet that the service ran, or a listing of its entities.</summary>
    Cmdlet,

    /// <summary>Connecting, from the sign-in to the list of cmdlets.</summary>
    Connect,

    /// <summary>A token was asked for.</summary>
    Token,

    /// <summary>A request to another service.</summary>
    Request,
}

/// <summary>How an operation ended.</summary>
public enum OperationOutcome
{
    /// <summary>The service did it.</summary>
    Succeeded,

    /// <summary>It was refused, or couldn't be asked for.</summary>
    Failed,

    /// <summary>It was sent, and whether the service carried it out isn't known.</summary>
    Unknown,

    /// <summary>The caller gave up, or the session ended.</summary>
    Canceled,
}

/// <summary>What is told of one operation once it has ended. Immutable.</summary>
public sealed record OperationRecord
{
    /// <summary>When it began.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The process that did it.</summary>
    public int ProcessId { get; init; }

    /// <summary>The session's name; empty while it is being connected.</summary>
    public string Session { get; init; } = "";

    /// <summary>The session's own id, as the service gets it too.</summary>
    public Guid ConnectionId { get; init; }

    /// <summary>The organization, as the user named it.</summary>
    public string Organization { get; init; } = "";

    /// <summary>The session's service: <c>ExchangeOnline</c> or <c>SecurityCompliance</c>; of other requests the service asked.</summary>
    public string Service { get; init; } = "";

    /// <summary>What kind it was.</summary>
    public OperationKind Kind { get; init; }

    /// <summary>The cmdlet; of a request its method and service, <c>GET Graph</c>.</summary>
    public string Operation { get; init; } = "";

    /// <summary>The names of the parameters that were given, in their order.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Their values as text, at <see cref="LogLevel.All"/>; null at others. Of a secret it is <c>[removed]</c>.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>How it ended.</summary>
    public OperationOutcome Outcome { get; init; }

    /// <summary>The last HTTP status; 0 if no response came.</summary>
    public int StatusCode { get; init; }

    /// <summary>How many objects came.</summary>
    public int Objects { get; init; }

    /// <summary>How many pages were read.</summary>
    public int Pages { get; init; }

    /// <summary>Whether it went to the service with others, in a batch.</summary>
    public bool IsBatched { get; init; }

    /// <summary>How often a request of it was sent again.</summary>
    public int Retries { get; init; }

    /// <summary>How often it waited for the service's limits.</summary>
    public int ThrottleWaits { get; init; }

    /// <summary>How long it waited for them in all.</summary>
    public TimeSpan ThrottleWait { get; init; }

    /// <summary>How long it took in all.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The host that answered last, or was asked.</summary>
    public string? Host { get; init; }

    /// <summary>The <c>client-request-id</c> that it was sent with.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The service's id of its last response, for a support case.</summary>
    public string? ServerRequestId { get; init; }

    /// <summary>The id of what went wrong; null if nothing did.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What went wrong, at <see cref="LogLevel.All"/>: such a text quotes what was asked for.</summary>
    public string? Error { get; init; }
}
