using System.Net;
using System.Reflection;
using System.Runtime.Loader;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Tests.Certificates;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>MSAL stays inside, and is not even loaded before somebody signs in.</summary>
public sealed class MsalIsolationTests
{
    [Fact]
    public void No_public_member_shows_a_type_of_MSAL()
    {
        const BindingFlags all =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var shown = typeof(CertificateTokenProvider).Assembly.GetExportedTypes().SelectMany(type => type.GetMembers(all)
            .Where(member => member switch
            {
                FieldInfo field => !field.IsPrivate && !field.IsAssembly,
                MethodBase method => !method.IsPrivate && !method.IsAssembly,
                _ => false,
            })
            .SelectMany(member => member switch
            {
                FieldInfo field => [field.FieldType],
                MethodInfo method => method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType),
                MethodBase method => method.GetParameters().Select(p => p.ParameterType),
                _ => [],
            }).Concat(type.GetInterfaces()).Append(type.BaseType ?? typeof(object)));
        Assert.DoesNotContain(shown, type => type.ToString().Contains("Microsoft.Identity", StringComparison.Ordinal));
    }

    [Fact]
    public void MSAL_is_loaded_with_the_first_token_and_not_before()
    {
        var context = new Context();
        var copy = context.LoadFromAssemblyPath(typeof(MsalIsolationTests).Assembly.Location);
        var probe = copy.GetType(typeof(Probe).FullName!)!;

        probe.GetMethod(nameof(Probe.Rent))!.Invoke(null, [TestCertificates.Rsa().Pfx()]);
        Assert.Contains(context.Assemblies, assembly => assembly.GetName().Name == "ExoConnect.Core");
        Assert.DoesNotContain(context.Assemblies, IsMsal);

        probe.GetMethod(nameof(Probe.SignIn))!.Invoke(null, null);
        Assert.Contains(context.Assemblies, IsMsal);

        // What only kept sign-ins of users need.
        Assert.DoesNotContain(context.Assemblies, assembly => assembly.GetName().Name!.Contains("Extensions.Msal", StringComparison.Ordinal));
        context.Unload();

        static bool IsMsal(Assembly assembly) => assembly.GetName().Name!.StartsWith("Microsoft.Identity", StringComparison.Ordinal);
    }

    /// <summary>Loads the engine and what belongs to it once more, apart from the test run's own.</summary>
    private sealed class Context() : AssemblyLoadContext("isolation", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }

    /// <summary>What a session does, in the other context.</summary>
    private static class Probe
    {
        private static TokenProviderLease? _lease;

        public static void Rent(byte[] pfx)
        {
            var certificate = new CertificateSource.Bytes(pfx).Open();
            var environment = ExoEnvironments.Resolve("O365Default", null, null, ExoService.ExchangeOnline) with
            {
                Address = new IPEndPoint(IPAddress.Loopback, 1),
            };
            var options = new SignInOptions { Clock = new SwiftClock() };
            _lease = TokenProviderPool.Shared.Rent(environment, "contoso.onmicrosoft.com", Guid.Empty.ToString(), certificate, options);
            _ = _lease.Provider.ToString();
        }

        public static void SignIn()
        {
            Assert.Throws<SignInException>(() => _lease!.Provider.GetTokenAsync("https://outlook.office365.com").AsTask().GetAwaiter().GetResult());
            _lease!.Dispose();
        }
    }
}
