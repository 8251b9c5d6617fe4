using System.Collections.Concurrent;
using System.Collections.Immutable;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>Who is in which group, and how: member, owner, subscriber. Thread-safe; readers take no lock.</summary>
internal sealed class MembershipTable(TenantData data)
{
    /// <summary>The usual link.</summary>
    public const string Members = "Members";

    /// <summary>The link of owners.</summary>
    public const string Owners = "Owners";

    /// <summary>How many members the groups have that the tenant starts with.</summary>
    public const int SeededMembers = 8;

    private readonly ConcurrentDictionary<(Guid Group, string Link), ImmutableArray<Guid>> _changed = new();

    /// <summary>The GUIDs of those who are linked to a group.</summary>
    public ImmutableArray<Guid> Of(StoreObject group, string link = Members)
    {
        return _changed.TryGetValue((group.Guid, link), out var changed) ? changed : Seeded(group, link);
    }

    /// <summary>Changes those who are linked to a group; later readings see all of it or nothing.</summary>
    /// <param name="group">The group.</param>
    /// <param name="link">How they are linked.</param>
    /// <param name="change">Gives the new list of the old one; may be called more than once.</param>
    public void Change(StoreObject group, string link, Func<ImmutableArray<Guid>, ImmutableArray<Guid>> change)
    {
        _changed.AddOrUpdate((group.Guid, link), _ => change(Seeded(group, link)), (_, old) => change(old));
    }

    // Groups that the tenant starts with have the mailboxes of a few indexes in a row.
    private ImmutableArray<Guid> Seeded(StoreObject group, string link)
    {
        if (!group.TryGet(SeedData.NumberProperty, out var value) || value is not int number)
        {
            return [];
        }

        var count = link == Members ? SeededMembers : 1;
        return
        [
            .. Enumerable.Range(number * SeededMembers, count).Select(index => data.Mailboxes.Row(index)).OfType<MailboxRow>()
                .Select(row => row.Guid(IdentityKind.Object)),
        ];
    }
}
