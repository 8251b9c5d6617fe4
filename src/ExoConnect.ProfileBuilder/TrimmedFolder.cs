using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;

namespace ExoConnect.ProfileBuilder;

/// <summary>Looks in a folder of trimmed assemblies for what they use of each other and trimming took out.</summary>
internal static class TrimmedFolder
{
    /// <summary>Finds what is missing.</summary>
    /// <param name="folders">A folder, and those whose assemblies see it too, in the order in which they are searched.</param>
    /// <returns>A line for each type or member that an assembly names and another lacks, and for each type that doesn't load.</returns>
    public static IReadOnlyList<string> Check(IEnumerable<string> folders)
    {
        var files = folders.SelectMany(folder => Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!);
        var assemblies = files.ToDictionary(file => file.Key, file => new TrimmedAssembly(file.Value));
        return [.. assemblies.SelectMany(assembly => assembly.Value.FindMissing(assemblies)), .. Load(files)];
    }

    /// <summary>The runtime checks that a type has the methods of its interfaces and of its abstract bases when it loads the type.</summary>
    private static IEnumerable<string> Load(Dictionary<string, string> files)
    {
        var context = new AssemblyLoadContext("Trimmed", isCollectible: true);
        context.Resolving += (_, name) => files.TryGetValue(name.Name!, out var file) ? context.LoadFromAssemblyPath(file) : null;
        foreach (var file in files.Values)
        {
            IEnumerable<Exception?> failures = [];
            try
            {
                _ = context.LoadFromAssemblyPath(file).GetTypes();
            }
            catch (ReflectionTypeLoadException e)
            {
                failures = e.LoaderExceptions;
            }

            foreach (var failure in failures)
            {
                yield return $"{Path.GetFileName(file)}: {failure?.Message}";
            }
        }
    }

    /// <summary>An assembly's metadata. Types and signatures are compared as text; a type is named without its assembly.</summary>
    private sealed class TrimmedAssembly
    {
        private readonly MetadataReader _metadata;
        private readonly string _name;
        private readonly Dictionary<string, TypeDefinition> _types;

        public TrimmedAssembly(string file)
        {
            _metadata = new PEReader(ImmutableArray.Create(File.ReadAllBytes(file))).GetMetadataReader();
            _name = Path.GetFileName(file);
            _types = _metadata.TypeDefinitions.ToDictionary(
                handle => SignatureText.Instance.GetTypeFromDefinition(_metadata, handle, 0), _metadata.GetTypeDefinition);
        }

        public IEnumerable<string> FindMissing(IReadOnlyDictionary<string, TrimmedAssembly> assemblies)
        {
            foreach (var handle in _metadata.TypeReferences)
            {
                var type = SignatureText.Instance.GetTypeFromReference(_metadata, handle, 0);
                if (Scope(handle) is { } scope && assemblies.TryGetValue(scope, out var assembly) && !assembly._types.ContainsKey(type))
                {
                    yield return $"{_name} names the type {type}, which {assembly._name} lacks.";
                }
            }

            foreach (var member in _metadata.MemberReferences.Select(_metadata.GetMemberReference))
            {
                var parent = member.Parent.Kind == HandleKind.TypeSpecification
                    ? Definition(_metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).Signature)
                    : member.Parent;
                if (parent.Kind == HandleKind.TypeReference && Scope((TypeReferenceHandle)parent) is { } scope
                    && assemblies.TryGetValue(scope, out var assembly))
                {
                    var type = SignatureText.Instance.GetTypeFromReference(_metadata, (TypeReferenceHandle)parent, 0);
                    var name = _metadata.GetString(member.Name) + Signature(member);
                    if (!assembly.Has(type, name, assemblies))
                    {
                        yield return $"{_name} names {type}.{name}, which {assembly._name} lacks.";
                    }
                }
            }
        }

        /// <summary>Whether a type or a base of it in the folders has a member. The compiler names a framework's base itself.</summary>
        private bool Has(string name, string member, IReadOnlyDictionary<string, TrimmedAssembly> assemblies)
        {
            if (!_types.TryGetValue(name, out var type))
            {
                return false;
            }

            if (type.GetMethods().Select(_metadata.GetMethodDefinition)
                    .Any(m => _metadata.GetString(m.Name) + Text(m.DecodeSignature(SignatureText.Instance, 0)) == member)
                || type.GetFields().Select(_metadata.GetFieldDefinition)
                    .Any(f => _metadata.GetString(f.Name) + " " + f.DecodeSignature(SignatureText.Instance, 0) == member))
            {
                return true;
            }

            var parent = type.BaseType.Kind == HandleKind.TypeSpecification
                ? Definition(_metadata.GetTypeSpecification((TypeSpecificationHandle)type.BaseType).Signature)
                : type.BaseType;
            return parent switch
            {
                { IsNil: true } => false,
                { Kind: HandleKind.TypeDefinition } => Has(
                    SignatureText.Instance.GetTypeFromDefinition(_metadata, (TypeDefinitionHandle)parent, 0), member, assemblies),
                _ => Scope((TypeReferenceHandle)parent) is { } scope && assemblies.TryGetValue(scope, out var assembly)
                    && assembly.Has(SignatureText.Instance.GetTypeFromReference(_metadata, (TypeReferenceHandle)parent, 0), member, assemblies),
            };
        }

        private static string Signature(MemberReference member) => member.GetKind() == MemberReferenceKind.Field
            ? " " + member.DecodeFieldSignature(SignatureText.Instance, 0)
            : Text(member.DecodeMethodSignature(SignatureText.Instance, 0));

        private static string Text(MethodSignature<string> signature) =>
            $"`{signature.GenericParameterCount}({string.Join(",", signature.ParameterTypes)}):{signature.ReturnType}";

        /// <summary>The generic type of an instance; nil for arrays and the like, whose members the runtime makes.</summary>
        private EntityHandle Definition(BlobHandle signature)
        {
            var reader = _metadata.GetBlobReader(signature);
            if (reader.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            {
                return default(TypeReferenceHandle);
            }

            _ = reader.ReadCompressedInteger();
            return reader.ReadTypeHandle();
        }

        private string? Scope(TypeReferenceHandle handle)
        {
            if (handle.IsNil)
            {
                return null;
            }

            var scope = _metadata.GetTypeReference(handle).ResolutionScope;
            return scope.Kind switch
            {
                HandleKind.TypeReference => Scope((TypeReferenceHandle)scope),
                HandleKind.AssemblyReference => _metadata.GetString(_metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
                _ => null,
            };
        }
    }
}
