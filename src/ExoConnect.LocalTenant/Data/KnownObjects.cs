using System.Collections.Frozen;
using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// All properties of objects in public recordings of the service, in its order (<c>Catalog/objects.txt</c>). Such an object has these and
/// no others.
/// </summary>
internal sealed class KnownObjects
{
    private static readonly FrozenDictionary<string, KnownObjects> All = Load();

    private readonly FrozenSet<string> _names;

    private KnownObjects(IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        Properties = properties;
        _names = properties.Select(property => property.Key).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The nouns.</summary>
    public static IEnumerable<string> Nouns => All.Keys;

    /// <summary>The properties with their values where nothing was set; null for what every object has of its own.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Properties { get; }

    /// <summary>The objects of a noun; null where no recording shows them.</summary>
    public static KnownObjects? Of(string noun) => All.GetValueOrDefault(noun);

    /// <summary>Whether they have a property.</summary>
    public bool Has(string name) => _names.Contains(name);

    private static FrozenDictionary<string, KnownObjects> Load()
    {
        var all = new Dictionary<string, KnownObjects>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in CmdletCatalog.Resource("objects.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var words = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            all.Add(line[..colon], new KnownObjects([.. words.Select(PropertyText.Read)]));
        }

        return all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
