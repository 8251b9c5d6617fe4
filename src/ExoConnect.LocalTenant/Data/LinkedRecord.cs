using ExoConnect.LocalTenant.Filters;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// A recipient as filters see it, with properties that are not shown: a group's members (<c>Members</c>), the groups of a recipient
/// (<c>MemberOfGroup</c>), and managers by their distinguished names. For comparing only.
/// </summary>
/// <param name="inner">The recipient as it is shown.</param>
/// <param name="tenant">The tenant.</param>
internal sealed class LinkedRecord(Record inner, TenantData tenant) : Record
{
    /// <inheritdoc/>
    public override long Position => inner.Position;

    /// <inheritdoc/>
    public override IReadOnlyList<string> TypeNames => inner.TypeNames;

    /// <summary>Whether a filter uses a property that only this record has.</summary>
    public static bool IsNeeded(Filter filter)
    {
        return filter.Properties.Any(name => name.ToUpperInvariant() is "MEMBERS" or "MEMBEROFGROUP" or "MANAGEDBY");
    }

    /// <inheritdoc/>
    public override bool TryGet(string name, out object? value)
    {
        value = name.ToUpperInvariant() switch
        {
            "MEMBERS" => Names(Members()),
            "MEMBEROFGROUP" => Names(Groups()),
            "MANAGEDBY" => inner.TryGet(name, out var owners) && owners is IReadOnlyList<string> list
                ? (string[])[.. list, .. Names(list.Select(tenant.Recipients.Find).OfType<Recipient>().Select(owner => owner.View))]
                : null,
            _ => null,
        };
        return value is not null || inner.TryGet(name, out value);
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Properties(Selection? selection) => inner.Properties(selection);

    /// <inheritdoc/>
    public override void WriteJson(Utf8Sink sink, Selection? selection) => inner.WriteJson(sink, selection);

    private static string[] Names(IEnumerable<Record> records) => [.. records.Select(record => record.Text("DistinguishedName"))];

    private IEnumerable<Record> Members()
    {
        return Group() is not StoreObject group
            ? []
            : tenant.Members.Of(group).Select(guid => tenant.Recipients.Find(guid.ToString("D"))).OfType<Recipient>().Select(member => member.View);
    }

    private IEnumerable<Record> Groups()
    {
        return Guid.TryParse(inner.Text("Guid"), out var own)
            ? ((string[])["DistributionGroup", "UnifiedGroup"]).SelectMany(kind => tenant.Store.Set(TenantService.ExchangeOnline, kind).From(0))
                .Where(group => tenant.Members.Of(group).Contains(own))
            : [];
    }

    private StoreObject? Group()
    {
        return inner.Text("RecipientTypeDetails") is "MailUniversalDistributionGroup" or "MailUniversalSecurityGroup" or "GroupMailbox" or "RoomList"
            ? tenant.Recipients.Find(inner.Text("Guid"))?.Object : null;
    }
}
