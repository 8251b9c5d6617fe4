using System.Net;
using System.Net.Sockets;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Transport;
using ExoConnect.LocalTenant;
using ExoConnect.LocalTenant.Hosting;

namespace ExoConnect.Core.Tests.Http.Transport;

public class EnvironmentTransportTests
{
    [Fact]
    public async Task Preparing_connects_and_sends_no_request()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions());
        using var counted = new CountingForwarder(tenant.Port);
        var environment = EnvironmentFile.Load(tenant.EnvironmentFile) with { Address = counted.EndPoint };

        await EnvironmentTransport.PrepareAsync(environment, environment.Exchange);
        await counted.FirstConnection.WaitAsync(TimeSpan.FromSeconds(30));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(environment.Exchange, "/nothing"));
        using var response = await EnvironmentTransport.For(environment).SendAsync(request, CancellationToken.None);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(1, tenant.Requests.Served);
        Assert.Equal(1, counted.Connections);
    }

    [Fact]
    public async Task Preparing_again_leaves_the_connection_that_lies_idle()
    {
        await using var tenant = await Tenant.StartAsync(new TenantOptions());
        using var counted = new CountingForwarder(tenant.Port);
        var environment = EnvironmentFile.Load(tenant.EnvironmentFile) with { Address = counted.EndPoint };

        for (var i = 0; i < 3; i++)
        {
            await EnvironmentTransport.PrepareAsync(environment, environment.Exchange);
            await counted.FirstConnection.WaitAsync(TimeSpan.FromSeconds(30));
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(environment.Exchange, "/nothing"));
            using var response = await EnvironmentTransport.For(environment).SendAsync(request, CancellationToken.None);
            await response.Content.ReadAsByteArrayAsync();
        }

        Assert.Equal(3, tenant.Requests.Served);
        Assert.Equal(1, counted.Connections);
    }

    [Fact]
    public async Task Preparing_for_a_host_that_is_not_there_is_no_failure()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var address = (IPEndPoint)nobody.LocalEndpoint;
        nobody.Stop();

        await EnvironmentTransport.PrepareAsync(CloudEnvironments.O365Default with { Address = address }, CloudEnvironments.O365Default.Exchange);
    }

    /// <summary>Passes connections on to a port, and counts them.</summary>
    private sealed class CountingForwarder : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _connections;

        public CountingForwarder(int port)
        {
            _listener.Start();
            _ = AcceptAsync(port);
        }

        public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

        public int Connections => Volatile.Read(ref _connections);

        public Task FirstConnection => _first.Task;

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync(int port)
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _connections);
                _first.TrySetResult();
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, port);
                _ = client.GetStream().CopyToAsync(server.GetStream());
                _ = server.GetStream().CopyToAsync(client.GetStream());
            }
        }
    }
}
