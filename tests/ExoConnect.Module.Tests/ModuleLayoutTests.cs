using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace ExoConnect.Module.Tests;

/// <summary>The module as it lies on disk: what isolation and quick import stand on.</summary>
public partial class ModuleLayoutTests
{
    [Fact]
    public void The_root_holds_no_assembly_but_the_cmdlets()
    {
        var dependencies = Directory.GetFiles(Path.Combine(Repository.Module, "dependencies")).Select(Path.GetFileName).ToList();

        Assert.Equal(["ExoConnect.dll"], Directory.GetFiles(Repository.Module, "*.dll").Select(Path.GetFileName));
        Assert.Contains("ExoConnect.Core.dll", dependencies);
        Assert.Contains("Microsoft.Identity.Client.dll", dependencies);
        Assert.DoesNotContain("ExoConnect.dll", dependencies);
    }

    [Fact]
    public void The_cmdlets_reference_the_engine_and_the_platform_only()
    {
        using var cmdlets = new CmdletAssembly();

        Assert.All(cmdlets.References, r =>
            Assert.True(r is "ExoConnect.Core" or "System.Management.Automation" || r.StartsWith("System.", StringComparison.Ordinal), r));
    }

    /// <summary>PowerShell lists the exported types before the engine can be found: none may need it to be loaded.</summary>
    [Fact]
    public void No_exported_type_needs_the_engine_to_be_listed()
    {
        using var cmdlets = new CmdletAssembly();

        Assert.NotEmpty(cmdlets.ExportedTypes);
        Assert.All(cmdlets.ExportedTypes, t => Assert.False(cmdlets.DerivesFromEngine(t), cmdlets.NameOf(t) + " derives from a type of the engine."));
        Assert.All(
            cmdlets.ExportedTypes,
            t => Assert.False(cmdlets.IsBoundToEngine(t), cmdlets.NameOf(t) + " has a generic method bound to the engine."));

        // .NET for Windows loads the struct or enum that a virtual method returns together with the class.
        Assert.All(
            cmdlets.ExportedTypes,
            t => Assert.False(cmdlets.ReturnsValueOfEngine(t), cmdlets.NameOf(t) + " has a virtual method that returns a value of the engine."));
    }

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_there_are()
    {
        using var cmdlets = new CmdletAssembly();

        Assert.NotEmpty(cmdlets.CmdletNames);
        Assert.Equal(cmdlets.CmdletNames.Order(StringComparer.Ordinal), ExportedByManifest().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manifest_has_the_version_of_the_assembly()
    {
        using var cmdlets = new CmdletAssembly();

        Assert.Equal(cmdlets.Version.ToString(3), ModuleVersion().Match(Manifest()).Groups[1].Value);
    }

    [Fact]
    public void Every_cmdlet_has_a_page_in_the_docs() =>
        Assert.All(ExportedByManifest(), name => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", "cmdlets", name + ".md")), name));

    private static string Manifest() => File.ReadAllText(Path.Combine(Repository.Module, "ExoConnect.psd1"));

    private static IEnumerable<string> ExportedByManifest() =>
        QuotedName().Matches(CmdletsToExport().Match(Manifest()).Groups[1].Value).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"ModuleVersion\s*=\s*'([^']*)'")]
    private static partial Regex ModuleVersion();

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\(([^)]*)\)")]
    private static partial Regex CmdletsToExport();

    [GeneratedRegex("'([A-Za-z]+-[A-Za-z]+)'")]
    private static partial Regex QuotedName();

    /// <summary>The cmdlets' assembly, read and not loaded: it cannot be without PowerShell.</summary>
    private sealed class CmdletAssembly : IDisposable
    {
        private readonly PEReader _file = new(File.OpenRead(Path.Combine(Repository.Module, "ExoConnect.dll")));
        private readonly MetadataReader _metadata;

        public CmdletAssembly() => _metadata = _file.GetMetadataReader();

        public Version Version => _metadata.GetAssemblyDefinition().Version;

        public IEnumerable<string> References => _metadata.AssemblyReferences
            .Select(r => _metadata.GetString(_metadata.GetAssemblyReference(r).Name));

        public IEnumerable<TypeDefinition> ExportedTypes => _metadata.TypeDefinitions.Select(_metadata.GetTypeDefinition)
            .Where(t => (t.Attributes & TypeAttributes.VisibilityMask) is TypeAttributes.Public or TypeAttributes.NestedPublic);

        public IEnumerable<string> CmdletNames =>
            from type in _metadata.TypeDefinitions.Select(_metadata.GetTypeDefinition)
            from attribute in type.GetCustomAttributes().Select(_metadata.GetCustomAttribute)
            where attribute.Constructor.Kind == HandleKind.MemberReference
            let parent = _metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent
            where parent.Kind == HandleKind.TypeReference
                && _metadata.GetString(_metadata.GetTypeReference((TypeReferenceHandle)parent).Name) == "CmdletAttribute"
            select CmdletName(attribute);

        public string NameOf(TypeDefinition type) => _metadata.GetString(type.Name);

        public bool DerivesFromEngine(TypeDefinition type) => IsOfEngine(type.BaseType)
            || type.GetInterfaceImplementations().Any(i => IsOfEngine(_metadata.GetInterfaceImplementation(i).Interface));

        public bool IsBoundToEngine(TypeDefinition type) => type.GetMethods().Select(_metadata.GetMethodDefinition)
            .SelectMany(m => m.GetGenericParameters()).SelectMany(p => _metadata.GetGenericParameter(p).GetConstraints())
            .Any(c => IsOfEngine(_metadata.GetGenericParameterConstraint(c).Type));

        public bool ReturnsValueOfEngine(TypeDefinition type) => type.GetMethods().Select(_metadata.GetMethodDefinition)
            .Where(m => m.Attributes.HasFlag(MethodAttributes.Virtual)).Any(ReturnsValueOfEngine);

        public void Dispose() => _file.Dispose();

        private bool ReturnsValueOfEngine(MethodDefinition method)
        {
            var signature = _metadata.GetBlobReader(method.Signature);
            if (signature.ReadSignatureHeader().IsGeneric)
            {
                signature.ReadCompressedInteger();
            }

            signature.ReadCompressedInteger();
            return signature.ReadSignatureTypeCode() == SignatureTypeCode.TypeHandle && IsValueTypeOfEngine(ref signature);
        }

        /// <summary>The type code says no more whether a type is a class; the byte before its name does.</summary>
        private bool IsValueTypeOfEngine(ref BlobReader signature)
        {
            signature.Offset--;
            return signature.ReadByte() == (byte)SignatureTypeKind.ValueType && IsOfEngine(signature.ReadTypeHandle());
        }

        private bool IsOfEngine(EntityHandle type) => type.Kind == HandleKind.TypeReference
            && _metadata.GetTypeReference((TypeReferenceHandle)type).ResolutionScope is { Kind: HandleKind.AssemblyReference } scope
            && _metadata.GetString(_metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == "ExoConnect.Core";

        private string CmdletName(CustomAttribute attribute)
        {
            var value = _metadata.GetBlobReader(attribute.Value);
            value.ReadUInt16();
            return $"{value.ReadSerializedString()}-{value.ReadSerializedString()}";
        }
    }
}
