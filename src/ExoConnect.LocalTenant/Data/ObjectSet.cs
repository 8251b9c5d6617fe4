using System.Collections.Concurrent;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The kept objects of one kind, in the order of their creation. Thread-safe; readers take no lock.</summary>
internal sealed class ObjectSet
{
    private static readonly string[] KeyProperties =
    [
        "Identity", "Id", "Name", "Guid", "DisplayName", "Alias", "PrimarySmtpAddress", "DistinguishedName", "ExchangeObjectId", "ImmutableId",
        "ExternalDirectoryObjectId", "LegacyExchangeDN", "AppId", "ObjectId", "DomainName", "RuleIdentity",
    ];

    private readonly ConcurrentDictionary<long, StoreObject> _objects = new();
    private readonly ConcurrentDictionary<string, long> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _writing = new();
    private long _next;

    /// <summary>How many objects there are.</summary>
    public int Count => _objects.Count;

    /// <summary>The objects from a position on.</summary>
    public IEnumerable<StoreObject> From(long start)
    {
        for (var position = Math.Max(0, start); position < Volatile.Read(ref _next); position++)
        {
            if (_objects.TryGetValue(position, out var found))
            {
                yield return found;
            }
        }
    }

    /// <summary>Finds an object by one of its names, addresses or GUIDs.</summary>
    public StoreObject? Find(string identity)
    {
        identity = identity.Trim();
        if (!_keys.TryGetValue(identity, out var position) || !_objects.TryGetValue(position, out var found) || !HasIdentity(found, identity))
        {
            var slash = identity.LastIndexOfAny(['\\', '/']);
            return slash < 0 || slash == identity.Length - 1 || identity.StartsWith("/o=", StringComparison.OrdinalIgnoreCase)
                ? null : FindExact(identity[(slash + 1)..]);
        }

        return found;
    }

    /// <summary>Adds an object.</summary>
    /// <returns>It, at its position.</returns>
    public StoreObject Add(StoreObject added)
    {
        lock (_writing)
        {
            var position = _next;
            var placed = added.At(position);
            _objects[position] = placed;
            AddKeys(placed);
            Volatile.Write(ref _next, position + 1);
            return placed;
        }
    }

    /// <summary>Adds an object unless another has one of its keys already.</summary>
    /// <returns>It, at its position; null when the key is taken.</returns>
    public StoreObject? TryAdd(string key, StoreObject added)
    {
        lock (_writing)
        {
            return FindExact(key) is null ? Add(added) : null;
        }
    }

    /// <summary>Changes an object; later readings see all of the values or none.</summary>
    /// <returns>The changed object; null if it no longer exists.</returns>
    public StoreObject? Change(long position, Func<StoreObject, StoreObject> change)
    {
        lock (_writing)
        {
            if (!_objects.TryGetValue(position, out var old))
            {
                return null;
            }

            var changed = change(old);
            _objects[position] = changed;
            AddKeys(changed);
            return changed;
        }
    }

    /// <summary>Removes an object.</summary>
    /// <returns>False if it no longer exists.</returns>
    public bool Remove(long position) => _objects.TryRemove(position, out _);

    private StoreObject? FindExact(string key)
    {
        return _keys.TryGetValue(key, out var position) && _objects.TryGetValue(position, out var found) && HasIdentity(found, key)
            ? found : null;
    }

    private static bool HasIdentity(StoreObject found, string key)
    {
        return Keys(found).Contains(key, StringComparer.OrdinalIgnoreCase);
    }

    private void AddKeys(StoreObject learned)
    {
        foreach (var key in Keys(learned))
        {
            _keys.AddOrUpdate(
                key, learned.Position, (_, old) => _objects.TryGetValue(old, out var other) && HasIdentity(other, key) ? old : learned.Position);
        }
    }

    private static IEnumerable<string> Keys(StoreObject owner)
    {
        foreach (var property in KeyProperties)
        {
            if (owner.Text(property) is { Length: > 0 } key)
            {
                yield return key;
            }
        }

        foreach (var address in owner.List("EmailAddresses").Append(owner.Text("ExternalEmailAddress")))
        {
            var colon = address.IndexOf(':', StringComparison.Ordinal);
            if (address.Length > 0)
            {
                yield return address;
                yield return address[(colon + 1)..];
            }
        }
    }
}
