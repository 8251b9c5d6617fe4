using System.Reflection;
using System.Runtime.Loader;

namespace ExoConnect.Isolation;

/// <summary>The context of the engine and its dependencies. Not collectible: types emitted in it and MSAL's statics live on.</summary>
/// <param name="folder">Where the assemblies lie.</param>
internal sealed class EngineLoadContext(string folder) : AssemblyLoadContext("ExoConnect", isCollectible: false)
{
    public const string EngineName = "ExoConnect.Core";

    private static readonly Lazy<Dictionary<string, string>> HostFiles = new(static () =>
        ((AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(static f => Path.GetFileNameWithoutExtension(f), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static g => g.Key, static g => g.First(), StringComparer.OrdinalIgnoreCase));

    public Assembly LoadEngine() => LoadFromAssemblyName(new AssemblyName(EngineName));

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(folder, assemblyName.Name + ".dll");
        if (!File.Exists(path))
        {
            return null;
        }

        // The host's newer copy serves an older request, and its code is compiled ahead of time where ours would be jitted. Its list of
        // files is asked, not the default context: that one would ask other modules' handlers, and then the order of import mattered.
        return HostFiles.Value.TryGetValue(assemblyName.Name!, out var hostFile) && AssemblyName.GetAssemblyName(hostFile).Version >= assemblyName.Version
            ? null
            : LoadFromAssemblyPath(path);
    }
}
