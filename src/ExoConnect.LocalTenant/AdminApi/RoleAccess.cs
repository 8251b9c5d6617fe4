using System.Collections.Frozen;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>The rights of a caller in a service.</summary>
[Flags]
internal enum Access
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Look at everything.</summary>
    Read = 1,

    /// <summary>Look at recipients.</summary>
    ReadRecipients = 2,

    /// <summary>Change recipients.</summary>
    ManageRecipients = 4,

    /// <summary>Help users with their mailboxes' options.</summary>
    UserOptions = 8,

    /// <summary>Change what keeps spam and attacks away.</summary>
    ManageSecurity = 16,

    /// <summary>Change what retention, discovery, auditing and protection of data need.</summary>
    ManageCompliance = 32,

    /// <summary>Everything.</summary>
    All = 64,
}

/// <summary>
/// Limits the cmdlets to those that a caller's directory roles allow (protocol.md section 2), or its service principal's role groups.
/// </summary>
internal static class RoleAccess
{
    private const Access Reader = Access.Read | Access.ReadRecipients;

    private static readonly FrozenDictionary<string, (Access Exchange, Access Compliance)> Roles = new Dictionary<string, (Access, Access)>
    {
        ["62e90394-69f5-4237-9190-012177145e10"] = (Access.All, Access.All),
        ["29232cdf-9323-42fd-ade2-1d097af3e4de"] = (Access.All, Access.None),
        ["31392ffb-586c-42d1-9346-e59415a2cc4e"] = (Access.ReadRecipients | Access.ManageRecipients | Access.UserOptions, Access.None),
        ["17315797-102d-40b4-93e0-432062caca18"] = (Access.ReadRecipients | Access.ManageCompliance, Access.Read | Access.ManageCompliance),
        ["f2ef992c-3afb-46b9-b7cf-a126ee74c451"] = (Reader, Access.Read),
        ["729827e3-9c14-49f7-bb1b-9608f156bbb8"] = (Access.ReadRecipients | Access.UserOptions, Access.None),
        ["194ae4cb-b126-40b2-bd5b-6091b380977d"] = (Reader | Access.ManageSecurity, Access.Read | Access.ManageSecurity),
        ["5d6b6bb7-de71-4623-b4af-96380a352509"] = (Reader, Access.Read),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, Access> RoleGroups = new Dictionary<string, Access>
    {
        ["Organization Management"] = Access.All,
        ["View-Only Organization Management"] = Reader,
        ["Recipient Management"] = Access.ReadRecipients | Access.ManageRecipients | Access.UserOptions,
        ["Help Desk"] = Access.ReadRecipients | Access.UserOptions,
        ["Hygiene Management"] = Reader | Access.ManageSecurity,
        ["Security Administrator"] = Reader | Access.ManageSecurity,
        ["Security Reader"] = Reader,
        ["Compliance Management"] = Access.ReadRecipients | Access.ManageCompliance,
        ["Compliance Administrator"] = Access.Read | Access.ManageCompliance,
        ["Discovery Management"] = Access.ReadRecipients | Access.ManageCompliance,
        ["eDiscovery Manager"] = Access.Read | Access.ManageCompliance,
        ["Records Management"] = Access.ReadRecipients | Access.ManageCompliance,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> RecipientNouns = Set(
        """
        CASMailbox CalendarProcessing Clutter Contact DistributionGroup DistributionGroupMember DynamicDistributionGroup
        DynamicDistributionGroupMember FocusedInbox Group LinkedUser MailContact MailUser Mailbox MailboxAutoReplyConfiguration
        MailboxCalendarConfiguration MailboxCalendarFolder MailboxFolder MailboxFolderPermission MailboxFolderStatistics
        MailboxJunkEmailConfiguration MailboxLocation MailboxMessageConfiguration MailboxPermission MailboxRegionalConfiguration
        MailboxSpellingConfiguration MailboxStatistics MailboxUserConfiguration MessageTrace MessageTraceDetail MessageTraceV2 MigrationBatch
        MigrationEndpoint MigrationUser MigrationUserStatistics MobileDevice MobileDeviceStatistics MoveRequest MoveRequestStatistics Place
        Recipient RecipientPermission ResourceConfig SecurityPrincipal SendAddress UnifiedGroup UnifiedGroupLinks User UserPhoto RemoteDomain
        UserBriefingConfig VivaInsightsSettings
        """);

    private static readonly FrozenSet<string> OptionNouns = Set(
        """
        CalendarProcessing Clutter ClutterState FocusedInbox InboxRule MailboxAutoReplyConfiguration MailboxCalendarConfiguration MailboxFolder
        MailboxJunkEmailConfiguration MailboxMessageConfiguration MailboxRegionalConfiguration MailboxSpellingConfiguration MobileDevice
        SweepRule UserPhoto TextMessagingAccount MailboxUserConfiguration
        """);

    private static readonly string[] SecurityWords =
    [
        "AntiPhish", "AtpPolicy", "Blocked", "ConnectionFilter", "ContentFilter", "DkimSigning", "EOPProtection", "ExoPhishSim", "ExoSecOps",
        "Hygiene", "IPBlock", "Malware", "OutboundSpam", "PhishFilter", "PhishSim", "ProtectionAlert", "Quarantine", "ReportSubmission",
        "SafeAttachment", "SafeLinks", "SecOps", "Spoof", "TenantAllowBlock", "ATPProtection", "ArcConfig", "TeamsProtection", "ActivityAlert",
        "ConfigAnalyzer",
    ];

    private static readonly string[] ComplianceWords =
    [
        "AdminAudit", "Audit", "AutoSensitivity", "CaseHold", "Classification", "Compliance", "DataClassification", "DataEncryption",
        "DeviceConditional", "DeviceConfiguration", "Dlp", "eDiscovery", "FilePlan", "Hold", "IRMConfiguration", "InformationBarrier",
        "InsiderRisk", "Journal", "Label", "MailboxSearch", "MessageClassification", "OME", "PolicyTip", "ProtectionAlert", "RMSTemplate",
        "RegulatoryCompliance", "Retention", "SensitiveInformation", "SensitivityLabel", "Supervisory", "UnifiedAudit", "AdaptiveScope",
        "Purview", "RecordReview", "AppRetention", "OrganizationSegment", "TransportRule",
    ];

    /// <summary>The rights of a caller in a service.</summary>
    public static Access Of(Caller caller, TenantService service, TenantData data)
    {
        var access = Access.None;
        foreach (var role in caller.RoleTemplateIds)
        {
            if (Roles.TryGetValue(role, out var granted))
            {
                access |= service == TenantService.SecurityCompliance ? granted.Compliance : granted.Exchange;
            }
        }

        foreach (var group in data.RoleGroupsOf(caller, service))
        {
            access |= RoleGroups.GetValueOrDefault(group);
        }

        return access;
    }

    /// <summary>Whether a caller may run a cmdlet.</summary>
    public static bool Allows(Caller caller, TenantService service, CmdletDefinition cmdlet, TenantData data)
    {
        return Allows(Of(caller, service, data), cmdlet);
    }

    /// <summary>Whether an access covers a cmdlet.</summary>
    public static bool Allows(Access access, CmdletDefinition cmdlet)
    {
        if (access.HasFlag(Access.All))
        {
            return true;
        }

        var noun = cmdlet.Noun;
        var reads = cmdlet.Verb.Equals("Get", StringComparison.OrdinalIgnoreCase) || cmdlet.Verb.Equals("Test", StringComparison.OrdinalIgnoreCase);
        return (reads && access.HasFlag(Access.Read))
            || (RecipientNouns.Contains(noun) && access.HasFlag(reads ? Access.ReadRecipients : Access.ManageRecipients))
            || (reads && noun is "AcceptedDomain" or "OrganizationConfig" && access != Access.None)
            || (OptionNouns.Contains(noun) && access.HasFlag(Access.UserOptions))
            || (access.HasFlag(Access.ManageSecurity) && Mentions(noun, SecurityWords))
            || (access.HasFlag(Access.ManageCompliance) && Mentions(noun, ComplianceWords));
    }

    private static bool Mentions(string noun, string[] words) => Array.Exists(words, word => noun.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static FrozenSet<string> Set(string names)
    {
        return names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
