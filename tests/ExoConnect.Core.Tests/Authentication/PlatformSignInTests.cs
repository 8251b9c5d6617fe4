using System.Runtime.CompilerServices;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.Core.Tests.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>
/// Identities that a platform gives: managed ones, and workloads that it vouches for. The platform is known by the variables it sets, so all of it
/// is in one collection, beside which nothing runs: variables, the PATH among them, are the whole process's.
/// </summary>
[Collection(Variables)]
[CollectionDefinition(Variables, DisableParallelization = true)]
public sealed class PlatformSignInTests : IAsyncLifetime
{
    internal const string Variables = "Variables of platforms";
    private const string ArcFolder = "/var/opt/azcmagent/tokens";
    private const string Audience = "api://AzureADTokenExchange";

    private readonly Dictionary<string, string?> _before = [];
    private ConnectedTenant _connected = null!;

    private Tenant Tenant => _connected.Tenant;

    private string Address => $"https://127.0.0.1:{Tenant.Port}";

    public async ValueTask InitializeAsync()
    {
        _connected = await ConnectedTenant.StartAsync(new TenantOptions { Mailboxes = 5, ArcTokenDirectory = ArcFolder });
        Tenant.App.RemoveFederatedCredential(Assert.Single(Tenant.App.FederatedCredentials));
        foreach (var name in new[]
        {
            "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST", "AZURE_FEDERATED_TOKEN_FILE",
            "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_OIDCREQUESTURI", "SYSTEM_ACCESSTOKEN",
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
        })
        {
            Set(name, null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, value) in _before)
        {
            System.Environment.SetEnvironmentVariable(name, value);
        }

        await _connected.DisposeAsync();
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, System.Environment.GetEnvironmentVariable(name));
        System.Environment.SetEnvironmentVariable(name, value);
    }

    private ConnectOptions With(SignInMethod method, string? organization = null, string? appId = null) =>
        _connected.Options() with { SignIn = method, Organization = organization, AppId = appId };

    private ConnectOptions Workload(FederatedTokenSource source) =>
        With(new SignInMethod.WorkloadIdentity(source), Tenant.Organization, Tenant.AppId.ToString());

    private async Task<ExoException> FailsAsync(ConnectOptions options, string errorId)
    {
        var e = await Assert.ThrowsAnyAsync<ExoException>(() => _connected.ConnectAsync(options));
        Assert.Equal(errorId, e.ErrorId);
        Assert.False(string.IsNullOrWhiteSpace(e.Remedy));
        Assert.DoesNotContain(Tenant.FederationRequestToken, e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", e.ToString(), StringComparison.Ordinal);
        return e;
    }

    private TenantApplication Identity(string name) => Tenant.AddApplication(name, null, ["Exchange.ManageAsApp"], ["Exchange Administrator"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_managed_identity_of_App_Service_or_a_function_signs_in(bool isSystem)
    {
        Set("IDENTITY_ENDPOINT", Address + "/msi/token");
        Set("IDENTITY_HEADER", Tenant.IdentityHeader);
        await ManagedIdentitySignsInAsync(isSystem);
    }

    [Fact]
    public async Task A_managed_identity_of_a_virtual_machine_signs_in_or_is_not_there()
    {
        // MSAL keeps this address for the process, so what needs it is one test.
        Set("AZURE_POD_IDENTITY_AUTHORITY_HOST", Address);
        await ManagedIdentitySignsInAsync(isSystem: true);
        await ManagedIdentitySignsInAsync(isSystem: false);

        Tenant.Registry.SystemAssignedIdentity = null;
        var e = await FailsAsync(With(new SignInMethod.ManagedIdentity()), "ManagedIdentityRefused");
        Assert.Equal("ManagedIdentity", e.ParameterName);
        Assert.Contains("Identity not found", e.Message, StringComparison.Ordinal);
    }

    [SkippableArcFact]
    public async Task A_managed_identity_of_a_machine_with_Arc_signs_in()
    {
        Set("IDENTITY_ENDPOINT", Address + "/metadata/identity/oauth2/token");
        Set("IMDS_ENDPOINT", Address);
        Directory.CreateDirectory(ArcFolder);
        try
        {
            await ManagedIdentitySignsInAsync(isSystem: true);
        }
        finally
        {
            Directory.Delete("/var/opt/azcmagent", recursive: true);
        }
    }

    private async Task ManagedIdentitySignsInAsync(bool isSystem)
    {
        var identity = Identity("machine");
        Tenant.Registry.SystemAssignedIdentity = isSystem ? identity.AppId : null;
        Tenant.Registry.AssignIdentity(identity.AppId);
        var session = await _connected.ConnectAsync(With(new SignInMethod.ManagedIdentity(isSystem ? null : identity.AppId.ToString())));

        Assert.Equal("ManagedIdentity", session.Description.SignInMethod);
        Assert.Equal(identity.AppId.ToString(), session.Description.AppId);
        Assert.Equal(Tenant.TenantId.ToString(), session.Description.TenantId);
        Assert.NotEmpty(await _connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        Assert.DoesNotContain(Tenant.Requests, r => r.Target.Contains("/oauth2/v2.0/token", StringComparison.Ordinal));
        _connected.Registry.Disconnect(session);
    }

    [Fact]
    public async Task A_managed_identity_that_is_not_assigned_is_told()
    {
        Set("IDENTITY_ENDPOINT", Address + "/msi/token");
        Set("IDENTITY_HEADER", Tenant.IdentityHeader);
        var e = await FailsAsync(With(new SignInMethod.ManagedIdentity(Guid.NewGuid().ToString())), "ManagedIdentityRefused");
        Assert.Equal("ManagedIdentityAccountId", e.ParameterName);

        Set("IDENTITY_ENDPOINT", "https://127.0.0.1:1/msi/token");
        Assert.Equal("ManagedIdentity", (await FailsAsync(With(new SignInMethod.ManagedIdentity()), "ManagedIdentityUnavailable")).ParameterName);
        await FailsAsync(With(new SignInMethod.ManagedIdentity("mine")), "ManagedIdentityAccountIdInvalid");
    }

    [Fact]
    public async Task A_job_of_GitHub_Actions_signs_in_and_renews_its_token()
    {
        Tenant.App.AddFederatedCredential(new FederatedCredential(Tenant.FederationIssuer, Tenant.FederationSubject));
        Set("ACTIONS_ID_TOKEN_REQUEST_URL", Address + "/federation/github/token?api-version=2.0");
        Set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", Tenant.FederationRequestToken);
        var session = await _connected.ConnectAsync(Workload(FederatedTokenSource.Detect()));
        Tenant.RevokeTokens();
        Assert.NotEmpty(await _connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        Assert.Equal("WorkloadIdentity", session.Description.SignInMethod);
        Assert.Equal(
            2, Tenant.Requests.Count(r => r.Target == $"/federation/github/token?api-version=2.0&audience={Uri.EscapeDataString(Audience)}"));
    }

    [Fact]
    public async Task A_pipeline_of_Azure_DevOps_signs_in()
    {
        Tenant.App.AddFederatedCredential(new FederatedCredential(Tenant.FederationIssuer, "sc://contoso/scripts/1234"));
        Set("SYSTEM_OIDCREQUESTURI", Address + "/federation/devops/oidctoken");
        Set("SYSTEM_ACCESSTOKEN", Tenant.FederationRequestToken);
        Assert.Equal("ServiceConnectionId", Assert.Throws<ExoException>(() => FederatedTokenSource.Detect()).ParameterName);
        Assert.NotNull(await _connected.ConnectAsync(Workload(FederatedTokenSource.Detect("1234"))));
        Set("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "1234");
        Assert.Equal(FederatedTokenSource.Detect("1234").ToString(), FederatedTokenSource.Detect().ToString());
    }

    [Fact]
    public async Task A_pod_of_Kubernetes_signs_in_with_its_file_as_it_is_now()
    {
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "token");
        Tenant.App.AddFederatedCredential(new FederatedCredential(Tenant.FederationIssuer, "system:serviceaccount:default:nightly"));
        Set("AZURE_FEDERATED_TOKEN_FILE", file);
        var options = Workload(FederatedTokenSource.Detect());
        Assert.Equal("FederatedTokenFile", (await FailsAsync(options, "FederatedTokenUnavailable")).ParameterName);
        await File.WriteAllTextAsync(file, "\n");
        await FailsAsync(options, "FederatedTokenUnavailable");
        await File.WriteAllTextAsync(file, Token("system:serviceaccount:default:nightly", lifetime: -10));
        Assert.Equal("AADSTS700024", ((SignInException)await FailsAsync(options, "ClockWrong")).AadstsCode);
        await File.WriteAllTextAsync(file, Token("system:serviceaccount:default:nightly") + "\n");
        Assert.NotNull(await _connected.ConnectAsync(options));
    }

    [Theory]
    [InlineData("system:serviceaccount:default:other", Audience, "AADSTS700213")]
    [InlineData("system:serviceaccount:default:nightly", "api://else", "AADSTS700212")]
    public async Task A_workload_that_is_not_trusted_is_told_why(string subject, string audience, string code)
    {
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(file, Token(subject, audience));
        var options = Workload(new FederatedTokenSource.File(file));
        Assert.Equal("AADSTS700211", ((SignInException)await FailsAsync(options, "FederationNotConfigured")).AadstsCode);
        Tenant.App.AddFederatedCredential(new FederatedCredential(Tenant.FederationIssuer, "system:serviceaccount:default:nightly"));
        Assert.Equal(code, ((SignInException)await FailsAsync(options, "FederationNotConfigured")).AadstsCode);
    }

    [Fact]
    public async Task A_platform_that_gives_no_token_is_named()
    {
        using var wrong = TestCertificates.Secure("wrong");
        var refused = Workload(new FederatedTokenSource.GitHubActions(new Uri(Address + "/federation/github/token"), wrong));
        Assert.Contains("401", (await FailsAsync(refused, "FederatedTokenUnavailable")).Message, StringComparison.Ordinal);

        var keys = Workload(new FederatedTokenSource.GitHubActions(new Uri(Address + "/federation/keys"), wrong));
        Assert.Contains("holds no token", (await FailsAsync(keys, "FederatedTokenUnavailable")).Message, StringComparison.Ordinal);

        Assert.Equal("WorkloadIdentity", Assert.Throws<ExoException>(() => FederatedTokenSource.Detect()).ParameterName);
        Set("ACTIONS_ID_TOKEN_REQUEST_URL", "http://example.com/token");
        Set("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "x");
        Assert.Equal("FederatedTokenUnavailable", Assert.Throws<ExoException>(() => FederatedTokenSource.Detect()).ErrorId);
    }

    private string Token(string subject, string audience = Audience, int lifetime = 10) =>
        Tenant.IssueFederatedToken(subject, audience, TimeSpan.FromMinutes(lifetime));

    /// <summary>Arc's agent keeps its files in one folder of the machine's, which only an administrator can make.</summary>
    private sealed class SkippableArcFactAttribute : FactAttribute
    {
        public SkippableArcFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
            : base(file, line)
        {
            if (!OperatingSystem.IsLinux() || !System.Environment.IsPrivilegedProcess || Directory.Exists("/var/opt/azcmagent"))
            {
                Skip = "Needs Linux, an administrator, and no Azure Arc on the machine.";
            }
        }
    }
}
