namespace ExoConnect.Core.RestEntities;

/// <summary>
/// A GET request for a REST entity, relative to <c>/adminapi/beta/{tenant}</c>, ready to send except the token and the headers of every request
/// (protocol.md section 5).
/// </summary>
public sealed record RestRequest
{
    /// <summary>The most objects on a page, and the default number of results.</summary>
    public const int MaximumPageSize = 1000;

    private const string Prefix = "Get-EXO";

    /// <summary>Its cmdlet, for example <c>Get-EXOMailbox</c>.</summary>
    public required string CmdletName { get; init; }

    /// <summary>The path and query, percent-encoded, without a leading slash.</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>
    /// The headers of this request: <c>Prefer</c>, <c>OData-Version</c>, <c>Accept</c> and, for some, <c>XParameter-Identity</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Its object, for errors: the identity; null for a list.</summary>
    public string? Target { get; init; }

    /// <summary>Objects per page, as in <c>Prefer</c> of <see cref="Headers"/>.</summary>
    public required int PageSize { get; init; }

    /// <summary>Its anchor; with <see cref="RestAnchorKind.Session"/> the session's own is sent.</summary>
    public RestAnchor Anchor { get; init; }

    /// <summary>How many objects to return in all; the request doesn't contain this number.</summary>
    public ResultSize ResultSize { get; init; }

    /// <summary>True if the response is one object, false if it is a list with pages.</summary>
    public bool IsSingle { get; init; }

    /// <summary>
    /// The property of each object of the response whose elements are the results, for example <c>RecipientPermission</c>; null if the objects
    /// themselves are.
    /// </summary>
    public string? ResultProperty { get; init; }

    /// <summary>
    /// The property of each result whose elements carry the rest of it, for example <c>PermissionList</c>: each element gives one result, with the
    /// properties of both. Null for most.
    /// </summary>
    public string? SpreadProperty { get; init; }

    /// <summary>The properties that the objects should have, in the order to show them; empty if they are not known.</summary>
    public IReadOnlyList<string> ExpectedProperties { get; init; } = [];

    /// <summary>
    /// The request to send if the service fails this one, for any reason but the caller's rights (401, 403) or the service's load (429, 503); null
    /// for most.
    /// </summary>
    public RestRequest? Fallback { get; init; }

    /// <summary>Warnings for the user.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>True if the caller chose properties, or sets of them, beside the usual ones.</summary>
    public bool IsSelection { get; init; }

    /// <summary>The results' type, by the noun of the cmdlet without the prefix: <c>Mailbox</c>.</summary>
    public string Entity => CmdletName == "Get-EXOCasMailbox" ? "CASMailbox" : CmdletName[Prefix.Length..];

    /// <summary>The request for people.</summary>
    /// <returns>A slash, the path and the query, decoded; not for sending.</returns>
    public override string ToString() => "/" + Uri.UnescapeDataString(PathAndQuery);
}
