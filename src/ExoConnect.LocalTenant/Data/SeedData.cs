using System.Globalization;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The initial data of a tenant.</summary>
internal sealed class SeedData(TenantData data)
{
    private const int ReportRows = 10;
    private const string RuleTasks = "Microsoft.Exchange.MessagingPolicies.Rules.Tasks.";

    private static readonly DateTime Epoch = new(2021, 3, 1, 9, 0, 0, DateTimeKind.Utc);

    private static readonly string[] GroupNames =
        ["All Employees", "Sales Team", "Marketing Team", "Finance Team", "Engineering", "Operations", "Legal", "Human Resources", "Support",
            "Research"];

    private static readonly string[] ExchangeRoleGroups =
    [
        "Organization Management", "Recipient Management", "View-Only Organization Management", "Help Desk", "Hygiene Management",
        "Records Management", "Discovery Management", "Compliance Management", "Security Administrator", "Security Reader",
    ];

    private static readonly string[] ComplianceRoleGroups =
    [
        "Organization Management", "Compliance Administrator", "Compliance Data Administrator", "eDiscovery Manager", "Records Management",
        "Reviewer", "Security Administrator", "Security Reader", "Global Reader",
    ];

    private static readonly string[] ManagementRoles =
    [
        "Address Lists", "Audit Logs", "Compliance Admin", "Data Loss Prevention", "Distribution Groups", "E-Mail Address Policies",
        "Federated Sharing", "Information Rights Management", "Journaling", "Legal Hold", "Mail Recipient Creation", "Mail Recipients",
        "Mail Tips", "Mailbox Import Export", "Mailbox Search", "Message Tracking", "Migration", "Move Mailboxes", "Organization Client Access",
        "Organization Configuration", "Organization Transport Settings", "Public Folders", "Recipient Policies", "Remote and Accepted Domains",
        "Reset Password", "Retention Management", "Role Management", "Security Admin", "Security Reader", "Transport Hygiene", "Transport Rules",
        "User Options", "View-Only Audit Logs", "View-Only Configuration", "View-Only Recipients", "ApplicationImpersonation",
    ];

    private const string LabelPolicy = "Global sensitivity label policy";

    private static readonly (string Name, string? Parent, bool IsMarked)[] Labels =
    [
        ("Personal", null, false), ("Public", null, false), ("General", null, false), ("Confidential", null, false),
        ("All Employees", "Confidential", true), ("Highly Confidential", null, false),
    ];

    private static readonly string[] RetentionTags =
        ["Default 2 year move to archive", "Deleted Items", "1 Month Delete", "1 Year Delete", "Never Delete"];

    /// <summary>Fills a set that is new.</summary>
    public void Fill(TenantService service, string noun, ObjectSet set)
    {
        if (noun.Equals("QuarantineMessage", StringComparison.OrdinalIgnoreCase))
        {
            AddQuarantine(service, noun, set);
            return;
        }

        var known = service == TenantService.SecurityCompliance ? FillCompliance(noun, set) : FillExchange(noun, set);
        if (!known && IsSingleton(service, noun))
        {
            Add(service, noun, set, noun.EndsWith("Config", StringComparison.Ordinal) || noun.EndsWith("Configuration", StringComparison.Ordinal)
                ? data.Organization : "Default");
        }
        else if (!known && IsReport(service, noun))
        {
            AddReport(service, noun, set);
        }
    }

    private bool FillExchange(string noun, ObjectSet set)
    {
        switch (noun.ToUpperInvariant())
        {
            case "DISTRIBUTIONGROUP":
                for (var i = 0; i < GroupNames.Length; i++)
                {
                    AddGroup(noun, set, GroupNames[i], i, security: i % 4 == 3);
                }

                return true;
            case "UNIFIEDGROUP":
                for (var i = 0; i < GroupMailboxes.Seeded; i++)
                {
                    AddUnifiedGroup(noun, set, $"Project {(char)('A' + i)}", i);
                }

                return true;
            case "DYNAMICDISTRIBUTIONGROUP":
                AddRecipient(
                    noun, set, "All Mailboxes", "allmailboxes", $"allmailboxes@{data.Organization}", "DynamicDistributionGroup",
                    "DynamicDistributionGroup",
                    new("RecipientFilter", "RecipientTypeDetails -eq 'UserMailbox'"), new("IncludedRecipients", "MailboxUsers"));
                return true;
            case "MAILCONTACT":
                for (var i = 0; i < 5; i++)
                {
                    var alias = string.Create(CultureInfo.InvariantCulture, $"partner{i + 1}");
                    AddRecipient(
                        noun, set, $"Partner {i + 1}", alias, $"{alias}@fabrikam.com", "MailContact", "MailContact",
                        [new("ExternalEmailAddress", $"SMTP:{alias}@fabrikam.com")]);
                }

                return true;
            case "MAILUSER":
                for (var i = 0; i < 2; i++)
                {
                    var alias = string.Create(CultureInfo.InvariantCulture, $"guest{i + 1}");
                    AddRecipient(
                        noun, set, $"Guest {i + 1}", alias, $"{alias}@tailspintoys.com", "MailUser", i == 0 ? "MailUser" : "GuestMailUser",
                        new("ExternalEmailAddress", $"SMTP:{alias}@tailspintoys.com"), new("UserPrincipalName", $"{alias}@{data.Organization}"));
                }

                return true;
            case "ACCEPTEDDOMAIN":
                AddDomain(noun, set, data.Organization, isDefault: true);
                AddDomain(noun, set, $"{data.Organization.Split('.')[0]}.mail.onmicrosoft.com", isDefault: false);
                AddDomain(noun, set, $"{data.Organization.Split('.')[0]}.com", isDefault: false);
                return true;
            case "DKIMSIGNINGCONFIG":
                AddDkim(noun, set);
                return true;
            case "ORGANIZATIONCONFIG":
                Add(
                    TenantService.ExchangeOnline, noun, set, data.Organization, new("DisplayName", data.Organization.Split('.')[0]),
                    new("IsDehydrated", false),
                    new("AuditDisabled", false), new("OAuth2ClientProfileEnabled", true), new("AutoExpandingArchiveEnabled", false),
                    new("EwsEnabled", null),
                    new("AdminDisplayVersion", "0.20 (15.20.8534.43)"), new("RBACConfigurationVersion", "0.1 (15.20.8534.22)"),
                    new("PreferredInternetCodePageForShiftJis", 0), new("DefaultPublicFolderMailbox", null), new("MailTipsAllTipsEnabled", true),
                    new("MailTipsExternalRecipientsTipsEnabled", false), new("MailTipsGroupMetricsEnabled", true), new("FocusedInboxOn", null),
                    new("IsMixedMode", true), new("CustomerLockboxEnabled", true), new("SendFromAliasEnabled", false),
                    new("ActivityBasedAuthenticationTimeoutEnabled", true), new("ActivityBasedAuthenticationTimeoutInterval", "06:00:00"),
                    new("ActivityBasedAuthenticationTimeoutWithSingleSignOnEnabled", true), new("BookingsEnabled", true),
                    new("ConnectorsEnabled", true), new("ConnectorsEnabledForOutlook", true), new("ConnectorsEnabledForTeams", true),
                    new("ConnectorsEnabledForYammer", true), new("LinkPreviewEnabled", true), new("MessageRemindersEnabled", true),
                    new("PublicFoldersEnabled", "Local"), new("SmtpActionableMessagesEnabled", true), new("WorkspaceTenantEnabled", true),
                    new("DefaultGroupAccessType", "Private"));
                return true;
            case "ROLEGROUP":
                AddNames(TenantService.ExchangeOnline, noun, set, ExchangeRoleGroups,
                    name => RoleGroupOf(name, new KeyValuePair<string, object?>("Capabilities", Strings("Partner_Managed"))));
                return true;
            case "MANAGEMENTROLE":
                AddNames(TenantService.ExchangeOnline, noun, set, ManagementRoles,
                    name => [new("RoleType", name.Replace(" ", "", StringComparison.Ordinal))]);
                return true;
            case "MANAGEMENTROLEASSIGNMENT":
                foreach (var group in ExchangeRoleGroups)
                {
                    AddNames(
                        TenantService.ExchangeOnline, noun, set, RoleAssignments(group), name =>
                        [
                            new("Role", name[..name.IndexOf($"-{group}", StringComparison.Ordinal)]), new("RoleAssignee", group),
                            new("RoleAssigneeName", group), new("RoleAssigneeType", "RoleGroup"), new("AssignmentMethod", "Direct"),
                            new("RecipientWriteScope", "Organization"), new("Enabled", true),
                            new("RoleAssignmentDelegationType",
                                name.EndsWith("-Delegating", StringComparison.Ordinal) ? "DelegatingOrgWide" : "Regular"),
                        ]);
                }

                return true;
            case "MAILBOXPLAN" or "CASMAILBOXPLAN":
                AddNames(
                    TenantService.ExchangeOnline, noun, set,
                    ["ExchangeOnline", "ExchangeOnlineDeskless", "ExchangeOnlineEnterprise", "ExchangeOnlineEssentials"],
                    name => [new("DisplayName", name), new("IsDefault", name == "ExchangeOnlineEnterprise"),
                        new("ProhibitSendReceiveQuota", "100 GB (107,374,182,400 bytes)")]);
                return true;
            case "TRANSPORTRULE":
                AddTransportRules(noun, set);
                return true;
            case "INBOXRULE":
                AddInboxRules(noun, set);
                return true;
            case "ADMINAUDITLOGCONFIG":
                Add(
                    TenantService.ExchangeOnline, noun, set, "Admin Audit Log Settings", new("UnifiedAuditLogIngestionEnabled", true),
                    new("UnifiedAuditLogFirstOptInDate", Epoch), new("AdminAuditLogEnabled", true), new("LogLevel", "None"),
                    new("TestCmdletLoggingEnabled", false), new("AdminAuditLogCmdlets", Strings("*")),
                    new("AdminAuditLogParameters", Strings("*")), new("AdminAuditLogExcludedCmdlets", Strings()),
                    new("AdminAuditLogAgeLimit", "90.00:00:00"), new("LoadBalancerCount", 3), new("RefreshInterval", 10),
                    new("PartitionInfo", Strings()), new("AdminAuditLogMailbox", ""));
                return true;
            case "HOSTEDCONTENTFILTERRULE" or "HOSTEDOUTBOUNDSPAMFILTERRULE" or "MALWAREFILTERRULE" or "ANTIPHISHRULE" or "SAFELINKSRULE"
                or "SAFEATTACHMENTRULE":
                AddPolicyRule(noun, set);
                return true;
            case "INBOUNDCONNECTOR":
                Add(
                    TenantService.ExchangeOnline, noun, set, "From partner", new("Enabled", true), new("ConnectorType", "Partner"),
                    new("SenderDomains", Strings("smtp:fabrikam.com;1")), new("RequireTls", true));
                return true;
            case "OUTBOUNDCONNECTOR":
                Add(
                    TenantService.ExchangeOnline, noun, set, "To partner", new("Enabled", true), new("ConnectorType", "Partner"),
                    new("RecipientDomains", Strings("fabrikam.com")), new("UseMXRecord", true));
                return true;
            case "RETENTIONPOLICY":
                Add(
                    TenantService.ExchangeOnline, noun, set, MailboxSchema.DefaultRetentionPolicy, new("IsDefault", true),
                    new("RetentionId", data.Factory.Stable(noun, MailboxSchema.DefaultRetentionPolicy)),
                    new("RetentionPolicyTagLinks", RetentionTags));
                return true;
            case "RETENTIONPOLICYTAG":
                AddNames(
                    TenantService.ExchangeOnline, noun, set,
                    RetentionTags,
                    name =>
                    [
                        new("Type", name switch { "Deleted Items" => "DeletedItems", ['D', 'e', 'f', ..] => "All", _ => "Personal" }),
                        new("RetentionEnabled", name != "Never Delete"), new("MessageClass", "*"),
                        new("RetentionAction", name.EndsWith("archive", StringComparison.Ordinal) ? "MoveToArchive" : "DeleteAndAllowRecovery"),
                        new("AgeLimitForRetention", name switch
                        {
                            "1 Month Delete" or "Deleted Items" => "30.00:00:00", "1 Year Delete" => "365.00:00:00", "Never Delete" => null,
                            _ => "730.00:00:00",
                        }),
                    ]);
                return true;
            case "ADDRESSLIST":
                AddNames(
                    TenantService.ExchangeOnline, noun, set, ["All Contacts", "All Distribution Lists", "All Rooms", "All Users", "Public Folders"],
                    name => [new("DisplayName", name), new("Path", $"\\{name}")]);
                return true;
            case "QUARANTINEPOLICY":
                AddNames(
                    TenantService.ExchangeOnline, noun, set,
                    ["AdminOnlyAccessPolicy", "DefaultFullAccessPolicy", "DefaultFullAccessWithNotificationPolicy"],
                    _ => [new("QuarantinePolicyType", "QuarantinePolicy")]);
                return true;
            default:
                return FillDefaults(noun, set);
        }
    }

    private bool FillDefaults(string noun, ObjectSet set)
    {
        var name = noun.ToUpperInvariant() switch
        {
            "ROLEASSIGNMENTPOLICY" => "Default Role Assignment Policy",
            "SHARINGPOLICY" => "Default Sharing Policy",
            "OWAMAILBOXPOLICY" => "OwaMailboxPolicy-Default",
            "MOBILEDEVICEMAILBOXPOLICY" or "ACTIVESYNCMAILBOXPOLICY" or "REMOTEDOMAIN" or "HOSTEDCONTENTFILTERPOLICY" or "MALWAREFILTERPOLICY"
                or "HOSTEDOUTBOUNDSPAMFILTERPOLICY" or "HOSTEDCONNECTIONFILTERPOLICY" => "Default",
            "AUTHENTICATIONPOLICY" => "Block Basic Authentication",
            "ANTIPHISHPOLICY" => "Office365 AntiPhish Default",
            "SAFELINKSPOLICY" or "SAFEATTACHMENTPOLICY" => "Built-In Protection Policy",
            "EMAILADDRESSPOLICY" => "Default Policy",
            "GLOBALADDRESSLIST" => "Default Global Address List",
            "OFFLINEADDRESSBOOK" => "Default Offline Address Book",
            "OMECONFIGURATION" => "OME Configuration",
            _ => null,
        };
        if (name is null)
        {
            return false;
        }

        Add(
            TenantService.ExchangeOnline, noun, set, name,
            noun.ToUpperInvariant() switch
            {
                "REMOTEDOMAIN" => [new("DomainName", "*")],
                "SHARINGPOLICY" => [new("Default", true)],
                "SAFELINKSPOLICY" or "SAFEATTACHMENTPOLICY" => [new("IsBuiltInProtection", true)],
                _ => [new("IsDefault", true)],
            });
        return true;
    }

    private bool FillCompliance(string noun, ObjectSet set)
    {
        const TenantService Service = TenantService.SecurityCompliance;
        switch (noun.ToUpperInvariant())
        {
            case "LABEL":
                foreach ((var name, var parent, var marked) in Labels)
                {
                    Add(
                        Service, noun, set, name, new("DisplayName", name), new("Priority", set.Count),
                        new("ParentId", parent is null ? null : data.Factory.Stable(noun, parent)), new("ParentLabelDisplayName", parent ?? ""),
                        new("Tooltip", $"Data that is {name.ToLowerInvariant()}."), new("Settings", Strings($"[displayname, {name}]")),
                        new("LabelActions", marked
                            ? Strings("""{"Type":"applycontentmarking","SubType":"header","Settings":[{"Key":"text","Value":"Confidential"}]}""")
                            : Strings()),
                        new("LocaleSettings", Strings("""{"LocaleKey":"displayName","Settings":[]}""")),
                        new("Policy", data.Factory.Stable("LabelPolicy", LabelPolicy).ToString("D")));
                }

                return true;
            case "LABELPOLICY":
                Add(
                    Service, noun, set, LabelPolicy, new("Labels", Strings("Personal", "Public", "General", "All Employees")),
                    new("Settings", Strings("[requiredowngradejustification, true]")), new("ExchangeLocation", Strings("All")));
                return true;
            case "RETENTIONCOMPLIANCEPOLICY":
                AddNames(
                    Service, noun, set, ["Keep mail for seven years", "Teams chats"],
                    name =>
                    [
                        new("Workload", name == "Teams chats" ? "Teams" : "Exchange"), new("TeamsPolicy", name == "Teams chats"),
                        new(name == "Teams chats" ? "TeamsChatLocation" : "ExchangeLocation", Strings("All")),
                    ]);
                return true;
            case "RETENTIONCOMPLIANCERULE":
                AddNames(
                    Service, noun, set, ["Keep mail for seven years", "Teams chats"],
                    policy =>
                    [
                        new("Name", $"{policy} rule"), new("Policy", data.Factory.Stable("RetentionCompliancePolicy", policy).ToString("D")),
                        new("RetentionDuration", policy == "Teams chats" ? "90" : "2555"),
                        new("RetentionComplianceAction", policy == "Teams chats" ? "Delete" : "Keep"),
                        new("ExpirationDateOption", "CreationAgeInDays"), new("Disabled", false), new("Mode", "Enforce"),
                    ]);
                return true;
            case "DLPCOMPLIANCEPOLICY":
                Add(
                    Service, noun, set, "Default Office 365 DLP policy", new("Enabled", true), new("Mode", "Enable"), new("Type", "Dlp"),
                    new("Priority", 0),
                    new("DisplayName", "Default Office 365 DLP policy"), new("CreatedBy", $"admin@{data.Organization}"),
                    new("LastModifiedBy", $"admin@{data.Organization}"), new("CreationTimeUtc", Epoch), new("ModificationTimeUtc", Epoch),
                    new("ExchangeLocation", Strings("All")), new("SharePointLocation", Strings("All")), new("DistributionStatus", "Success"));
                return true;
            case "DLPCOMPLIANCERULE":
                Add(
                    Service, noun, set, "Low volume of content detected",
                    new("Policy", data.Factory.Stable("DlpCompliancePolicy", "Default Office 365 DLP policy").ToString("D")),
                    new("ParentPolicyName", "Default Office 365 DLP policy"), new("DisplayName", "Low volume of content detected"),
                    new("NotifyUser", Strings("LastModifier")), new("CreatedBy", $"admin@{data.Organization}"),
                    new("LastModifiedBy", $"admin@{data.Organization}"));
                return true;
            case "COMPLIANCETAG":
                AddNames(
                    Service, noun, set, ["Contracts", "Invoices", "Short-lived"],
                    name => [new("RetentionAction", "KeepAndDelete"), new("RetentionDuration", name == "Short-lived" ? "90" : "3650"),
                        new("RetentionType", "CreationAgeInDays")]);
                return true;
            case "COMPLIANCECASE":
                Add(Service, noun, set, "Contoso v. Fabrikam", new("Status", "Active"), new("CaseType", "eDiscovery"), new("ExternalId", ""),
                    new("ClosedDateTime", null));
                return true;
            case "COMPLIANCESEARCH":
                Add(
                    Service, noun, set, "Everything about Fabrikam", new("Status", "Completed"), new("ContentMatchQuery", "fabrikam"),
                    new("ExchangeLocation", Strings("All")),
                    new("Items", 1204L), new("Size", 318_221_004L), new("JobProgress", 100));
                return true;
            case "ROLEGROUP":
                AddNames(Service, noun, set, ComplianceRoleGroups, name => RoleGroupOf(name));
                return true;
            case "MANAGEMENTROLE":
                AddNames(Service, noun, set,
                    ["Case Management", "Compliance Search", "DLP Compliance Management", "Export", "Hold", "Preview", "Review",
                    "View-Only Retention Management"], _ => []);
                return true;
            case "PROTECTIONALERT":
                AddNames(
                    Service, noun, set, ["Elevation of Exchange admin privilege", "Suspicious email sending patterns detected",
                        "Messages have been delayed"],
                    _ => [new("Severity", "Medium"), new("Category", "ThreatManagement"), new("Disabled", false), new("IsSystemRule", true)]);
                return true;
            case "DLPSENSITIVEINFORMATIONTYPE":
                AddNames(
                    Service, noun, set, ["Credit Card Number", "EU Debit Card Number", "U.S. Social Security Number (SSN)",
                        "International Banking Account Number (IBAN)", "SWIFT Code"],
                    _ => [new("Publisher", "Microsoft Corporation"), new("Type", "Entity"), new("RecommendedConfidence", 75)]);
                return true;
            default:
                return false;
        }
    }

    // An object that cmdlets change but neither create nor find by mailbox exists once.
    private bool IsSingleton(TenantService service, string noun)
    {
        return data.Catalog.Find(service, $"Get-{noun}") is not null && data.Catalog.Find(service, $"Set-{noun}") is not null
            && data.Catalog.Find(service, $"New-{noun}") is null && data.Catalog.Find(service, $"Add-{noun}") is null;
    }

    private bool IsReport(TenantService service, string noun)
    {
        return data.Catalog.Find(service, $"Get-{noun}") is not null
            && noun.EndsWith("Report", StringComparison.Ordinal);
    }

    private static string[] Strings(params string[] values) => values;

    private void AddReport(TenantService service, string noun, ObjectSet set)
    {
        var today = data.Clock.GetUtcNow().UtcDateTime.Date;
        for (var i = 0; i < ReportRows; i++)
        {
            var date = today.AddHours(-7 * (i + 1));
            var sender = data.Mailboxes.Row(i)?.PrimarySmtpAddress ?? $"postmaster@{data.Organization}";
            var recipient = data.Mailboxes.Row(i + 1)?.PrimarySmtpAddress ?? sender;
            var id = data.Factory.Stable(noun, i.ToString(CultureInfo.InvariantCulture));
            Add(
                service, noun, set, string.Create(CultureInfo.InvariantCulture, $"{noun} {i + 1}"), new("Organization", data.Organization),
                new("Date", date),
                new("Received", date), new("MessageId", $"<{id:N}@{data.Organization}>"), new("MessageTraceId", id), new("SenderAddress", sender),
                new("RecipientAddress", recipient), new("Subject", $"Report {i + 1}"), new("Status", i % 5 == 4 ? "Failed" : "Delivered"),
                new("Direction", i % 2 == 0 ? "Inbound" : "Outbound"), new("EventType", "GoodMail"), new("MessageCount", 100 + (i * 17)),
                new("Size", 20_480 + (i * 1024)), new("FromIP", $"192.0.2.{i + 1}"), new("ToIP", null), new("Index", i));
        }
    }

    private void AddTransportRules(string noun, ObjectSet set)
    {
        var journal = AddressOf(0);
        (string Name, string Text, string[] Conditions, string[] Actions, KeyValuePair<string, object?>[] Own)[] rules =
        [
            ("External sender disclaimer",
                "Is received from 'Outside the organization'\r\nTake the following actions:\r\n\tPrepend the disclaimer '<p>External sender</p>'",
                ["FromScopePredicate"], ["ApplyHtmlDisclaimerAction"],
                [new("FromScope", "NotInOrganization"), new("ApplyHtmlDisclaimerText", "<p>External sender</p>"),
                    new("ApplyHtmlDisclaimerLocation", "Prepend"), new("ApplyHtmlDisclaimerFallbackAction", "Wrap")]),
            ("Block executable attachments",
                "Has an attachment with executable content\r\nTake the following actions:\r\n\tReject the message",
                ["AttachmentHasExecutableContentPredicate"], ["RejectMessageAction"],
                [new("AttachmentHasExecutableContent", true), new("RejectMessageReasonText", "Executables are not accepted."),
                    new("RejectMessageEnhancedStatusCode", "5.7.1"), new("ExceptIfFrom", Strings(journal)),
                    new("Exceptions", Strings($"{RuleTasks}FromPredicate"))]),
            ("Encrypt confidential mail",
                "Includes the word 'confidential' in the subject\r\nTake the following actions:\r\n\tBlind carbon copy (Bcc) the message to "
                + $"'{journal}'",
                ["SubjectContainsPredicate", "FromMemberOfPredicate"], ["RightsProtectMessageAction", "BlindCopyToAction"],
                [new("SubjectContainsWords", Strings("confidential")), new("ApplyRightsProtectionTemplate", "Encrypt"),
                    new("BlindCopyTo", Strings(journal)), new("FromMemberOf", Strings($"financeteam@{data.Organization}"))]),
        ];
        foreach ((var name, var text, var conditions, var actions, var own) in rules)
        {
            Add(
                TenantService.ExchangeOnline, noun, set, name,
                [
                    new("Priority", set.Count), new("Conditions", conditions.Select(one => RuleTasks + one).ToArray()),
                    new("Actions", actions.Select(one => RuleTasks + one).ToArray()), new("CreatedBy", $"admin@{data.Organization}"),
                    new("LastModifiedBy", $"admin@{data.Organization}"), new("Description", $"If the message:\r\n\t{text}\r\n"), .. own,
                ]);
        }
    }

    // A few users of the first two hundred have rules; the address that they forward to exists, or is a partner's.
    private void AddInboxRules(string noun, ObjectSet set)
    {
        for (var index = 2; index < 200; index++)
        {
            if (data.Mailboxes.Row(index) is not { Shape: 0 } row || index % 5 > 2)
            {
                continue;
            }

            (var name, var description, var own) = (index % 5) switch
            {
                0 => ("Newsletters", "If the message contains the word 'newsletter' in the subject, move it to the folder 'Newsletters'",
                    (KeyValuePair<string, object?>[])[new("SubjectContainsWords", Strings("newsletter")), new("MoveToFolder", "Newsletters")]),
                1 => ("To the deputy", "Forward the message to a colleague", [new("ForwardTo", Strings(Quoted(index - 1)))]),
                _ => ("To a partner", "Redirect the message to somebody outside",
                    [
                        new("RedirectTo", Strings("\"Partner 1\" [SMTP:partner1@fabrikam.com]")),
                        new("FromAddressContainsWords", Strings("fabrikam.com")),
                    ]),
            };
            var id = BitConverter.ToUInt64(data.Factory.Stable(noun, $"{row.GeneratedAlias}/{name}").ToByteArray());
            Add(
                TenantService.ExchangeOnline, noun, set, name,
                [
                    new("Name", name), new("Description", description),
                    new("Identity", string.Create(CultureInfo.InvariantCulture, $"{row.Name}\\{id}")),
                    new("RuleIdentity", id), new("MailboxOwnerId", row.Name), new("StopProcessingRules", true), .. own,
                ]);
        }

        string Quoted(int index) => data.Mailboxes.Row(index) is MailboxRow other ? $"\"{other.DisplayName}\" [EX:{other.LegacyExchangeDN}]" : "";
    }

    private void AddPolicyRule(string noun, ObjectSet set)
    {
        var policy = noun[..^"Rule".Length] + "Policy";
        var name = data.Store.Set(TenantService.ExchangeOnline, policy).From(0).FirstOrDefault()?.Name ?? "Default";
        var sends = noun.StartsWith("HostedOutbound", StringComparison.OrdinalIgnoreCase);
        (var person, var group, var domain) = sends ? ("From", "FromMemberOf", "SenderDomainIs") : ("SentTo", "SentToMemberOf", "RecipientDomainIs");
        Add(
            TenantService.ExchangeOnline, noun, set, "Executives", new(policy, name), new(person, Strings(AddressOf(0))),
            new(group, Strings($"salesteam@{data.Organization}")), new(domain, Strings(data.Organization)),
            new("Conditions", Strings($"{RuleTasks}{person}Predicate", $"{RuleTasks}{group}Predicate", $"{RuleTasks}{domain}Predicate")));
    }

    private string AddressOf(int index) => data.Mailboxes.Row(index)?.PrimarySmtpAddress ?? $"admin@{data.Organization}";

    // The owner by the group's own links.
    private string[] OwnersOf(int number) => data.Mailboxes.Row(number * MembershipTable.SeededMembers) is MailboxRow owner ? [owner.Name] : [];

    private void AddGroup(string noun, ObjectSet set, string name, int number, bool security)
    {
        var alias = name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        var type = security ? "MailUniversalSecurityGroup" : "MailUniversalDistributionGroup";
        AddRecipient(
            noun, set, name, alias, $"{alias}@{data.Organization}", type, type,
            [.. RecipientObjects.Group(alias, security), new("ManagedBy", OwnersOf(number))]);
        data.Members.Number(data.Factory.Stable(noun, name), number);
    }

    /// <summary>The names of the assignments that give a role group its roles, and Organization Management the right to delegate them.</summary>
    public static IEnumerable<string> RoleAssignments(string group, IEnumerable<string> roles)
    {
        return roles.SelectMany(role => (IEnumerable<string>)(group == "Organization Management"
            ? [$"{role}-{group}", $"{role}-{group}-Delegating"] : [$"{role}-{group}"]));
    }

    private static IEnumerable<string> RoleAssignments(string group) => RoleAssignments(group, RolesOf(group));

    private static KeyValuePair<string, object?>[] RoleGroupOf(string name, params KeyValuePair<string, object?>[] more)
    {
        return
        [
            new("Roles", RolesOf(name)), new("RoleAssignments", RoleAssignments(name).ToArray()),
            new("ManagedBy", Strings("Organization Management")),
            .. more,
        ];
    }

    private static string[] RolesOf(string group) => group switch
    {
        "Organization Management" => ManagementRoles,
        "Recipient Management" =>
        [
            "Distribution Groups", "Mail Recipient Creation", "Mail Recipients", "Message Tracking", "Migration", "Move Mailboxes",
            "Recipient Policies",
        ],
        "View-Only Organization Management" or "Global Reader" => ["View-Only Configuration", "View-Only Recipients"],
        "Help Desk" => ["Reset Password", "User Options", "View-Only Recipients"],
        "Hygiene Management" => ["Transport Hygiene", "View-Only Configuration", "View-Only Recipients"],
        "Records Management" => ["Audit Logs", "Journaling", "Message Tracking", "Retention Management", "Transport Rules"],
        "Discovery Management" => ["Legal Hold", "Mailbox Search"],
        "Security Administrator" => ["Security Admin"],
        "Security Reader" => ["Security Reader"],
        "eDiscovery Manager" => ["Case Management", "Compliance Search", "Export", "Hold", "Preview", "Review"],
        "Reviewer" => ["Review"],
        _ => ["Compliance Admin", "Data Loss Prevention", "Retention Management", "View-Only Audit Logs"],
    };

    /// <summary>The messages that filters quarantined in the last two weeks; a trace shows the same ones as quarantined.</summary>
    private void AddQuarantine(TenantService service, string noun, ObjectSet set)
    {
        var now = data.Options.Clock.GetUtcNow().UtcDateTime;
        foreach (var message in data.Messages.Between(now.AddDays(-14), now).Where(m => m.Status == "Quarantined"))
        {
            var identity = $"{message.Id:D}\\{data.Factory.Stable(noun, message.Id + message.Recipient):D}";
            Add(
                service, noun, set, identity, new("ReceivedTime", message.Received), new("Organization", data.TenantId.ToString("D")),
                new("SenderAddress", message.Sender), new("RecipientAddress", Strings(message.Recipient)), new("Subject", message.Subject),
                new("Size", message.Size), new("MessageId", $"<{message.Id:N}@{data.Organization}>"), new("Type", "Spam"),
                new("QuarantineTypes", "Spam"), new("PolicyType", "HostedContentFilterPolicy"), new("PolicyName", "Default"),
                new("TagName", "AdminOnlyAccessPolicy"), new("PermissionToRelease", true), new("Direction", "Inbound"), new("Released", false),
                new("ReleaseStatus", "NOTRELEASED"), new("SystemReleased", false), new("Expires", message.Received.AddDays(15)),
                new("RecipientCount", 1), new("EntityType", "Email"), new("Reported", false));
        }
    }

    private void AddUnifiedGroup(string noun, ObjectSet set, string name, int number)
    {
        var alias = name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        AddRecipient(
            noun, set, name, alias, $"{alias}@{data.Organization}", "MailUniversalDistributionGroup", "GroupMailbox",
            [.. RecipientObjects.UnifiedGroup(data.Organization, alias, number % 2 == 0 ? "Private" : "Public"),
                new("ManagedBy", OwnersOf(number)), new("ManagedByDetails", OwnersOf(number)),
                new("ExchangeGuid", GroupMailboxes.ExchangeGuid(data.Factory.Stable(noun, name))),
                new("GroupMemberCount", Enumerable.Range(number * MembershipTable.SeededMembers, MembershipTable.SeededMembers)
                    .Count(index => data.Mailboxes.Row(index) is not null))]);
        data.Members.Number(data.Factory.Stable(noun, name), number);
    }

    private void AddRecipient(
        string noun, ObjectSet set, string name, string alias, string address, string type, string details,
        params KeyValuePair<string, object?>[] more)
    {
        var guid = data.Factory.Stable(noun, name);
        Add(
            TenantService.ExchangeOnline, noun, set, name,
            [.. RecipientObjects.Common(data.Organization, name, alias, name, address, type, details, guid), .. more]);
    }

    private void AddDomain(string noun, ObjectSet set, string domain, bool isDefault)
    {
        Add(
            TenantService.ExchangeOnline, noun, set, domain, new("DomainName", domain), new("DomainType", "Authoritative"), new("Default", isDefault),
            new("InitialDomain", isDefault), new("AuthenticationType", "Managed"), new("MatchSubDomains", false), new("IsCoexistenceDomain", false));
    }

    private void AddDkim(string noun, ObjectSet set)
    {
        var domain = data.Organization.Replace('.', '-');
        Add(
            TenantService.ExchangeOnline, noun, set, data.Organization, new("Domain", data.Organization), new("Enabled", true),
            new("Status", "Valid"),
            new("IsDefault", true), new("Selector1CNAME", $"selector1-{domain}._domainkey.{data.Organization}"),
            new("Selector2CNAME", $"selector2-{domain}._domainkey.{data.Organization}"),
            new("Selector1PublicKey", "v=DKIM1; k=rsa; p=;"), new("Selector2PublicKey", "v=DKIM1; k=rsa; p=;"),
            new("KeyCreationTime", Epoch), new("LastChecked", Epoch), new("RotateOnDate", Epoch),
            new("SelectorBeforeRotateOnDate", "selector2"), new("SelectorAfterRotateOnDate", "selector1"));
    }

    private void AddNames(
        TenantService service, string noun, ObjectSet set, IEnumerable<string> names, Func<string, KeyValuePair<string, object?>[]> properties)
    {
        foreach (var name in names)
        {
            Add(service, noun, set, name, properties(name));
        }
    }

    private void Add(TenantService service, string noun, ObjectSet set, string name, params KeyValuePair<string, object?>[] properties)
    {
        var own = properties.FirstOrDefault(property => property.Key == "Name").Value as string ?? name;
        if (KnownObjects.Of(noun) is KnownObjects known && properties.FirstOrDefault(property => !known.Has(property.Key)) is { Key: string other }
            && other != "Name")
        {
            throw new InvalidOperationException($"A {noun} has no property {other}.");
        }

        set.Add(data.Factory.Make(
            noun, own, GenericShape.Of(data.Catalog, service, noun).Where(usual => usual.Key != "Name").Concat(properties), Epoch,
            data.Factory.Stable(noun, own), service == TenantService.SecurityCompliance));
    }
}
