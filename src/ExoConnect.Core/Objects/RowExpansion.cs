using ExoConnect.Core.Json;

namespace ExoConnect.Core.Objects;

/// <summary>
/// Converts a response's objects to the caller's results, if those are inside them (protocol.md section 5). The results are the elements of a
/// property, as the permissions are of an expanded recipient. For each element of another property, such as a permission's rights in a list of
/// their own, there is one object with the element's properties beside the outer ones.
/// </summary>
/// <param name="entity">The results' type: a cmdlet's noun.</param>
/// <param name="resultProperty">The property whose elements are the results; null if they are the objects themselves.</param>
/// <param name="spreadProperty">The property whose elements are merged into their object; null for none.</param>
internal sealed class RowExpansion(string entity, string? resultProperty, string? spreadProperty)
{
    private readonly RowReader _results = new(entity);
    private readonly RowReader _elements = new(ValueReader.NestedEntity);

    /// <summary>An object with some properties of another, in an order of its own.</summary>
    /// <param name="row">The other object.</param>
    /// <param name="columns">Each property's name, and the other's properties that can fill it: the first existing one does.</param>
    public static ExoObject Pick(ExoObject row, IReadOnlyList<(string Name, string[] Sources)> columns)
    {
        var names = new List<string>();
        var picked = new RowPacker();
        foreach (var (name, sources) in columns)
        {
            if (sources.Select(row.Shape.IndexOf).FirstOrDefault(static i => i >= 0, -1) is >= 0 and var index)
            {
                names.Add(name);
                picked.Add(row.Raw(index, out var bytes), bytes);
            }
        }

        return ObjectModel.Create(ObjectModel.ShapeOf(row.Shape.Entity, [.. names]), picked.Pack());
    }

    /// <summary>The results in one object; the object itself if it lacks the properties.</summary>
    public IEnumerable<ExoObject> Expand(ExoObject row)
    {
        var results = resultProperty is null ? null : Objects(row, resultProperty, _results);
        return (results ?? [row]).SelectMany(ExpandRow);
    }

    private IEnumerable<ExoObject> ExpandRow(ExoObject row) =>
        spreadProperty is not null && Objects(row, spreadProperty, _elements) is { Count: > 0 } elements
            ? elements.Select(element => Merge(row, element))
            : [row];

    /// <summary>The objects in a list; null if the property is missing or isn't a list.</summary>
    private static List<ExoObject>? Objects(ExoObject row, string property, RowReader rows)
    {
        var index = row.Shape.IndexOf(property);
        if (index < 0 || (row.Raw(index, out var bytes) & ValueKind.TokenMask) != ValueKind.Array)
        {
            return null;
        }

        var objects = new List<ExoObject>();
        var scanner = new JsonScanner(bytes, isFinal: true);
        scanner.TryOpen((byte)'[');
        for (var isFirst = true; scanner.Next((byte)']', isFirst) == JsonItem.Found; isFirst = false)
        {
            scanner.TryPeek(out var first);
            if (first == '{' && rows.TryRead(ref scanner, out var element))
            {
                objects.Add(element!);
            }
            else
            {
                scanner.TryValue();
            }
        }

        return objects;
    }

    /// <summary>The outer object's properties without the list, then the element's; if two have one name, the element's counts.</summary>
    private ExoObject Merge(ExoObject outer, ExoObject element)
    {
        var names = new List<string>();
        var merged = new RowPacker();
        Copy(outer, name => !name.Equals(spreadProperty, StringComparison.OrdinalIgnoreCase) && element.Shape.IndexOf(name) < 0);
        Copy(element, static _ => true);
        return ObjectModel.Create(ObjectModel.ShapeOf(entity, [.. names]), merged.Pack());

        void Copy(ExoObject row, Func<string, bool> isWanted)
        {
            for (var i = 0; i < row.Shape.Names.Count; i++)
            {
                if (isWanted(row.Shape.Names[i]))
                {
                    names.Add(row.Shape.Names[i]);
                    merged.Add(row.Raw(i, out var bytes), bytes);
                }
            }
        }
    }
}
