using System.Collections.Frozen;

namespace ExoConnect.LocalTenant.Catalog;

/// <summary>The values that enum types of the catalog's parameters have, as far as the public reference lists them.</summary>
internal static class EnumValues
{
    private static readonly Lazy<FrozenDictionary<string, string[]>> Types = new(Load);

    /// <summary>The values of a type.</summary>
    /// <param name="type">The type of a parameter, an array or not.</param>
    /// <returns>The names, or null if the type is not an enum or its values are not known.</returns>
    public static IReadOnlyList<string>? Of(string type)
    {
        return Types.Value.GetValueOrDefault(type.EndsWith("[]", StringComparison.Ordinal) ? type[..^2] : type);
    }

    private static FrozenDictionary<string, string[]> Load()
    {
        var types = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var line in CmdletCatalog.Resource("enums.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            types.Add(line[..colon], line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        return types.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
