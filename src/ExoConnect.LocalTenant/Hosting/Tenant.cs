using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>
/// A tenant on loopback HTTPS that behaves as Entra ID, Exchange Online and Security &amp; Compliance do, with one registered app that has a
/// certificate. It is reached at 127.0.0.1 only, stops when disposed, and leaves nothing behind unless it was given a state folder.
/// </summary>
public sealed class Tenant : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private static readonly string[] SetUpScopes =
    [
        "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "RoleManagement.ReadWrite.Directory", "Organization.Read.All", "openid",
        "profile",
    ];

    private readonly WebApplication _web;
    private readonly TenantState _state;
    private readonly X509Certificate2 _server;
    private readonly TenantServices _services;
    private readonly string _administratorToken;
    private int _disposed;

    private Tenant(WebApplication web, TenantState state, X509Certificate2 server, TenantServices services)
    {
        (_web, _state, _server, _services) = (web, state, server, services);
        Port = new Uri(web.Urls.First()).Port;
        _services.Federation.Issuer = Address(HostNames.SignIn).GetLeftPart(UriPartial.Authority) + "/federation";
        if (Options.HasApplication)
        {
            // So that each way to sign in can be tried with the values of the description.
            Registry.SystemAssignedIdentity = AppId;
            App.AddFederatedCredential(new FederatedCredential(_services.Federation.Issuer, _services.Federation.Subject));
        }

        _administratorToken = SignInUser();
    }

    /// <summary>The options that the tenant was started with.</summary>
    public TenantOptions Options => _services.Options;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The initial domain of the organization.</summary>
    public string Organization => Registry.Organization;

    /// <summary>The name of the administrator.</summary>
    public string AdministratorName => NameOfAdministrator(Options);

    /// <summary>The administrator's password.</summary>
    public string AdministratorPassword => _state.Ids.UserPassword!;

    /// <summary>The tenant id.</summary>
    public Guid TenantId => _state.Ids.TenantId;

    /// <summary>The application (client) id of the registered app.</summary>
    public Guid AppId => _state.Ids.AppId;

    /// <summary>The registered app's certificate and key, PKCS #12.</summary>
    public string PfxPath => _state.PfxPath;

    /// <summary>The password of <see cref="PfxPath"/>.</summary>
    public string PfxPassword => _state.Ids.PfxPassword;

    /// <summary>The registered app's certificate and key, PEM, not encrypted.</summary>
    public string PemPath => _state.PemPath;

    /// <summary>The registered app's certificate alone, DER.</summary>
    public string CertificatePath => _state.CertificatePath;

    /// <summary>The SHA-1 thumbprint of the registered app's certificate.</summary>
    public string Thumbprint => _state.App.Thumbprint;

    /// <summary>A client secret of the registered app.</summary>
    public string ClientSecret => _state.Ids.ClientSecret!;

    /// <summary>The certificate authority of the tenant's server certificate, PEM.</summary>
    public string CaPath => _state.CaPath;

    /// <summary>The environment file, for <c>--environment</c> and <c>-ExchangeEnvironmentName</c>.</summary>
    public string EnvironmentFile => _state.EnvironmentFile;

    /// <summary>The folder of all these files.</summary>
    public string StateDirectory => _state.Directory;

    /// <summary>The tenant in Entra ID: its applications and users, which may be changed at any time.</summary>
    public TenantRegistry Registry => _services.Registry;

    /// <summary>The registered app.</summary>
    public TenantApplication App => Registry.Find(AppId) ?? throw new InvalidOperationException(
        "There is no registered app; it was removed, or never made.");

    /// <summary>The tenant's faults, which may be changed at any time.</summary>
    public FaultSet Faults => _services.Faults;

    /// <summary>The last requests, and counters.</summary>
    public RequestLog Requests => _services.Requests;

    /// <summary>Requests to the admin API that one app may send in a second before it gets 429; 0 for no limit. May be changed at any time.</summary>
    public int RequestsPerSecond
    {
        get => _services.Limiter.RequestsPerSecond;
        set => _services.Limiter.RequestsPerSecond = value;
    }

    /// <summary>Starts a tenant.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="cancellationToken">Ends the start, not the tenant.</param>
    /// <returns>The tenant, listening.</returns>
    /// <exception cref="TenantException">An option is invalid, the port is taken, or the state folder or faults file cannot be used.</exception>
    public static async Task<Tenant> StartAsync(TenantOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        var faults = new FaultSet();
        if (options.FaultsFile is { } file)
        {
            FaultFile.Load(file, faults);
        }

        // Creating two RSA keys takes most of the time of a start.
        var keys = new TenantKeys(options.KeyDirectory);
        var now = DateTimeOffset.UtcNow;
        var signing = Task.Run(
            () =>
            {
                using var key = keys.Create();
                return CertificateFactory.CreateSelfSigned("ExoConnect local tenant tokens", now.AddDays(-1), now.AddYears(5), key);
            },
            cancellationToken);
        var state = await Task.Run(() => TenantState.Open(options.StateDirectory, options.Clock, keys), cancellationToken).ConfigureAwait(false);
        X509Certificate2? server = null;
        TenantServices? services = null;
        WebApplication? web = null;
        try
        {
            server = CertificateFactory.CreateServer(state.Authority, HostNames.ForCertificate(options.Names), now);
            services = new TenantServices(
                options, state.Ids.TenantId, Register(options, state), await signing.ConfigureAwait(false), keys.Create, faults);
            web = Build(options, server);
            TenantPipeline.Build(web, services);
            await web.StartAsync(cancellationToken).ConfigureAwait(false);
            var tenant = new Tenant(web, state, server, services);
            state.WriteEnvironment(tenant.EnvironmentJson());
            state.WriteAdministratorToken(tenant._administratorToken);
            return tenant;
        }
        catch (Exception e)
        {
            if (web is not null)
            {
                await web.DisposeAsync().ConfigureAwait(false);
            }

            services?.Dispose();
            server?.Dispose();
            state.Dispose();
            if (e is IOException or System.Net.Sockets.SocketException)
            {
                throw new TenantException(
                    $"The local tenant cannot listen on port {options.Port} of 127.0.0.1: {e.Message}",
                    "Give another port, or 0 for any free one. Ports below 1024 need rights on some systems.",
                    e);
            }

            throw;
        }
    }

    /// <summary>Revokes every token issued so far: it gets 401 with a claims challenge, until its app sends those claims.</summary>
    public void RevokeTokens() => _services.Tokens.Revoke();

    /// <summary>The issuer of the workloads' tokens, for <see cref="FederatedCredential"/>.</summary>
    public string FederationIssuer => _services.Federation.Issuer;

    /// <summary>The subject of the tokens for a job of GitHub Actions.</summary>
    public string FederationSubject
    {
        get => _services.Federation.Subject;
        set => _services.Federation.Subject = value;
    }

    /// <summary>The secret that a job sends to get a token: <c>ACTIONS_ID_TOKEN_REQUEST_TOKEN</c>, or <c>SYSTEM_ACCESSTOKEN</c>.</summary>
    public string FederationRequestToken => _services.Federation.RequestToken;

    /// <summary>The secret that an app in App Service sends to get a token: <c>IDENTITY_HEADER</c>; the address is <c>/msi/token</c>.</summary>
    public string IdentityHeader => _services.Platform.IdentityHeader;

    /// <summary>Signs a token for a workload, as Kubernetes writes it into a file.</summary>
    /// <param name="subject">Its subject.</param>
    /// <param name="audience">Its audience.</param>
    /// <param name="lifetime">Its lifetime; a negative one has ended.</param>
    /// <returns>The token.</returns>
    public string IssueFederatedToken(string subject, string audience, TimeSpan lifetime) => _services.Federation.Issue(subject, audience, lifetime);

    /// <summary>Whether a refresh token is valid for one use only. Off, as in Entra ID, where the old one stays valid beside the new one.</summary>
    public bool RefreshTokensAreSingleUse
    {
        get => _services.Grants.SingleUse;
        set => _services.Grants.SingleUse = value;
    }

    /// <summary>Completes the page <c>/device</c> for a user, second factor included.</summary>
    /// <param name="userCode">The code that the device showed.</param>
    /// <param name="userPrincipalName">The user who signs in; null to decline.</param>
    /// <exception cref="TenantException">There is no such code, or no such user.</exception>
    public void CompleteDeviceCode(string userCode, string? userPrincipalName)
    {
        ArgumentNullException.ThrowIfNull(userCode);
        var device = _services.Grants.FindDeviceOfUser(userCode) ?? throw new TenantException(
            "No device waits with this code.", "Enter the code that the device shows.");
        if (userPrincipalName is null)
        {
            device.IsDeclined = true;
            return;
        }

        var user = Registry.FindUser(userPrincipalName) ?? throw new TenantException(
            $"There is no user '{userPrincipalName}'.", "Add one to the registry.");
        device.Grant = new UserGrant(device.App, user, PassedMfa: true, user.Sessions);
    }

    /// <summary>Registers one more app. <see cref="Registry"/> can change and remove it.</summary>
    /// <param name="name">Its display name.</param>
    /// <param name="certificate">A certificate to register on it; null for none yet.</param>
    /// <param name="permissions">Application permissions consented to, for example <c>Exchange.ManageAsApp</c>.</param>
    /// <param name="roles">Directory roles, by display name or template id.</param>
    /// <returns>The app with its ids.</returns>
    /// <exception cref="TenantException">A role does not exist.</exception>
    public TenantApplication AddApplication(
        string name,
        X509Certificate2? certificate,
        IEnumerable<string> permissions,
        IEnumerable<string> roles) => Registry.AddApplication(name, certificate, permissions, roles);

    /// <summary>
    /// Signs a user in to an application that acts for it, without asking anybody: what device code or browser would end in.
    /// </summary>
    /// <param name="resource">The token's resource; null for Microsoft Graph.</param>
    /// <param name="user">The user's name; null for the tenant's administrator.</param>
    /// <param name="scopes">The scopes consented to; null for those that setting up an application needs.</param>
    /// <param name="roles">The user's directory roles, by display name or template id; null for Global Administrator.</param>
    /// <returns>An access token.</returns>
    /// <exception cref="TenantException">A role does not exist.</exception>
    public string SignInUser(string? resource = null, string? user = null, IEnumerable<string>? scopes = null, IEnumerable<string>? roles = null) =>
        _services.Tokens.IssueForUser(
        TenantRegistry.CommandLineTools,
        user ?? AdministratorName,
        scopes ?? SetUpScopes,
        [.. (roles ?? ["Global Administrator"]).Select(DirectoryRole.Find)],
        resource ?? KnownResource.Graph.Identifiers[0],
        Options.TokenLifetime);

    /// <summary>Describes the tenant for a client.</summary>
    /// <returns>A description with addresses, ids, paths and the password of the PFX file.</returns>
    public TenantDescription Describe() => new(
        Organization,
        TenantId,
        Options.HasApplication ? AppId : null,
        Thumbprint,
        PfxPath,
        PfxPassword,
        PemPath,
        CertificatePath,
        CaPath,
        EnvironmentFile,
        StateDirectory,
        Port,
        Address(HostNames.SignIn),
        Address(HostNames.Exchange),
        Address(HostNames.Compliance),
        Address(HostNames.Graph),
        Options.Mailboxes,
        Options.HasApplication ? Options.Roles : [],
        new TenantAdministrator(AdministratorName, AdministratorPassword, _administratorToken, _state.AdministratorTokenFile))
    {
        ClientSecret = Options.HasApplication ? ClientSecret : null,
        Platform = new TenantPlatform(
            new Uri($"https://127.0.0.1:{Port}/msi/token"), IdentityHeader, new Uri(
                $"https://127.0.0.1:{Port}/federation/github/token?api-version=2.0"),
            FederationRequestToken, FederationIssuer, FederationSubject),
    };

    /// <summary><see cref="Describe"/> as JSON.</summary>
    /// <returns>Indented JSON.</returns>
    public string ToJson() => Describe().ToJson();

    /// <summary>Names the tenant.</summary>
    /// <returns>Organization and port.</returns>
    public override string ToString() => Describe().ToString();

    /// <summary>Stops listening, ends open connections after a second at most, and deletes a temporary state folder.</summary>
    /// <returns>A task that ends when all is gone.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        using (var patience = new CancellationTokenSource(StopTime))
        {
            await _web.StopAsync(patience.Token).ConfigureAwait(false);
        }

        await _web.DisposeAsync().ConfigureAwait(false);
        _services.Dispose();
        _server.Dispose();
        _state.Dispose();
    }

    private static TenantRegistry Register(TenantOptions options, TenantState state)
    {
        var ids = state.Ids;
        var registry = new TenantRegistry(ids.TenantId, options.Organization, options.Clock, options.ReplicationDelay)
        {
            OtherDomains = options.OtherDomains,
        };
        registry.AddUser(NameOfAdministrator(options), ids.UserPassword!, "Global Administrator");
        if (options.HasApplication)
        {
            var app = registry.Add(
                "ExoConnect",
                ids.AppId,
                ids.ObjectId,
                ids.ServicePrincipalId,
                state.App,
                ["Exchange.ManageAsApp", .. options.Permissions],
                options.Roles);
            app.AddSecret(ids.ClientSecret!, TimeSpan.FromDays(365));
            app.AllowsPublicClient = true;
            app.AddDelegatedPermission("Exchange.Manage");
            app.AddDelegatedPermission("User.Read");
        }

        return registry;
    }

    private static string NameOfAdministrator(TenantOptions options) => $"admin@{options.Organization}";

    private static void Check(TenantOptions options)
    {
        if (options.Port is < 0 or > 65535)
        {
            throw new TenantException($"{options.Port} is not a port.", "Give a number from 1 to 65535, or 0 for any free one.");
        }

        if (options.ReplicationDelay < TimeSpan.Zero || options.ReplicationDelay > TimeSpan.FromDays(1))
        {
            throw new TenantException("The replication delay is not between nothing and a day.", "Give, for example, 5 seconds.");
        }

        if (options.RequestsPerSecond < 0 || options.Latency < TimeSpan.Zero || options.Mailboxes < 0)
        {
            throw new TenantException("Mailboxes, latency and requests per second cannot be negative.", "Give 0 for none.");
        }

        if (options.TokenLifetime < TimeSpan.FromSeconds(1) || options.TokenLifetime > TimeSpan.FromDays(365))
        {
            throw new TenantException("The token lifetime is not between a second and a year.", "Give, for example, 60 minutes.");
        }

        if (Uri.CheckHostName(options.Organization) != UriHostNameType.Dns || !options.Organization.Contains('.', StringComparison.Ordinal))
        {
            throw new TenantException($"'{options.Organization}' is not a domain.", "Give the initial domain, such as contoso.onmicrosoft.com.");
        }

        foreach (var role in options.Roles)
        {
            DirectoryRole.Find(role);
        }

        HostNames.Validate(options.Names);
    }

    private static WebApplication Build(TenantOptions options, X509Certificate2 server)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });

        // The program that runs the tenant handles Ctrl+C, not the host in here.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTime);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 256;
            if (options.Port == 0)
            {
                kestrel.Listen(IPAddress.Loopback, 0, Configure);
            }
            else
            {
                kestrel.ListenLocalhost(options.Port, Configure);
            }
        });
        return builder.Build();

        void Configure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = server });
        }
    }

    private Uri Address(string host) => new(Port == 443 ? $"https://{host}" : $"https://{host}:{Port}");

    private string EnvironmentJson()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("name", "LocalTenant");
            json.WriteString("signIn", Authority(HostNames.SignIn));
            json.WriteString("exchange", Authority(HostNames.Exchange));
            json.WriteString("compliance", Authority(HostNames.Compliance));
            json.WriteString("graph", Authority(HostNames.Graph));
            json.WriteStartObject("resources");
            json.WriteString("exchange", KnownResource.Exchange.Identifiers[0]);
            json.WriteString("compliance", KnownResource.Compliance.Identifiers[0]);
            json.WriteString("graph", KnownResource.Graph.Identifiers[0]);
            json.WriteEndObject();
            json.WriteStartArray("trustedSuffixes");
            json.WriteStringValue(HostNames.Suffix);
            json.WriteEndArray();
            json.WriteString("address", $"127.0.0.1:{Port}");
            json.WriteString("certificateAuthority", Path.GetFileName(CaPath));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";

        string Authority(string host) => Address(host).GetLeftPart(UriPartial.Authority);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
