using System.Globalization;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The properties of <c>Get-Mailbox</c>: names, order and kinds of values as recordings of the service show them.</summary>
internal static class MailboxSchema
{
    /// <summary>The name of the default retention policy.</summary>
    public const string DefaultRetentionPolicy = "Default MRM Policy";

    // Before the fields that use them: static fields are initialised in the order of the text.
    private static readonly string[] AuditAdmin =
    [
        "Update", "MoveToDeletedItems", "SoftDelete", "HardDelete", "SendAs", "SendOnBehalf", "Create", "UpdateFolderPermissions",
        "UpdateInboxRules", "UpdateCalendarDelegation", "ApplyRecord", "MailItemsAccessed", "Send",
    ];

    private static readonly string[] PersonLists =
        ["\\All Users", "\\Offline Global Address List", "\\Mailboxes(VLV)", "\\All Mailboxes(VLV)", "\\All Recipients(VLV)",
            "\\Default Global Address List"];

    private static readonly string[] RoomLists =
        ["\\All Rooms", "\\Offline Global Address List", "\\Mailboxes(VLV)", "\\All Mailboxes(VLV)", "\\All Recipients(VLV)",
            "\\Default Global Address List"];

    /// <summary>The mailbox.</summary>
    public static readonly Schema<MailboxRow> Mailbox = new(
        [
            "Microsoft.Exchange.Data.Directory.Management.Mailbox", "Microsoft.Exchange.Data.Directory.Management.MailEnabledOrgPerson",
            "Microsoft.Exchange.Data.Directory.Management.MailEnabledRecipient",
            "Microsoft.Exchange.Data.Directory.Management.ADPresentationObject", "Microsoft.Exchange.Data.Directory.ADObject",
            "Microsoft.Exchange.Data.Directory.ADRawEntry", "Microsoft.Exchange.Data.ConfigurableObject",
        ],
        Build());

    private static IReadOnlyList<SchemaProperty<MailboxRow>> Build()
    {
        var schema = new SchemaBuilder<MailboxRow>();
        AddStore(schema);
        AddQuotas(schema);
        AddResource(schema);
        AddArchive(schema);
        AddAudit(schema);
        AddRecipient(schema);
        AddIdentity(schema);
        return schema.Properties;
    }

    private static void AddStore(SchemaBuilder<MailboxRow> schema)
    {
        schema
            .Empties("AcceptMessagesOnlyFromWithDisplayNames", "AcceptMessagesOnlyFromSendersOrMembersWithDisplayNames",
                "AcceptMessagesOnlyFromDLMembersWithDisplayNames")
            .Add("Database", row => row.Database)
            .Add("DatabaseGuid", row => row.Directory.Cipher.Encode(IdentityKind.Exchange, row.Pick(11, 120)))
            .Nulls("MailboxProvisioningConstraint")
            .Falses("IsMonitoringMailbox")
            .Nulls("MailboxRegion", "MailboxRegionLastUpdateTime")
            .Same("None", "MailboxRegionSuffix")
            .Trues("MessageRecallProcessingEnabled")
            .Falses("MessageCopyForSentAsEnabled", "MessageCopyForSendOnBehalfEnabled")
            .Empties("MailboxProvisioningPreferences")
            .Falses("UseDatabaseRetentionDefaults", "RetainDeletedItemsUntilBackup", "DeliverToMailboxAndForward", "IsExcludedFromServingHierarchy")
            .Trues("IsHierarchyReady", "IsHierarchySyncEnabled")
            .Falses("IsPublicFolderSystemMailbox", "HasSnackyAppData")
            .Add("LitigationHoldEnabled", row => row.Directory.IsGenerated(row.Index) && row.Index % 16 == 5)
            .Trues("SingleItemRecoveryEnabled")
            .Falses("RetentionHoldEnabled")
            .Nulls("EndDateForRetentionHold", "StartDateForRetentionHold")
            .Blanks("RetentionComment", "RetentionUrl")
            .Add("LitigationHoldDate", row => row.Directory.IsGenerated(row.Index) && row.Index % 16 == 5 ? Local(row.WhenChanged) : null)
            .Add("LitigationHoldOwner", row => row.Directory.IsGenerated(row.Index) && row.Index % 16 == 5
                ? $"admin@{row.Directory.Organization}" : "")
            .Falses("ElcProcessingDisabled", "ComplianceTagHoldApplied", "WasInactiveMailbox", "DelayHoldApplied", "DelayReleaseHoldApplied",
                "PitrEnabled")
            .Same((short)0, "PitrCopyIntervalInSeconds")
            .Falses("PitrPaused")
            .Nulls("PitrPausedTimestamp", "PitrOffboardedTimestamp")
            .Same("None", "PitrState")
            .Nulls("InactiveMailboxRetireTime", "OrphanSoftDeleteTrackingTime")
            .Same("Unlimited", "LitigationHoldDuration")
            .Nulls("ManagedFolderMailboxPolicy")
            .Same(DefaultRetentionPolicy, "RetentionPolicy")
            .Nulls("AddressBookPolicy")
            .Falses("CalendarRepairDisabled")
            .Add("ExchangeGuid", row => row.Guid(IdentityKind.Mailbox))
            .Nulls("MailboxContainerGuid", "UnifiedMailbox")
            .Add("MailboxLocations", Locations)
            .Empties("AggregatedMailboxGuids")
            .Same("System.Security.AccessControl.RawSecurityDescriptor", "ExchangeSecurityDescriptor")
            .Add("ExchangeUserAccountControl", row => row.Shape == 0 ? "None" : "AccountDisabled")
            .Same("Version 15.20 (Build 8534.43)", "AdminDisplayVersion")
            .Trues("MessageTrackingReadStatusEnabled")
            .Same("External", "ExternalOofOptions")
            .Nulls("ForwardingAddress", "ForwardingSmtpAddress")
            .Same("14.00:00:00", "RetainDeletedItemsFor")
            .Trues("IsMailboxEnabled")
            .List("Languages", "en-US")
            .Nulls("OfflineAddressBook");
    }

    private static void AddQuotas(SchemaBuilder<MailboxRow> schema)
    {
        schema
            .Same("99 GB (106,300,440,576 bytes)", "ProhibitSendQuota")
            .Same("100 GB (107,374,182,400 bytes)", "ProhibitSendReceiveQuota")
            .Add("RecoverableItemsQuota", row => row.HasArchive ? "100 GB (107,374,182,400 bytes)" : "30 GB (32,212,254,720 bytes)")
            .Add("RecoverableItemsWarningQuota", row => row.HasArchive ? "90 GB (96,636,764,160 bytes)" : "20 GB (21,474,836,480 bytes)")
            .Same("6 GB (6,442,450,944 bytes)", "CalendarLoggingQuota")
            .Falses("DowngradeHighPriorityMessagesEnabled")
            .List(
                "ProtocolSettings", "MAPI§1§0§§§0§§§§0", "PublicFolderClientAccess§0", "IMAP4§1§§§§§§§§§§§§", "POP3§1§§§§§§§§§§§§1", "ECP§1",
                "HTTP§1§1§§§§§§", "OWA§1")
            .Same("500", "RecipientLimits")
            .Falses("ImListMigrationCompleted")
            .Nulls("SiloName");
    }

    private static void AddResource(SchemaBuilder<MailboxRow> schema)
    {
        schema
            .Add("IsResource", row => row.RecipientTypeDetails is "RoomMailbox" or "EquipmentMailbox")
            .Falses("IsLinked")
            .Add("IsShared", row => row.RecipientTypeDetails == "SharedMailbox")
            .Falses("IsRootPublicFolderMailbox")
            .Blanks("LinkedMasterAccount")
            .Falses("ResetPasswordOnNextLogon")
            .Add("ResourceCapacity", row => row.Shape == 2 ? (object)(4 + row.Pick(12, 40)) : null)
            .Empties("ResourceCustom")
            .Add("ResourceType", row => row.RecipientTypeDetails switch { "RoomMailbox" => "Room", "EquipmentMailbox" => "Equipment", _ => null })
            .Add("RoomMailboxAccountEnabled", row => row.RecipientTypeDetails == "RoomMailbox" ? false : null)
            .Add("SamAccountName", row => string.Create(CultureInfo.InvariantCulture, $"${row.Directory.Cipher.Random(row.Index, 13):X16}"))
            .Nulls("SCLDeleteThreshold", "SCLDeleteEnabled", "SCLRejectThreshold", "SCLRejectEnabled", "SCLQuarantineThreshold",
                "SCLQuarantineEnabled",
                "SCLJunkThreshold", "SCLJunkEnabled")
            .Falses("AntispamBypassEnabled")
            .Add("ServerLegacyDN", row => string.Create(
                CultureInfo.InvariantCulture,
                $"/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn={row.Server.ToUpperInvariant()}"))
            .Add("ServerName", row => row.Server)
            .Falses("UseDatabaseQuotaDefaults")
            .Same("98 GB (105,226,698,752 bytes)", "IssueWarningQuota")
            .Same("256 KB (262,144 bytes)", "RulesQuota")
            .Add("Office", row => row.Shape == 0 ? row.Place.Office : "")
            .Add("UserPrincipalName", row => row.UserPrincipalName)
            .Falses("UMEnabled")
            .Nulls("MaxSafeSenders", "MaxBlockedSenders")
            .Add("NetID", row => string.Create(CultureInfo.InvariantCulture, $"1003{row.Directory.Cipher.Random(row.Index, 14) >> 16:X12}"))
            .Nulls("ReconciliationId")
            .Add("WindowsLiveID", row => row.UserPrincipalName)
            .Add("MicrosoftOnlineServicesID", row => row.UserPrincipalName)
            .Nulls("ThrottlingPolicy")
            .Same("Default Role Assignment Policy", "RoleAssignmentPolicy")
            .Nulls("DefaultPublicFolderMailbox", "EffectivePublicFolderMailbox")
            .Same("Default Sharing Policy", "SharingPolicy")
            .Nulls("RemoteAccountPolicy")
            .Same("ExchangeOnlineEnterprise-4b4e1d6f-7a6c-4d4b-8a3f-0d2f9c3f5a11", "MailboxPlan");
    }

    private static void AddArchive(SchemaBuilder<MailboxRow> schema)
    {
        schema
            .Add("ArchiveDatabase", row => row.HasArchive ? row.Database : null)
            .Add("ArchiveDatabaseGuid", row => row.HasArchive ? row.Directory.Cipher.Encode(IdentityKind.Exchange, row.Pick(11, 120)) : Guid.Empty)
            .Add("ArchiveGuid", row => row.HasArchive ? row.Guid(IdentityKind.Archive) : Guid.Empty)
            .Add("ArchiveName", row => row.HasArchive ? new[] { $"In-Place Archive -{row.DisplayName}" } : [])
            .Blanks("JournalArchiveAddress")
            .Same("100 GB (107,374,182,400 bytes)", "ArchiveQuota")
            .Same("90 GB (96,636,764,160 bytes)", "ArchiveWarningQuota")
            .Nulls("ArchiveDomain")
            .Add("ArchiveStatus", row => row.HasArchive ? "Active" : "None")
            .Add("ArchiveState", row => row.HasArchive ? "Local" : "None")
            .Falses("AutoExpandingArchiveEnabled", "DisabledMailboxLocations")
            .Same("None", "RemoteRecipientType")
            .Nulls("DisabledArchiveDatabase")
            .Same(Guid.Empty, "DisabledArchiveGuid")
            .Nulls("QueryBaseDN")
            .Falses("QueryBaseDNRestrictionEnabled")
            .Nulls("MailboxMoveTargetMDB", "MailboxMoveSourceMDB")
            .Same("None", "MailboxMoveFlags")
            .Blanks("MailboxMoveRemoteHostName", "MailboxMoveBatchName")
            .Same("None", "MailboxMoveStatus")
            .Same("E15", "MailboxRelease")
            .Add("ArchiveRelease", row => row.HasArchive ? "E15" : "")
            .Falses("IsPersonToPersonTextMessagingEnabled", "IsMachineToPersonTextMessagingEnabled")
            .Empties("UserSMimeCertificate", "UserCertificate")
            .Falses("CalendarVersionStoreDisabled")
            .Blanks("ImmutableId")
            .List(
                "PersistedCapabilities", "M365AuditPlatform", "InformationGovernance", "InsiderRiskManagement", "RecordsManagement",
                "GRAPH_CONNECTORS_SEARCH_INDEX", "BPOS_S_EquivioAnalytics", "BPOS_S_Analytics", "BPOS_S_ThreatIntelligenceAddOn",
                "BPOS_S_O365PAM", "BPOS_S_CustomerLockbox", "CustomerKey", "M365Auditing", "CommunicationsCompliance", "MIP_S_CLP2",
                "BPOS_S_BookingsAddOn", "BPOS_S_Enterprise")
            .Trues("SKUAssigned");
    }

    private static void AddAudit(SchemaBuilder<MailboxRow> schema)
    {
        schema
            .Trues("AuditEnabled")
            .Same("90.00:00:00", "AuditLogAgeLimit")
            .Same(AuditAdmin, "AuditAdmin")
            .Same(AuditAdmin.Where(action => action is not ("UpdateCalendarDelegation" or "Send")).ToArray(), "AuditDelegate")
            .Same(AuditAdmin.Where(action => action is not ("SendAs" or "SendOnBehalf" or "Create")).ToArray(), "AuditOwner")
            .List("DefaultAuditSet", "Admin", "Delegate", "Owner")
            .Add("WhenMailboxCreated", row => Local(row.WhenCreated))
            .Blanks("SourceAnchor")
            .Add("UsageLocation", row => row.Place.Country)
            .Falses("IsSoftDeletedByRemove", "IsSoftDeletedByDisable", "IsInactiveMailbox", "IncludeInGarbageCollection")
            .Nulls("WhenSoftDeleted")
            .Same(0, "RecipientSoftDeletedStatus")
            .Empties("InPlaceHolds", "GeneratedOfflineAddressBooks")
            .Add("AccountDisabled", row => row.Shape != 0)
            .Add("StsRefreshTokensValidFrom", row => Local(row.WhenCreated))
            .Empties("NonCompliantDevices")
            .Blanks("EnforcedTimestamps")
            .Nulls("DataEncryptionPolicy")
            .Trues("MessageCopyForSMTPClientSubmissionEnabled")
            .Same("Standard", "RecipientThrottlingThreshold")
            .Blanks("SharedEmailDomainTenant")
            .Same("None", "SharedEmailDomainState")
            .Blanks("SharedWithTargetSmtpAddress")
            .Nulls("SharedEmailDomainStateLastModified")
            .Empties("EmailAddressDisplayNames", "ResourceProvisioningOptions", "Extensions")
            .Falses("HasPicture", "HasSpokenName", "IsDirSynced");
    }

    private static void AddRecipient(SchemaBuilder<MailboxRow> schema)
    {
        schema
            .Empties("AcceptMessagesOnlyFrom", "AcceptMessagesOnlyFromDLMembers", "AcceptMessagesOnlyFromSendersOrMembers")
            .Add("AddressListMembership", row => row.Shape switch
            {
                2 => RoomLists,
                _ => PersonLists,
            })
            .Empties("AdministrativeUnits")
            .Add("Alias", row => row.Alias)
            .Nulls("ArbitrationMailbox")
            .Empties("BypassModerationFromSendersOrMembers")
            .Add("OrganizationalUnit", row => $"nampr07a004.prod.outlook.com/Microsoft Exchange Hosted Organizations/{row.Directory.Organization}")
            .Add("CustomAttribute1", row => row.Directory.IsGenerated(row.Index) ? row.Department : "")
            .Blanks("CustomAttribute10", "CustomAttribute11", "CustomAttribute12", "CustomAttribute13", "CustomAttribute14", "CustomAttribute15",
                "CustomAttribute2", "CustomAttribute3", "CustomAttribute4", "CustomAttribute5", "CustomAttribute6", "CustomAttribute7",
                "CustomAttribute8",
                "CustomAttribute9")
            .Empties("ExtensionCustomAttribute1", "ExtensionCustomAttribute2", "ExtensionCustomAttribute3", "ExtensionCustomAttribute4",
                "ExtensionCustomAttribute5")
            .Add("DisplayName", row => row.DisplayName)
            .Add("EmailAddresses", row => row.EmailAddresses)
            .Empties("GrantSendOnBehalfTo")
            .Add("ExternalDirectoryObjectId", row => row.Guid(IdentityKind.Directory).ToString("D"))
            .Falses("HiddenFromAddressListsEnabled")
            .Nulls("LastExchangeChangedTime")
            .Add("LegacyExchangeDN", row => row.LegacyExchangeDN)
            .Same("35 MB (36,700,160 bytes)", "MaxSendSize")
            .Same("36 MB (37,748,736 bytes)", "MaxReceiveSize")
            .Empties("ModeratedBy")
            .Falses("ModerationEnabled")
            .Empties("PoliciesIncluded")
            .List("PoliciesExcluded", "{26491cfc-9e50-4857-861b-0cb8df22b5d7}")
            .Falses("EmailAddressPolicyEnabled")
            .Add("PrimarySmtpAddress", row => row.PrimarySmtpAddress)
            .Same("UserMailbox", "RecipientType")
            .Add("RecipientTypeDetails", row => row.RecipientTypeDetails)
            .Empties("RejectMessagesFrom", "RejectMessagesFromDLMembers", "RejectMessagesFromSendersOrMembers")
            .Falses("RequireSenderAuthenticationEnabled")
            .Blanks("SimpleDisplayName")
            .Same("Always", "SendModerationNotifications")
            .Add("UMDtmfMap", row => new[]
            {
                $"emailAddress:{KeypadDigits(row.Alias)}", $"firstNameLastName:{KeypadDigits(row.FirstName)}{KeypadDigits(row.LastName)}",
            })
            .Add("WindowsEmailAddress", row => row.PrimarySmtpAddress)
            .Nulls("MailTip")
            .Empties("MailTipTranslations", "GrantSendOnBehalfToWithDisplayNames", "ModeratedByWithDisplayNames");
    }

    private static void AddIdentity(SchemaBuilder<MailboxRow> schema)
    {
        schema
            .Add("Identity", row => row.Name)
            .Add("Id", row => row.Name)
            .Trues("IsValid")
            .Same("0.20 (15.0.0.0)", "ExchangeVersion")
            .Add("Name", row => row.Name)
            .Add("DistinguishedName", row => row.DistinguishedName)
            .Same("NAMPR07A004.PROD.OUTLOOK.COM/Configuration/Schema/Person", "ObjectCategory")
            .List("ObjectClass", "top", "person", "organizationalPerson", "user")
            .Add("WhenChanged", row => Local(row.WhenChanged))
            .Add("WhenCreated", row => Local(row.WhenCreated))
            .Add("WhenChangedUTC", row => row.WhenChanged)
            .Add("WhenCreatedUTC", row => row.WhenCreated)
            .Add("ExchangeObjectId", row => row.Guid(IdentityKind.Exchange))
            .Add("OrganizationalUnitRoot", row => row.Directory.Organization)
            .Add("OrganizationId", row => OrganizationId(row.Directory.Organization))
            .Add("Guid", row => row.Guid(IdentityKind.Object))
            .Same("BN8PR07A04DC003.NAMPR07A004.PROD.OUTLOOK.COM", "OriginatingServer");
    }

    /// <summary>A time in the service's form for properties without UTC in their name.</summary>
    public static object Local(DateTime time) => new DateTimeOffset(time, TimeSpan.Zero);

    /// <summary>The service's name of an organization.</summary>
    public static string OrganizationId(string organization)
    {
        return $"NAMPR07A004.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/{organization} - "
            + $"NAMPR07A004.PROD.OUTLOOK.COM/ConfigurationUnits/{organization}/Configuration";
    }

    private static string[] Locations(MailboxRow row)
    {
        var database = row.Directory.Cipher.Encode(IdentityKind.Exchange, row.Pick(11, 120));
        var primary = $"1;{row.Guid(IdentityKind.Mailbox):D};Primary;nampr07.prod.outlook.com;{database:D}";
        return row.HasArchive ? [primary, $"1;{row.Guid(IdentityKind.Archive):D};MainArchive;nampr07.prod.outlook.com;{database:D}"] : [primary];
    }

    // The keys of a telephone that spell a name.
    private static string KeypadDigits(string name)
    {
        return string.Create(name.Length, name, static (digits, letters) =>
        {
            for (var i = 0; i < digits.Length; i++)
            {
                var letter = char.ToLowerInvariant(letters[i]) - 'a';
                digits[i] = letter is >= 0 and < 26 ? "22233344455566677778889999"[letter] : '0';
            }
        });
    }
}
