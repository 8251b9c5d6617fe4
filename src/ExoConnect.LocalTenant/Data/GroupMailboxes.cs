using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// The mailboxes of Microsoft 365 groups. Only calls for group mailboxes find them, and calls for the statistics, folders and
/// permissions of one; its names, addresses and identifiers are the group's.
/// </summary>
/// <param name="mailboxes">The other mailboxes.</param>
/// <param name="store">The groups.</param>
internal sealed class GroupMailboxes(MailboxDirectory mailboxes, ObjectStore store)
{
    /// <summary>Their <c>RecipientTypeDetails</c>.</summary>
    public const string Details = "GroupMailbox";

    /// <summary>How many groups the tenant starts with; their mailboxes have items.</summary>
    public const int Seeded = 6;

    // No other mailbox ever has such an index.
    private const int FirstIndex = 1 << 28;

    private ObjectSet Groups => store.Set(TenantService.ExchangeOnline, "UnifiedGroup");

    /// <summary>Whether an index belongs to an initial group of the tenant.</summary>
    public static bool IsSeeded(int index) => index is >= FirstIndex and < FirstIndex + Seeded;

    /// <summary>Finds one by a name, an address or an identifier of its group, or by its GUID as a mailbox.</summary>
    public MailboxRow? Find(string identity)
    {
        var group = Groups.Find(identity)
            ?? (Guid.TryParse(identity, out var guid) ? Groups.From(0).FirstOrDefault(other => ExchangeGuid(other.Guid) == guid) : null);
        return group is null ? null : Of(group);
    }

    /// <summary>All of them from a position on.</summary>
    /// <param name="start">The position among groups.</param>
    /// <param name="schema">Their schema.</param>
    public IEnumerable<PositionedRecord> From(long start, Schema<MailboxRow> schema)
    {
        return Groups.From(start).Select(group => new PositionedRecord(new SchemaRecord(schema, Of(group)), group.Position));
    }

    /// <summary>The mailbox of a group.</summary>
    public MailboxRow Of(StoreObject group)
    {
        var changes = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["RecipientTypeDetails"] = Details, ["UserPrincipalName"] = group.Text("PrimarySmtpAddress"), ["AccountDisabled"] = true,
            ["ArchiveStatus"] = "None", ["ExchangeUserAccountControl"] = "AccountDisabled", ["IsShared"] = false, ["IsResource"] = false,
            ["LitigationHoldEnabled"] = false, ["Office"] = "", ["ExchangeGuid"] = ExchangeGuid(group.Guid),
            ["MicrosoftOnlineServicesID"] = group.Text("PrimarySmtpAddress"), ["WindowsLiveID"] = group.Text("PrimarySmtpAddress"),
            ["WhenMailboxCreated"] = group.TryGet("WhenCreated", out var created) ? created : null,
        };
        foreach (var name in (ReadOnlySpan<string>)
            [
                "Name", "Identity", "Id", "Alias", "DisplayName", "PrimarySmtpAddress", "WindowsEmailAddress", "EmailAddresses", "LegacyExchangeDN",
                "Guid", "ExchangeObjectId", "ExternalDirectoryObjectId", "WhenCreated", "WhenChanged", "WhenCreatedUTC", "WhenChangedUTC",
                "HiddenFromAddressListsEnabled", "CustomAttribute1", "MailTip", "IsDirSynced",
            ])
        {
            if (group.TryGet(name, out var value))
            {
                changes[name] = value;
            }
        }

        return new MailboxRow(mailboxes, FirstIndex + (int)group.Position, changes);
    }

    /// <summary>The GUID of a group's mailbox.</summary>
    /// <param name="group">The group's GUID.</param>
    public static Guid ExchangeGuid(Guid group)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = group.TryWriteBytes(bytes);
        bytes[^1] ^= 0xA5;
        return new Guid(bytes);
    }
}
