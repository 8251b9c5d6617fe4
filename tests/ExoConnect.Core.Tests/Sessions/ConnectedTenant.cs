using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Sessions;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Core.Tests.Sessions;

/// <summary>A tenant of a test's own, and sessions in it over real TLS.</summary>
internal sealed class ConnectedTenant : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate;

    private ConnectedTenant(Tenant tenant)
    {
        Tenant = tenant;
        _certificate = X509CertificateLoader.LoadPkcs12FromFile(tenant.PfxPath, tenant.PfxPassword);
        Environment = EnvironmentFile.Load(tenant.EnvironmentFile);
    }

    public Tenant Tenant { get; }

    public ExoEnvironment Environment { get; }

    public SessionRegistry Registry { get; } = new();

    public RecordedMessages Messages { get; } = new();

    public static async Task<ConnectedTenant> StartAsync(TenantOptions? options = null) => new(
        await Tenant.StartAsync(options ?? new TenantOptions()));

    public ConnectOptions Options(ExoService service = ExoService.ExchangeOnline) => new()
    {
        Service = service,
        Environment = Environment,
        Organization = Tenant.Organization,
        AppId = Tenant.AppId.ToString(),
        SignIn = new SignInMethod.Certificate(new CertificateSource.Instance(_certificate)),
        Catalog = CatalogUse.Uncached,
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    public Task<ExoSession> ConnectAsync(ExoService service = ExoService.ExchangeOnline) => ConnectAsync(Options(service));

    public Task<ExoSession> ConnectAsync(ConnectOptions options) => SessionConnector.ConnectAsync(options, Messages, Registry);

    /// <summary>Runs a cmdlet to its end.</summary>
    public async Task<List<object>> RunAsync(ExoSession session, string cmdlet, params (string Name, object? Value)[] parameters) =>
        (await ChunksAsync(session, Request(cmdlet, parameters))).SelectMany(c => c.Objects).ToList();

    public async Task<List<ResponseChunk>> ChunksAsync(ExoSession session, CmdletRequest request, CancellationToken cancellationToken = default)
    {
        var chunks = new List<ResponseChunk>();
        await foreach (var chunk in session.InvokeAsync(request, Messages, cancellationToken))
        {
            chunks.Add(chunk);
        }

        return chunks;
    }

    public static CmdletRequest Request(string cmdlet, params (string Name, object? Value)[] parameters) =>
        new() { Name = cmdlet, Parameters = parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.OrdinalIgnoreCase) };

    public static object? Value(object item, string property) => ExoRecord.Value((ExoObject)item, property);

    public async ValueTask DisposeAsync()
    {
        foreach (var session in Registry.Sessions)
        {
            Registry.Disconnect(session);
        }

        _certificate.Dispose();
        await Tenant.DisposeAsync();
    }
}

/// <summary>Keeps what the engine said.</summary>
internal sealed class RecordedMessages : IEngineMessages
{
    private readonly List<string> _warnings = [];
    private readonly List<string> _verbose = [];

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_warnings)
            {
                return [.. _warnings];
            }
        }
    }

    public IReadOnlyList<string> Details
    {
        get
        {
            lock (_verbose)
            {
                return [.. _verbose];
            }
        }
    }

    public void Warning(string message)
    {
        lock (_warnings)
        {
            _warnings.Add(message);
        }
    }

    public void Verbose(string message)
    {
        lock (_verbose)
        {
            _verbose.Add(message);
        }
    }
}
