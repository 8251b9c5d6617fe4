using ExoConnect.Core.Objects;

namespace ExoConnect.Core.AdminApi;

/// <summary>One request to the admin API; the pages of a listing are one. Immutable, so that it can be sent again.</summary>
public sealed record AdminRequest
{
    /// <summary>The HTTP method.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Post;

    /// <summary>Path and query behind the tenant, percent-encoded: <c>InvokeCommand?$select=Name</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The API version in the path.</summary>
    public string ApiVersion { get; init; } = "beta";

    /// <summary>The body, UTF-8 JSON; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The cmdlet, for errors and diagnosis: <c>Get-Mailbox</c>.</summary>
    public required string CmdletName { get; init; }

    /// <summary>What the cmdlet was given, for diagnosis; a log shows its secrets to nobody.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = NoParameters;

    /// <summary>True for what a session begins with: the list of cmdlets, the banner.</summary>
    public bool IsStart { get; init; }

    /// <summary>What the cmdlet was asked about, for errors: the identity.</summary>
    public object? Target { get; init; }

    /// <summary>True where the service changes nothing, so that any transient failure may be tried again.</summary>
    public bool IsRead { get; init; }

    /// <summary>
    /// True where the pages of its response may be asked for. A change is sent once, whatever its response says; what only searches has pages, though it
    /// isn't sent again when its response is lost.
    /// </summary>
    public bool HasPages
    {
        get => field || IsRead || (CmdletName.StartsWith("Search-", StringComparison.OrdinalIgnoreCase)
            && !CmdletName.Equals("Search-Mailbox", StringComparison.OrdinalIgnoreCase));
        init;
    }

    /// <summary>
    /// True where so much may be answered that it goes by itself and is parsed as it arrives: the response to a batch is there as a whole first.
    /// </summary>
    public bool IsListing { get; init; }

    /// <summary>In which form the service is asked to answer.</summary>
    public ResponseFormat ResponseFormat { get; init; }

    /// <summary>True where the service takes it by itself only: it joins no batch, and many of them go side by side.</summary>
    public bool IsSingle { get; init; }

    /// <summary>True where it asks for a REST entity (protocol.md section 5).</summary>
    public bool IsEntity { get; init; }

    /// <summary>A routing hint in place of the session's own anchor: <c>SMTP:a@contoso.com</c>.</summary>
    public string? Anchor { get; init; }

    /// <summary>Objects a page, 1 to 1,000; null for the session's page size.</summary>
    public int? PageSize { get; init; }

    /// <summary>
    /// The most objects to take from all pages together; null for all. Where there are more, the last piece says so
    /// (<see cref="Responses.ResponseChunk.HasMore"/>), and no page is asked for that isn't needed.
    /// </summary>
    public int? Limit { get; init; }

    /// <summary>The property whose elements are what the caller wants of each object; null for the objects themselves.</summary>
    public string? ResultProperty { get; init; }

    /// <summary>The property whose elements are merged into the object that holds them, one result for each; null for none.</summary>
    public string? SpreadProperty { get; init; }

    /// <summary>What the request wants of its response's objects; null if it wants them as they are.</summary>
    internal RowExpansion? Expansion =>
        ResultProperty is null && SpreadProperty is null ? null : new RowExpansion(Entity, ResultProperty, SpreadProperty);

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    internal static IReadOnlyDictionary<string, string> NoHeaders { get; } = new Dictionary<string, string>();

    internal static IReadOnlyDictionary<string, object?> NoParameters { get; } = new Dictionary<string, object?>();

    /// <summary>
    /// True where the caller chose the properties. The objects are then of another kind: a view of whole ones would show blanks and hide what
    /// was asked for.
    /// </summary>
    public bool IsSelection { get; init; }

    /// <summary>
    /// What the response's objects are: the cmdlet's noun, if nothing else is said; <c>Selected.Mailbox</c> where properties were chosen.
    /// </summary>
    public string Entity
    {
        get => (IsSelection ? "Selected." : "") + (field ?? CmdletName[(CmdletName.IndexOf('-', StringComparison.Ordinal) + 1)..]);
        init;
    }
}
