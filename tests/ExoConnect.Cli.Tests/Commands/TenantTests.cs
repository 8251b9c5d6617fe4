using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ExoConnect.Cli.Tests.Commands;

public sealed class TenantTests : IDisposable
{
    private readonly Sandbox _user = new();

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task What_it_prints_is_enough_to_connect()
    {
        await using var tenant = await StartedAsync("--json", "--mailboxes", "7", "--role", "Exchange Administrator");
        using var json = JsonDocument.Parse(await tenant.FirstLineAsync());
        var root = json.RootElement;
        Assert.Equal(7, root.GetProperty("mailboxes").GetInt32());
        Assert.Equal("Exchange Administrator", root.GetProperty("roles")[0].GetString());
        Assert.True(root.GetProperty("port").GetInt32() > 0);
        Assert.NotEmpty(root.GetProperty("pfxPassword").GetString()!);
        Assert.Contains("Connect-ExchangeOnline -AppId", root.GetProperty("commands").GetProperty("module").GetString(), StringComparison.Ordinal);

        var line = root.GetProperty("commands").GetProperty("cli").GetString()!.Split(' ');
        Assert.Equal("exoconnect", line[0]);
        (await _user.RunAsync(line[1..])).Ended(0);
        Assert.Equal(7, (await _user.RunAsync("run", "Get-Mailbox", "-o", "ndjson")).Ended(0).Lines.Length);

        Assert.Equal(0, await tenant.StopAsync());
        Assert.False(Directory.Exists(root.GetProperty("stateDirectory").GetString()));
    }

    [Fact]
    public async Task In_words_it_says_the_same()
    {
        await using var tenant = await StartedAsync();
        var text = await tenant.TextAsync(t => t.Contains("In PowerShell:", StringComparison.Ordinal) && t.EndsWith('\n'));
        foreach (var part in new[] { "127.0.0.1:", "contoso.onmicrosoft.com", "App id", "environment.json", "app.pfx", "exoconnect connect --app-id",
            "Connect-ExchangeOnline" })
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task It_stops_by_itself_after_a_time()
    {
        var ran = (await _user.RunAsync("tenant", "start", "--json", "--duration", "10ms")).Ended(0);
        Assert.Single(ran.Lines);
    }

    [Fact]
    public async Task It_stops_with_standard_input_when_asked_to()
    {
        using var memory = new MemoryStream();
        using var error = new StringWriter();
        var host = _user.Host(memory, error) with { InputEnd = _ => Task.CompletedTask };
        Assert.Equal(0, await CliApplication.RunAsync(["tenant", "start", "--json", "--until-stdin-closes"], host));
        Assert.NotEmpty(memory.ToArray());
    }

    [Fact]
    public async Task A_port_in_use_is_said_to_be()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var ran = (await _user.RunAsync("tenant", "start", "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture))).Ended(2);
        Assert.Contains($"port {port}", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_folder_makes_the_next_start_the_same_tenant()
    {
        var folder = Path.Combine(_user.Folder, "state with blanks");
        var ids = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            var ran = (await _user.RunAsync(
                "tenant", "start", "--json", "--duration", "1ms", "--state", folder, "--organization", "fabrikam.onmicrosoft.com")).Ended(0);
            using var json = JsonDocument.Parse(ran.Output);
            ids.Add(json.RootElement.GetProperty("appId").GetString());
            Assert.Equal("fabrikam.onmicrosoft.com", json.RootElement.GetProperty("organization").GetString());
            Assert.Contains("'" + folder, json.RootElement.GetProperty("commands").GetProperty("cli").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public async Task A_module_text_from_a_file_is_what_sessions_get()
    {
        var module = _user.WriteFile("session.psm1", "function script:Get-Mailbox\n{\n    param([System.Object] $Identity)\n}\n");
        await using var tenant = await StartedAsync("--json", "--module", module);
        using var json = JsonDocument.Parse(await tenant.FirstLineAsync());
        var line = json.RootElement.GetProperty("commands").GetProperty("cli").GetString()!.Split(' ');

        Assert.Contains("1 cmdlet", (await _user.RunAsync(line[1..])).Ended(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_file_that_is_not_there_is_named()
    {
        var ran = (await _user.RunAsync("tenant", "start", "--module", "no-such-module.psm1")).Ended(2);
        Assert.Contains("no-such-module.psm1", ran.Error, StringComparison.Ordinal);
    }

    private Task<Started> StartedAsync(params string[] more) => Task.FromResult(new Started(_user, ["tenant", "start", .. more]));

    /// <summary>A command that runs until it is stopped.</summary>
    private sealed class Started : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Growing _output = new();
        private readonly StringWriter _error = new();
        private readonly Task<int> _ran;

        public Started(Sandbox user, string[] args) => _ran = Task.Run(() => CliApplication.RunAsync(args, user.Host(_output, _error), _stop.Token));

        public async Task<string> FirstLineAsync() => await TextAsync(t => t.Contains('\n', StringComparison.Ordinal));

        public async Task<string> TextAsync(Func<string, bool> enough)
        {
            while (true)
            {
                var grown = _output.Grown;
                var text = _output.Text;
                if (enough(text))
                {
                    return text;
                }

                var first = await Task.WhenAny(_ran, grown).WaitAsync(TimeSpan.FromSeconds(60));
                Assert.True(first != _ran, "It ended: " + _error);
            }
        }

        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return await _ran;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
            await _output.DisposeAsync();
            await _error.DisposeAsync();
        }
    }

    /// <summary>What is written, and a word when there is more.</summary>
    private sealed class Growing : MemoryStream
    {
        private readonly object _gate = new();
        private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Grown
        {
            get
            {
                lock (_gate)
                {
                    return _grown.Task;
                }
            }
        }

        public string Text
        {
            get
            {
                lock (_gate)
                {
                    return Encoding.UTF8.GetString(ToArray());
                }
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (_gate)
            {
                base.Write(buffer.Span);
                _grown.SetResult();
                _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return default;
        }
    }
}
