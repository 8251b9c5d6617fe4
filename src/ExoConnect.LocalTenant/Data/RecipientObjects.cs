using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The common properties of recipients that are kept as objects.</summary>
internal static class RecipientObjects
{
    private static readonly string[] Excluded = ["{26491cfc-9e50-4857-861b-0cb8df22b5d7}"];

    private static readonly string[] DefaultOwners = ["Organization Management"];
    private static readonly string[] Team = ["Team"];

    /// <summary>The properties of every recipient.</summary>
    /// <param name="organization">The initial domain.</param>
    /// <param name="name">Its name.</param>
    /// <param name="alias">Its alias.</param>
    /// <param name="displayName">The display name.</param>
    /// <param name="address">Its main address.</param>
    /// <param name="type">Its <c>RecipientType</c>.</param>
    /// <param name="details">Its <c>RecipientTypeDetails</c>.</param>
    /// <param name="guid">Its GUID.</param>
    public static KeyValuePair<string, object?>[] Common(
        string organization, string name, string alias, string displayName, string address, string type, string details, Guid guid)
    {
        return
        [
            new("Name", name), new("Alias", alias), new("DisplayName", displayName), new("PrimarySmtpAddress", address),
            new("WindowsEmailAddress", address),
            new("EmailAddresses", new[] { $"SMTP:{address}" }), new("RecipientType", type), new("RecipientTypeDetails", details),
            new("LegacyExchangeDN", $"/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={guid:N}-{alias}"),
            new("ExternalDirectoryObjectId", guid.ToString("D")), new("HiddenFromAddressListsEnabled", false), new("IsDirSynced", false),
            new("EmailAddressPolicyEnabled", false), new("PoliciesExcluded", Excluded), new("PoliciesIncluded", Array.Empty<string>()),
            new("OrganizationalUnit", $"nampr07a004.prod.outlook.com/Microsoft Exchange Hosted Organizations/{organization}"),
            new("MaxSendSize", "Unlimited"), new("MaxReceiveSize", "Unlimited"), new("ModerationEnabled", false),
            new("SendModerationNotifications", "Always"),
            new("RequireSenderAuthenticationEnabled", false), new("GrantSendOnBehalfTo", Array.Empty<string>()),
            new("AcceptMessagesOnlyFrom", Array.Empty<string>()), new("AcceptMessagesOnlyFromDLMembers", Array.Empty<string>()),
            new("AcceptMessagesOnlyFromSendersOrMembers", Array.Empty<string>()), new("RejectMessagesFrom", Array.Empty<string>()),
            new("RejectMessagesFromDLMembers", Array.Empty<string>()), new("RejectMessagesFromSendersOrMembers", Array.Empty<string>()),
            new("BypassModerationFromSendersOrMembers", Array.Empty<string>()), new("ModeratedBy", Array.Empty<string>()),
            new("AddressListMembership", Array.Empty<string>()), new("MailTip", null), new("MailTipTranslations", Array.Empty<string>()),
            new("SimpleDisplayName", ""), new("ExtensionCustomAttribute1", Array.Empty<string>()),
            new("ExtensionCustomAttribute2", Array.Empty<string>()),
            new("ExtensionCustomAttribute3", Array.Empty<string>()), new("ExtensionCustomAttribute4", Array.Empty<string>()),
            new("ExtensionCustomAttribute5", Array.Empty<string>()), .. CustomAttributes(),
        ];
    }

    /// <summary>The properties of every group.</summary>
    public static KeyValuePair<string, object?>[] Group(string alias, bool security)
    {
        return
        [
            new("GroupType", security ? "Universal, SecurityEnabled" : "Universal"), new("SamAccountName", $"{alias}-20210301"),
            new("BypassNestedModerationEnabled", false), new("ManagedBy", DefaultOwners), new("MemberJoinRestriction", "Closed"),
            new("MemberDepartRestriction", security ? "Closed" : "Open"), new("MigrationToUnifiedGroupInProgress", false), new("ExpansionServer", ""),
            new("ReportToManagerEnabled", false), new("ReportToOriginatorEnabled", true), new("SendOofMessageToOriginatorEnabled", false),
            new("Description", Array.Empty<string>()), new("BccBlocked", false), new("HiddenGroupMembershipEnabled", false),
            new("RequireSenderAuthenticationEnabled", true),
        ];
    }

    /// <summary>The properties of a Microsoft 365 group beside a recipient's.</summary>
    public static KeyValuePair<string, object?>[] UnifiedGroup(string organization, string alias, string accessType)
    {
        var host = organization.Split('.')[0];
        return
        [
            new("AccessType", accessType), new("AlwaysSubscribeMembersToCalendarEvents", false), new("AutoSubscribeNewMembers", false),
            new("CalendarMemberReadOnly", false), new("ConnectorsEnabled", true), new("GroupMemberCount", 0), new("GroupExternalMemberCount", 0),
            new("AllowAddGuests", true), new("Language", "en-US"), new("MailboxProvisioningConstraint", null),
            new("ManagedBy", Array.Empty<string>()),
            new("ManagedByDetails", Array.Empty<string>()), new("ResourceProvisioningOptions", Team), new("SensitivityLabel", null),
            new("SharePointSiteUrl", $"https://{host}.sharepoint.com/sites/{alias}"),
            new("SharePointDocumentsUrl", $"https://{host}.sharepoint.com/sites/{alias}/Shared Documents"), new("SubscriptionEnabled", true),
            new("WelcomeMessageEnabled", true), new("HiddenFromExchangeClientsEnabled", false), new("HiddenGroupMembershipEnabled", false),
            new("IsMailboxConfigured", true), new("InformationBarrierMode", "Open"), new("Notes", ""),
            new("RequireSenderAuthenticationEnabled", true),
        ];
    }

    /// <summary>Makes addresses and main address of changed properties consistent.</summary>
    /// <param name="old">The addresses until now.</param>
    /// <param name="changes">The changed properties.</param>
    /// <returns>The new main address; null when it stays.</returns>
    /// <exception cref="FormatException">No SMTP address would be left.</exception>
    public static string? AlignAddresses(IReadOnlyList<string> old, Dictionary<string, object?> changes)
    {
        if (changes.TryGetValue("EmailAddresses", out var given) && given is IReadOnlyList<string> addresses)
        {
            List<string> all = [.. addresses.Select(address => address.Contains(':', StringComparison.Ordinal) ? address : $"smtp:{address}")];
            var main = all.FindIndex(address => address.StartsWith("SMTP:", StringComparison.Ordinal));
            if (main < 0)
            {
                main = all.FindIndex(address => address.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase));
                if (main < 0)
                {
                    throw new FormatException("The e-mail addresses of a recipient need a primary SMTP address.");
                }

                all[main] = $"SMTP:{all[main][5..]}";
            }

            changes["EmailAddresses"] = all;
            changes["PrimarySmtpAddress"] = changes["WindowsEmailAddress"] = all[main][5..];
            return all[main][5..];
        }

        if (!changes.TryGetValue("PrimarySmtpAddress", out var primary) && !changes.TryGetValue("WindowsEmailAddress", out primary))
        {
            return null;
        }

        var wanted = ValueText.Of(primary);
        changes["PrimarySmtpAddress"] = changes["WindowsEmailAddress"] = wanted;
        changes["EmailAddresses"] = (string[])
        [
            $"SMTP:{wanted}",
            .. old.Where(address => !address.EndsWith($":{wanted}", StringComparison.OrdinalIgnoreCase))
                .Select(address => address.StartsWith("SMTP:", StringComparison.Ordinal) ? $"smtp:{address[5..]}" : address),
        ];
        return wanted;
    }

    private static IEnumerable<KeyValuePair<string, object?>> CustomAttributes()
    {
        return Enumerable.Range(1, 15).Select(number => new KeyValuePair<string, object?>($"CustomAttribute{number}", ""));
    }
}
