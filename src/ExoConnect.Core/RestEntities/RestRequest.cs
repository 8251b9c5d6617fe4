namespace ExoConnect.Core.RestEntities;

/// <summary>
/// A GET request for a REST entity, relative to <c>/adminapi/beta/{tenant}</c>, ready to send except the token and the headers that
/// every request has (protocol.md section 5).
/// </summary>
public sealed record RestRequest
{
    /// <summary>The most objects the service puts on a page, and the number returned where a caller gives none.</summary>
    public const int MaximumPageSize = 1000;

    private const string Prefix = "Get-EXO";

    /// <summary>The cmdlet this is for, for example <c>Get-EXOMailbox</c>.</summary>
    public required string CmdletName { get; init; }

    /// <summary>The path and query, percent-encoded, without a leading slash.</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>
    /// The headers that belong to this request: <c>Prefer</c>, <c>OData-Version</c>, <c>Accept</c> and, for some,
    /// <c>XParameter-Identity</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>What it asks about, for errors: the identity; null for a list.</summary>
    public string? Target { get; init; }

    /// <summary>Objects a page: what <c>Prefer</c> of <see cref="Headers"/> says.</summary>
    public required int PageSize { get; init; }

    /// <summary>Where to route it; with <see cref="RestAnchorKind.Session"/> the session's own anchor is sent.</summary>
    public RestAnchor Anchor { get; init; }

    /// <summary>How many objects to return in all; the pages say nothing of it.</summary>
    public ResultSize ResultSize { get; init; }

    /// <summary>True if the response is one object, false if it is a list with pages.</summary>
    public bool IsSingle { get; init; }

    /// <summary>
    /// The property of each object of the response whose elements are what the caller wants, for example <c>RecipientPermission</c>;
    /// null if they are the objects themselves.
    /// </summary>
    public string? ResultProperty { get; init; }

    /// <summary>
    /// The property of each result whose elements carry the rest of it, for example <c>PermissionList</c>: one result is wanted for each
    /// element, with the properties of both. Null for most.
    /// </summary>
    public string? SpreadProperty { get; init; }

    /// <summary>The properties that the objects should have, in the order to show them; empty if nothing is known.</summary>
    public IReadOnlyList<string> ExpectedProperties { get; init; } = [];

    /// <summary>
    /// The request to send if the service fails to answer this one, for any reason but the caller's standing (401, 403) or the service's
    /// load (429, 503); null for most.
    /// </summary>
    public RestRequest? Fallback { get; init; }

    /// <summary>What the user should be warned of.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>True if the caller chose properties, or sets of them, beside the usual ones.</summary>
    public bool IsSelection { get; init; }

    /// <summary>What the results are, by the noun of the cmdlet that gives the same ones without the prefix: <c>Mailbox</c>.</summary>
    public string Entity => CmdletName == "Get-EXOCasMailbox" ? "CASMailbox" : CmdletName[Prefix.Length..];

    /// <summary>The request as a person reads it.</summary>
    /// <returns>A slash, the path and the query, decoded; not fit for sending.</returns>
    public override string ToString() => "/" + Uri.UnescapeDataString(PathAndQuery);
}
