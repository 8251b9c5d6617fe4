using System.Collections.Concurrent;

namespace ExoConnect.LocalTenant.Data;

/// <summary>All kept objects of the tenant by service and kind. The initial objects of a kind are created at its first use.</summary>
/// <param name="seed">Fills a set that is new.</param>
internal sealed class ObjectStore(Action<TenantService, string, ObjectSet> seed)
{
    private readonly ConcurrentDictionary<(TenantService Service, string Noun), Lazy<ObjectSet>> _sets = new(new KindComparer());

    /// <summary>The objects of a kind.</summary>
    public ObjectSet Set(TenantService service, string noun)
    {
        return _sets.GetOrAdd(
            (service, noun),
            key => new Lazy<ObjectSet>(() =>
            {
                var set = new ObjectSet();
                seed(key.Service, key.Noun, set);
                return set;
            })).Value;
    }

    private sealed class KindComparer : IEqualityComparer<(TenantService Service, string Noun)>
    {
        public bool Equals((TenantService Service, string Noun) x, (TenantService Service, string Noun) y)
        {
            return x.Service == y.Service && x.Noun.Equals(y.Noun, StringComparison.OrdinalIgnoreCase);
        }

        public int GetHashCode((TenantService Service, string Noun) kind)
        {
            return HashCode.Combine(kind.Service, StringComparer.OrdinalIgnoreCase.GetHashCode(kind.Noun));
        }
    }
}
