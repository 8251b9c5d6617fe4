using System.Reflection;
using System.Reflection.Emit;

namespace ExoConnect.ProfileBuilder;

/// <summary>Writes methods as crossgen2 reads a profile: an assembly whose code names them.</summary>
/// <remarks>
/// The format is in the runtime's repository: src/coreclr/tools/aot/ILCompiler.ReadyToRun/IBC/MIbcProfileParser.cs. A group of methods names
/// its assembly, and crossgen2 skips groups of other assemblies; ours name the image that holds the methods.
/// </remarks>
internal static class ProfileFile
{
    /// <summary>The assembly whose image holds the methods.</summary>
    public const string Engine = "ExoConnect.Core";

    public static void Write(string path, IReadOnlyCollection<MethodBase> methods)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Profile"), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule("Profile");
        var group = Define(module, "Methods", code =>
        {
            foreach (var method in methods)
            {
                if (method is ConstructorInfo constructor)
                {
                    // The writer takes a constructor only to be called.
                    code.Emit(OpCodes.Ldtoken, module.GetMethodMetadataToken(constructor));
                }
                else
                {
                    code.Emit(OpCodes.Ldtoken, (MethodInfo)method);
                }

                code.Emit(OpCodes.Pop);
            }
        });
        Define(module, "AssemblyDictionary", code =>
        {
            code.Emit(OpCodes.Ldstr, Engine + ";");
            code.Emit(OpCodes.Ldtoken, group);
            code.Emit(OpCodes.Pop);
        });
        module.CreateGlobalFunctions();
        assembly.Save(path);
    }

    private static MethodBuilder Define(ModuleBuilder module, string name, Action<ILGenerator> write)
    {
        var method = module.DefineGlobalMethod(name, MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        var code = method.GetILGenerator();
        write(code);
        code.Emit(OpCodes.Ret);
        return method;
    }
}
