using System.Collections.Frozen;
using System.Text;
using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>
/// The types that the REST entities' <c>$metadata</c> declares, and the texts that Microsoft's client turns into dates, identifiers and truth
/// values: a response doesn't annotate declared types. A type that a response names itself takes precedence.
/// </summary>
internal static class EntityTypes
{
    private const string Selected = "Selected.";

    private static readonly string[] Changed = ["WhenChangedUTC", "WhenCreatedUTC", "WhenChanged", "WhenCreated"];

    private static readonly FrozenDictionary<string, FrozenDictionary<string, ValueKind>> Entities =
        new Dictionary<string, FrozenDictionary<string, ValueKind>>
        {
            ["Mailbox"] = Types(
                guids: ["DatabaseGuid", "ExchangeGuid", "MailboxContainerGuid", "ArchiveDatabaseGuid", "ArchiveGuid", "DisabledArchiveGuid", "Guid",
                    "ExchangeObjectId"],
                dates: [.. Changed, "WhenMailboxCreated", "WhenSoftDeleted", "MailboxRegionLastUpdateTime", "LastExchangeChangedTime",
                    "StsRefreshTokensValidFrom", "InactiveMailboxRetireTime", "LitigationHoldDate", "EndDateForRetentionHold",
                    "StartDateForRetentionHold", "OrphanSoftDeleteTrackingTime"],
                booleans: ["ResetPasswordOnNextLogon", "IsPersonToPersonTextMessagingEnabled", "IsMachineToPersonTextMessagingEnabled",
                    "DowngradeHighPriorityMessagesEnabled"]),
            ["Recipient"] = Types(
                guids: ["ExchangeObjectId", "ArchiveGuid", "ExchangeGuid", "Guid"],
                dates: [.. Changed, "WhenSoftDeleted", "WhenMailboxCreated"]),
            ["CASMailbox"] = Types(guids: ["Guid", "ExchangeObjectId"], dates: Changed),
            ["MailboxStatistics"] = Types(
                guids: ["MailboxGuid", "OwnerADGuid", "ExternalDirectoryOrganizationId"],
                dates: ["DisconnectDate", "QuarantineLastCrash", "QuarantineEnd", "LastLogoffTime", "LastLogonTime", "LastUserActionTime",
                    "LastInteractionTime"],
                numbers: ["SystemMessageCount", "AssociatedItemCount", "DeletedItemCount", "ItemCount", "ResourceUsageRollingClientTypes",
                    "MailboxMessagesPerFolderCountWarningQuota", "MailboxMessagesPerFolderCountReceiveQuota",
                    "DumpsterMessagesPerFolderCountWarningQuota", "DumpsterMessagesPerFolderCountReceiveQuota",
                    "FolderHierarchyChildrenCountWarningQuota", "FolderHierarchyChildrenCountReceiveQuota", "FolderHierarchyDepthWarningQuota",
                    "FolderHierarchyDepthReceiveQuota", "FoldersCountWarningQuota", "FoldersCountReceiveQuota", "NamedPropertiesCountQuota",
                    "TablesTotalSize", "TablesTotalAvailableSize"]),
            ["MailboxFolderStatistics"] = Types(
                guids: ["ContentMailboxGuid", "RawContentMailboxGuid"],
                dates: ["CreationTime", "LastModifiedTime", "OldestItemReceivedDate", "NewestItemReceivedDate", "OldestDeletedItemReceivedDate",
                    "NewestDeletedItemReceivedDate", "OldestItemLastModifiedDate", "NewestItemLastModifiedDate",
                    "OldestDeletedItemLastModifiedDate", "NewestDeletedItemLastModifiedDate", "TopSubjectReceivedTime", "LastMovedTimeStamp"]),
            ["MobileDeviceStatistics"] = Types(
                guids: ["Guid"],
                dates: ["AccountOnlyDeviceWipeAckTime", "AccountOnlyDeviceWipeRequestTime", "AccountOnlyDeviceWipeSentTime", "DeviceWipeAckTime",
                    "DeviceWipeRequestTime", "DeviceWipeSentTime", "FirstSyncTime", "LastPolicyUpdateTime", "LastSuccessSync",
                    "LastSyncAttemptTime", "SyncStateUpgradeTime"],
                numbers: ["LastPingHeartbeat"]),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Sizes = new[]
    {
        "SystemMessageSize", "SystemMessageSizeWarningQuota", "SystemMessageSizeShutoffQuota", "TotalDeletedItemSize", "TotalItemSize",
        "MessageTableTotalSize", "MessageTableAvailableSize", "AttachmentTableTotalSize", "AttachmentTableAvailableSize", "OtherTablesTotalSize",
        "OtherTablesAvailableSize", "DatabaseIssueWarningQuota", "DatabaseProhibitSendQuota", "DatabaseProhibitSendReceiveQuota", "StorageQuota",
        "StorageWarningQuota", "FolderSize", "FolderAndSubfolderSize", "LowLatencyContainerQuota", "TopSubjectSize",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type of a property; 0 if the JSON token decides.</summary>
    /// <param name="entity">The rows' type.</param>
    /// <param name="name">The property, in UTF-8.</param>
    public static ValueKind Of(string entity, ReadOnlySpan<byte> name) =>
        Entities.TryGetValue(Plain(entity), out var types) ? types.GetValueOrDefault(Encoding.UTF8.GetString(name)) : 0;

    /// <summary>Whether a whole number is a size in bytes: the statistics hold numbers where a cmdlet holds text.</summary>
    /// <param name="entity">The rows' type.</param>
    /// <param name="name">The property.</param>
    public static bool IsSize(string entity, string name) =>
        Plain(entity) is "MailboxStatistics" or "MailboxFolderStatistics" && Sizes.Contains(name);

    private static string Plain(string entity) => entity.StartsWith(Selected, StringComparison.Ordinal) ? entity[Selected.Length..] : entity;

    private static FrozenDictionary<string, ValueKind> Types(string[] guids, string[] dates, string[]? booleans = null, string[]? numbers = null) =>
        guids
        .Select(static name => KeyValuePair.Create(name, ValueKind.Guid))
        .Concat(dates.Select(static name => KeyValuePair.Create(name, ValueKind.DateTime)))
        .Concat((booleans ?? []).Select(static name => KeyValuePair.Create(name, ValueKind.Boolean)))
        .Concat((numbers ?? []).Select(static name => KeyValuePair.Create(name, ValueKind.Int64)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
