using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using ExoConnect.Module.Tests.Architecture;

namespace ExoConnect.Module.Tests;

/// <summary>The ids of errors: each has a constant, and the page of troubleshooting explains it.</summary>
public partial class ErrorIdTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "guide", "troubleshooting.md");

    private static readonly List<string> Ids = Constants();

    [Fact]
    public void The_page_explains_every_error_id_once() =>
        Assert.Equal(Ids.Order(StringComparer.Ordinal), Explained().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("ExoConnect.Core")]
    [InlineData("ExoConnect")]
    public void Errors_are_made_with_ids_that_have_a_constant(string assembly)
    {
        var used = LiteralIds(assembly).Distinct().ToList();

        // Enough of them to be sure that the test finds them.
        Assert.True(used.Count > (assembly == "ExoConnect" ? 5 : 60), string.Join(' ', used));
        Assert.Empty(used.Except(Ids));
    }

    private static IEnumerable<string> Explained() => File.ReadLines(Page)
        .Select(line => ExplainedId().Match(line)).Where(m => m.Success).SelectMany(m => Name().Matches(m.Value)).Select(m => m.Value);

    /// <summary>The values of the engine's class ErrorIds.</summary>
    private static List<string> Constants()
    {
        using var image = Open("ExoConnect.Core");
        var metadata = image.GetMetadataReader();
        var type = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Single(t => metadata.GetString(t.Name) == "ErrorIds");
        return [.. type.GetFields()
            .Select(f => metadata.GetConstant(metadata.GetFieldDefinition(f).GetDefaultValue()))
            .Select(c => (string)metadata.GetBlobReader(c.Value).ReadConstant(c.TypeCode)!)];
    }

    private static PEReader Open(string assembly) => new(File.OpenRead(
        Path.Combine(assembly == "ExoConnect" ? Repository.Module : Path.GetDirectoryName(Repository.CommandLine)!, assembly + ".dll")));

    /// <summary>The texts that the methods of an assembly give to an ExoException as its ErrorId, and to an ErrorRecord.</summary>
    private static IEnumerable<string> LiteralIds(string assembly)
    {
        using var image = Open(assembly);
        var metadata = image.GetMetadataReader();
        foreach (var method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(m => m.RelativeVirtualAddress != 0))
        {
            var instructions = Instructions.Of(image.GetMethodBody(method.RelativeVirtualAddress).GetILReader());
            for (var i = 1; i < instructions.Count; i++)
            {
                var text = Called(metadata, instructions[i]) switch
                {
                    "set_ErrorId" when instructions[i - 1].Code == OpCodes.Ldstr => instructions[i - 1].Operand,

                    // new ErrorRecord(exception, "Id", ErrorCategory.Something, target): the id is the text in front of a number.
                    "ErrorRecord..ctor" => instructions.Take(i).Skip(i - 12)
                        .Zip(instructions.Take(i).Skip(i - 11), (id, category) => (Id: id, Category: category))
                        .LastOrDefault(
                            pair => pair.Id.Code == OpCodes.Ldstr && pair.Category.Code.Name!.StartsWith("ldc.i4", StringComparison.Ordinal))
                        .Id.Operand,
                    _ => 0,
                };
                if (text != 0)
                {
                    yield return metadata.GetUserString(MetadataTokens.UserStringHandle(text & 0xFFFFFF));
                }
            }
        }
    }

    /// <summary>The name of what an instruction calls; of a constructor with its type.</summary>
    private static string? Called(MetadataReader metadata, (OpCode Code, int Operand) instruction)
    {
        if (instruction.Code.OperandType != OperandType.InlineMethod)
        {
            return null;
        }

        var handle = MetadataTokens.EntityHandle(instruction.Operand);
        if (handle.Kind == HandleKind.MethodDefinition)
        {
            return metadata.GetString(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).Name);
        }

        if (handle.Kind != HandleKind.MemberReference)
        {
            return null;
        }

        var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
        var name = metadata.GetString(member.Name);
        return name == ".ctor" && member.Parent.Kind == HandleKind.TypeReference
            ? $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)}.{name}"
            : name;
    }

    [GeneratedRegex(@"^\| (`[A-Z]\w+`(, )?)+ \|")]
    private static partial Regex ExplainedId();

    [GeneratedRegex("[A-Z][A-Za-z0-9]+")]
    private static partial Regex Name();
}
