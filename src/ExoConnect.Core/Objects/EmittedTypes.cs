using System.Reflection;
using System.Reflection.Emit;

namespace ExoConnect.Core.Objects;

/// <summary>The .NET types of shapes: one for each entity, and one for each shape over it. Not thread-safe; the caller locks.</summary>
internal static class EmittedTypes
{
    private const int MaxTypeNames = 16;

    private static readonly Dictionary<string, (Type Base, int Count)> Entities = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ModuleBuilder Module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("ExoConnect.Objects"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("ExoConnect.Objects");

    /// <summary>Emits a shape's type.</summary>
    /// <param name="shape">The shape, whose names are fit for properties.</param>
    /// <returns>The factory of objects of the type.</returns>
    public static Func<RowShape, byte[], ExoObject> Emit(RowShape shape)
    {
        const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;
        const BindingFlags Inherited = BindingFlags.Instance | BindingFlags.NonPublic;
        Type[] constructorTypes = [typeof(RowShape), typeof(byte[])];

        // Views and scripts know the entity's name; each shape's type has it as its base.
        if (!Entities.TryGetValue(shape.Entity, out var entity))
        {
            var baseType = Module.DefineType("ExoConnect." + shape.Entity, TypeAttributes.Public | TypeAttributes.Abstract, typeof(ExoObject));
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
    /// The type's names, and so PowerShell's type names of its objects, are the service's names, before the entity's own: scripts look at the
    /// first. They need a module of their own, since the names of shapes repeat.
    /// </summary>
    private static TypeBuilder DefineShapeType(RowShape shape, (Type Base, int Count) entity, Type[] constructorTypes)
    {
        const TypeAttributes Shown = TypeAttributes.Public | TypeAttributes.Sealed;
        var names = shape.TypeNames.Distinct().Where(IsTypeName).Take(MaxTypeNames).Reverse().ToList();
        if (names.Count == 0)
        {
            return Module.DefineType($"ExoConnect.{shape.Entity}#{entity.Count}", Shown, entity.Base);
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
