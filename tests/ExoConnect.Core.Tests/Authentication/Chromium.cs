using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Tests.Certificates;

namespace ExoConnect.Core.Tests.Authentication;

/// <summary>A real browser without a window, driven over its debugging port, at which somebody signs in.</summary>
internal sealed class Chromium : ISignInInteraction, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestFolder _profile = new();
    private readonly HttpClient _http = new();
    private readonly Process _process;
    private readonly Func<Chromium, Task> _person;
    private ClientWebSocket? _page;
    private int _lastId;

    private Chromium(string program, Func<Chromium, Task> person)
    {
        _person = person;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-proxy-server",
                "--disable-background-networking",
            "--ignore-certificate-errors", "--host-resolver-rules=MAP *.exoconnect.localhost 127.0.0.1", "--remote-debugging-port=0",
            $"--user-data-dir={_profile.Path}", "about:blank",
        })
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it is; null where there is none.</summary>
    public static string? Program { get; } = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>What comes of the person's visit.</summary>
    public Task Visit { get; private set; } = Task.CompletedTask;

    public static Chromium Start(Func<Chromium, Task> person) => new(Program!, person);

    public void ShowDeviceCode(DeviceCodePrompt prompt) => Visit = VisitAsync(prompt.Address);

    public Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken)
    {
        Visit = VisitAsync(address);
        return Task.CompletedTask;
    }

    /// <summary>Waits until the page has something, then does something with it.</summary>
    public Task ClickAsync(string selector) => UntilAsync(
        $"(e => e && (e.click(), true))(document.querySelector({JsonSerializer.Serialize(selector)}))");

    public Task FillAsync(string name, string text) =>
        UntilAsync($"(e => e && (e.value = {JsonSerializer.Serialize(text)}, true))(document.querySelector('[name={name}]'))");

    public Task SeeAsync(string text) => UntilAsync($"document.body && document.body.innerText.includes({JsonSerializer.Serialize(text)})");

    public async Task<string> ReadAsync(string expression) => (await EvaluateAsync(expression))?.ToString() ?? "";

    public async ValueTask DisposeAsync()
    {
        _page?.Dispose();
        _http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            try
            {
                _profile.Dispose();
                return;
            }
            catch (IOException)
            {
                // Its children are still writing.
                await Task.Delay(50);
            }
        }
    }

    private async Task VisitAsync(Uri address)
    {
        var file = Path.Combine(_profile.Path, "DevToolsActivePort");
        var clock = Stopwatch.StartNew();
        while (!File.Exists(file) || (await File.ReadAllLinesAsync(file)).Length < 2)
        {
            Assert.True(clock.Elapsed < Patience, "The browser did not start.");
            await Task.Delay(50);
        }

        var port = (await File.ReadAllLinesAsync(file))[0];
        using var opened = await _http.PutAsync(new Uri($"http://127.0.0.1:{port}/json/new?{Uri.EscapeDataString(address.AbsoluteUri)}"), null);
        var target = await opened.Content.ReadFromJsonAsync<JsonObject>();
        _page = new ClientWebSocket();
        await _page.ConnectAsync(new Uri(target!["webSocketDebuggerUrl"]!.GetValue<string>()), CancellationToken.None);
        await _person(this);
    }

    private async Task UntilAsync(string expression)
    {
        var clock = Stopwatch.StartNew();
        while ((await EvaluateAsync(expression))?.GetValueKind() != JsonValueKind.True)
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException(
                    $"The page never came to {expression}: {await EvaluateAsync("location.href.split('?')[0] + ' ' + document.body?.innerText")}");
            }

            await Task.Delay(50);
        }
    }

    private async Task<JsonNode?> EvaluateAsync(string expression)
    {
        using var patience = new CancellationTokenSource(Patience);
        var id = ++_lastId;
        var call = JsonSerializer.SerializeToUtf8Bytes(new { id, method = "Runtime.evaluate", @params = new { expression, returnByValue = true } });
        await _page!.SendAsync(call, WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        while (true)
        {
            using var message = new MemoryStream();
            var buffer = new byte[16 * 1024];
            WebSocketReceiveResult part;
            do
            {
                part = await _page.ReceiveAsync(buffer, patience.Token);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            var response = JsonNode.Parse(Encoding.UTF8.GetString(message.ToArray()))!;
            if (response["id"]?.GetValue<int>() == id)
            {
                return response["result"]?["result"]?["value"]?.DeepClone();
            }
        }
    }
}

/// <summary>Runs where a Chromium is installed.</summary>
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (Chromium.Program is null)
        {
            Skip = "Needs chromium on the PATH.";
        }
    }
}
