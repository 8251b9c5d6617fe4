using ExoConnect.LocalTenant.Requests;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Faults;

/// <summary>The kind of body of a fault's response.</summary>
public enum FaultBody
{
    /// <summary>An error in the JSON shape of the requested service.</summary>
    Json,

    /// <summary>The HTML page of a gateway.</summary>
    Html,

    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>A sentence in plain text.</summary>
    Text,

    /// <summary>NUL bytes that are declared to be gzip, as Exchange Online sends with 403 (docs/internals/protocol.md section 4).</summary>
    NulGzip,
}

/// <summary>When the connection is dropped.</summary>
public enum FaultDrop
{
    /// <summary>Never.</summary>
    None,

    /// <summary>
    /// Before any byte of the response. .NET's HttpClient itself sends a request again when this happens on an HTTP/1.1 connection that it
    /// had used before, so let the fault happen more than once to be sure that such a client sees it.
    /// </summary>
    Before,

    /// <summary>In the middle of the response's body, which had a Content-Length.</summary>
    Middle,
}

/// <summary>
/// A fault, and the requests that get it. Of several rules the tenant follows the first that matches a request.
/// <see cref="Delay"/> combines with any fault. With <see cref="Status"/> the rule responds instead of the service.
/// <see cref="Drop"/>, <see cref="TruncateAt"/> and <see cref="SlowPerKilobyte"/> disturb the sending of either response.
/// </summary>
public sealed record FaultRule
{
    /// <summary>Only requests whose path and query contain this text, in any case; null for any.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Only requests whose <c>X-CmdletName</c> header is this, or without one the last part of their path; in any case. Null for any.
    /// </summary>
    public string? Cmdlet { get; init; }

    /// <summary>Only requests to this service; null for any.</summary>
    public TenantService? Service { get; init; }

    /// <summary>Only requests with this HTTP method; null for any.</summary>
    public string? Method { get; init; }

    /// <summary>The number of matching requests before the first fault.</summary>
    public int Skip { get; init; }

    /// <summary>How many times the fault happens; null for always.</summary>
    public int? Times { get; init; }

    /// <summary>The fault's probability for a matching request after the skipped ones, from 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The HTTP status of the response, 200 to 599, instead of the service's; null to let the service respond.</summary>
    public int? Status { get; init; }

    /// <summary>The <c>Retry-After</c> header of that response, in whole seconds; null for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The body of that response.</summary>
    public FaultBody Body { get; init; }

    /// <summary>The exact text of that body, if <see cref="Body"/> is Json, Html or Text; null for the default text.</summary>
    public string? Content { get; init; }

    /// <summary>When to drop the connection (of HTTP/2, the stream).</summary>
    public FaultDrop Drop { get; init; }

    /// <summary>End the body after so many bytes, as if it were whole; null to send it all.</summary>
    public int? TruncateAt { get; init; }

    /// <summary>How long each kilobyte of the body takes; zero for full speed.</summary>
    public TimeSpan SlowPerKilobyte { get; init; }

    /// <summary>How long to wait before anything else.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Validates the rule.</summary>
    /// <returns>The invalid member and its problem; null if the rule is valid.</returns>
    internal (string Member, string Problem)? Check()
    {
        return this switch
        {
            { Skip: < 0 } => ("skip", "it is less than 0"),
            { Times: < 1 } => ("times", "it is less than 1"),
            { Probability: < 0 or > 1 or double.NaN } => ("probability", "it is not between 0 and 1"),
            { Status: < 200 or > 599 } => ("status", "it is not an HTTP status from 200 to 599"),
            { TruncateAt: < 0 } => ("truncate", "it is less than 0"),
            { RetryAfter.Ticks: < 0 } => ("retryAfter", "it is less than 0"),
            { SlowPerKilobyte.Ticks: < 0 } => ("slow", "it is less than 0"),
            { Delay.Ticks: < 0 } => ("delay", "it is less than 0"),
            { Status: null, RetryAfter: not null } => ("retryAfter", "it needs a status"),
            { Status: null, Body: not FaultBody.Json } => ("body", "it needs a status"),
            { Status: null, Content: not null } => ("content", "it needs a status"),
            { Body: FaultBody.Empty or FaultBody.NulGzip, Content: not null } => ("content", "a body of this kind has no text"),
            { Drop: FaultDrop.Before, Status: not null } => ("drop", "a connection dropped before the response has no status"),
            { Drop: FaultDrop.Middle, TruncateAt: not null } => ("truncate", "the connection is dropped in the middle of the body anyway"),
            { Status: null, Drop: FaultDrop.None, TruncateAt: null, SlowPerKilobyte.Ticks: 0, Delay.Ticks: 0 }
                => ("status", "the rule does nothing: it has no status, drop, truncate, slow or delay"),
            _ => null,
        };
    }

    /// <summary>Whether the rule applies to a request.</summary>
    internal bool Matches(TenantService service, HttpRequest request) =>
        (Service is null || Service == service)
        && (Method is null || Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase))
        && (Cmdlet is null || Cmdlet.Equals(RequestNames.CmdletOf(request), StringComparison.OrdinalIgnoreCase))
        && (Path is null || (request.Path.Value + request.QueryString.Value).Contains(Path, StringComparison.OrdinalIgnoreCase));
}
