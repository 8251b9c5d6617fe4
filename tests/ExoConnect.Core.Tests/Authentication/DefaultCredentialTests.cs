using System.Text.Json;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.Core.Tests.Sessions;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>
/// Azure.Identity's default credential against a tenant. Its ways are known by variables of the process and programs on its path, so the tests
/// do not run side by side with those of the platforms.
/// </summary>
[Collection(PlatformSignInTests.Variables)]
public sealed class DefaultCredentialTests : IAsyncLifetime
{
    private static readonly string[] Names =
    [
        "AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PASSWORD",
        "AZURE_USERNAME", "AZURE_PASSWORD", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_TOKEN_CREDENTIALS", "AZURE_AUTHORITY_HOST",
        "AZURE_ADDITIONALLY_ALLOWED_TENANTS",
        "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_ENDPOINT", "MSI_SECRET", "EXOCONNECT_APPID",
    ];

    private readonly Dictionary<string, string?> _before = [];
    private readonly TestFolder _folder = new();
    private ConnectedTenant _connected = null!;

    private LocalTenant.Hosting.Tenant Tenant => _connected.Tenant;

    public async ValueTask InitializeAsync()
    {
        _connected = await ConnectedTenant.StartAsync(new LocalTenant.TenantOptions { Mailboxes = 5 });
        foreach (var name in Names)
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
        _folder.Dispose();
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, System.Environment.GetEnvironmentVariable(name));
        System.Environment.SetEnvironmentVariable(name, value);
    }

    private void SetApplication()
    {
        Set("AZURE_CLIENT_ID", Tenant.AppId.ToString());
        Set("AZURE_TENANT_ID", Tenant.TenantId.ToString());
    }

    private ConnectOptions By(params string[] ways) => Without([.. DefaultCredentialWays.All.Except(ways)]);

    private ConnectOptions Without(params string[] ways) =>
        _connected.Options() with { SignIn = new SignInMethod.DefaultCredential(ways), Organization = null, AppId = null };

    private async Task<ExoSession> SignsInAsync(ConnectOptions options, string way)
    {
        var session = await _connected.ConnectAsync(options);
        Assert.Equal($"DefaultCredential ({way})", session.Description.SignInMethod);
        Assert.Equal(Tenant.TenantId.ToString(), session.Description.TenantId);
        Assert.NotEmpty(await _connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        return session;
    }

    private async Task<ExoException> FailsAsync(ConnectOptions options, string errorId)
    {
        var e = await Assert.ThrowsAnyAsync<ExoException>(() => _connected.ConnectAsync(options));
        Assert.Equal(errorId, e.ErrorId);
        Assert.False(string.IsNullOrWhiteSpace(e.Remedy));
        Assert.DoesNotContain("eyJ", e.Message, StringComparison.Ordinal);
        return e;
    }

    private static string[] Lines(ExoException e) => [.. e.Message.Split('\n').Skip(1).Select(line => line.Trim())];

    [Fact]
    public async Task A_secret_in_the_variables_signs_in_and_its_token_is_renewed()
    {
        SetApplication();
        Set("AZURE_CLIENT_SECRET", Tenant.ClientSecret);
        var session = await SignsInAsync(Without(), "Environment");
        Assert.Equal(Tenant.AppId.ToString(), session.Description.AppId);

        Tenant.RevokeTokens();
        Assert.NotEmpty(await _connected.RunAsync(session, "Get-Mailbox", ("ResultSize", 1)));
        Assert.Equal(2, Tenant.Requests.Count(r => r.Target.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_certificate_in_the_variables_signs_in()
    {
        SetApplication();
        Set("AZURE_CLIENT_CERTIFICATE_PATH", Tenant.PfxPath);
        Set("AZURE_CLIENT_CERTIFICATE_PASSWORD", Tenant.PfxPassword);
        await SignsInAsync(Without() with { Organization = Tenant.TenantId.ToString() }, "Environment");
    }

    [Fact]
    public async Task A_workload_signs_in_with_the_token_of_its_file()
    {
        SetApplication();
        const string Subject = "system:serviceaccount:default:nightly";
        Tenant.App.AddFederatedCredential(new FederatedCredential(Tenant.FederationIssuer, Subject));
        var token = Tenant.IssueFederatedToken(Subject, "api://AzureADTokenExchange", TimeSpan.FromMinutes(10));
        Set("AZURE_FEDERATED_TOKEN_FILE", _folder.Write("token", token));
        await SignsInAsync(Without(), "WorkloadIdentity");
    }

    [Fact]
    public async Task A_managed_identity_signs_in_and_a_refused_token_is_not_handed_out_again()
    {
        var identity = Tenant.AddApplication("machine", null, ["Exchange.ManageAsApp"], ["Exchange Administrator"]);
        Tenant.Registry.AssignIdentity(identity.AppId);
        Set("IDENTITY_ENDPOINT", $"https://127.0.0.1:{Tenant.Port}/msi/token");
        Set("IDENTITY_HEADER", Tenant.IdentityHeader);
        var options = Without() with { SignIn = new SignInMethod.DefaultCredential([], identity.AppId.ToString()) };
        var session = await SignsInAsync(options, "ManagedIdentity");
        Assert.Equal(identity.AppId.ToString(), session.Description.AppId);

        Assert.DoesNotContain(Tenant.Requests, r => r.Target.Contains("/oauth2/v2.0/token", StringComparison.Ordinal));
        using var lease = new TokenProviderPool().Rent(_connected.Environment, null, null, options.SignIn);
        var first = await lease.Provider.GetTokenAsync(_connected.Environment.GraphResource);
        var second = await lease.Provider.GetTokenAsync(_connected.Environment.GraphResource, new TokenRequest(first.Value, null));
        Assert.NotEqual(first.Value, second.Value);
    }

    [Theory]
    [InlineData("az", "AzureCli")]
    [InlineData("azd", "AzureDeveloperCli")]
    public async Task A_tool_that_a_developer_has_signed_in_to_gives_a_token_for_each_resource(string program, string way)
    {
        Tool(program);
        var session = await SignsInAsync(By("Environment", way), way);
        Assert.Equal(Tenant.AdministratorName, session.Description.Claims.UserPrincipalName);
        using var lease = new TokenProviderPool().Rent(_connected.Environment, null, null, By("Environment", way).SignIn);
        var graph = await lease.Provider.GetTokenAsync(_connected.Environment.GraphResource);
        var exchange = await lease.Provider.GetTokenAsync(_connected.Environment.ExchangeResource);
        Assert.NotEqual(graph.Value, exchange.Value);
        Assert.Same(graph, await lease.Provider.GetTokenAsync(_connected.Environment.GraphResource));
    }

    [Fact]
    public async Task Somebody_of_another_tenant_than_the_one_that_is_named_is_refused()
    {
        Tool("az");
        var e = await FailsAsync(By("AzureCli") with { Organization = Guid.NewGuid().ToString() }, "DefaultCredentialOfAnotherTenant");
        Assert.Contains("AzureCli", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_can_be_asked_signs_in_in_the_browser()
    {
        using var person = new Person(Tenant);
        var options = By(DefaultCredentialWays.InteractiveBrowser) with { AppId = Tenant.AppId.ToString() };
        await SignsInAsync(options with { Interaction = person }, DefaultCredentialWays.InteractiveBrowser);
    }

    [Fact]
    public async Task Where_nothing_is_each_way_says_why_in_a_line_of_its_own()
    {
        Set("PATH", _folder.Path);
        var e = await FailsAsync(Without("ManagedIdentity"), "DefaultCredentialUnavailable");
        Assert.Equal("DefaultCredential", e.ParameterName);
        Assert.Equal(DefaultCredentialWays.All.Where(way => way != "ManagedIdentity"), Lines(e).Select(line => line.Split(':')[0]));
        Assert.All(Lines(e), line => Assert.Matches(@"^\w+: \S.{8,}", line));
        Assert.Contains("InteractiveBrowser: This session is non-interactive.", Lines(e));
    }

    [Fact]
    public async Task A_way_that_is_refused_ends_the_chain_and_is_told_as_any_other_refusal()
    {
        SetApplication();
        Set("AZURE_CLIENT_SECRET", "wrong");
        Tool("az");
        var e = await FailsAsync(Without(), "ClientSecretInvalid");
        Assert.Contains(Tenant.AppId.ToString(), e.Message.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("AADSTS7000215", Assert.Single(Lines(e)), StringComparison.Ordinal);
        Assert.Contains("-ExcludeCredential Environment", e.Remedy, StringComparison.Ordinal);
        await SignsInAsync(Without("EnvironmentCredential"), "AzureCli");
    }

    [Fact]
    public async Task Names_of_no_way_and_too_many_of_them_are_refused()
    {
        var e = await FailsAsync(Without("Environment", "Kerberos"), "ExcludeCredentialInvalid");
        Assert.Equal("ExcludeCredential", e.ParameterName);
        Assert.Contains("Kerberos", e.Message, StringComparison.Ordinal);
        await FailsAsync(Without([.. DefaultCredentialWays.All]), "ExcludeCredentialInvalid");
        await FailsAsync(Without() with { SignIn = new SignInMethod.DefaultCredential([], "mine") }, "ManagedIdentityAccountIdInvalid");
        Assert.Empty(Tenant.Requests);
    }

    [Theory]
    [InlineData("dev", "VisualStudio,VisualStudioCode,AzurePowerShell,AzureDeveloperCli")]
    [InlineData("PROD", "Environment,WorkloadIdentity,ManagedIdentity")]
    [InlineData("WorkloadIdentityCredential", "WorkloadIdentity")]
    public void The_variable_of_Azure_Identity_chooses_the_ways(string value, string expected) =>
        Assert.Equal(expected.Split(','), DefaultCredentialWays.Except(["azurecli"], _ => value));

    [Fact]
    public void A_variable_that_names_no_way_is_refused() =>
        Assert.Equal("TokenCredentialsVariableInvalid", Assert.Throws<ExoException>(() => DefaultCredentialWays.Except([], _ => "Kerberos")).ErrorId);

    /// <summary>
    /// Puts a program on the path that says what the tool says: a token of the tenant's administrator for the resource that it is asked for.
    /// </summary>
    private void Tool(string name)
    {
        var until = DateTimeOffset.UtcNow.AddMinutes(50);
        string Response(string resource) => name == "az"
            ? JsonSerializer.Serialize(new
            {
                accessToken = Tenant.SignInUser(resource, scopes: ["Exchange.Manage"]),
                expiresOn = until.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture),
                expires_on = until.ToUnixTimeSeconds(),
                tokenType = "Bearer",
            })
            : JsonSerializer.Serialize(new { token = Tenant.SignInUser(resource, scopes: ["Exchange.Manage"]), expiresOn = until.UtcDateTime });

        var exchange = _folder.Write($"{name}.exchange.json", Response(_connected.Environment.ExchangeResource));
        var graph = _folder.Write($"{name}.graph.json", Response(_connected.Environment.GraphResource));
        var host = new Uri(_connected.Environment.GraphResource).Host;
        if (OperatingSystem.IsWindows())
        {
            _folder.Write(
                $"{name}.cmd", $"@echo %* | findstr /C:\"{host}\" >nul && (type \"{graph}\") || (type \"{exchange}\")\r\n");
        }
        else
        {
            var program = _folder.Write(name, $"#!/bin/sh\ncase \"$*\" in *{host}*) cat '{graph}' ;; *) cat '{exchange}' ;; esac\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Set("PATH", _folder.Path + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH"));
    }
}
