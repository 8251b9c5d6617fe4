using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Http.Transport;

/// <summary>
/// The only way out of the process: a pool of connections for all clouds and one per custom environment, shared by sessions and sign-in. It keeps
/// no cookies, follows no redirects and unpacks no bodies; those belong to a session, which must see the real response.
/// </summary>
public static class EnvironmentTransport
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PreparedFor = TimeSpan.FromSeconds(50);

    private static readonly ConcurrentDictionary<string, HttpMessageInvoker> Pools = new();
    private static readonly ConcurrentDictionary<string, long> Prepared = new();

    /// <summary>The environment's pool. It lives as long as the process and closes idle connections by itself.</summary>
    /// <param name="environment">The environment of the hosts.</param>
    /// <returns>An invoker to send requests with; not to be disposed by the caller.</returns>
    public static HttpMessageInvoker For(ExoEnvironment environment) =>
        Pools.GetOrAdd(Key(environment), static (_, e) => new HttpMessageInvoker(new SocketFailureHandler(CreateHandler(e))), environment);

    /// <summary>An <see cref="HttpClient"/> over the environment's pool, for libraries that want one; sign-in uses it.</summary>
    /// <param name="environment">The environment of the hosts.</param>
    /// <returns>A client whose disposal leaves the pool alone.</returns>
    public static HttpClient CreateClient(ExoEnvironment environment) => new(new PoolHandler(For(environment)));

    /// <summary>
    /// A client for addresses of this machine (a managed identity's), which no proxy can reach. It trusts what the environment trusts, and connects
    /// to the address itself.
    /// </summary>
    /// <param name="environment">The environment with the authorities.</param>
    /// <returns>A client that lives as long as its user.</returns>
    internal static HttpClient CreateDirectClient(ExoEnvironment environment)
    {
        var handler = CreateHandler(environment with { Address = null });
        handler.UseProxy = false;

        // An existing host responds at once; otherwise a link-local address swallows the attempt.
        handler.ConnectTimeout = TimeSpan.FromSeconds(3);
        return new HttpClient(new SocketFailureHandler(handler));
    }

    /// <summary>
    /// Begins to connect to a host, so that the first request finds an open connection. It sends no request, and leaves a failure to the first
    /// request.
    /// </summary>
    /// <param name="environment">The host's environment.</param>
    /// <param name="address">The host.</param>
    /// <returns>Ends when the connection has begun.</returns>
    internal static Task PrepareAsync(ExoEnvironment environment, Uri address) => Task.Run(async () =>
    {
        // This request would use an idle connection, and close it when it is cancelled.
        var host = $"{Key(environment)} {address.Authority}";
        var now = Environment.TickCount64;
        if (Prepared.TryGetValue(host, out var before) && now - before < PreparedFor.TotalMilliseconds)
        {
            return;
        }

        Prepared[host] = now;

        // The pool continues to connect for a cancelled request, and keeps the connection for the next one.
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using var giveUp = new CancellationTokenSource();
        var sending = For(environment).SendAsync(request, giveUp.Token);
        await giveUp.CancelAsync().ConfigureAwait(false);
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    });

    /// <summary>The key of a pool: the address it connects to, and the authorities it trusts.</summary>
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

            // Eighty requests that may not be batched go in parallel; with fewer connections they would wait for each other.
            MaxConnectionsPerServer = 96,

            // .NET makes spans of the requests, but Microsoft's client sends no trace ids, so neither do we.
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
            // A custom trust store replaces the machine's for this pool: it trusts the private authority, and only here.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    /// <summary>
    /// If the other end resets a connection at once, .NET throws a bare <see cref="SocketException"/>, which nobody expects of HTTP.
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
