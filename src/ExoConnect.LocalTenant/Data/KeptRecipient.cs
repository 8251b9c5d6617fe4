using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// A group, contact or mail user as <c>Get-Recipient</c> shows it: with the same properties as a mailbox. Filters see its own properties too.
/// </summary>
/// <param name="kept">The object.</param>
internal sealed class KeptRecipient(StoreObject kept) : Record
{
    /// <inheritdoc/>
    public override long Position => kept.Position;

    /// <inheritdoc/>
    public override IReadOnlyList<string> TypeNames => MailboxViews.Recipient.TypeNames;

    /// <inheritdoc/>
    public override bool TryGet(string name, out object? value) => kept.TryGet(name, out value) || Shown().TryGet(name, out value);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Properties(Selection? selection) => Shown().Properties(selection);

    /// <inheritdoc/>
    public override void WriteJson(Utf8Sink sink, Selection? selection) => Shown().WriteJson(sink, selection);

    private StoreObject Shown()
    {
        return new StoreObject(
            TypeNames,
            MailboxViews.Recipient.Properties.Select(property => new KeyValuePair<string, object?>(
                property.Name.Name, kept.TryGet(property.Name.Name, out var value) ? value : WithoutMailbox(property))));
    }

    private static object? WithoutMailbox(SchemaProperty<MailboxRow> property)
    {
        return property switch
        {
            { Compute: null, Constant: bool } => false,
            { Compute: null, Constant: IReadOnlyList<string> } => Array.Empty<string>(),
            { Compute: null } => property.Constant is string and not "None" ? "" : property.Constant,
            _ => property.Name.Name switch
            {
                "ArchiveGuid" or "ExchangeGuid" => Guid.Empty,
                "LitigationHoldEnabled" => false,
                "ArchiveState" or "ArchiveStatus" => "None",
                "Database" or "WhenMailboxCreated" or "UsageLocation" or "CountryOrRegion" => null,
                _ => "",
            },
        };
    }
}
