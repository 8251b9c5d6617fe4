using ExoConnect.Core.Objects;

namespace ExoConnect.Cli.Output;

/// <summary>Which properties a table shows when nobody says: an object may have 250 of them.</summary>
internal static class DefaultColumns
{
    private const int Most = 5;
    private const int FewEnoughForAll = 6;

    private static readonly Dictionary<string, string[]> ByEntity = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Mailbox"] = ["DisplayName", "Alias", "PrimarySmtpAddress", "RecipientTypeDetails"],
        ["Recipient"] = ["DisplayName", "PrimarySmtpAddress", "RecipientTypeDetails"],
        ["MailboxStatistics"] = ["DisplayName", "ItemCount", "TotalItemSize", "LastLogonTime"],
        ["MailboxFolderStatistics"] = ["FolderPath", "ItemsInFolder", "FolderSize"],
        ["MailboxPermission"] = ["Identity", "User", "AccessRights", "IsInherited", "Deny"],
        ["RecipientPermission"] = ["Identity", "Trustee", "AccessControlType", "AccessRights"],
        ["CASMailbox"] = ["Name", "PrimarySmtpAddress", "ActiveSyncEnabled", "OWAEnabled", "PopEnabled", "ImapEnabled"],
        ["AcceptedDomain"] = ["Name", "DomainName", "DomainType", "Default"],
        ["TransportRule"] = ["Name", "State", "Mode", "Priority"],
    };

    /// <summary>What tells one object from another, then how it is; in this order.</summary>
    private static readonly string[] Telling =
    [
        "Name", "DisplayName", "Identity", "PrimarySmtpAddress", "UserPrincipalName", "RecipientTypeDetails", "GroupType", "DomainName", "Status",
        "State",
        "Mode", "Type", "Enabled", "Priority", "Workload", "WhenChangedUTC",
    ];

    public static IReadOnlyList<string> Of(RowShape shape)
    {
        if (shape.Names.Count <= FewEnoughForAll)
        {
            return shape.Names;
        }

        if (ByEntity.TryGetValue(shape.Entity, out var known) && known.Where(n => shape.IndexOf(n) >= 0).ToList() is { Count: > 1 } columns)
        {
            return columns;
        }

        var telling = Telling.Where(n => shape.IndexOf(n) >= 0).Take(Most).ToList();
        return telling.Count > 1 ? telling : [.. shape.Names.Take(Most)];
    }
}
