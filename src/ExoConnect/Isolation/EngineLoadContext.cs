using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace ExoConnect.Isolation;

/// <summary>The context of the engine and its dependencies. Not collectible: types emitted in it and MSAL's statics live on.</summary>
/// <param name="folder">
/// The folder of the assemblies. A subfolder with a platform's name may hold the same assemblies with native code for that platform beside their
/// IL; the packaged module has some.
/// </param>
internal sealed class EngineLoadContext(string folder) : AssemblyLoadContext("ExoConnect", isCollectible: false)
{
    public const string EngineName = "ExoConnect.Core";

    /// <summary>The native code is made for .NET 10; earlier runtimes would ignore it and read larger files for nothing.</summary>
    private const int FirstRuntimeOfNativeCode = 10;

    /// <summary>
    /// The assemblies that only the default credential needs lie apart, as IL; the context searches there only once this one is requested.
    /// </summary>
    private const string DefaultCredentialName = "ExoConnect.AzureIdentity";

    private string[] _folders = Environment.Version.Major >= FirstRuntimeOfNativeCode ? [Path.Combine(folder, Platform), folder] : [folder];

    private static readonly Lazy<Dictionary<string, string>> HostFiles = new(static () =>
        ((AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(static f => Path.GetFileNameWithoutExtension(f), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static g => g.Key, static g => g.First(), StringComparer.OrdinalIgnoreCase));

    /// <summary>The platform, for example <c>linux-x64</c>; empty if it has no name.</summary>
    private static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "osx" : null;
            return system is null ? "" : $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    public Assembly LoadEngine() => LoadFromAssemblyName(new AssemblyName(EngineName));

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == DefaultCredentialName)
        {
            _folders = [.. _folders, Path.Combine(folder, "azure-identity")];
        }

        if (_folders.Select(f => Path.Combine(f, assemblyName.Name + ".dll")).FirstOrDefault(File.Exists) is not { } path)
        {
            return null;
        }

        // The host's newer copy serves an older request, and is compiled ahead of time while ours would be jitted. The context reads the host's
        // list of files, not the default context: that one would ask other modules' handlers, and then the order of imports would matter.
        return HostFiles.Value.TryGetValue(assemblyName.Name!, out var hostFile) && AssemblyName.GetAssemblyName(hostFile)
            .Version >= assemblyName.Version
            ? null
            : LoadFromAssemblyPath(path);
    }
}
