using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// All mailboxes of the tenant. The initial ones are computed from their index whenever they are read; only changed, new and removed ones are
/// kept. Thread-safe; readers take no lock.
/// </summary>
internal sealed class MailboxDirectory
{
    /// <summary>The forest's part of distinguished names.</summary>
    public const string ForestDn = "DC=NAMPR07A004,DC=PROD,DC=OUTLOOK,DC=COM";

    private static readonly ImmutableDictionary<string, object?> NoChanges =
        ImmutableDictionary.Create<string, object?>(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<int, MailboxState> _states = new();
    private readonly ConcurrentDictionary<string, int> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _generated;
    private int _count;

    /// <summary>Creates a directory.</summary>
    /// <param name="organization">The initial domain.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="mailboxes">How many mailboxes to compute.</param>
    /// <param name="now">The time that nothing in it is later than; null for the machine's.</param>
    public MailboxDirectory(string organization, Guid tenantId, int mailboxes, DateTime? now = null)
    {
        Started = now ?? DateTime.UtcNow;
        Organization = organization;
        TenantGuidText = tenantId.ToString("D");
        Cipher = new IdentityCipher(organization);
        _generated = mailboxes;
        _count = mailboxes;
    }

    /// <summary>The time that nothing computed in it is later than, UTC.</summary>
    public DateTime Started { get; }

    /// <summary>The initial domain.</summary>
    public string Organization { get; }

    /// <summary>The tenant's id.</summary>
    public string TenantGuidText { get; }

    /// <summary>Computes GUIDs from indexes.</summary>
    public IdentityCipher Cipher { get; }

    /// <summary>One more than the highest index so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether a mailbox is computed, not created by a call.</summary>
    public bool IsGenerated(int index) => index < _generated;

    /// <summary>What kind of mailbox an index is: 0 a user's, 1 shared, 2 a room's, 3 equipment's.</summary>
    public int ShapeOf(int index) => !IsGenerated(index) ? 0 : index % 20 == 7 ? 1 : index % 50 == 23 ? 2 : index % 100 == 49 ? 3 : 0;

    /// <summary>A mailbox, unless it was removed.</summary>
    public MailboxRow? Row(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            return null;
        }

        if (!_states.TryGetValue(index, out var state))
        {
            return IsGenerated(index) ? new MailboxRow(this, index, NoChanges) : null;
        }

        return state.RemovedAt is null ? new MailboxRow(this, index, state.Changes) : null;
    }

    /// <summary>The mailboxes from an index on.</summary>
    public IEnumerable<MailboxRow> From(long start)
    {
        for (var index = (int)Math.Clamp(start, 0, int.MaxValue); index < Count; index++)
        {
            if (Row(index) is MailboxRow row)
            {
                yield return row;
            }
        }
    }

    /// <summary>The removed mailboxes that can still be recovered, with the time of their removal.</summary>
    public IEnumerable<(MailboxRow Row, DateTime RemovedAt)> Removed(long start)
    {
        foreach ((var index, var state) in _states.Where(pair => pair.Key >= start && pair.Value.RemovedAt is not null)
            .OrderBy(pair => pair.Key))
        {
            yield return (new MailboxRow(this, index, state.Changes), state.RemovedAt!.Value);
        }
    }

    /// <summary>Finds a mailbox.</summary>
    /// <param name="identity">
    /// Name, alias, display name, user principal name, an address with or without its kind, distinguished name, legacy name, or any of its GUIDs.
    /// </param>
    /// <returns>null when there is none.</returns>
    public MailboxRow? Find(string identity)
    {
        identity = identity.Trim();
        if (identity.Length == 0)
        {
            return null;
        }

        if (_keys.TryGetValue(identity, out var known) && Row(known) is MailboxRow changed && HasIdentity(changed, identity))
        {
            return changed;
        }

        if (System.Guid.TryParse(identity, out var guid))
        {
            return Cipher.TryDecode(guid, out var kind, out var decoded) && kind < IdentityKind.Device
                && (kind != IdentityKind.Archive || Row(decoded) is { HasArchive: true }) ? Row(decoded) : null;
        }

        var index = IndexOf(identity);
        return index >= 0 && Row(index) is MailboxRow row && HasIdentity(row, identity) ? row : null;
    }

    /// <summary>Creates a mailbox.</summary>
    /// <param name="values">Its properties; all others have the values of a new mailbox.</param>
    public MailboxRow Add(IReadOnlyDictionary<string, object?> values)
    {
        int index;
        var changes = NoChanges.SetItems(values);
        lock (_states)
        {
            index = _count;
            _states[index] = new MailboxState(changes, null);
            Volatile.Write(ref _count, index + 1);
        }

        var row = new MailboxRow(this, index, changes);
        AddKeys(row);
        return row;
    }

    /// <summary>Changes a mailbox; later readings see all of the values or none.</summary>
    /// <returns>The changed mailbox, or null if it does not exist.</returns>
    public MailboxRow? Change(int index, IReadOnlyDictionary<string, object?> values)
    {
        if (Row(index) is null)
        {
            return null;
        }

        var state = _states.AddOrUpdate(
            index,
            _ => new MailboxState(NoChanges.SetItems(values), null),
            (_, old) => old with { Changes = old.Changes.SetItems(values) });
        if (state.RemovedAt is not null)
        {
            return null;
        }

        var row = new MailboxRow(this, index, state.Changes);
        AddKeys(row);
        return row;
    }

    /// <summary>Removes a mailbox.</summary>
    /// <returns>False if it does not exist.</returns>
    public bool Remove(int index, DateTime now)
    {
        if (Row(index) is null)
        {
            return false;
        }

        var removed = false;
        _states.AddOrUpdate(
            index,
            _ =>
            {
                removed = true;
                return new MailboxState(NoChanges, now);
            },
            (_, old) =>
            {
                removed = old.RemovedAt is null;
                return removed ? old with { RemovedAt = now } : old;
            });
        return removed;
    }

    /// <summary>Restores a removed mailbox.</summary>
    public MailboxRow? Restore(int index)
    {
        if (_states.TryGetValue(index, out var state) && state.RemovedAt is not null
            && _states.TryUpdate(index, state with { RemovedAt = null }, state))
        {
            return Row(index);
        }

        return null;
    }

    /// <summary>Whether a mailbox has a name, address or GUID.</summary>
    public static bool HasIdentity(MailboxRow row, string identity)
    {
        if (Same(row.Alias, identity) || Same(row.Name, identity) || Same(row.PrimarySmtpAddress, identity) || Same(row.UserPrincipalName, identity)
            || Same(row.DisplayName, identity) || Same(row.DistinguishedName, identity) || Same(row.LegacyExchangeDN, identity)
            || Same(row.CanonicalName, identity))
        {
            return true;
        }

        foreach (var address in row.EmailAddresses)
        {
            if (Same(address, identity) || (address.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase) && Same(address[5..], identity)))
            {
                return true;
            }
        }

        return System.Guid.TryParse(identity, out var guid)
            && (guid == row.Guid(IdentityKind.Object) || guid == row.Guid(IdentityKind.Mailbox) || guid == row.Guid(IdentityKind.Directory)
                || guid == row.Guid(IdentityKind.Exchange));
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private int IndexOf(string identity)
    {
        ReadOnlySpan<char> rest = identity;
        if (rest.StartsWith("CN=", StringComparison.OrdinalIgnoreCase))
        {
            var comma = rest.IndexOf(',');
            return comma < 0 ? -1 : IndexOfAlias(rest[3..comma]);
        }

        if (rest.StartsWith("/o=", StringComparison.OrdinalIgnoreCase))
        {
            var hyphen = rest.LastIndexOf('-');
            return hyphen < 0 ? -1 : IndexOfAlias(rest[(hyphen + 1)..]);
        }

        var slash = rest.LastIndexOf('/');
        if (slash >= 0)
        {
            return IndexOfAlias(rest[(slash + 1)..]);
        }

        var colon = rest.IndexOf(':');
        if (colon >= 0)
        {
            rest = rest[(colon + 1)..];
        }

        var at = rest.IndexOf('@');
        if (at >= 0)
        {
            var local = rest[..at];
            return local.Length > 1 && local[0] is 'm' or 'M'
                && int.TryParse(local[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : IndexOfAlias(local);
        }

        return rest.Contains(' ') ? IndexOfDisplayName(rest) : IndexOfAlias(rest);
    }

    private int IndexOfAlias(ReadOnlySpan<char> alias)
    {
        foreach (var suffix in (ReadOnlySpan<string>)[".team", ".room", ".equipment"])
        {
            if (alias.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                alias = alias[..^suffix.Length];
                break;
            }
        }

        var index = PersonNames.IndexOfAddress(alias);
        return index < _generated ? index : -1;
    }

    private int IndexOfDisplayName(ReadOnlySpan<char> name)
    {
        foreach (var suffix in (ReadOnlySpan<string>)[" Team", " Room", " Equipment"])
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                name = name[..^suffix.Length];
                break;
            }
        }

        var index = PersonNames.IndexOfShown(name);
        return index < _generated ? index : -1;
    }

    // The later names of a mailbox are listed here. For an old name, the check of the found row fails.
    private void AddKeys(MailboxRow row)
    {
        foreach (var key in (ReadOnlySpan<string>)
            [row.Alias, row.Name, row.DisplayName, row.UserPrincipalName, row.PrimarySmtpAddress, row.DistinguishedName, row.LegacyExchangeDN])
        {
            _keys[key] = row.Index;
        }

        foreach (var address in row.EmailAddresses)
        {
            _keys[address] = row.Index;
            var colon = address.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0)
            {
                _keys[address[(colon + 1)..]] = row.Index;
            }
        }
    }

    private sealed record MailboxState(ImmutableDictionary<string, object?> Changes, DateTime? RemovedAt);
}
