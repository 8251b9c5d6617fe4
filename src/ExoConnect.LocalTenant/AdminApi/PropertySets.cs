using System.Collections.Frozen;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>
/// The property sets of the REST entities, as Microsoft's page "Property sets in Exchange Online PowerShell module cmdlets" tabulates them, and in
/// the minimum sets the properties that reports rely on: a mailbox's identity, a recipient's names and addresses.
/// </summary>
internal static class PropertySets
{
    private const string Minimum = "Minimum";

    private const string CasMailboxSets =
        """
        Minimum:
          ActiveSyncEnabled DisplayName ECPEnabled EmailAddresses EwsEnabled ExchangeVersion Guid Identity ImapEnabled MAPIEnabled Name OWAEnabled
          OrganizationId PopEnabled PrimarySmtpAddress ServerLegacyDN
        ActiveSync:
          ActiveSyncAllowedDeviceIDs ActiveSyncBlockedDeviceIDs ActiveSyncEnabled ActiveSyncMailboxPolicy ActiveSyncMailboxPolicyIsDefaulted
          ActiveSyncSuppressReadReceipt ExternalDirectoryObjectId Guid HasActiveSyncDevicePartnership Identity Name OrganizationId
        Ews:
          EwsAllowMacOutlook EwsAllowOutlook EwsEnabled ExternalDirectoryObjectId Guid Identity Name OrganizationId
        Imap:
          ExternalDirectoryObjectId Guid Identity ImapEnableExactRFC822Size ImapEnabled ImapForceICalForCalendarRetrievalOption
          ImapMessagesRetrievalMimeFormat ImapSuppressReadReceipt ImapUseProtocolDefaults Name OrganizationId
        Mapi:
          ExternalDirectoryObjectId Guid Identity MAPIBlockOutlookExternalConnectivity MAPIBlockOutlookNonCachedMode MAPIBlockOutlookRpcHttp
          MAPIBlockOutlookVersions MAPIEnabled MapiHttpEnabled Name OrganizationId
        Pop:
          ExternalDirectoryObjectId Guid Identity Name OrganizationId PopEnableExactRFC822Size PopEnabled PopMessagesRetrievalMimeFormat
          PopSuppressReadReceipt PopUseProtocolDefaults
        ProtocolSettings:
          ExternalDirectoryObjectId ExternalImapSettings ExternalPopSettings ExternalSmtpSettings Guid Identity InternalImapSettings
          InternalPopSettings InternalSmtpSettings Name OrganizationId
        """;

    private const string MailboxSets =
        """
        Minimum:
          Alias DisplayName DistinguishedName EmailAddresses ExchangeVersion ExternalDirectoryObjectId Guid Id Identity Name OrganizationId
          PrimarySmtpAddress RecipientType RecipientTypeDetails UserPrincipalName
        AddressList:
          AddressBookPolicy AddressListMembership ExternalDirectoryObjectId GeneratedOfflineAddressBooks HiddenFromAddressListsEnabled
          OfflineAddressBook
        Archive:
          ArchiveDatabase ArchiveDomain ArchiveGuid ArchiveName ArchiveQuota ArchiveRelease ArchiveState ArchiveStatus ArchiveWarningQuota
          AutoExpandingArchiveEnabled DisabledArchiveDatabase DisabledArchiveGuid ExternalDirectoryObjectId JournalArchiveAddress
        Audit:
          AuditAdmin AuditDelegate AuditEnabled AuditLogAgeLimit AuditOwner DefaultAuditSet ExternalDirectoryObjectId
        Custom:
          CustomAttribute1 CustomAttribute2 CustomAttribute3 CustomAttribute4 CustomAttribute5 CustomAttribute6 CustomAttribute7 CustomAttribute8
          CustomAttribute9 CustomAttribute10 CustomAttribute11 CustomAttribute12 CustomAttribute13 CustomAttribute14 CustomAttribute15
          ExtensionCustomAttribute1 ExtensionCustomAttribute2 ExtensionCustomAttribute3 ExtensionCustomAttribute4 ExtensionCustomAttribute5
          ExternalDirectoryObjectId
        Delivery:
          AcceptMessagesOnlyFrom AcceptMessagesOnlyFromDLMembers AcceptMessagesOnlyFromSendersOrMembers DeliverToMailboxAndForward
          DowngradeHighPriorityMessagesEnabled ExternalDirectoryObjectId ForwardingAddress ForwardingSmtpAddress GrantSendOnBehalfTo
          MaxBlockedSenders MaxReceiveSize MaxSafeSenders MaxSendSize MessageCopyForSendOnBehalfEnabled MessageCopyForSentAsEnabled
          MessageRecallProcessingEnabled MessageTrackingReadStatusEnabled RecipientLimits RejectMessagesFrom RejectMessagesFromDLMembers
          RejectMessagesFromSendersOrMembers RulesQuota
        Hold:
          ComplianceTagHoldApplied DelayHoldApplied ExternalDirectoryObjectId InPlaceHolds InactiveMailboxRetireTime LitigationHoldDate
          LitigationHoldDuration LitigationHoldEnabled LitigationHoldOwner
        Moderation:
          BypassModerationFromSendersOrMembers ExternalDirectoryObjectId ModeratedBy ModerationEnabled SendModerationNotifications
        Move:
          ExternalDirectoryObjectId MailboxMoveBatchName MailboxMoveFlags MailboxMoveRemoteHostName MailboxMoveSourceMDB MailboxMoveStatus
          MailboxMoveTargetMDB
        Policy:
          AddressBookPolicy DataEncryptionPolicy EmailAddressPolicyEnabled ExternalDirectoryObjectId ManagedFolderMailboxPolicy PoliciesExcluded
          PoliciesIncluded RemoteAccountPolicy RetentionPolicy RetentionUrl RoleAssignmentPolicy SharingPolicy ThrottlingPolicy
        PublicFolder:
          DefaultPublicFolderMailbox EffectivePublicFolderMailbox ExternalDirectoryObjectId IsExcludedFromServingHierarchy IsHierarchyReady
          IsHierarchySyncEnabled IsRootPublicFolderMailbox
        Quota:
          ArchiveQuota ArchiveWarningQuota CalendarLoggingQuota ExternalDirectoryObjectId IssueWarningQuota ProhibitSendQuota
          ProhibitSendReceiveQuota RecoverableItemsQuota RecoverableItemsWarningQuota RulesQuota UseDatabaseQuotaDefaults
        Resource:
          ExternalDirectoryObjectId IsResource ResourceCapacity ResourceCustom ResourceType RoomMailboxAccountEnabled
        Retention:
          EndDateForRetentionHold ExternalDirectoryObjectId OrphanSoftDeleteTrackingTime RetainDeletedItemsFor RetainDeletedItemsUntilBackup
          RetentionComment RetentionHoldEnabled RetentionPolicy RetentionUrl SingleItemRecoveryEnabled StartDateForRetentionHold
          UseDatabaseRetentionDefaults
        SCL:
          AntispamBypassEnabled ExternalDirectoryObjectId SCLDeleteEnabled SCLDeleteThreshold SCLJunkEnabled SCLJunkThreshold SCLQuarantineEnabled
          SCLQuarantineThreshold SCLRejectEnabled SCLRejectThreshold
        SoftDelete:
          ExternalDirectoryObjectId IncludeInGarbageCollection IsInactiveMailbox IsSoftDeletedByDisable IsSoftDeletedByRemove WhenSoftDeleted
        StatisticsSeed:
          ArchiveDatabaseGuid DatabaseGuid ExchangeGuid ExternalDirectoryObjectId
        """;

    private const string MailboxStatisticsSets =
        """
        Minimum:
          DeletedItemCount DisplayName ItemCount MailboxGuid TotalDeletedItemSize TotalItemSize
        All:
          AssociatedItemCount AttachmentTableAvailableSize AttachmentTableTotalSize DatabaseIssueWarningQuota DatabaseName
          DatabaseProhibitSendQuota DatabaseProhibitSendReceiveQuota DeletedItemCount DisconnectDate DisconnectReason DisplayName
          DumpsterMessagesPerFolderCountReceiveQuota DumpsterMessagesPerFolderCountWarningQuota ExternalDirectoryOrganizationId FastIsEnabled
          FolderHierarchyChildrenCountReceiveQuota FolderHierarchyChildrenCountWarningQuota FolderHierarchyDepthReceiveQuota
          FolderHierarchyDepthWarningQuota FoldersCountReceiveQuota FoldersCountWarningQuota IsAbandonedMoveDestination IsArchiveMailbox
          IsDatabaseCopyActive IsHighDensityShard IsMoveDestination IsQuarantined ItemCount LastLoggedOnUserAccount LastLogoffTime LastLogonTime
          LegacyDN MailboxGuid MailboxMessagesPerFolderCountReceiveQuota MailboxMessagesPerFolderCountWarningQuota MailboxType MailboxTypeDetail
          MessageTableAvailableSize MessageTableTotalSize NamedPropertiesCountQuota NeedsToMove OtherTablesAvailableSize OtherTablesTotalSize
          OwnerADGuid QuarantineClients QuarantineDescription QuarantineEnd QuarantineFileVersion QuarantineLastCrash
          ResourceUsageRollingAvgDatabaseReads ResourceUsageRollingAvgRop ResourceUsageRollingClientTypes ServerName StorageLimitStatus
          SystemMessageCount SystemMessageSize SystemMessageSizeShutoffQuota SystemMessageSizeWarningQuota TotalDeletedItemSize TotalItemSize
        """;

    private const string RecipientSets =
        """
        Minimum:
          Alias DisplayName DistinguishedName EmailAddresses ExchangeVersion ExternalDirectoryObjectID Identity Name OrganizationId
          PrimarySmtpAddress RecipientType RecipientTypeDetails
        Archive:
          ArchiveDatabase ArchiveGuid ArchiveRelease ArchiveState ArchiveStatus
        Custom:
          CustomAttribute1 CustomAttribute2 CustomAttribute3 CustomAttribute4 CustomAttribute5 CustomAttribute6 CustomAttribute7 CustomAttribute8
          CustomAttribute9 CustomAttribute10 CustomAttribute11 CustomAttribute12 CustomAttribute13 CustomAttribute14 CustomAttribute15
          ExtensionCustomAttribute1 ExtensionCustomAttribute2 ExtensionCustomAttribute3 ExtensionCustomAttribute4 ExtensionCustomAttribute5
        MailboxMove:
          MailboxMoveBatchName MailboxMoveFlags MailboxMoveRemoteHostName MailboxMoveSourceMDB MailboxMoveStatus MailboxMoveTargetMDB
        Policy:
          ActiveSyncMailboxPolicy ActiveSyncMailboxPolicyIsDefaulted AddressBookPolicy EmailAddressPolicyEnabled ManagedFolderMailboxPolicy
          OwaMailboxPolicy PoliciesExcluded PoliciesIncluded RetentionPolicy SharingPolicy ShouldUseDefaultRetentionPolicy UMMailboxPolicy
        """;

    private static readonly FrozenDictionary<string, FrozenDictionary<string, string[]>> Entities = new Dictionary<string, string>
    {
        ["CasMailbox"] = CasMailboxSets,
        ["Mailbox"] = MailboxSets,
        ["MailboxStatistics"] = MailboxStatisticsSets,
        ["Recipient"] = RecipientSets,
    }.ToFrozenDictionary(pair => pair.Key, pair => Parse(pair.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The entities that have property sets.</summary>
    public static IEnumerable<string> Names => Entities.Keys;

    /// <summary>The sets of an entity and their properties.</summary>
    public static FrozenDictionary<string, string[]> Of(string entity) => Entities[entity];

    /// <summary>The properties of a request: the sets it names, the properties it names, and always the minimum.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="sets">The sets, separated by commas; null for none.</param>
    /// <param name="properties">The properties, separated by commas; null for none.</param>
    /// <returns>null for all properties.</returns>
    /// <exception cref="ServiceError">There is no such set.</exception>
    public static string[]? Select(string entity, string? sets, string? properties)
    {
        var known = Entities[entity];
        List<string> names = [.. known[Minimum]];
        foreach (var set in Split(sets))
        {
            if (known.TryGetValue(set, out var members))
            {
                names.AddRange(members);
            }
            else if (set.Equals("All", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
            else
            {
                throw ServiceError.Request(400, "BadRequest", $"The property set '{set}' is not defined on '{entity}'.");
            }
        }

        names.AddRange(Split(properties));
        return names.Contains("*") ? null : [.. names];
    }

    private static string[] Split(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static FrozenDictionary<string, string[]> Parse(string text)
    {
        var sets = new Dictionary<string, List<string>>();
        List<string>? current = null;
        foreach (var word in text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.EndsWith(':'))
            {
                sets.Add(word[..^1], current = []);
            }
            else
            {
                current!.Add(word);
            }
        }

        return sets.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.OrdinalIgnoreCase);
    }
}
