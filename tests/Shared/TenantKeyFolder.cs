using System.Reflection;
using System.Runtime.CompilerServices;

namespace ExoConnect.Tests;

/// <summary>
/// Lets the tenants of this process, and of the processes it starts, take turns with RSA keys: to make them took most of the tests' time.
/// </summary>
internal static class TenantKeyFolder
{
    [ModuleInitializer]
    internal static void Set()
    {
        var root = typeof(TenantKeyFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(m => m.Key == "RepositoryRoot").Value!;
        Environment.SetEnvironmentVariable("EXOCONNECT_TENANT_KEYS", Path.Combine(root, "TestResults", "TenantKeys"));
    }
}
