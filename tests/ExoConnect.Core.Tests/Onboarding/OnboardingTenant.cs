using System.Security;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Certificates.Making;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Onboarding.Diagnosis;
using ExoConnect.Core.Onboarding.SetUp;
using ExoConnect.Core.Tests.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Core.Tests.Onboarding;

/// <summary>A tenant of a test's own, its administrator, and a folder for certificates.</summary>
internal sealed class OnboardingTenant : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exoconnect-onboarding-").FullName;

    private OnboardingTenant(Tenant tenant)
    {
        Tenant = tenant;
        Environment = EnvironmentFile.Load(tenant.EnvironmentFile);
    }

    public Tenant Tenant { get; }

    public ExoEnvironment Environment { get; }

    public RecordedMessages Messages { get; } = new();

    public string Folder => _folder;

    public string Pfx => Path.Join(_folder, "Nightly.pfx");

    public TenantApplication App => Tenant.Registry.Applications.Single();

    public static async Task<OnboardingTenant> StartAsync(
        TimeSpan replicationDelay = default, bool empty = true, string[]? otherDomains = null) => new(await Tenant.StartAsync(
        new TenantOptions
        {
            HasApplication = !empty, ReplicationDelay = replicationDelay, OtherDomains = otherDomains ?? [], Mailboxes = 3,
            DeviceCodeInterval = TimeSpan.FromSeconds(1)
        }));

    public ITokenProvider Administrator(string[]? scopes = null, string[]? roles = null) =>
        new TokenProviderPool().Rent(Environment, null, null, new SignInMethod.AccessToken(Secret(Tenant.SignInUser(scopes: scopes, roles: roles))))
            .Provider;

    public SetUpOptions Options() => new()
    {
        Environment = Environment,
        EnvironmentName = Tenant.EnvironmentFile,
        Organization = Tenant.Organization,
        DisplayName = "Nightly",
        Roles = [DirectoryRoles.Find("Global Reader")!],
        Administrator = Administrator(),
        Certificate = SetUpCertificate.Generate(new NewCertificateOptions { CommonName = "Nightly", Folder = _folder }, Secret("pass")),
        Patience = TimeSpan.FromSeconds(20),
        RetryDelay = TimeSpan.FromMilliseconds(60),
    };

    public async Task<SetUpReport> SetUpAsync(SetUpOptions? options = null, Func<SetUpAction, bool>? isApproved = null)
    {
        var plan = await ApplicationSetUp.PlanAsync(options ?? Options(), Messages);
        return await plan.ApplyAsync(isApproved ?? (static _ => true));
    }

    public CertificateSource.File Certificate() => new(Pfx, Secret("pass"));

    public CheckOptions Check(string appId, bool asAdministrator = false) => new()
    {
        Environment = Environment,
        EnvironmentName = Tenant.EnvironmentFile,
        Organization = Tenant.Organization,
        AppId = appId,
        Certificate = Certificate(),
        Administrator = asAdministrator ? Administrator() : null,
    };

    public X509Certificate2 LoadPublic() => X509CertificateLoader.LoadCertificateFromFile(Path.Join(_folder, "Nightly.cer"));

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await Tenant.DisposeAsync();
    }

    public static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var c in text)
        {
            secret.AppendChar(c);
        }

        return secret;
    }
}
