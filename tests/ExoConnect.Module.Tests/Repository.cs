using System.Reflection;

namespace ExoConnect.Module.Tests;

/// <summary>Where things lie in the checkout that was built.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Module { get; } = Path.Combine(Root, "out", "ExoConnect");

    public static string CommandLine { get; } =
        Path.Combine(Root, "src", "ExoConnect.Cli", "bin", Metadata("Configuration"), "net10.0", "exoconnect.dll");

    /// <summary>The package of the .NET tool PowerShell, in NuGet's cache.</summary>
    public static string PowerShellPackage { get; } = Metadata("PowerShell");

    /// <summary>The manifest of Pester, in NuGet's cache.</summary>
    public static string Pester { get; } = Path.Combine(Metadata("Pester"), "tools", "Pester.psd1");

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
