using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ExoConnect.Module.Tests.Architecture;

/// <summary>
/// Which rooms of an assembly use which others. A room is the first part of a namespace below the assembly's own. What counts is what the
/// compiler wrote: base types, fields, signatures, attributes and the instructions of every method.
/// </summary>
internal sealed class CompiledRooms
{
    private readonly MetadataReader _metadata;
    private readonly string _root;
    private readonly SortedDictionary<string, SortedSet<string>> _arrows = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To), string> _examples = [];

    private CompiledRooms(PEReader image, string root)
    {
        _metadata = image.GetMetadataReader();
        _root = root;
        References = [.. _metadata.AssemblyReferences.Select(r => _metadata.GetString(_metadata.GetAssemblyReference(r).Name))];
        foreach (var handle in _metadata.TypeDefinitions)
        {
            Read(image, handle);
        }
    }

    /// <summary>The rooms, each with the rooms that it uses.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> Arrows => _arrows;

    /// <summary>The assemblies that the assembly references.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>Reads an assembly.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="root">The namespace that holds its rooms.</param>
    public static CompiledRooms Of(string path, string root)
    {
        using var image = new PEReader(File.OpenRead(path));
        return new CompiledRooms(image, root);
    }

    /// <summary>A type that makes an arrow, and a type it uses, for messages.</summary>
    public string Example(string from, string to) => _examples[(from, to)];

    private void Read(PEReader image, TypeDefinitionHandle handle)
    {
        if (RoomOf(handle) is not { } room)
        {
            return;
        }

        var type = _metadata.GetTypeDefinition(handle);
        var names = new TypeNames(this);
        _arrows.TryAdd(room, []);
        var used = new HashSet<EntityHandle>();
        Add(used, type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
        {
            Add(used, _metadata.GetInterfaceImplementation(implemented).Interface);
        }

        foreach (var attribute in type.GetCustomAttributes())
        {
            Add(used, _metadata.GetCustomAttribute(attribute).Constructor);
        }

        foreach (var field in type.GetFields())
        {
            TypeNames.Take(used, _metadata.GetFieldDefinition(field).DecodeSignature(names, null));
        }

        foreach (var methodHandle in type.GetMethods())
        {
            var method = _metadata.GetMethodDefinition(methodHandle);
            TypeNames.Take(used, method.DecodeSignature(names, null));
            if (method.RelativeVirtualAddress != 0)
            {
                var body = image.GetMethodBody(method.RelativeVirtualAddress);
                ReadInstructions(used, body.GetILReader());
                if (!body.LocalSignature.IsNil)
                {
                    TypeNames.Take(used, _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null));
                }
            }
        }

        foreach (var other in used.SelectMany(h => TypesOf(h, names)))
        {
            if (RoomOf(other) is { } target && target != room)
            {
                _arrows[room].Add(target);
                _examples.TryAdd((room, target),
                    $"{_metadata.GetString(type.Name)} uses {_metadata.GetString(_metadata.GetTypeDefinition(other).Name)}");
            }
        }
    }

    private static void Add(HashSet<EntityHandle> used, EntityHandle handle)
    {
        if (!handle.IsNil)
        {
            used.Add(handle);
        }
    }

    private static void ReadInstructions(HashSet<EntityHandle> used, BlobReader body)
    {
        foreach (var (code, operand) in Instructions.Of(body))
        {
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                Add(used, MetadataTokens.EntityHandle(operand));
            }
        }
    }

    /// <summary>The types of this assembly that a token stands for.</summary>
    private IEnumerable<TypeDefinitionHandle> TypesOf(EntityHandle handle, TypeNames names)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return [(TypeDefinitionHandle)handle];
            case HandleKind.MethodDefinition:
                return [_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()];
            case HandleKind.FieldDefinition:
                return [_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()];
            case HandleKind.MemberReference:
                return TypesOf(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent, names);
            case HandleKind.MethodSpecification:
                var method = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                return [.. TypesOf(method.Method, names), .. method.DecodeSignature(names, null).SelectMany(static t => t)];
            case HandleKind.TypeSpecification:
                return _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(names, null);
            default:
                return [];
        }
    }

    /// <summary>The room of a type; null for what has none, as the compiler's own types.</summary>
    private string? RoomOf(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        var name = _metadata.GetString(type.Namespace);
        return name == _root ? "(root)"
            : name.StartsWith(_root + ".", StringComparison.Ordinal) ? name[(_root.Length + 1)..].Split('.')[0]
            : null;
    }

    /// <summary>Makes of a signature the types of this assembly that stand in it.</summary>
    private sealed class TypeNames(CompiledRooms owner) : ISignatureTypeProvider<ImmutableArray<TypeDefinitionHandle>, object?>
    {
        public static void Take(HashSet<EntityHandle> used, ImmutableArray<TypeDefinitionHandle> types) => used.UnionWith(
            types.Select(static t => (EntityHandle)t));

        public static void Take(HashSet<EntityHandle> used, MethodSignature<ImmutableArray<TypeDefinitionHandle>> signature) =>
            Take(used, [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(static t => t)]);

        public static void Take(HashSet<EntityHandle> used, ImmutableArray<ImmutableArray<TypeDefinitionHandle>> types) => Take(
            used, [.. types.SelectMany(static t => t)]);

        public ImmutableArray<TypeDefinitionHandle> GetArrayType(ImmutableArray<TypeDefinitionHandle> elementType, ArrayShape shape) => elementType;

        public ImmutableArray<TypeDefinitionHandle> GetByReferenceType(ImmutableArray<TypeDefinitionHandle> elementType) => elementType;

        public ImmutableArray<TypeDefinitionHandle> GetFunctionPointerType(MethodSignature<ImmutableArray<TypeDefinitionHandle>> signature) => [];

        public ImmutableArray<TypeDefinitionHandle> GetGenericInstantiation(
            ImmutableArray<TypeDefinitionHandle> genericType, ImmutableArray<ImmutableArray<TypeDefinitionHandle>> typeArguments) =>
            [.. genericType, .. typeArguments.SelectMany(static t => t)];

        public ImmutableArray<TypeDefinitionHandle> GetGenericMethodParameter(object? genericContext, int index) => [];

        public ImmutableArray<TypeDefinitionHandle> GetGenericTypeParameter(object? genericContext, int index) => [];

        public ImmutableArray<TypeDefinitionHandle> GetModifiedType(
            ImmutableArray<TypeDefinitionHandle> modifier, ImmutableArray<TypeDefinitionHandle> unmodifiedType, bool isRequired) => unmodifiedType;

        public ImmutableArray<TypeDefinitionHandle> GetPinnedType(ImmutableArray<TypeDefinitionHandle> elementType) => elementType;

        public ImmutableArray<TypeDefinitionHandle> GetPointerType(ImmutableArray<TypeDefinitionHandle> elementType) => elementType;

        public ImmutableArray<TypeDefinitionHandle> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

        public ImmutableArray<TypeDefinitionHandle> GetSZArrayType(ImmutableArray<TypeDefinitionHandle> elementType) => elementType;

        public ImmutableArray<TypeDefinitionHandle> GetTypeFromDefinition(
            MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [handle];

        public ImmutableArray<TypeDefinitionHandle> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [];

        public ImmutableArray<TypeDefinitionHandle> GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => [.. owner.TypesOf(handle, this)];
    }
}
