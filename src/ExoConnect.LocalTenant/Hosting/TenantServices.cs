using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Graph;
using ExoConnect.LocalTenant.Requests;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>The parts of a tenant, connected.</summary>
internal sealed class TenantServices : IDisposable
{
    /// <summary>Creates the parts.</summary>
    /// <param name="options">The tenant's options.</param>
    /// <param name="tenantId">Its id.</param>
    /// <param name="registry">The tenant in Entra ID.</param>
    /// <param name="signing">The certificate that signs tokens; the services own it from here on.</param>
    /// <param name="newKey">Gives a key that no other tenant uses.</param>
    /// <param name="faults">The tenant's faults.</param>
    /// <exception cref="TenantException">The catalog file cannot be used.</exception>
    public TenantServices(
        TenantOptions options, Guid tenantId, TenantRegistry registry, X509Certificate2 signing, Func<RSA> newKey, FaultSet faults)
    {
        Options = options;
        Registry = registry;
        Faults = faults;
        Tokens = new AccessTokens(registry, options.Clock, signing);
        Grants = new UserGrants(options.Clock);
        Federation = new FederationIssuer(options.Clock, newKey);
        Platform = new PlatformEndpoints(registry, Tokens, Federation, options);
        Limiter = new RateLimiter(options.Clock, options.RequestsPerSecond);
        Entra = new EntraService(registry, Tokens, Grants, Federation, Platform, options);
        try
        {
            AdminApi = new AdminApiService(options, tenantId, newKey) { BatchThrottle = ThrottleInBatch };
            Graph = new GraphService(registry, AdminApi.Data.Mailboxes, options.Clock);
        }
        catch
        {
            Federation.Dispose();
            Tokens.Dispose();
            throw;
        }
    }

    public TenantOptions Options { get; }

    public TenantRegistry Registry { get; }

    public FaultSet Faults { get; }

    public RequestLog Requests { get; } = new();

    public AccessTokens Tokens { get; }

    public UserGrants Grants { get; }

    public FederationIssuer Federation { get; }

    public PlatformEndpoints Platform { get; }

    public RateLimiter Limiter { get; }

    public EntraService Entra { get; }

    public GraphService Graph { get; }

    public AdminApiService AdminApi { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        AdminApi.Dispose();
        Federation.Dispose();
        Tokens.Dispose();
    }

    private TimeSpan? ThrottleInBatch(Caller caller)
    {
        var wait = Limiter.Take(caller.AppId);
        if (wait is not null)
        {
            Requests.CountThrottled();
        }

        return wait;
    }
}
