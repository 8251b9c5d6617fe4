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
    /// <summary>The assembly whose image holds the methods that are no library's.</summary>
    public const string Engine = "ExoConnect.Core";

    /// <summary>The library that has an image of its own, with generic code over its types.</summary>
    public const string Msal = "Microsoft.Identity.Client";

    public static void Write(string path, IReadOnlyCollection<MethodBase> methods)
    {
        var groups = methods.ToLookup(method => Names(method, Msal) ? Msal : Engine);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Profile"), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule("Profile");
        var definitions = groups.Select(group => (Assembly: group.Key, Code: Define(module, group.Key, code =>
        {
            foreach (var method in group)
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
        }))).ToList();
        Define(module, "AssemblyDictionary", code =>
        {
            foreach (var (name, group) in definitions)
            {
                code.Emit(OpCodes.Ldstr, name + ";");
                code.Emit(OpCodes.Ldtoken, group);
                code.Emit(OpCodes.Pop);
            }
        });
        module.CreateGlobalFunctions();
        assembly.Save(path);
    }

    /// <summary>Whether the method is the assembly's, or is made for a type of it.</summary>
    private static bool Names(MethodBase method, string assembly) =>
        Names(method.DeclaringType!, assembly) || method.IsGenericMethod && method.GetGenericArguments().Any(type => Names(type, assembly));

    private static bool Names(Type type, string assembly) =>
        type.Assembly.GetName().Name == assembly || type.HasElementType && Names(type.GetElementType()!, assembly)
            || type.GenericTypeArguments.Any(argument => Names(argument, assembly));

    private static MethodBuilder Define(ModuleBuilder module, string name, Action<ILGenerator> write)
    {
        var method = module.DefineGlobalMethod(name, MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        var code = method.GetILGenerator();
        write(code);
        code.Emit(OpCodes.Ret);
        return method;
    }
}
