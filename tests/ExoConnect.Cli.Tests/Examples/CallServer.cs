using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ExoConnect.Cli.Tests.Examples;

/// <summary>
/// Runs the command line in this process for a shell elsewhere. A process for each command of the pages would take most of a minute, and nearly all
/// of it to start.
/// </summary>
/// <remarks>
/// The shell leaves a call in a folder of its own: <c>args</c>, the working folder and then the arguments, each with a NUL behind it, and
/// <c>input</c>, if the command reads its standard input. It sends the folder's name as a line, gets the exit code as a line, and finds
/// <c>output</c> and <c>error</c>.
/// </remarks>
internal sealed class CallServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Sandbox _user;
    private readonly Task _work;

    public CallServer(Sandbox user)
    {
        _user = user;
        _listener.Start();
        _work = WorkAsync();
    }

    /// <summary>Changes the arguments of a call.</summary>
    public required Func<string[], string[]> Adapt { get; init; }

    /// <summary>Is told of each call when it has ended.</summary>
    public required Action<string[], Ran> Seen { get; init; }

    /// <summary>What a shell needs to call: the function <c>exoconnect</c>.</summary>
    public string Functions => $$"""
        exoconnect() {
            if [[ $1 == tenant ]]; then exoconnect-process "$@"; return; fi
            local call code connection
            call="$(mktemp -d)"
            printf '%s\0' "$PWD" "$@" > "$call/args"
            if [[ " $* " == *" - "* ]]; then cat > "$call/input"; fi
            exec {connection}<>/dev/tcp/127.0.0.1/{{((IPEndPoint)_listener.LocalEndpoint).Port}}
            echo "$call" >&"$connection"
            read -r code <&"$connection"
            exec {connection}>&-
            cat "$call/error" >&2
            cat "$call/output"
            return "$code"
        }
        """;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _work;
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\n" };
                await writer.WriteLineAsync($"{await RunAsync((await reader.ReadLineAsync())!)}");
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the listener is the end of the work.
        }
    }

    private async Task<int> RunAsync(string call)
    {
        var args = (await File.ReadAllTextAsync(Path.Combine(call, "args"))).Split('\0')[..^1];
        var input = Path.Combine(call, "input");
        var isPiped = File.Exists(input);
        _user.Input = isPiped ? await File.ReadAllTextAsync(input) : "";
        _user.Answer = isPiped ? null : true;
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = args[0];
        try
        {
            var ran = await _user.RunAsync(Adapt(args[1..]));
            Seen(args[1..], ran);
            await File.WriteAllTextAsync(Path.Combine(call, "output"), ran.Output, new UTF8Encoding());
            await File.WriteAllTextAsync(Path.Combine(call, "error"), ran.Error, new UTF8Encoding());
            return ran.Code;
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }
}
