using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.ServiceRequests;
using ExoConnect.LocalTenant.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace ExoConnect.Core.Tests.ServiceRequests;

/// <summary>Whatever hosts a test needs, on loopback TLS under their real names, each responding as the test says.</summary>
internal sealed class FakeServices : IAsyncDisposable
{
    private static readonly string[] Names =
    [
        "graph.microsoft.com", "graph.microsoft.us", "contoso.sharepoint.com", "contoso-admin.sharepoint.com", "manage.office.com",
        "management.azure.com",
        "www.yammer.com", "outlook.office365.com", "vault.example", "stranger.example",
        "login.microsoftonline.com",
    ];

    private static readonly Lazy<X509Certificate2> Stranger = new(
        () => CertificateFactory.CreateServer(CertificateFactory.CreateAuthority(DateTimeOffset.UtcNow), Names, DateTimeOffset.UtcNow));

    private readonly WebApplication _application;
    private readonly X509Certificate2 _authority;
    private int _connections;

    private FakeServices(WebApplication application, X509Certificate2 authority)
    {
        _application = application;
        _authority = authority;
    }

    /// <summary>The response; by default an empty object.</summary>
    public Func<HttpContext, Task> Respond { get; set; } = context => JsonAsync(context, "{}");

    /// <summary>Looks at a request before its body is read; true where that is the end of it. Null for nobody.</summary>
    public Func<HttpContext, Task<bool>>? ArriveAsync { get; set; }

    /// <summary>
    /// Looks at a connection before TLS; true where that is the end of it. Null for nobody. An item "stranger" has it met by another's certificate.
    /// </summary>
    public Func<ConnectionContext, Task<bool>>? ConnectAsync { get; set; }

    /// <summary>Looks at a connection within TLS; true where that is the end of it. Null for nobody.</summary>
    public Func<ConnectionContext, Task<bool>>? SecureAsync { get; set; }

    /// <summary>How many connections are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<Seen> Requests { get; } = new();

    public FakeTokens Tokens { get; } = new();

    /// <summary>The hosts, all at this address.</summary>
    public ExoEnvironment Environment { get; set; } = CloudEnvironments.O365Default;

    public static async Task<FakeServices> StartAsync()
    {
        var authority = CertificateFactory.CreateAuthority(DateTimeOffset.UtcNow);
        var server = CertificateFactory.CreateServer(authority, Names, DateTimeOffset.UtcNow);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        FakeServices services = null!;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Use(next => connection => services.OpenAsync(connection, next));
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificateSelector = (connection, _) => connection?.Items.ContainsKey("stranger") == true ? Stranger.Value : server,
            });
            listen.Use(next => async connection =>
            {
                if (services.SecureAsync is not { } secure || !await secure(connection))
                {
                    await next(connection);
                }
            });
        }));
        var application = builder.Build();
        services = new FakeServices(application, authority);
        application.Run(async context =>
        {
            if (services.ArriveAsync is { } arrive && await arrive(context))
            {
                return;
            }

            using var reader = new StreamReader(context.Request.Body);
            var seen = new Seen(
                context.Request.Method, context.Request.Host.Host, context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(
                    h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
            context.Items[typeof(Seen)] = seen;
            services.Requests.Enqueue(seen);
            await services.Respond(context);
        });
        await application.StartAsync();
        services.Environment = CloudEnvironments.O365Default with
        {
            Address = new IPEndPoint(IPAddress.Loopback, new Uri(application.Urls.Single()).Port),
            CertificateAuthorities = [authority],
        };
        return services;
    }

    public ServiceClient Client(bool isAppOnly = true) => new(new ServiceClientOptions
    {
        Environment = Environment, Tokens = Tokens, IsAppOnly = isAppOnly, RetryDelay = TimeSpan.FromMilliseconds(1),
    });

    public static Task JsonAsync(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(json)).AsTask();
    }

    private async Task OpenAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref _connections);
        try
        {
            if (ConnectAsync is not { } connect || !await connect(connection))
            {
                await next(connection);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _authority.Dispose();
    }
}

internal sealed record Seen(string Method, string Host, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The request that is being served; another may have come after it.</summary>
    public static Seen Of(HttpContext context) => (Seen)context.Items[typeof(Seen)]!;

    public string? Authorization => Headers.GetValueOrDefault("Authorization");
}

/// <summary>Gives out tokens that say what they are for.</summary>
internal sealed class FakeTokens : ITokenProvider
{
    private int _count;

    public string AppId => "11111111-1111-1111-1111-111111111111";

    public string Organization { get; set; } = "contoso.onmicrosoft.com";

    public ConcurrentQueue<(string Resource, TokenRequest Request)> Asked { get; } = new();

    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default)
    {
        Asked.Enqueue((resource, request));
        var number = request.RejectedToken is null ? _count : ++_count;
        return ValueTask.FromResult(new AccessToken(resource, $"{resource}#{number}", DateTimeOffset.UtcNow.AddHours(1), new TokenClaims()));
    }
}
