using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Http.Transport;

/// <summary>
/// The one way out of the process: a pool of connections for all clouds and one per custom environment, shared by sessions and sign-in. It keeps no
/// cookies,
/// follows no redirects and unpacks no bodies; those belong to a session, which must see what really came.
/// </summary>
public static class EnvironmentTransport
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PreparedFor = TimeSpan.FromSeconds(50);

    private static readonly ConcurrentDictionary<string, HttpMessageInvoker> Pools = new();
    private static readonly ConcurrentDictionary<string, long> Prepared = new();

    /// <summary>The environment's pool. It lives as long as the process and closes idle connections by itself.</summary>
    /// <param name="environment">Whose hosts will be called.</param>
    /// <returns>An invoker to send requests with; not to be disposed by the caller.</returns>
    public static HttpMessageInvoker For(ExoEnvironment environment) =>
        Pools.GetOrAdd(Key(environment), static (_, e) => new HttpMessageInvoker(new SocketFailureHandler(CreateHandler(e))), environment);

    /// <summary>An <see cref="HttpClient"/> over the environment's pool, for libraries that want one; sign-in uses it.</summary>
    /// <param name="environment">Whose hosts will be called.</param>
    /// <returns>A client whose disposal leaves the pool alone.</returns>
    public static HttpClient CreateClient(ExoEnvironment environment) => new(new PoolHandler(For(environment)));

    /// <summary>
    /// A client for addresses of the machine that this runs on (a managed identity's), which no proxy can reach. It trusts what the environment does,
    /// and goes where the address says.
    /// </summary>
    /// <param name="environment">Whose authorities are trusted.</param>
    /// <returns>A client that lives as long as whoever uses it.</returns>
    internal static HttpClient CreateDirectClient(ExoEnvironment environment)
    {
        var handler = CreateHandler(environment with { Address = null });
        handler.UseProxy = false;

        // What is there answers at once; where nothing is, a link-local address swallows the attempt.
        handler.ConnectTimeout = TimeSpan.FromSeconds(3);
        return new HttpClient(new SocketFailureHandler(handler));
    }

    /// <summary>
    /// Begins to connect to a host, so that the first request finds an open connection. No request is sent, and a failure is left for the
    /// first request to meet.
    /// </summary>
    /// <param name="environment">Whose host it is.</param>
    /// <param name="address">The host.</param>
    /// <returns>Ends when the connecting is under way.</returns>
    internal static Task PrepareAsync(ExoEnvironment environment, Uri address) => Task.Run(async () =>
    {
        // A connection that lies idle would be taken for this, and given up with it.
        var host = $"{Key(environment)} {address.Authority}";
        var now = Environment.TickCount64;
        if (Prepared.TryGetValue(host, out var before) && now - before < PreparedFor.TotalMilliseconds)
        {
            return;
        }

        Prepared[host] = now;

        // The pool goes on connecting for a request that is given up, and keeps the connection for the next one.
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using var giveUp = new CancellationTokenSource();
        var sending = For(environment).SendAsync(request, giveUp.Token);
        await giveUp.CancelAsync().ConfigureAwait(false);
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    });

    /// <summary>What makes one pool different from another: where it connects, and whom it trusts.</summary>
    private static string Key(ExoEnvironment environment) =>
        string.Join(';', (environment.CertificateAuthorities ?? []).Select(c => c.Thumbprint).Prepend(environment.Address?.ToString() ?? ""));

    private static SocketsHttpHandler CreateHandler(ExoEnvironment environment)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionIdleTimeout = IdleTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),

            // Eighty requests that may not be batched go in parallel; fewer connections would make them wait for each other.
            MaxConnectionsPerServer = 96,

            // Spans of the requests are made, but Microsoft's client sends no trace ids, so neither do we.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        };

        if (environment.Address is { } address)
        {
            handler.UseProxy = false;
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        if (environment.CertificateAuthorities is { Count: > 0 } authorities)
        {
            // A custom trust store replaces the machine's for this pool: the private authority is good here and nowhere else.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    /// <summary>
    /// A connection that its other end resets at once makes .NET throw a bare <see cref="SocketException"/>, which nobody expects of HTTP.
    /// </summary>
    private sealed class SocketFailureHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
            }
        }
    }

    private sealed class PoolHandler(HttpMessageInvoker pool) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            pool.SendAsync(request, cancellationToken);
    }
}
