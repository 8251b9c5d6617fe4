namespace ExoConnect.Core.RestEntities;

// The names below are those of Microsoft's public pages: the property sets of "Property sets in Exchange Online PowerShell module
// cmdlets", the unfilterable ones of "Filters in the Exchange Online PowerShell module", the others of "Filterable properties for the
// Filter parameter" and of the service's own $metadata. "Name1..15" means fifteen names.
public sealed partial class EntitySchema
{
    private const string MailboxData = """
        Minimum: Alias DisplayName DistinguishedName EmailAddresses ExchangeVersion ExternalDirectoryObjectId Guid Id Name OrganizationId
          PrimarySmtpAddress RecipientType RecipientTypeDetails UserPrincipalName
        AddressList: AddressBookPolicy AddressListMembership ExternalDirectoryObjectId GeneratedOfflineAddressBooks
          HiddenFromAddressListsEnabled OfflineAddressBook
        Archive: ArchiveDatabase ArchiveDomain ArchiveGuid ArchiveName ArchiveQuota ArchiveRelease ArchiveState ArchiveStatus
          ArchiveWarningQuota AutoExpandingArchiveEnabled DisabledArchiveDatabase DisabledArchiveGuid ExternalDirectoryObjectId
          JournalArchiveAddress
        Audit: AuditAdmin AuditDelegate AuditEnabled AuditLogAgeLimit AuditOwner DefaultAuditSet ExternalDirectoryObjectId
        Custom: CustomAttribute1..15 ExtensionCustomAttribute1..5 ExternalDirectoryObjectId
        Delivery: AcceptMessagesOnlyFrom AcceptMessagesOnlyFromDLMembers AcceptMessagesOnlyFromSendersOrMembers DeliverToMailboxAndForward
          DowngradeHighPriorityMessagesEnabled ExternalDirectoryObjectId ForwardingAddress ForwardingSmtpAddress GrantSendOnBehalfTo
          MaxBlockedSenders MaxReceiveSize MaxSafeSenders MaxSendSize MessageCopyForSendOnBehalfEnabled MessageCopyForSentAsEnabled
          MessageRecallProcessingEnabled MessageTrackingReadStatusEnabled RecipientLimits RejectMessagesFrom RejectMessagesFromDLMembers
          RejectMessagesFromSendersOrMembers RulesQuota
        Hold: ComplianceTagHoldApplied DelayHoldApplied ExternalDirectoryObjectId InPlaceHolds InactiveMailboxRetireTime LitigationHoldDate
          LitigationHoldDuration LitigationHoldEnabled LitigationHoldOwner
        Moderation: BypassModerationFromSendersOrMembers ExternalDirectoryObjectId ModeratedBy ModerationEnabled SendModerationNotifications
        Move: ExternalDirectoryObjectId MailboxMoveBatchName MailboxMoveFlags MailboxMoveRemoteHostName MailboxMoveSourceMDB
          MailboxMoveStatus MailboxMoveTargetMDB
        Policy: AddressBookPolicy DataEncryptionPolicy EmailAddressPolicyEnabled ExternalDirectoryObjectId ManagedFolderMailboxPolicy
          PoliciesExcluded PoliciesIncluded RemoteAccountPolicy RetentionPolicy RetentionUrl RoleAssignmentPolicy SharingPolicy
          ThrottlingPolicy
        PublicFolder: DefaultPublicFolderMailbox EffectivePublicFolderMailbox ExternalDirectoryObjectId IsExcludedFromServingHierarchy
          IsHierarchyReady IsHierarchySyncEnabled IsRootPublicFolderMailbox
        Quota: ArchiveQuota ArchiveWarningQuota CalendarLoggingQuota ExternalDirectoryObjectId IssueWarningQuota ProhibitSendQuota
          ProhibitSendReceiveQuota RecoverableItemsQuota RecoverableItemsWarningQuota RulesQuota UseDatabaseQuotaDefaults
        Resource: ExternalDirectoryObjectId IsResource ResourceCapacity ResourceCustom ResourceType RoomMailboxAccountEnabled
        Retention: EndDateForRetentionHold ExternalDirectoryObjectId OrphanSoftDeleteTrackingTime RetainDeletedItemsFor
          RetainDeletedItemsUntilBackup RetentionComment RetentionHoldEnabled RetentionPolicy RetentionUrl SingleItemRecoveryEnabled
          StartDateForRetentionHold UseDatabaseRetentionDefaults
        SCL: AntispamBypassEnabled ExternalDirectoryObjectId SCLDeleteEnabled SCLDeleteThreshold SCLJunkEnabled SCLJunkThreshold
          SCLQuarantineEnabled SCLQuarantineThreshold SCLRejectEnabled SCLRejectThreshold
        SoftDelete: ExternalDirectoryObjectId IncludeInGarbageCollection IsInactiveMailbox IsSoftDeletedByDisable IsSoftDeletedByRemove
          WhenSoftDeleted
        StatisticsSeed: ArchiveDatabaseGuid DatabaseGuid ExchangeGuid ExternalDirectoryObjectId
        (other): AccountDisabled AdministrativeUnits AggregatedMailboxGuids ArbitrationMailbox AutoArchivingEnabled CalendarRepairDisabled
          CalendarVersionStoreDisabled Database DisabledMailboxLocations ElcProcessingDisabled ExchangeObjectId ExchangeSecurityDescriptor
          ExchangeUserAccountControl ExoExchangeSecurityDescriptor ExternalOofOptions ForwardingAddressWithDisplayNames HasPicture
          HasSnackyAppData HasSpokenName Identity ImListMigrationCompleted ImmutableId IsDirSynced IsExchangeCloudManaged IsLinked
          IsMachineToPersonTextMessagingEnabled IsMailboxEnabled IsMonitoringMailbox IsPersonToPersonTextMessagingEnabled
          IsPublicFolderSystemMailbox IsShared Languages LastExchangeChangedTime LegacyExchangeDN LinkedMasterAccount M365BackupState
          MailboxContainerGuid MailboxLocations MailboxPlan MailboxProvisioningConstraint MailboxProvisioningPreferences MailboxRegion
          MailboxRegionLastUpdateTime MailboxRelease MailTip MailTipTranslations MessageCopyForSMTPClientSubmissionEnabled
          MicrosoftOnlineServicesID NetID NonCompliantDevices ObjectCategory ObjectClass Office OrganizationalUnit PersistedCapabilities
          PitrCopyIntervalInSeconds PitrEnabled PitrOffboardedTimestamp PitrPaused PitrPausedTimestamp PitrState ProtocolSettings
          QueryBaseDN QueryBaseDNRestrictionEnabled ReconciliationId RemoteRecipientType RequireSenderAuthenticationEnabled
          ResetPasswordOnNextLogon SamAccountName ServerLegacyDN ServerName SiloName SimpleDisplayName SKUAssigned SourceAnchor
          StsRefreshTokensValidFrom UMDtmfMap UMEnabled UnifiedMailbox UsageLocation UserCertificate UserSMimeCertificate WasInactiveMailbox
          WhenChanged WhenChangedUTC WhenCreated WhenCreatedUTC WhenMailboxCreated WindowsEmailAddress WindowsLiveID
        (not filterable): DeletedItemFlags LanguagesRaw MasterAccountSid MemberOfGroup RequireAllSendersAreAuthenticated
          SCLDeleteThresholdInt SCLJunkThresholdInt SCLQuarantineThresholdInt SCLRejectThresholdInt
        (lists): AcceptMessagesOnlyFrom AcceptMessagesOnlyFromDLMembers AcceptMessagesOnlyFromSendersOrMembers AddressListMembership
          AdministrativeUnits ArchiveName AuditAdmin AuditDelegate AuditOwner BypassModerationFromSendersOrMembers DefaultAuditSet
          EmailAddresses ExtensionCustomAttribute1..5 Extensions GeneratedOfflineAddressBooks GrantSendOnBehalfTo InPlaceHolds Languages
          MailTipTranslations MailboxLocations MailboxProvisioningPreferences ModeratedBy NonCompliantDevices ObjectClass
          PersistedCapabilities PoliciesExcluded PoliciesIncluded ProtocolSettings RejectMessagesFrom RejectMessagesFromDLMembers
          RejectMessagesFromSendersOrMembers RemoveOrphanedHolds ResourceCustom UMDtmfMap
        """;

    private const string RecipientData = """
        Minimum: ExchangeVersion ExternalDirectoryObjectId Name OrganizationId RecipientType RecipientTypeDetails
        Archive: ArchiveDatabase ArchiveGuid ArchiveRelease ArchiveState ArchiveStatus
        Custom: CustomAttribute1..15 ExtensionCustomAttribute1..5
        MailboxMove: MailboxMoveBatchName MailboxMoveFlags MailboxMoveRemoteHostName MailboxMoveSourceMDB MailboxMoveStatus
          MailboxMoveTargetMDB
        Policy: ActiveSyncMailboxPolicy ActiveSyncMailboxPolicyIsDefaulted AddressBookPolicy EmailAddressPolicyEnabled
          ManagedFolderMailboxPolicy OwaMailboxPolicy PoliciesExcluded PoliciesIncluded RetentionPolicy SharingPolicy
          ShouldUseDefaultRetentionPolicy UMMailboxPolicy
        (other): AddressListMembership Alias AuthenticationType BlockedSendersHash c Capabilities City Company CountryOrRegion Database
          DatabaseName Department DisplayName DistinguishedName EmailAddresses ExchangeGuid ExchangeObjectId ExpansionServer
          ExternalEmailAddress FirstName Guid HasActiveSyncDevicePartnership HiddenFromAddressListsEnabled Id Identity IsDirSynced
          IsValidSecurityPrincipal LastName LitigationHoldEnabled MailboxRelease ManagedBy Manager Members Notes ObjectCategory ObjectClass
          Office OrganizationalUnit Phone PostalCode PrimarySmtpAddress ResourceType SafeRecipientsHash SafeSendersHash SamAccountName
          ServerLegacyDN ServerName SKUAssigned StateOrProvince StorageGroupName Title UMEnabled UMRecipientDialPlanId UsageLocation
          WhenChanged WhenChangedUTC WhenCreated WhenCreatedUTC WhenMailboxCreated WhenSoftDeleted WindowsLiveID
        (not filterable): CountryCode ExternalDirectoryObjectId MasterAccountSid MemberOfGroup Members
        (lists): AddressListMembership Capabilities EmailAddresses ExtensionCustomAttribute1..5 ManagedBy ObjectClass PoliciesExcluded
          PoliciesIncluded
        """;

    private const string CasMailboxData = """
        Minimum: ActiveSyncEnabled DisplayName ECPEnabled EmailAddresses EwsEnabled ExchangeVersion Guid Identity ImapEnabled MAPIEnabled
          Name OWAEnabled OrganizationId PopEnabled PrimarySmtpAddress ServerLegacyDN
        ActiveSync: ActiveSyncAllowedDeviceIDs ActiveSyncBlockedDeviceIDs ActiveSyncEnabled ActiveSyncMailboxPolicy
          ActiveSyncMailboxPolicyIsDefaulted ActiveSyncSuppressReadReceipt ExternalDirectoryObjectId Guid HasActiveSyncDevicePartnership
          Identity Name OrganizationId
        Ews: EwsAllowMacOutlook EwsAllowOutlook EwsEnabled ExternalDirectoryObjectId Guid Identity Name OrganizationId
        Imap: ExternalDirectoryObjectId Guid Identity ImapEnableExactRFC822Size ImapEnabled ImapForceICalForCalendarRetrievalOption
          ImapMessagesRetrievalMimeFormat ImapSuppressReadReceipt ImapUseProtocolDefaults Name OrganizationId
        Mapi: ExternalDirectoryObjectId Guid Identity MAPIBlockOutlookExternalConnectivity MAPIBlockOutlookNonCachedMode
          MAPIBlockOutlookRpcHttp MAPIBlockOutlookVersions MAPIEnabled MapiHttpEnabled Name OrganizationId
        Pop: ExternalDirectoryObjectId Guid Identity Name OrganizationId PopEnableExactRFC822Size PopEnabled PopMessagesRetrievalMimeFormat
          PopSuppressReadReceipt PopUseProtocolDefaults
        ProtocolSettings: ExternalDirectoryObjectId ExternalImapSettings ExternalPopSettings ExternalSmtpSettings Guid Identity
          InternalImapSettings InternalPopSettings InternalSmtpSettings Name OrganizationId
        (other): ActiveSyncDebugLogging DistinguishedName EwsAllowEntourage EwsAllowList EwsApplicationAccessPolicy EwsBlockList
          ExchangeObjectId Id IsOptimizedForAccessibility LegacyExchangeDN LinkedMasterAccount MacOutlookEnabled ObjectCategory ObjectClass
          OneWinNativeOutlookEnabled OutlookMobileEnabled OWAforDevicesEnabled OwaMailboxPolicy PopForceICalForCalendarRetrievalOption
          PopMessageDeleteEnabled PublicFolderClientAccess SamAccountName ServerName ShowGalAsDefaultView SmtpClientAuthenticationDisabled
          UniversalOutlookEnabled WhenChanged WhenChangedUTC WhenCreated WhenCreatedUTC
        (not filterable): MemberOfGroup ExternalDirectoryObjectId
        (lists): ActiveSyncAllowedDeviceIDs ActiveSyncBlockedDeviceIDs EmailAddresses EwsAllowList EwsBlockList ObjectClass
        """;

    private const string MailboxStatisticsData = """
        Minimum: DeletedItemCount DisplayName ItemCount MailboxGuid TotalDeletedItemSize TotalItemSize
        (other): AssociatedItemCount AttachmentTableAvailableSize AttachmentTableTotalSize DatabaseIssueWarningQuota DatabaseName
          DatabaseProhibitSendQuota DatabaseProhibitSendReceiveQuota DisconnectDate DisconnectReason
          DumpsterMessagesPerFolderCountReceiveQuota DumpsterMessagesPerFolderCountWarningQuota ExternalDirectoryOrganizationId
          FastIsEnabled FolderHierarchyChildrenCountReceiveQuota FolderHierarchyChildrenCountWarningQuota FolderHierarchyDepthReceiveQuota
          FolderHierarchyDepthWarningQuota FoldersCountReceiveQuota FoldersCountWarningQuota IsAbandonedMoveDestination IsArchiveMailbox
          IsDatabaseCopyActive IsHighDensityShard IsMoveDestination IsQuarantined LastLoggedOnUserAccount LastLogoffTime LastLogonTime
          LegacyDN MailboxMessagesPerFolderCountReceiveQuota MailboxMessagesPerFolderCountWarningQuota MailboxType MailboxTypeDetail
          MessageTableAvailableSize MessageTableTotalSize NamedPropertiesCountQuota NeedsToMove OtherTablesAvailableSize
          OtherTablesTotalSize OwnerADGuid QuarantineClients QuarantineDescription QuarantineEnd QuarantineFileVersion QuarantineLastCrash
          ResourceUsageRollingAvgDatabaseReads ResourceUsageRollingAvgRop ResourceUsageRollingClientTypes ServerName StorageLimitStatus
          SystemMessageCount SystemMessageSize SystemMessageSizeShutoffQuota SystemMessageSizeWarningQuota TablesTotalSize
          TablesTotalAvailableSize LastInteractionTime LastUserActionTime
        """;
}
