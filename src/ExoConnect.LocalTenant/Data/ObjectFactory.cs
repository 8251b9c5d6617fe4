using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>Creates objects with the properties of every object of the service.</summary>
internal sealed class ObjectFactory(string organization)
{
    private const string Management = "Microsoft.Exchange.Data.Directory.Management.";
    private const string ComplianceRoot = "FFO.extest.microsoft.com";
    private const string ComplianceDn = "DC=FFO,DC=extest,DC=microsoft,DC=com";
    private const string Compliance = "Microsoft.Office.CompliancePolicy.Tasks.";
    private const string Rules = "Microsoft.Exchange.MessagingPolicies.Rules.Tasks.";
    private const string Configuration = "Microsoft.Exchange.Data.Directory.SystemConfiguration.";

    private static readonly string[] Bases =
        ["Microsoft.Exchange.Data.Directory.ADObject", "Microsoft.Exchange.Data.Directory.ADRawEntry", "Microsoft.Exchange.Data.ConfigurableObject"];

    private static readonly FrozenSet<string> CommonNames = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "Identity", "Id", "Name", "Guid", "ExchangeObjectId", "ImmutableId", "IsValid", "DistinguishedName",
        "WhenCreated", "WhenChanged", "WhenCreatedUTC", "WhenChangedUTC", "OrganizationId", "OrganizationalUnitRoot", "OriginatingServer",
        "ObjectState", "ExchangeVersion", "ObjectCategory", "ObjectClass");

    private static readonly string[] GroupClass = ["top", "group"];
    private static readonly string[] DynamicClass = ["top", "msExchDynamicDistributionList"];
    private static readonly string[] ContactClass = ["top", "person", "organizationalPerson", "contact"];
    private static readonly string[] PersonClass = ["top", "person", "organizationalPerson", "user"];
    private static readonly string[] DomainClass = ["top", "msExchAcceptedDomain"];

    private static readonly FrozenSet<string> FilterRules = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "AntiPhishRule", "ATPProtectionPolicyRule", "EOPProtectionPolicyRule", "HostedContentFilterRule",
        "HostedOutboundSpamFilterRule", "MalwareFilterRule", "SafeAttachmentRule", "SafeLinksRule");

    private static readonly FrozenSet<string> CompliancePolicies = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "DlpCompliancePolicy", "DlpComplianceRule", "Label", "LabelPolicy", "RetentionCompliancePolicy",
        "RetentionComplianceRule");

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

    /// <summary>Creates an object.</summary>
    /// <param name="kind">Its noun.</param>
    /// <param name="name">Its name, which is its identity too unless <paramref name="properties"/> has another.</param>
    /// <param name="properties">Its own properties.</param>
    /// <param name="now">The time of its creation.</param>
    /// <param name="guid">Its GUID; null for a random one.</param>
    /// <param name="compliance">Whether Security &amp; Compliance keeps it, under a path of its own.</param>
    public StoreObject Make(
        string kind, string name, IEnumerable<KeyValuePair<string, object?>> properties, DateTime now, Guid? guid = null, bool compliance = false)
    {
        KeyValuePair<string, object?>[] own = [.. properties];
        if (compliance)
        {
            var path = $"{ComplianceRoot}/Microsoft Exchange Hosted Organizations/{organization}";
            own =
            [
                new("Identity", $"{path}/Configuration/{name}"), new("Id", $"{path}/Configuration/{name}"),
                new("DistinguishedName", $"CN={name},CN=Configuration,CN={organization},OU=Microsoft Exchange Hosted Organizations,{ComplianceDn}"),
                new("OrganizationalUnitRoot", path), new("OrganizationId", $"{path} - {path}/Configuration"), new("OriginatingServer", ""), .. own,
            ];
        }

        var id = guid ?? Guid.NewGuid();
        var local = MailboxSchema.Local(now);
        KeyValuePair<string, object?>[] common =
        [
            new("Identity", name), new("Id", name), new("Name", name), new("Guid", id), new("ExchangeObjectId", id), new("IsValid", true),
            new("DistinguishedName", DistinguishedName(kind, name)), new("ExchangeVersion", "0.20 (15.0.0.0)"), new("WhenCreated", local),
            new("WhenChanged", local), new("WhenCreatedUTC", now), new("WhenChangedUTC", now),
            new("OrganizationalUnitRoot", organization),
            new("OrganizationId", MailboxSchema.OrganizationId(organization)),
            new("OriginatingServer", "BN8PR07A04DC003.NAMPR07A004.PROD.OUTLOOK.COM"), new("ObjectState", "Unchanged"), .. Class(kind),
        ];
        return new StoreObject(
            TypeNames(kind),
            KnownObjects.Of(kind) is KnownObjects known
                ? known.Properties.Select(property => Known(property, own, common))
                : own.Concat(common.Where(usual => !Array.Exists(own, given => Same(given.Key, usual.Key)))));
    }

    /// <summary>A GUID that is the same at every start of the tenant.</summary>
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
        return KnownTypes.TryGetValue(kind, out var known) ? [.. known, .. Bases]
            : FilterRules.Contains(kind)
                ? [$"Microsoft.Exchange.Management.SystemConfigurationTasks.{kind}", $"{Rules}RulePresentationObjectBase", .. Bases]
            : CompliancePolicies.Contains(kind) ? [$"{Compliance}Ps{kind}", $"{Compliance}PsCompliancePolicyBase", .. Bases]
            : [$"Microsoft.Exchange.Data.Directory.Management.{kind}", "Microsoft.Exchange.Data.Directory.ADPresentationObject", .. Bases];
    }

    /// <summary>Whether every object has a property of that name, so that no default stands for it.</summary>
    public static bool IsCommon(string property) => CommonNames.Contains(property);

    private static KeyValuePair<string, object?> Known(
        KeyValuePair<string, object?> property, KeyValuePair<string, object?>[] own, KeyValuePair<string, object?>[] common)
    {
        bool Is(KeyValuePair<string, object?> other) => Same(other.Key, property.Key);
        var value = Array.FindLastIndex(own, Is) is >= 0 and var given ? own[given].Value
            : property.Key is "ExchangeVersion" or "ObjectClass" ? property.Value
            : property is { Key: "ObjectCategory", Value: string schema } ? $"NAMPR07A004.PROD.OUTLOOK.COM/Configuration/Schema/{schema}"
            : property.Key == "ImmutableId" ? common.First(other => other.Key == "Guid").Value
            : Array.FindIndex(common, Is) is >= 0 and var usual ? common[usual].Value : property.Value;
        return new(property.Key, value);
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
