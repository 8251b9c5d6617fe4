using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ExoConnect.Core.Objects;

/// <summary>
/// The shapes seen so far and their .NET types. A type is emitted once per shape and never unloads, so their number is capped; objects
/// of shapes beyond the cap are untyped, and the host presents them as it can.
/// </summary>
public static class ObjectModel
{
    /// <summary>How many shapes get a .NET type of their own in one process.</summary>
    public const int MaxTypes = 512;

    private const int MaxProperties = 4096;

    /// <summary>How many names all shapes have that are kept. What is beyond that has a shape of its own for each answer.</summary>
    private const int MaxKeptNames = 512 * 1024;

    private static readonly ConcurrentDictionary<(string Entity, int Types, string Names), RowShape> Shapes = new();
    private static readonly ConcurrentDictionary<(string Entity, int Types), RowShape> Latest = new();
    private static readonly object Gate = new();

    /// <summary>Members that PowerShell gives every object; a property of such a name couldn't be read.</summary>
    private static readonly string[] Reserved = ["psobject", "psbase", "psadapted", "psextended", "pstypenames"];

    private static readonly HashSet<string> MethodNames =
        new(typeof(object).GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Select(m => m.Name)
            .Concat([nameof(ExoObject.Get), nameof(ExoObject.Set), nameof(ExoObject.Shape), .. Reserved]), StringComparer.OrdinalIgnoreCase);

    private static int _types;
    private static int _keptNames;

    /// <summary>The shape that was asked for last, which the next answer's first object will have too, most likely.</summary>
    /// <param name="entity">What the rows are.</param>
    /// <param name="types">The number of the type names that the service gave them (<see cref="NameLists"/>); 0 for none.</param>
    internal static RowShape? LatestOf(string entity, int types = 0) => Latest.GetValueOrDefault((entity, types));

    /// <summary>The shape of objects.</summary>
    /// <param name="entity">What they are.</param>
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

    /// <summary>Lengths, since a name may hold any character and no name may have none: a separator alone takes different lists for one.</summary>
    private static string Key(string[] names) => string.Concat(names.Select(n => $"{n.Length}:{n}"));

    internal static ExoObject Create(RowShape shape, byte[] row) => shape.Factory is { } make ? make(shape, row) : new UntypedExoObject(shape, row);

    private static Func<RowShape, byte[], ExoObject>? CreateFactory(RowShape shape)
    {
        // A program that is compiled ahead of time can make no types.
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
