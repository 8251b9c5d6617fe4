using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>Makes objects with what every object of the service has.</summary>
internal sealed class ObjectFactory(string organization)
{
    private const string Management = "Microsoft.Exchange.Data.Directory.Management.";
    private const string Rules = "Microsoft.Exchange.MessagingPolicies.Rules.Tasks.";
    private const string Configuration = "Microsoft.Exchange.Data.Directory.SystemConfiguration.";

    private static readonly string[] Bases =
        ["Microsoft.Exchange.Data.Directory.ADObject", "Microsoft.Exchange.Data.Directory.ADRawEntry", "Microsoft.Exchange.Data.ConfigurableObject"];

    private static readonly string[] GroupClass = ["top", "group"];
    private static readonly string[] DynamicClass = ["top", "msExchDynamicDistributionList"];
    private static readonly string[] ContactClass = ["top", "person", "organizationalPerson", "contact"];
    private static readonly string[] PersonClass = ["top", "person", "organizationalPerson", "user"];
    private static readonly string[] DomainClass = ["top", "msExchAcceptedDomain"];

    private static readonly FrozenDictionary<string, string[]> KnownTypes = new Dictionary<string, string[]>
    {
        ["AcceptedDomain"] = [$"{Configuration}AcceptedDomain", $"{Configuration}ADConfigurationObject"],
        ["DistributionGroup"] =
        [
            $"{Management}DistributionGroup", $"{Management}DistributionGroupBase", $"{Management}MailEnabledRecipient",
            $"{Management}ADPresentationObject",
        ],
        ["HostedContentFilterPolicy"] = [$"{Configuration}HostedContentFilterPolicy", $"{Configuration}ADConfigurationObject"],
        ["HostedOutboundSpamFilterPolicy"] = [$"{Configuration}HostedOutboundSpamFilterPolicy", $"{Configuration}ADConfigurationObject"],
        ["InboxRule"] = ["Microsoft.Exchange.Management.Common.InboxRule"],
        ["MalwareFilterPolicy"] = [$"{Configuration}MalwareFilterPolicy", $"{Configuration}ADConfigurationObject"],
        ["RetentionPolicy"] = [$"{Configuration}RetentionPolicy", $"{Configuration}ADConfigurationObject"],
        ["TransportRule"] = [$"{Rules}Rule", $"{Rules}RulePresentationObjectBase"],
        ["UnifiedGroup"] = [$"{Management}UnifiedGroupBase", $"{Management}MailEnabledRecipient", $"{Management}ADPresentationObject"],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes an object.</summary>
    /// <param name="kind">Its noun.</param>
    /// <param name="name">Its name, which is its identity too unless <paramref name="properties"/> has another.</param>
    /// <param name="properties">Its own properties.</param>
    /// <param name="now">When it is made.</param>
    /// <param name="guid">Its GUID; null for a random one.</param>
    public StoreObject Make(string kind, string name, IEnumerable<KeyValuePair<string, object?>> properties, DateTime now, Guid? guid = null)
    {
        KeyValuePair<string, object?>[] own = [.. properties];
        var id = guid ?? Guid.NewGuid();
        var local = MailboxSchema.Local(now);
        KeyValuePair<string, object?>[] common =
        [
            new("Identity", name), new("Id", name), new("Name", name), new("Guid", id), new("ExchangeObjectId", id), new("IsValid", true),
            new("DistinguishedName", DistinguishedName(kind, name)), new("ExchangeVersion", "0.20 (15.0.0.0)"), new("WhenCreated", local),
            new("WhenChanged", local), new("WhenCreatedUTC", now), new("WhenChangedUTC", now),
            new("OrganizationId", MailboxSchema.OrganizationId(organization)),
            new("OriginatingServer", "BN8PR07A04DC003.NAMPR07A004.PROD.OUTLOOK.COM"), new("ObjectState", "Unchanged"), .. Class(kind),
        ];
        return new StoreObject(TypeNames(kind), own.Concat(common.Where(usual => !Array.Exists(own, given => Same(given.Key, usual.Key)))));
    }

    /// <summary>A GUID that is the same whenever the tenant starts.</summary>
    public Guid Stable(string kind, string name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{organization}/{kind}/{name}".ToUpperInvariant()), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x40);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>The .NET types of the service's object of a noun.</summary>
    public static IReadOnlyList<string> TypeNames(string kind)
    {
        return KnownTypes.TryGetValue(kind, out var known)
            ? [.. known, .. Bases]
            : [$"Microsoft.Exchange.Data.Directory.Management.{kind}", "Microsoft.Exchange.Data.Directory.ADPresentationObject", .. Bases];
    }

    private static KeyValuePair<string, object?>[] Class(string kind)
    {
        (var category, var classes) = kind.ToUpperInvariant() switch
        {
            "DISTRIBUTIONGROUP" or "UNIFIEDGROUP" => ("Group", GroupClass),
            "DYNAMICDISTRIBUTIONGROUP" => ("ms-Exch-Dynamic-Distribution-List", DynamicClass),
            "MAILCONTACT" => ("Person", ContactClass),
            "MAILUSER" => ("Person", PersonClass),
            "ACCEPTEDDOMAIN" => ("ms-Exch-Accepted-Domain", DomainClass),
            _ => ("", []),
        };
        return category.Length == 0 ? []
            : [new("ObjectCategory", $"NAMPR07A004.PROD.OUTLOOK.COM/Configuration/Schema/{category}"), new("ObjectClass", classes)];
    }

    private string DistinguishedName(string kind, string name)
    {
        return RecipientDirectory.IsRecipientKind(kind)
            ? $"CN={name},OU={organization},OU=Microsoft Exchange Hosted Organizations,{MailboxDirectory.ForestDn}"
            : $"CN={name},CN={kind},CN=Configuration,CN={organization},CN=ConfigurationUnits,{MailboxDirectory.ForestDn}";
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
