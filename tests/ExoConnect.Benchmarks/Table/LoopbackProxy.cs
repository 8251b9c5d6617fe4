using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ExoConnect.Benchmarks.Table;

/// <summary>
/// An HTTPS proxy on loopback that leads every host to a local tenant, for a client that speaks to the service's own hosts only. Nothing leaves the
/// machine: whatever host is asked for, the other end is the tenant.
/// </summary>
internal sealed class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _tenantPort;
    private readonly Task _accepting;

    public LoopbackProxy(int tenantPort)
    {
        _tenantPort = tenantPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What <c>HTTPS_PROXY</c> has to be.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy has ended.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            var stream = near.GetStream();
            if (!await ReadConnectAsync(stream))
            {
                return;
            }

            await far.ConnectAsync(IPAddress.Loopback, _tenantPort, _end.Token);
            near.NoDelay = far.NoDelay = true;
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _end.Token);
            await Task.WhenAny(PumpAsync(stream, far.GetStream()), PumpAsync(far.GetStream(), stream));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // One side has gone; so does the other.
        }
    }

    /// <summary>Reads the head of a request; no byte of what follows comes before the response.</summary>
    private async Task<bool> ReadConnectAsync(NetworkStream stream)
    {
        var head = new byte[8 * 1024];
        for (var length = 0; length < head.Length;)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), _end.Token);
            if (read == 0)
            {
                return false;
            }

            length += read;
            if (head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                return Encoding.ASCII.GetString(head, 0, length).StartsWith("CONNECT ", StringComparison.Ordinal);
            }
        }

        return false;
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        const int Piece = 256 * 1024;
        var buffer = new byte[Piece];
        while (await from.ReadAsync(buffer, _end.Token) is var read and > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }
}
