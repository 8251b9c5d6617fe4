using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

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
    private const int MaxTypeNames = 16;

    /// <summary>How many names all kept shapes may have. Beyond that, each response has a shape of its own.</summary>
    private const int MaxKeptNames = 512 * 1024;

    private static readonly ConcurrentDictionary<(string Entity, int Types, string Names), RowShape> Shapes = new();
    private static readonly ConcurrentDictionary<(string Entity, int Types), RowShape> Latest = new();
    private static readonly Dictionary<string, (Type Base, int Count)> Entities = new(StringComparer.OrdinalIgnoreCase);
    private static readonly object Gate = new();
    private static readonly Lazy<ModuleBuilder> Module = new(static () => AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("ExoConnect.Objects"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("ExoConnect.Objects"));

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
        if (shape.IsAmbiguous || shape.Names.Count > MaxProperties
            || shape.Names.Any(n => n.Length is 0 or > 500 || n.Contains('\0') || MethodNames.Contains(n)))
        {
            return null;
        }

        lock (Gate)
        {
            return _types++ < MaxTypes ? Emit(shape) : null;
        }
    }

    private static Func<RowShape, byte[], ExoObject> Emit(RowShape shape)
    {
        const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;
        const BindingFlags Inherited = BindingFlags.Instance | BindingFlags.NonPublic;
        Type[] constructorTypes = [typeof(RowShape), typeof(byte[])];

        // Views and scripts know the entity's name; each shape's type has it as its base.
        if (!Entities.TryGetValue(shape.Entity, out var entity))
        {
            var baseType = Module.Value.DefineType("ExoConnect." + shape.Entity, TypeAttributes.Public | TypeAttributes.Abstract, typeof(ExoObject));
            EmitConstructor(baseType, typeof(ExoObject).GetConstructor(Inherited, constructorTypes)!);
            entity = (baseType.CreateType(), 0);
        }

        entity.Count++;
        Entities[shape.Entity] = entity;

        var type = DefineShapeType(shape, entity, constructorTypes);
        var constructor = EmitConstructor(type, type.BaseType!.GetConstructor(constructorTypes)!);
        var get = typeof(ExoObject).GetMethod(nameof(ExoObject.Get), Inherited)!;
        var set = typeof(ExoObject).GetMethod(nameof(ExoObject.Set), Inherited)!;
        for (var i = 0; i < shape.Names.Count; i++)
        {
            var property = type.DefineProperty(shape.Names[i], PropertyAttributes.None, typeof(object), null);

            var getter = type.DefineMethod("get_" + shape.Names[i], Accessor, typeof(object), Type.EmptyTypes);
            var code = getter.GetILGenerator(16);
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Call, get);
            code.Emit(OpCodes.Ret);
            property.SetGetMethod(getter);

            var setter = type.DefineMethod("set_" + shape.Names[i], Accessor, typeof(void), [typeof(object)]);
            code = setter.GetILGenerator(16);
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Call, set);
            code.Emit(OpCodes.Ret);
            property.SetSetMethod(setter);
        }

        var factory = type.DefineMethod("<Create>", MethodAttributes.Assembly | MethodAttributes.Static, typeof(ExoObject), constructorTypes);
        var body = factory.GetILGenerator(16);
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Ldarg_1);
        body.Emit(OpCodes.Newobj, constructor);
        body.Emit(OpCodes.Ret);

        return type.CreateType().GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Single().CreateDelegate<Func<RowShape, byte[], ExoObject>>(
            );
    }

    /// <summary>
    /// The type's names, and so PowerShell's type names of its objects, are the service's, before the entity's own: scripts look at the first. They
    /// need a module of their own, since the names of shapes repeat.
    /// </summary>
    private static TypeBuilder DefineShapeType(RowShape shape, (Type Base, int Count) entity, Type[] constructorTypes)
    {
        const TypeAttributes Shown = TypeAttributes.Public | TypeAttributes.Sealed;
        var names = shape.TypeNames.Distinct().Where(IsTypeName).Take(MaxTypeNames).Reverse().ToList();
        if (names.Count == 0)
        {
            return Module.Value.DefineType($"ExoConnect.{shape.Entity}#{entity.Count}", Shown, entity.Base);
        }

        var assembly = $"ExoConnect.Objects.{shape.Entity}.{entity.Count}";
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(assembly), AssemblyBuilderAccess.Run).DefineDynamicModule(assembly);
        var parent = entity.Base;
        foreach (var name in names.SkipLast(1))
        {
            var type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Abstract, parent);
            EmitConstructor(type, parent.GetConstructor(constructorTypes)!);
            parent = type.CreateType();
        }

        return module.DefineType(names[^1], Shown, parent);
    }

    /// <summary>Whether a type of ours can have a name: namespaces and a plain name, without characters that reflection interprets.</summary>
    private static bool IsTypeName(string name) => name.Length <= 200 && name.StartsWith("Deserialized.", StringComparison.Ordinal)
        && !name.Contains("..", StringComparison.Ordinal) && name[^1] != '.' && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');

    private static ConstructorBuilder EmitConstructor(TypeBuilder type, ConstructorInfo baseConstructor)
    {
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(RowShape), typeof(byte[])]);
        var code = constructor.GetILGenerator(16);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Call, baseConstructor);
        code.Emit(OpCodes.Ret);
        return constructor;
    }
}
