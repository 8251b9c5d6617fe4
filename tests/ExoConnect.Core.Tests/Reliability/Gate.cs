using System.Net;
using System.Net.Sockets;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>An address in front of another, which refuses connections from some number on until it is opened again.</summary>
internal sealed class Gate : IDisposable
{
    private readonly Lock _state = new();
    private readonly IPEndPoint _behind;
    private readonly int _most;
    private Socket _socket;
    private int _accepted;
    private bool _isOpen;

    /// <summary>Takes an address, and opens it if connections may come.</summary>
    /// <param name="behind">Where the connections go.</param>
    /// <param name="most">After how many the address is closed.</param>
    public Gate(IPEndPoint behind, int most)
    {
        (_behind, _most) = (behind, most);
        _socket = Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Address = (IPEndPoint)_socket.LocalEndPoint!;
        if (most > 0)
        {
            Open();
        }
    }

    public IPEndPoint Address { get; }

    /// <summary>Lets connections through, from now on without a number.</summary>
    public void Reopen()
    {
        lock (_state)
        {
            if (!_isOpen)
            {
                _accepted = int.MinValue;
                Open();
            }
        }
    }

    public void Dispose()
    {
        lock (_state)
        {
            _isOpen = true;
            _socket.Dispose();
        }
    }

    private static Socket Bind(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(address);
        return socket;
    }

    private void Open()
    {
        _isOpen = true;
        _socket.Listen(64);
        _ = AcceptAsync(_socket);
    }

    private async Task AcceptAsync(Socket listening)
    {
        try
        {
            while (true)
            {
                var from = await listening.AcceptAsync();
                _ = RelayAsync(from);
                lock (_state)
                {
                    if (++_accepted == _most)
                    {
                        // Taken, and nobody listens: the system refuses whoever comes.
                        listening.Dispose();
                        _socket = Bind(Address);
                        _isOpen = false;
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed.
        }
    }

    private async Task RelayAsync(Socket from)
    {
        using var client = new NetworkStream(from, ownsSocket: true);
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(_behind);
            var there = server.GetStream();
            await Task.WhenAny(client.CopyToAsync(there), there.CopyToAsync(client));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // One of the two is gone, and the other learns so.
        }
    }
}
