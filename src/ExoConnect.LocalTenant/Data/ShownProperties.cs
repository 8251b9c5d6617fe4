using System.Collections.Frozen;
using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Data;

/// <summary>
/// Differences of the service's objects from the parameters of the cmdlets that create and change them: properties that no cmdlet sets, and
/// parameters that are no properties (<c>Catalog/properties.txt</c>).
/// </summary>
/// <param name="Shown">Properties that no cmdlet sets, with their initial values.</param>
/// <param name="NotShown">Parameters that are no properties.</param>
internal sealed record ShownProperties(IReadOnlyList<KeyValuePair<string, object?>> Shown, IReadOnlyList<string> NotShown)
{
    private static readonly ShownProperties None = new([], []);
    private static readonly FrozenDictionary<string, ShownProperties> All = Load();

    /// <summary>Those of a noun.</summary>
    public static ShownProperties Of(string noun) => All.GetValueOrDefault(noun, None);

    private static FrozenDictionary<string, ShownProperties> Load()
    {
        var all = new Dictionary<string, ShownProperties>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in CmdletCatalog.Resource("properties.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var words = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var own = new ShownProperties(
                [.. words.Where(static word => word[0] != '-').Select(PropertyText.Read)],
                [.. words.Where(static word => word[0] == '-').Select(static word => word[1..])]);
            foreach (var noun in line[..colon].Split(','))
            {
                all.Add(noun, own);
            }
        }

        return all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
