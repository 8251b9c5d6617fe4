using ExoConnect.Core.Objects;

namespace ExoConnect.Core.AdminApi;

/// <summary>One request to the admin API; the pages of a listing are one. Immutable, so that it can be sent again.</summary>
public sealed record AdminRequest
{
    /// <summary>The HTTP method.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Post;

    /// <summary>Path and query after the tenant, percent-encoded: <c>InvokeCommand?$select=Name</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The API version in the path.</summary>
    public string ApiVersion { get; init; } = "beta";

    /// <summary>The body, UTF-8 JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The cmdlet, for errors and diagnosis: <c>Get-Mailbox</c>.</summary>
    public required string CmdletName { get; init; }

    /// <summary>The name that the caller typed, for messages: with the session's prefix, for example <c>Get-CloudMailbox</c>.</summary>
    public string Command
    {
        get => field ?? CmdletName;
        init;
    }

    /// <summary>The cmdlet's parameters, for diagnosis; a log never shows the secrets in them.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = NoParameters;

    /// <summary>True for the requests at the start of a session: the list of cmdlets, the banner.</summary>
    public bool IsStart { get; init; }

    /// <summary>The object of the cmdlet, for errors: the identity.</summary>
    public object? Target { get; init; }

    /// <summary>True if the service changes nothing, so that any transient failure may be retried.</summary>
    public bool IsRead { get; init; }

    /// <summary>
    /// True if the pages of its response may be requested. A change is sent once, whatever its response says. A search has pages, though it isn't
    /// sent again when its response is lost.
    /// </summary>
    public bool HasPages
    {
        get => field || IsRead || (CmdletName.StartsWith("Search-", StringComparison.OrdinalIgnoreCase)
            && !CmdletName.Equals("Search-Mailbox", StringComparison.OrdinalIgnoreCase));
        init;
    }

    /// <summary>
    /// True if the response may be so large that the request is sent alone and parsed as it arrives: a batch's response must be complete first.
    /// </summary>
    public bool IsListing { get; init; }

    /// <summary>The form in which the service should respond.</summary>
    public ResponseFormat ResponseFormat { get; init; }

    /// <summary>True if the service takes it alone only: it joins no batch, and many of them go in parallel.</summary>
    public bool IsSingle { get; init; }

    /// <summary>True if it reads a REST entity (protocol.md section 5).</summary>
    public bool IsEntity { get; init; }

    /// <summary>A routing hint instead of the session's own anchor: <c>SMTP:a@contoso.com</c>.</summary>
    public string? Anchor { get; init; }

    /// <summary>Objects per page, 1 to 1,000; null for the session's page size.</summary>
    public int? PageSize { get; init; }

    /// <summary>
    /// The most objects to take from all pages together; null for all. If there are more, the last piece says so
    /// (<see cref="Responses.ResponseChunk.HasMore"/>), and the client requests no page that isn't needed.
    /// </summary>
    public int? Limit { get; init; }

    /// <summary>The property whose elements the caller wants of each object; null for the objects themselves.</summary>
    public string? ResultProperty { get; init; }

    /// <summary>The property whose elements are merged into their object, one result for each; null for none.</summary>
    public string? SpreadProperty { get; init; }

    /// <summary>The elements that the request wants of the objects; null for the objects themselves.</summary>
    internal RowExpansion? Expansion =>
        ResultProperty is null && SpreadProperty is null ? null : new RowExpansion(Entity, ResultProperty, SpreadProperty);

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    internal static IReadOnlyDictionary<string, string> NoHeaders { get; } = new Dictionary<string, string>();

    internal static IReadOnlyDictionary<string, object?> NoParameters { get; } = new Dictionary<string, object?>();

    /// <summary>
    /// True if the caller chose the properties. The objects are then of another type: a view of whole objects would show blanks and hide the chosen
    /// properties.
    /// </summary>
    public bool IsSelection { get; init; }

    /// <summary>
    /// The objects' type name: by default the cmdlet's noun; <c>Selected.Mailbox</c> if the caller chose properties.
    /// </summary>
    public string Entity
    {
        get => (IsSelection ? "Selected." : "") + (field ?? CmdletName[(CmdletName.IndexOf('-', StringComparison.Ordinal) + 1)..]);
        init;
    }
}
