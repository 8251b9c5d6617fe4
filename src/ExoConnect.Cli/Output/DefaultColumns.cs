using ExoConnect.Core.Objects;

namespace ExoConnect.Cli.Output;

/// <summary>The default columns of a table: an object may have 250 properties.</summary>
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

    /// <summary>Properties that distinguish objects, then those that describe their state; in this order.</summary>
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
