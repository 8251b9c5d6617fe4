using System.Runtime.CompilerServices;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.Core.Tests.Sessions;
using ExoConnect.LocalTenant;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>Sign-ins of users that outlive the process, here in a file, since a machine for tests has no place for secrets.</summary>
public sealed class PersistedSignInTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Folder => Path.Combine(_folder.Path, "sign-ins");

    public void Dispose() => _folder.Dispose();

    /// <summary>A connection as another process would make it: with providers of its own.</summary>
    private ConnectOptions Process(
        ConnectedTenant connected, Person? person, SignInPersistence persistence = SignInPersistence.PlaintextAllowed) => connected.Options() with
        {
            SignIn = new SignInMethod.Browser(),
            Interaction = person,
            Persistence = persistence,
            Providers = new TokenProviderPool(),
            Cache = new CatalogCacheOptions { Folder = Path.Combine(_folder.Path, "catalog") },
            InteractiveTimeout = TimeSpan.FromSeconds(20),
        };

    private string[] Kept() => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder, "*.plain")] : [];

    [LinuxWithoutSecretsFact]
    public async Task Without_a_place_for_secrets_nothing_is_kept_unless_a_file_is_allowed()
    {
        await using var connected = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 1 });
        using var person = new Person(connected.Tenant);
        var e = await Assert.ThrowsAsync<ExoException>(() => connected.ConnectAsync(Process(connected, person, SignInPersistence.Protected)));
        Assert.Equal(("SignInStoreMissing", "PersistSignIn"), (e.ErrorId, e.ParameterName));
        Assert.Contains("-AllowPlaintextCache", e.Remedy, StringComparison.Ordinal);
        Assert.Empty(person.Pages);
        Assert.Empty(Kept());
    }

    [LinuxWithoutSecretsFact]
    public async Task Another_process_goes_on_without_asking_and_disconnecting_ends_it_for_all()
    {
        await using var connected = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 1 });
        using var person = new Person(connected.Tenant);
        var first = await connected.ConnectAsync(Process(connected, person));
        var file = Assert.Single(Kept());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(Folder));
        Assert.Contains(connected.Messages.Warnings, w => w.Contains(file, StringComparison.Ordinal));
        Assert.Contains("\"RefreshToken\":{\"", await File.ReadAllTextAsync(file), StringComparison.Ordinal);

        // Nobody is there, and nobody is needed: not for the other service, and not when the token is refused.
        var second = await connected.ConnectAsync(Process(connected, null) with { Service = ExoService.SecurityCompliance });
        Assert.Equal(connected.Tenant.AdministratorName, second.Description.Claims.UserPrincipalName);
        Assert.Contains(connected.Messages.Warnings, w => w.Contains("signed in already", StringComparison.Ordinal));
        connected.Tenant.RevokeTokens();
        Assert.NotEmpty(await connected.RunAsync(first, "Get-Mailbox", ("ResultSize", 1)));

        // A session that just ends leaves it; one that is disconnected takes it along.
        second.Dispose();
        Assert.Contains("\"RefreshToken\":{\"", await File.ReadAllTextAsync(file), StringComparison.OrdinalIgnoreCase);
        connected.Registry.Disconnect(first);
        Assert.Empty(Kept());
        var e = await Assert.ThrowsAsync<SignInException>(() => connected.ConnectAsync(Process(connected, null)));
        Assert.Equal("InteractionRequired", e.ErrorId);
        Assert.Single(person.Pages);

        static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
    }

    [LinuxWithoutSecretsFact]
    public async Task A_sign_in_stays_as_long_as_one_session_uses_it()
    {
        await using var connected = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 1 });
        using var person = new Person(connected.Tenant);
        var options = Process(connected, person);
        var first = await connected.ConnectAsync(options);
        await connected.ConnectAsync(options with { Service = ExoService.SecurityCompliance });
        connected.Registry.Disconnect(first);
        Assert.NotNull(await connected.ConnectAsync(Process(connected, null)));
    }

    [LinuxWithoutSecretsFact]
    public async Task Another_application_means_signing_in_again_and_the_error_says_so()
    {
        await using var connected = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 1 });
        using var person = new Person(connected.Tenant);
        await connected.ConnectAsync(Process(connected, person));
        var other = connected.Tenant.AddApplication("other", null, [], []);
        other.AllowsPublicClient = true;
        other.AddDelegatedPermission("Exchange.Manage");

        var e = await Assert.ThrowsAsync<SignInException>(
            () => connected.ConnectAsync(Process(connected, null) with { AppId = other.AppId.ToString() }));
        Assert.Equal("InteractionRequired", e.ErrorId);
        Assert.Contains($"belongs to the application {connected.Tenant.AppId}, not to {other.AppId}", e.Message, StringComparison.Ordinal);
        Assert.NotNull(await connected.ConnectAsync(Process(connected, person) with { AppId = other.AppId.ToString() }));
    }

    [LinuxWithoutSecretsFact]
    public async Task Applications_and_passwords_are_never_kept()
    {
        await using var connected = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 1 });
        using var secret = TestCertificates.Secure(connected.Tenant.ClientSecret);
        using var password = TestCertificates.Secure(connected.Tenant.AdministratorPassword);
        foreach (var method in new SignInMethod[] { new SignInMethod.ClientSecret(secret),
            new SignInMethod.Password(connected.Tenant.AdministratorName, password) })
        {
            await connected.ConnectAsync(Process(connected, null) with { SignIn = method });
        }

        Assert.Empty(Kept());
    }

    private sealed class LinuxWithoutSecretsFactAttribute : FactAttribute
    {
        public LinuxWithoutSecretsFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
            : base(file, line)
        {
            if (!OperatingSystem.IsLinux() || System.Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS") is { Length: > 0 })
            {
                Skip = "Needs Linux without a session bus, where no Secret Service responds.";
            }
        }
    }
}
