using System.Collections.Concurrent;
using System.Collections.Immutable;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The links of recipients to groups: member, owner, subscriber. Thread-safe; readers take no lock.</summary>
internal sealed class MembershipTable(TenantData data)
{
    /// <summary>The usual link.</summary>
    public const string Members = "Members";

    /// <summary>The link of owners.</summary>
    public const string Owners = "Owners";

    /// <summary>The link of those who get a group's messages in their own mailbox.</summary>
    public const string Subscribers = "Subscribers";

    /// <summary>The number of members of each initial group.</summary>
    public const int SeededMembers = 8;

    private const int SeededSubscribers = 3;

    private readonly ConcurrentDictionary<(Guid Group, string Link), ImmutableArray<Guid>> _changed = new();
    private readonly ConcurrentDictionary<Guid, int> _numbers = new();

    /// <summary>Sets the number of an initial group, which determines its first members.</summary>
    public void Number(Guid group, int number) => _numbers[group] = number;

    /// <summary>The GUIDs of the recipients with a link to a group.</summary>
    public ImmutableArray<Guid> Of(StoreObject group, string link = Members)
    {
        return _changed.TryGetValue((group.Guid, link), out var changed) ? changed : Seeded(group, link);
    }

    /// <summary>Changes the recipients with a link to a group; later readings see all of it or nothing.</summary>
    /// <param name="group">The group.</param>
    /// <param name="link">The kind of link.</param>
    /// <param name="change">Computes the new list from the old one; may be called more than once.</param>
    public void Change(StoreObject group, string link, Func<ImmutableArray<Guid>, ImmutableArray<Guid>> change)
    {
        _changed.AddOrUpdate((group.Guid, link), _ => change(Seeded(group, link)), (_, old) => change(old));
    }

    // The initial groups have the mailboxes of a few consecutive indexes.
    private ImmutableArray<Guid> Seeded(StoreObject group, string link)
    {
        if (!_numbers.TryGetValue(group.Guid, out var number))
        {
            return [];
        }

        var count = link switch { Members => SeededMembers, Owners => 1, Subscribers => SeededSubscribers, _ => 0 };
        return
        [
            .. Enumerable.Range(number * SeededMembers, count).Select(index => data.Mailboxes.Row(index)).OfType<MailboxRow>()
                .Select(row => row.Guid(IdentityKind.Object)),
        ];
    }
}
