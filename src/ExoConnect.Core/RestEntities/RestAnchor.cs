namespace ExoConnect.Core.RestEntities;

/// <summary>The kinds of a <see cref="RestAnchor"/>.</summary>
public enum RestAnchorKind
{
    /// <summary>The session's own anchor, the system mailbox for an app-only one.</summary>
    Session,

    /// <summary>A mailbox, by one of its addresses.</summary>
    Address,

    /// <summary>A mailbox, by the GUID that it has in the directory or in Entra ID.</summary>
    ObjectId,

    /// <summary>A mailbox, by its own GUID.</summary>
    MailboxGuid,
}

/// <summary>The mailbox by which a request is routed, for the <c>X-AnchorMailbox</c> header (protocol.md sections 4 and 5).</summary>
public readonly record struct RestAnchor
{
    private RestAnchor(RestAnchorKind kind, string value)
    {
        Kind = kind;
        Value = value;
    }

    /// <summary>The session's own anchor.</summary>
    public static RestAnchor Session => default;

    /// <summary>Its kind.</summary>
    public RestAnchorKind Kind { get; }

    /// <summary>The address or GUID; null for the session's own anchor.</summary>
    public string? Value { get; }

    /// <summary>The header's value.</summary>
    /// <param name="tenantId">The tenant's GUID.</param>
    /// <returns>The value, or null to send the session's own.</returns>
    public string? ToHeader(string tenantId) => Kind switch
    {
        RestAnchorKind.Address => Value,
        RestAnchorKind.ObjectId => $"{Value}@{tenantId}",
        RestAnchorKind.MailboxGuid => $"MBX:{Value}@{tenantId}",
        _ => null,
    };

    /// <summary>The anchor for a name that is an address or a GUID; the session's own for any other.</summary>
    internal static RestAnchor For(string? name) =>
        IsAddress(name) ? new RestAnchor(RestAnchorKind.Address, name!)
        : Guid.TryParse(name, out var guid) ? new RestAnchor(RestAnchorKind.ObjectId, guid.ToString())
        : Session;

    internal static RestAnchor ForMailbox(Guid guid) => new(RestAnchorKind.MailboxGuid, guid.ToString());

    /// <summary>Whether a text may stand in a header as an address: printable ASCII, something on both sides of one @.</summary>
    private static bool IsAddress(string? text)
    {
        if (text is not { Length: > 2 and <= 320 })
        {
            return false;
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < text.Length - 1 && text.LastIndexOf('@') == at
            && text.All(static c => c is > ' ' and <= '~' && !"()<>[],;:\\\"/".Contains(c, StringComparison.Ordinal));
    }
}
