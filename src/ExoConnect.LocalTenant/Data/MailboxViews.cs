using System.Globalization;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The other views of mailboxes: users, recipients, clients' settings, statistics.</summary>
internal static class MailboxViews
{
    private const string ManagementNamespace = "Microsoft.Exchange.Data.Directory.Management.";
    private const string PresentationObject = "Microsoft.Exchange.Data.Directory.ADPresentationObject";

    // Before the fields that use them: static fields are initialised in the order of the text.
    private static readonly string[] DefaultProtocols = ["OWA§1", "MAPI§1§0§§§0§§§§0", "IMAP4§1§§§§§§§§§§§§", "POP3§1§§§§§§§§§§§§1", "ECP§1"];

    /// <summary>What <c>Get-User</c> shows.</summary>
    public static readonly Schema<MailboxRow> User = new(
        [$"{ManagementNamespace}User", $"{ManagementNamespace}OrgPersonPresentationObject", PresentationObject], UserProperties());

    /// <summary>What <c>Get-CASMailbox</c> shows.</summary>
    public static readonly Schema<MailboxRow> CasMailbox = new([$"{ManagementNamespace}CASMailbox", PresentationObject], CasProperties());

    /// <summary>What <c>Get-Recipient</c> shows of a mailbox.</summary>
    public static readonly Schema<MailboxRow> Recipient = new([$"{ManagementNamespace}ReducedRecipient", PresentationObject], RecipientProperties());

    /// <summary>What <c>Get-MailboxStatistics</c> shows.</summary>
    public static readonly Schema<MailboxRow> Statistics = new(
        ["Microsoft.Exchange.Management.MapiTasks.Presentation.MailboxStatistics", "Microsoft.Exchange.Data.Mapi.MailboxStatistics",
            "Microsoft.Exchange.Data.Mapi.MapiObject", "Microsoft.Exchange.Data.ConfigurableObject"],
        StatisticsProperties(archive: false));

    /// <summary>What <c>Get-MailboxStatistics -Archive</c> shows.</summary>
    public static readonly Schema<MailboxRow> ArchiveStatistics = new(
        ["Microsoft.Exchange.Management.MapiTasks.Presentation.MailboxStatistics", "Microsoft.Exchange.Data.Mapi.MailboxStatistics",
            "Microsoft.Exchange.Data.Mapi.MapiObject", "Microsoft.Exchange.Data.ConfigurableObject"],
        StatisticsProperties(archive: true));

    private static IReadOnlyList<SchemaProperty<MailboxRow>> UserProperties()
    {
        var schema = new SchemaBuilder<MailboxRow>()
            .Falses("IsSecurityPrincipal")
            .Add("SamAccountName", row => string.Create(CultureInfo.InvariantCulture, $"${row.Directory.Cipher.Random(row.Index, 13):X16}"))
            .Add("Sid", row => Sid(row))
            .Empties("SidHistory")
            .Add("UserPrincipalName", row => row.UserPrincipalName)
            .Falses("ResetPasswordOnNextLogon")
            .Empties("CertificateSubject")
            .Falses("RemotePowerShellEnabled")
            .Trues("EXOModuleEnabled")
            .Add("WindowsLiveID", row => row.UserPrincipalName)
            .Add("MicrosoftOnlineServicesID", row => row.UserPrincipalName)
            .Add("NetID", row => string.Create(CultureInfo.InvariantCulture, $"1003{row.Directory.Cipher.Random(row.Index, 14) >> 16:X12}"))
            .Falses("IsCloudCacheProvisioningComplete", "IsCloudCache")
            .Same(0, "CloudCacheProvider")
            .Blanks("CloudCacheAccountType")
            .Same(0, "CloudCacheScope")
            .Blanks("CloudCacheRemoteEmailAddress", "CloudCacheUserName")
            .Falses("IsCloudCacheBlocked")
            .Nulls("ConsumerNetID")
            .Add("UserAccountControl", row => row.Shape == 0 ? "NormalAccount" : "AccountDisabled, NormalAccount")
            .Add("OrganizationalUnit", row => $"nampr07a004.prod.outlook.com/Microsoft Exchange Hosted Organizations/{row.Directory.Organization}")
            .Falses("IsLinked")
            .Blanks("LinkedMasterAccount")
            .Nulls("LegalAgeGroup")
            .Add("ExternalDirectoryObjectId", row => row.Guid(IdentityKind.Directory).ToString("D"))
            .Trues("SKUAssigned")
            .Falses("IsSoftDeletedByRemove", "IsSoftDeletedByDisable")
            .Nulls("WhenSoftDeleted")
            .Same("None", "PreviousRecipientTypeDetails", "UpgradeRequest", "UpgradeStatus")
            .Nulls("UpgradeDetails", "UpgradeMessage", "UpgradeStage", "UpgradeStageTimeStamp", "MailboxRegion", "MailboxRegionLastUpdateTime")
            .Same("None", "MailboxRegionSuffix")
            .Nulls("MailboxProvisioningConstraint")
            .Empties("MailboxProvisioningPreferences")
            .Same("None", "MailboxWorkloads")
            .Nulls("DefaultMailboxWorkloadsMask", "DesiredMailboxWorkloads", "DesiredMailboxWorkloadsModified", "DesiredMailboxWorkloadsGracePeriod")
            .Add("LegacyExchangeDN", row => row.LegacyExchangeDN)
            .Empties("InPlaceHoldsRaw")
            .Same("None", "MailboxRelease", "ArchiveRelease")
            .Add("AccountDisabled", row => row.Shape != 0)
            .Add("AuthenticationPolicy", _ => null)
            .Add("StsRefreshTokensValidFrom", row => MailboxSchema.Local(row.WhenCreated))
            .Falses("IsInactiveMailbox")
            .Empties("MailboxLocations", "InformationBarrierSegments")
            .Nulls("WhenIBSegmentChanged")
            .Falses("CanHaveCloudCache")
            .Nulls("DataEncryptionPolicy")
            .Empties("AdministrativeUnits")
            .Blanks("AssistantName")
            .Add("City", row => row.Shape == 0 ? row.Place.City : "")
            .Add("Company", row => row.Directory.IsGenerated(row.Index) ? "Contoso" : "")
            .Add("CountryOrRegion", row => row.Place.Country)
            .Add("Department", row => row.Department)
            .Empties("DirectReports")
            .Add("DisplayName", row => row.DisplayName)
            .Blanks("Fax")
            .Add("FirstName", row => row.FirstName)
            .Nulls("GeoCoordinates")
            .Blanks("HomePhone", "Initials")
            .Falses("IsDirSynced")
            .Add("LastName", row => row.LastName)
            .Nulls("Manager")
            .Blanks("MobilePhone", "Notes")
            .Add("Office", row => row.Shape == 0 ? row.Place.Office : "")
            .Empties("OtherFax", "OtherHomePhone", "OtherTelephone")
            .Blanks("Pager")
            .Add("Phone", row => row.Phone)
            .Blanks("PhoneticDisplayName", "PostalCode")
            .Empties("PostOfficeBox")
            .Add("RecipientType", _ => "UserMailbox")
            .Add("RecipientTypeDetails", row => row.RecipientTypeDetails)
            .Blanks("SimpleDisplayName", "StateOrProvince", "StreetAddress")
            .Add("Title", row => row.Title)
            .Nulls("UMDialPlan")
            .Empties("UMDtmfMap")
            .Same("Default", "AllowUMCallsFromNonUsers")
            .Blanks("WebPage", "TelephoneAssistant")
            .Add("WindowsEmailAddress", row => row.PrimarySmtpAddress)
            .Empties("UMCallingLineIds")
            .Nulls("SeniorityIndex")
            .Empties("VoiceMailSettings");
        AddIdentity(schema);
        return schema.Properties;
    }

    private static IReadOnlyList<SchemaProperty<MailboxRow>> CasProperties()
    {
        var schema = new SchemaBuilder<MailboxRow>()
            .Add("EmailAddresses", row => row.EmailAddresses)
            .Add("LegacyExchangeDN", row => row.LegacyExchangeDN)
            .Add("LinkedMasterAccount", _ => "")
            .Add("PrimarySmtpAddress", row => row.PrimarySmtpAddress)
            .Same(DefaultProtocols, "ProtocolSettings")
            .Add("SamAccountName", row => string.Create(CultureInfo.InvariantCulture, $"${row.Directory.Cipher.Random(row.Index, 13):X16}"))
            .Add("ServerLegacyDN", row =>
                $"/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn={row.Server.ToUpperInvariant()}")
            .Add("ServerName", row => row.Server)
            .Add("DisplayName", row => row.DisplayName)
            .Empties("ActiveSyncAllowedDeviceIDs", "ActiveSyncBlockedDeviceIDs")
            .Same("Default", "ActiveSyncMailboxPolicy")
            .Trues("ActiveSyncMailboxPolicyIsDefaulted", "ActiveSyncEnabled")
            .Falses("ActiveSyncSuppressReadReceipt", "ActiveSyncDebugLogging")
            .Add("HasActiveSyncDevicePartnership", row => MobileDevices.CountOf(row) > 0)
            .Trues("OWAEnabled", "OWAforDevicesEnabled", "ECPEnabled", "PopEnabled", "PopUseProtocolDefaults")
            .Same("BestBodyFormat", "PopMessagesRetrievalMimeFormat")
            .Falses("PopEnableExactRFC822Size", "PopSuppressReadReceipt", "PopForceICalForCalendarRetrievalOption")
            .Add("ImapEnabled", row => row.Index % 5 != 3)
            .Trues("ImapUseProtocolDefaults")
            .Same("BestBodyFormat", "ImapMessagesRetrievalMimeFormat")
            .Falses("ImapEnableExactRFC822Size", "ImapSuppressReadReceipt", "ImapForceICalForCalendarRetrievalOption")
            .Trues("MAPIEnabled")
            .Nulls("MapiHttpEnabled")
            .Falses("MAPIBlockOutlookNonCachedMode", "MAPIBlockOutlookRpcHttp", "MAPIBlockOutlookExternalConnectivity")
            .Blanks("MAPIBlockOutlookVersions")
            .Trues("EwsEnabled")
            .Nulls("EwsAllowOutlook", "EwsAllowMacOutlook", "EwsAllowEntourage", "EwsApplicationAccessPolicy", "EwsAllowList", "EwsBlockList")
            .Nulls("ShowGalAsDefaultView", "SmtpClientAuthenticationDisabled", "PublicFolderClientAccess", "OneWinNativeOutlookEnabled")
            .Trues("UniversalOutlookEnabled", "OutlookMobileEnabled", "MacOutlookEnabled", "IsOptimizedForAccessibility")
            .Same("OwaMailboxPolicy-Default", "OwaMailboxPolicy")
            .Empties("ExternalImapSettings", "InternalImapSettings", "ExternalPopSettings", "InternalPopSettings", "ExternalSmtpSettings",
                "InternalSmtpSettings")
            .Add("ExternalDirectoryObjectId", row => row.Guid(IdentityKind.Directory).ToString("D"));
        AddIdentity(schema);
        return schema.Properties;
    }

    private static IReadOnlyList<SchemaProperty<MailboxRow>> RecipientProperties()
    {
        var schema = new SchemaBuilder<MailboxRow>()
            .Add("Identity", row => row.Name)
            .Add("Alias", row => row.Alias)
            .Add("ArchiveGuid", row => row.HasArchive ? row.Guid(IdentityKind.Archive) : Guid.Empty)
            .Nulls("AuthenticationType")
            .Add("City", row => row.Shape == 0 ? row.Place.City : "")
            .Blanks("Notes")
            .Add("Company", row => row.Directory.IsGenerated(row.Index) ? "Contoso" : "")
            .Add("CountryOrRegion", row => row.Place.Country)
            .Blanks("PostalCode")
            .Add("CustomAttribute1", row => row.Directory.IsGenerated(row.Index) ? row.Department : "")
            .Blanks("CustomAttribute2", "CustomAttribute3", "CustomAttribute4", "CustomAttribute5", "CustomAttribute6", "CustomAttribute7",
                "CustomAttribute8", "CustomAttribute9", "CustomAttribute10", "CustomAttribute11", "CustomAttribute12", "CustomAttribute13",
                "CustomAttribute14",
                "CustomAttribute15")
            .Empties("ExtensionCustomAttribute1", "ExtensionCustomAttribute2", "ExtensionCustomAttribute3", "ExtensionCustomAttribute4",
                "ExtensionCustomAttribute5")
            .Add("Database", row => row.Database)
            .Nulls("ArchiveDatabase")
            .Add("DatabaseName", row => row.Database)
            .Add("Department", row => row.Department)
            .Add("ExternalDirectoryObjectId", row => row.Guid(IdentityKind.Directory).ToString("D"))
            .Nulls("ManagedFolderMailboxPolicy")
            .Add("EmailAddresses", row => row.EmailAddresses)
            .Nulls("ExpansionServer", "ExternalEmailAddress")
            .Add("DisplayName", row => row.DisplayName)
            .Add("FirstName", row => row.FirstName)
            .Falses("HiddenFromAddressListsEnabled", "EmailAddressPolicyEnabled", "IsDirSynced")
            .Add("LastName", row => row.LastName)
            .Nulls("ResourceType")
            .Empties("ManagedBy")
            .Nulls("Manager", "ActiveSyncMailboxPolicy")
            .Trues("ActiveSyncMailboxPolicyIsDefaulted")
            .Add("Name", row => row.Name)
            .Add("Office", row => row.Shape == 0 ? row.Place.Office : "")
            .Same("NAMPR07A004.PROD.OUTLOOK.COM/Configuration/Schema/Person", "ObjectCategory")
            .Add("OrganizationalUnit", row => $"nampr07a004.prod.outlook.com/Microsoft Exchange Hosted Organizations/{row.Directory.Organization}")
            .Add("Phone", row => row.Phone)
            .Empties("PoliciesIncluded")
            .List("PoliciesExcluded", "{26491cfc-9e50-4857-861b-0cb8df22b5d7}")
            .Add("PrimarySmtpAddress", row => row.PrimarySmtpAddress)
            .Same("UserMailbox", "RecipientType")
            .Add("RecipientTypeDetails", row => row.RecipientTypeDetails)
            .Add("SamAccountName", row => string.Create(CultureInfo.InvariantCulture, $"${row.Directory.Cipher.Random(row.Index, 13):X16}"))
            .Add("ServerLegacyDN", row =>
                $"/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn={row.Server.ToUpperInvariant()}")
            .Add("ServerName", row => row.Server)
            .Blanks("SimpleDisplayName", "StateOrProvince", "StorageGroupName")
            .Add("Title", row => row.Title)
            .Falses("UMEnabled")
            .Nulls("UMMailboxPolicy", "UMRecipientDialPlanId")
            .Add("WindowsLiveID", row => row.UserPrincipalName)
            .Add("WindowsEmailAddress", row => row.PrimarySmtpAddress)
            .Trues("HasActiveSyncDevicePartnership")
            .Empties("AddressListMembership")
            .Same("OwaMailboxPolicy-Default", "OwaMailboxPolicy")
            .Nulls("AddressBookPolicy")
            .Same("Default Sharing Policy", "SharingPolicy")
            .Same(MailboxSchema.DefaultRetentionPolicy, "RetentionPolicy")
            .Falses("ShouldUseDefaultRetentionPolicy")
            .Nulls("MailboxMoveTargetMDB", "MailboxMoveSourceMDB")
            .Same("None", "MailboxMoveFlags")
            .Blanks("MailboxMoveRemoteHostName", "MailboxMoveBatchName")
            .Same("None", "MailboxMoveStatus")
            .Same("E15", "MailboxRelease")
            .Add("ArchiveRelease", row => row.HasArchive ? "E15" : "")
            .Falses("IsValidSecurityPrincipal")
            .Add("LitigationHoldEnabled", row => row.Directory.IsGenerated(row.Index) && row.Index % 16 == 5)
            .Empties("Capabilities")
            .Add("ArchiveState", row => row.HasArchive ? "Local" : "None")
            .Falses("SKUAssigned")
            .Add("WhenMailboxCreated", row => MailboxSchema.Local(row.WhenCreated))
            .Add("UsageLocation", row => row.Place.Country)
            .Add("ExchangeGuid", row => row.Guid(IdentityKind.Mailbox))
            .Add("ArchiveStatus", row => row.HasArchive ? "Active" : "None")
            .Nulls("WhenSoftDeleted")
            .Empties("InPlaceHolds");
        AddIdentity(schema);
        return [.. schema.Properties.DistinctBy(property => property.Name)];
    }

    private static IReadOnlyList<SchemaProperty<MailboxRow>> StatisticsProperties(bool archive)
    {
        var divisor = archive ? 3 : 1;
        var schema = new SchemaBuilder<MailboxRow>()
            .Add("AssociatedItemCount", row => 40 + row.Pick(20, 900))
            .Same(ValueText.Size(0), "AttachmentTableAvailableSize")
            .Add("AttachmentTableTotalSize", row => ValueText.Size(row.ItemBytes / divisor / 3))
            .Same("Unlimited", "DatabaseIssueWarningQuota", "DatabaseProhibitSendQuota", "DatabaseProhibitSendReceiveQuota")
            .Add("DatabaseName", row => row.Database)
            .Add("DeletedItemCount", row => row.DeletedItemCount / divisor)
            .Nulls("DisconnectDate", "DisconnectReason")
            .Add("DisplayName", row => archive ? $"In-Place Archive -{row.DisplayName}" : row.DisplayName)
            .Same("Unlimited", "DumpsterMessagesPerFolderCountReceiveQuota", "DumpsterMessagesPerFolderCountWarningQuota")
            .Add("ExternalDirectoryOrganizationId", row => Guid.Parse(row.Directory.TenantGuidText))
            .Trues("FastIsEnabled")
            .Same("Unlimited", "FolderHierarchyChildrenCountReceiveQuota", "FolderHierarchyChildrenCountWarningQuota",
                "FolderHierarchyDepthReceiveQuota",
                "FolderHierarchyDepthWarningQuota", "FoldersCountReceiveQuota", "FoldersCountWarningQuota")
            .Same(archive, "IsArchiveMailbox")
            .Falses("IsAbandonedMoveDestination", "IsMoveDestination", "IsQuarantined", "IsHighDensityShard")
            .Trues("IsDatabaseCopyActive", "IsValid")
            .Add("ItemCount", row => row.ItemCount / divisor)
            .Blanks("LastLoggedOnUserAccount")
            .Add("LastLogoffTime", row => row.LastLogon is DateTime logon ? MailboxSchema.Local(logon.AddMinutes(25)) : null)
            .Add("LastLogonTime", row => row.LastLogon is DateTime logon ? MailboxSchema.Local(logon) : null)
            .Add("LastInteractionTime", row => row.LastLogon is DateTime logon ? MailboxSchema.Local(logon) : null)
            .Add("LastUserActionTime", row => row.LastLogon is DateTime logon ? MailboxSchema.Local(logon) : null)
            .Add("LegacyDN", row => row.LegacyExchangeDN)
            .Add("MailboxGuid", row => row.Guid(archive ? IdentityKind.Archive : IdentityKind.Mailbox))
            .Same("1000000", "MailboxMessagesPerFolderCountReceiveQuota")
            .Same("900000", "MailboxMessagesPerFolderCountWarningQuota")
            .Same("Private", "MailboxType")
            .Add("MailboxTypeDetail", row => row.RecipientTypeDetails)
            .Same(ValueText.Size(0), "MessageTableAvailableSize")
            .Add("MessageTableTotalSize", row => ValueText.Size(row.ItemBytes / divisor / 2))
            .Same("16384", "NamedPropertiesCountQuota")
            .Falses("NeedsToMove")
            .Same(ValueText.Size(0), "OtherTablesAvailableSize")
            .Add("OtherTablesTotalSize", row => ValueText.Size(row.ItemBytes / divisor / 20))
            .Add("OwnerADGuid", row => row.Guid(IdentityKind.Object))
            .Nulls("QuarantineClients", "QuarantineDescription", "QuarantineEnd", "QuarantineFileVersion", "QuarantineLastCrash")
            .Same(0.0, "ResourceUsageRollingAvgDatabaseReads", "ResourceUsageRollingAvgRop")
            .Blanks("ResourceUsageRollingClientTypes")
            .Add("ServerName", row => row.Server)
            .Nulls("StorageLimitStatus")
            .Add("SystemMessageCount", row => 10 + row.Pick(21, 200))
            .Add("SystemMessageSize", row => ValueText.Size((10 + row.Pick(21, 200)) * 21_500L))
            .Same("Unlimited", "SystemMessageSizeShutoffQuota", "SystemMessageSizeWarningQuota")
            .Add("TotalDeletedItemSize", row => ValueText.Size(row.DeletedItemBytes / divisor))
            .Add("TotalItemSize", row => ValueText.Size(row.ItemBytes / divisor))
            .Add("MapiIdentity", row => row.Guid(archive ? IdentityKind.Archive : IdentityKind.Mailbox).ToString("D"))
            .Add("Identity", row => row.Guid(archive ? IdentityKind.Archive : IdentityKind.Mailbox).ToString("D"))
            .Same("New", "ObjectState");
        return schema.Properties;
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
            .Add("WhenChanged", row => MailboxSchema.Local(row.WhenChanged))
            .Add("WhenCreated", row => MailboxSchema.Local(row.WhenCreated))
            .Add("WhenChangedUTC", row => row.WhenChanged)
            .Add("WhenCreatedUTC", row => row.WhenCreated)
            .Add("ExchangeObjectId", row => row.Guid(IdentityKind.Exchange))
            .Add("OrganizationalUnitRoot", row => row.Directory.Organization)
            .Add("OrganizationId", row => MailboxSchema.OrganizationId(row.Directory.Organization))
            .Add("Guid", row => row.Guid(IdentityKind.Object))
            .Same("BN8PR07A04DC003.NAMPR07A004.PROD.OUTLOOK.COM", "OriginatingServer")
            .Same("Unchanged", "ObjectState");
    }

    private static string Sid(MailboxRow row)
    {
        return string.Create(CultureInfo.InvariantCulture, $"S-1-5-21-3172264114-1480723021-2412331590-{1_000_000 + row.Index}");
    }
}
