using System.Text;
using System.Text.Json;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Tests.ServiceRequests;
using ExoConnect.Core.Tests.Sessions;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.Core.Tests.AdminApi;

/// <summary>An Exchange Online that responds as a test says, byte by byte if need be, and a client of it.</summary>
internal sealed class FakeExchange : IAsyncDisposable
{
    public const string Host = "https://outlook.office365.com";
    private readonly FakeServices _services;

    private FakeExchange(FakeServices services)
    {
        _services = services;
        Client = Make();
    }

    public AdminApiClient Client { get; private set; }

    /// <summary>The client's clock.</summary>
    public TimeProvider Clock { get; private set; } = TimeProvider.System;

    public RecordedMessages Messages { get; } = new();

    public IReadOnlyList<Seen> Requests => [.. _services.Requests];

    public FakeTokens Tokens => _services.Tokens;

    /// <summary>The host behind it, for what happens below requests.</summary>
    public FakeServices Services => _services;

    public static async Task<FakeExchange> StartAsync() => new(await FakeServices.StartAsync());

    public FakeExchange With(Func<AdminApiOptions, AdminApiOptions> change)
    {
        Client = Make(change);
        return this;
    }

    /// <summary>Responds to each request as the function says, which is given its number from 0.</summary>
    public FakeExchange Responds(Func<HttpContext, int, Task> respond)
    {
        var number = -1;
        _services.Respond = context => respond(context, Interlocked.Increment(ref number));
        return this;
    }

    /// <summary>Responds to the requests in turn with 200 and a body; the last one ever again.</summary>
    public FakeExchange Responds(params string[] bodies) => Responds(
        (context, n) => FakeServices.JsonAsync(context, bodies[Math.Min(n, bodies.Length - 1)]));

    /// <summary>Responds to batches in turn: each request of one gets the response of its place.</summary>
    public FakeExchange RespondsToBatches(Func<int, int, string> part) => Responds(
        (context, n) => FakeServices.JsonAsync(context, Batch(n, Seen.Of(context).Body, part)));

    public static AdminRequest Read(object? target = null, int? limit = null) => new()
    {
        Path = "InvokeCommand", CmdletName = "Get-Thing", Target = target, IsRead = true, Body = Body("Get-Thing"), Limit = limit,
    };

    public static AdminRequest Change(object? target = null) => new()
    {
        Path = "InvokeCommand", CmdletName = "Set-Thing", Target = target, Body = Body("Set-Thing"),
    };

    public async Task<Response> RunAsync(AdminRequest request)
    {
        var response = new Response([], []);
        try
        {
            await foreach (var chunk in Client.StreamAsync(request, Messages))
            {
                response.Add(chunk);
            }
        }
        catch (Exception e)
        {
            return response with { Error = e };
        }

        return response;
    }

    /// <summary>Runs requests as a batch: the first goes alone and holds the only place until the others wait.</summary>
    public async Task<Response[]> RunBatchAsync(params AdminRequest[] requests)
    {
        var sender = new BatchSender(Client, 1, Messages);
        using var hold = new ManualResetEventSlim();
        var first = sender.SendAsync(Read("first"), hold.Wait, default);
        var others = requests.Select(r => sender.SendAsync(r, null, default)).ToList();
        hold.Set();
        await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var responses = new List<Response>();
        foreach (var other in others)
        {
            var response = new Response([], []);
            try
            {
                foreach (var chunk in await other)
                {
                    response.Add(chunk);
                }

                responses.Add(response);
            }
            catch (Exception e)
            {
                responses.Add(response with { Error = e });
            }
        }

        return [.. responses];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static string Batch(int number, string request, Func<int, int, string> part)
    {
        using var document = JsonDocument.Parse(request);
        if (!document.RootElement.TryGetProperty("requests", out var requests))
        {
            return """{"@odata.context":"c","value":[]}""";
        }

        var responses = requests.EnumerateArray().Select((r, i) => $"{{\"id\":\"{r.GetProperty("id").GetString()}\",{part(number, i)}}}");
        return $"{{\"responses\":[{string.Join(',', responses)}]}}";
    }

    private static byte[] Body(string cmdlet) => Encoding.UTF8.GetBytes($"{{\"CmdletInput\":{{\"CmdletName\":\"{cmdlet}\",\"Parameters\":{{}}}}}}");

    private AdminApiClient Make(Func<AdminApiOptions, AdminApiOptions>? change = null)
    {
        var options = new AdminApiOptions
        {
            Environment = _services.Environment, Service = ExoService.ExchangeOnline, Tokens = _services.Tokens, TenantId = "t",
            Organization = "contoso.onmicrosoft.com", RetryDelay = TimeSpan.FromMilliseconds(1),
            Client = new ClientInfo { Language = "de-AT" },
        };
        options = change?.Invoke(options) ?? options;
        Clock = options.Clock;
        return new AdminApiClient(options);
    }

    internal sealed record Response(List<object> Objects, List<string> Warnings)
    {
        public Exception? Error { get; init; }

        public bool HasMore { get; private set; }

        public void Add(ResponseChunk chunk)
        {
            Objects.AddRange(chunk.Objects);
            Warnings.AddRange(chunk.Warnings);
            HasMore |= chunk.HasMore;
        }
    }
}
