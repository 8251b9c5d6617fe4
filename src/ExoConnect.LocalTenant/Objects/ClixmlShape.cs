using System.Collections.Concurrent;
using System.Collections.Frozen;
using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Objects;

/// <summary>The type of a property's text in PowerShell.</summary>
internal enum ClixmlKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A value of an enum.</summary>
    Enum,

    /// <summary>A size.</summary>
    Size,

    /// <summary>A size that may be unlimited.</summary>
    UnlimitedSize,

    /// <summary>An address with its kind, or a list of them.</summary>
    Address,
}

/// <summary>The serialisation of a property whose value is text in the store and in JSON.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Type">An enum's type.</param>
/// <param name="Values">The names that a value of the enum can have; null for any.</param>
internal sealed record ClixmlShape(ClixmlKind Kind, ClixmlType? Type = null, FrozenSet<string>? Values = null)
{
    private const string Recipients = "Microsoft.Exchange.Data.Directory.Recipient.";
    private const string Data = "Microsoft.Exchange.Data.";

    private static readonly ClixmlShape Plain = new(ClixmlKind.Text);
    private static readonly ConcurrentDictionary<string, ClixmlShape> Known = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Lazy<FrozenDictionary<string, ClixmlShape>> OfCatalog = new(Catalog);

    private static readonly FrozenDictionary<string, ClixmlShape> Own = Table();

    /// <summary>The shape of a property.</summary>
    /// <param name="property">Its name in any case.</param>
    public static ClixmlShape Of(string property)
    {
        return Known.GetOrAdd(
            property, static name => Own.GetValueOrDefault(name) ?? OfCatalog.Value.GetValueOrDefault(name) ?? Plain);
    }

    private static FrozenDictionary<string, ClixmlShape> Table()
    {
        var shapes = new Dictionary<string, ClixmlShape>(StringComparer.OrdinalIgnoreCase);
        void Add(ClixmlKind kind, string names)
        {
            foreach (var name in names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
            {
                shapes.Add(name, new ClixmlShape(kind));
            }
        }

        void Enums(string prefix, string pairs)
        {
            foreach (var pair in pairs.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
            {
                var colon = pair.IndexOf(':', StringComparison.Ordinal);
                var type = colon < 0 ? pair : pair[(colon + 1)..];
                shapes.Add(colon < 0 ? pair : pair[..colon], new ClixmlShape(ClixmlKind.Enum, ClixmlType.Enum(prefix + type)));
            }
        }

        Add(ClixmlKind.Size, "FolderSize FolderAndSubfolderSize TopSubjectSize TopClientInfoCountForSubject");
        // Those of statistics. A quota of the directory is its text, as is any number or span of time that may be unlimited.
        Add(
            ClixmlKind.UnlimitedSize,
            """
            AttachmentTableAvailableSize AttachmentTableTotalSize DatabaseIssueWarningQuota DatabaseProhibitSendQuota
            DatabaseProhibitSendReceiveQuota MessageTableAvailableSize MessageTableTotalSize OtherTablesAvailableSize OtherTablesTotalSize
            SystemMessageSize SystemMessageSizeShutoffQuota SystemMessageSizeWarningQuota TotalDeletedItemSize TotalItemSize
            """);
        Add(ClixmlKind.Address, "EmailAddresses ExternalEmailAddress ForwardingSmtpAddress");
        Enums(
            Recipients,
            """
            RecipientType RecipientTypeDetails PreviousRecipientTypeDetails:RecipientTypeDetails MailboxTypeDetail:RecipientTypeDetails
            RemoteRecipientType SendModerationNotifications:TransportModerationNotificationFlags MailboxMoveFlags:RequestFlags
            MailboxMoveStatus:RequestStatus ResourceType:ExchangeResourceType GroupType:GroupTypeFlags AccessType:ModernGroupType
            MemberJoinRestriction:MemberUpdateType MemberDepartRestriction:MemberUpdateType ArchiveStatus:ArchiveStatusFlags
            """);
        Enums(
            Data,
            """
            ObjectState ArchiveState:Directory.Management.ArchiveState ExternalOofOptions:Directory.Recipient.ExternalOofOptions
            ExchangeUserAccountControl:Directory.Recipient.UserAccountControlFlags
            UserAccountControl:Directory.Recipient.UserAccountControlFlags DomainType:Directory.SystemConfiguration.AcceptedDomainType
            AuthenticationType:Directory.AuthenticationType AutoReplyState:Storage.Management.OofState
            DeviceAccessState:Directory.SystemConfiguration.DeviceAccessState
            DeviceAccessStateReason:Directory.SystemConfiguration.DeviceAccessStateReason MailboxType:Mapi.StoreMailboxType
            """);
        return shapes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    // A property has the enum of the parameter of its name, if all cmdlets with that parameter agree.
    private static FrozenDictionary<string, ClixmlShape> Catalog()
    {
        var shapes = new Dictionary<string, ClixmlShape>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameters in CmdletCatalog.Load(null).Cmdlets.SelectMany(cmdlet => cmdlet.Parameters)
            .GroupBy(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase))
        {
            var type = parameters.First().Type;
            if (EnumValues.Of(type) is IReadOnlyList<string> values && !type.EndsWith(']') && parameters.All(parameter => parameter.Type == type))
            {
                shapes[parameters.Key] = new ClixmlShape(
                    ClixmlKind.Enum, ClixmlType.Enum(Data + type), values.ToFrozenSet(StringComparer.OrdinalIgnoreCase));
            }
        }

        return shapes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
