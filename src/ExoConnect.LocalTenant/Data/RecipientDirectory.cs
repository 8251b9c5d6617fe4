using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Data;

/// <summary>A recipient of whichever kind.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Guid">Its GUID.</param>
/// <param name="Address">Its main address.</param>
/// <param name="DisplayName">The display name.</param>
/// <param name="Row">The mailbox it is, or null.</param>
/// <param name="Object">The group, contact or mail user it is, or null.</param>
/// <param name="Kind">Its noun.</param>
internal sealed record Recipient(string Name, Guid Guid, string Address, string DisplayName, MailboxRow? Row, StoreObject? Object, string Kind)
{
    /// <summary>How <c>Get-Recipient</c> shows it.</summary>
    public Record View => Row is not null ? new SchemaRecord(MailboxViews.Recipient, Row) : new KeptRecipient(Object!);
}

/// <summary>All recipients: mailboxes first, then the kept kinds one after the other.</summary>
internal sealed class RecipientDirectory(MailboxDirectory mailboxes, ObjectStore store)
{
    private const long KindOffset = 1L << 40;

    private static readonly string[] Kinds = ["DistributionGroup", "UnifiedGroup", "DynamicDistributionGroup", "MailContact", "MailUser"];

    /// <summary>Whether objects of a noun are recipients.</summary>
    public static bool IsRecipientKind(string kind) => Kinds.Contains(kind, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a recipient.</summary>
    /// <returns>null when there is none.</returns>
    public Recipient? Find(string identity)
    {
        if (mailboxes.Find(identity) is MailboxRow row)
        {
            return Of(row);
        }

        foreach (var kind in Kinds)
        {
            if (store.Set(TenantService.ExchangeOnline, kind).Find(identity) is StoreObject found)
            {
                return Of(found, kind);
            }
        }

        return null;
    }

    /// <summary>Finds a recipient that has to exist.</summary>
    /// <exception cref="ServiceError">It is not.</exception>
    public Recipient Require(string identity) => Find(identity) ?? throw ServiceError.ObjectNotFound(identity);

    /// <summary>The views of all recipients from a position on; mailboxes only where <paramref name="withMailboxes"/>.</summary>
    public IEnumerable<Record> From(long start, bool withMailboxes = true)
    {
        if (withMailboxes && start < KindOffset)
        {
            foreach (var row in mailboxes.From(start))
            {
                yield return new SchemaRecord(MailboxViews.Recipient, row);
            }
        }

        for (var kind = 0; kind < Kinds.Length; kind++)
        {
            var offset = KindOffset * (kind + 1);
            foreach (var found in store.Set(TenantService.ExchangeOnline, Kinds[kind]).From(start - offset))
            {
                yield return new PositionedRecord(new KeptRecipient(found), offset + found.Position);
            }
        }
    }

    /// <summary>The recipient that a mailbox is.</summary>
    public static Recipient Of(MailboxRow row)
    {
        return new Recipient(row.Name, row.Guid(IdentityKind.Object), row.PrimarySmtpAddress, row.DisplayName, row, null, "Mailbox");
    }

    /// <summary>The recipient that an object is.</summary>
    public static Recipient Of(StoreObject found, string kind)
    {
        return new Recipient(found.Name, found.Guid, found.Text("PrimarySmtpAddress"), found.Text("DisplayName"), null, found, kind);
    }
}
