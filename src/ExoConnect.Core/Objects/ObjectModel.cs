using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ExoConnect.Core.Objects;

/// <summary>
/// The known shapes and their .NET types. A type is emitted once per shape and never unloads, so their number is capped. Objects of shapes beyond
/// the cap are untyped, and the host presents them in its own way.
/// </summary>
public static class ObjectModel
{
    /// <summary>How many shapes get a .NET type of their own in one process.</summary>
    public const int MaxTypes = 512;

    private const int MaxProperties = 4096;

    /// <summary>How many names all kept shapes may have. Beyond that, each response has a shape of its own.</summary>
    private const int MaxKeptNames = 512 * 1024;

    private static readonly ConcurrentDictionary<(string Entity, int Types, string Names), RowShape> Shapes = new();
    private static readonly ConcurrentDictionary<(string Entity, int Types), RowShape> Latest = new();
    private static readonly object Gate = new();

    /// <summary>Members that PowerShell gives every object; nobody could read a property of such a name.</summary>
    private static readonly string[] Reserved = ["psobject", "psbase", "psadapted", "psextended", "pstypenames"];

    private static readonly HashSet<string> MethodNames =
        new(typeof(object).GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Select(m => m.Name)
            .Concat([nameof(ExoObject.Get), nameof(ExoObject.Set), nameof(ExoObject.Shape), .. Reserved]), StringComparer.OrdinalIgnoreCase);

    private static int _types;
    private static int _keptNames;

    /// <summary>The last used shape; the next response's first object most likely has it too.</summary>
    /// <param name="entity">The rows' type.</param>
    /// <param name="types">The number of the service's type names (<see cref="NameLists"/>); 0 for none.</param>
    internal static RowShape? LatestOf(string entity, int types = 0) => Latest.GetValueOrDefault((entity, types));

    /// <summary>The shape of objects.</summary>
    /// <param name="entity">Their type.</param>
    /// <param name="names">Their properties.</param>
    /// <param name="types">The number of their type names; 0 for none.</param>
    internal static RowShape ShapeOf(string entity, string[] names, int types = 0)
    {
        var key = (entity, types, Key(names));
        if (!Shapes.TryGetValue(key, out var shape))
        {
            if (Interlocked.Add(ref _keptNames, names.Length) > MaxKeptNames)
            {
                Interlocked.Add(ref _keptNames, -names.Length);
                return new RowShape(entity, names, types);
            }

            shape = Shapes.GetOrAdd(key, _ => Make(entity, names, types));
        }

        return Latest[(entity, types)] = shape;
    }

    private static RowShape Make(string entity, string[] names, int types)
    {
        var shape = new RowShape(entity, names, types);
        shape.Factory = CreateFactory(shape);
        return shape;
    }

    /// <summary>
    /// With lengths, since a name may hold any character and a list may be empty: with a separator alone, different lists could be equal.
    /// </summary>
    private static string Key(string[] names) => string.Concat(names.Select(n => $"{n.Length}:{n}"));

    internal static ExoObject Create(RowShape shape, byte[] row) => shape.Factory is { } make ? make(shape, row) : new UntypedExoObject(shape, row);

    private static Func<RowShape, byte[], ExoObject>? CreateFactory(RowShape shape)
    {
        // A program that is compiled ahead of time can emit no types.
        if (!RuntimeFeature.IsDynamicCodeSupported || shape.IsAmbiguous || shape.Names.Count > MaxProperties
            || shape.Names.Any(n => n.Length is 0 or > 500 || n.Contains('\0') || MethodNames.Contains(n)))
        {
            return null;
        }

        lock (Gate)
        {
            return _types++ < MaxTypes ? EmittedTypes.Emit(shape) : null;
        }
    }
}
