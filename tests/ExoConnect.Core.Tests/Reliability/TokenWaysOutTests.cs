using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Environments;
using ExoConnect.Core.ServiceRequests;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.AdminApi;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.Core.Tests.ServiceRequests;
using ExoConnect.Core.Tests.Sessions;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>Each way in which a service can name an address, with each address that isn't its own: no token goes there.</summary>
public class TokenWaysOutTests(ITestOutputHelper output)
{
    private const string Secret = "canary-secret";

    /// <summary>Hosts that may be given a token, as they stand in a request.</summary>
    private static readonly string[] Own = ["outlook.office365.com", "graph.microsoft.com", "login.microsoftonline.com"];

    private static readonly string[] Addresses =
    [
        "https://stranger.example/x",
        "//stranger.example/x",
        """\\\\stranger.example\\x""",
        """https:\\\\stranger.example\\x""",
        "https://outlook.office365.com@stranger.example/x",
        "https://outlook.office365.com:443@stranger.example/x",
        "https://user@outlook.office365.com/x",
        "https://stranger.example#@outlook.office365.com/x",
        "https://stranger.example?@outlook.office365.com/x",
        "https://outlook.office365.com.stranger.example/x",
        "https://evil-outlook.office365.com/x",
        "https://outlook.office365.com%2Estranger.example/x",
        "https://outl\u043Eok.office365.com/x",
        "https://outlook.office365.com:8443/x",
        "https://graph.microsoft.com:8443/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "http://outlook.office365.com/x",
        "http://graph.microsoft.com/x",
        "ftp://outlook.office365.com/x",
        "file:///etc/passwd",
        "javascript:0",
    ];

    private static readonly (string Name, Func<HttpContext, string, Task> RespondAsync, Func<FakeExchange, Task> RunAsync)[] Ways =
    [
        ("redirect of a read", (c, a) => RedirectAsync(c, 302, a), e => e.RunAsync(FakeExchange.Read())),
        ("redirect of a change", (c, a) => RedirectAsync(c, 307, a), e => e.RunAsync(FakeExchange.Change("a"))),
        ("redirect of an entity", (c, a) => RedirectAsync(c, 301, a), e => e.RunAsync(Entity())),
        ("redirect of a document", (c, a) => RedirectAsync(c, 308, a), ReadAsync),
        ("redirect of a batch", (c, a) => RedirectAsync(c, 307, a), BatchAsync),
        ("redirect in a batch", (c, a) => PartAsync(c, $"\"status\":302,\"headers\":{{\"Location\":\"{a}\"}}"), BatchAsync),
        ("next page", (c, a) => FakeServices.JsonAsync(c, Page(a)), e => e.RunAsync(FakeExchange.Read())),
        ("next page of entities", (c, a) => FakeServices.JsonAsync(c, Page(a)), e => e.RunAsync(Entity())),
        ("next page in a batch", (c, a) => PartAsync(c, $"\"status\":200,\"body\":{Page(a)}"), BatchAsync),
        ("next page behind a change", (c, a) => FakeServices.JsonAsync(c, Page(a)), e => e.RunAsync(FakeExchange.Change("a"))),
        ("challenge", ChallengeAsync, e => e.RunAsync(FakeExchange.Read())),
        ("headers", HeadersAsync, e => e.RunAsync(FakeExchange.Read())),
        ("redirect of a sign-in", (c, a) => RedirectAsync(c, 307, a), ConnectAsync),
        ("redirect of a session's start", StartAsync, ConnectAsync),
        ("redirect of a service", (c, a) => RedirectAsync(c, 302, a), e => e.Services.Client().SendAsync(HttpMethod.Get, "/v1.0/a")),
        ("redirect of a service's change", (c, a) => RedirectAsync(c, 307, a),
            e => e.Services.Client().SendAsync(HttpMethod.Post, "/v1.0/a", new JsonObject { ["a"] = 1 })),
        ("next page of a service", (c, a) => FakeServices.JsonAsync(c, Page(a)), ServicePagesAsync),
    ];

    [Fact]
    public async Task No_token_goes_to_an_address_that_a_service_names()
    {
        await using var exchange = await FakeExchange.StartAsync();
        var plain = new ConcurrentQueue<string>();
        var (tried, way, failures) = (0, "", new List<string>());
        exchange.Services.ConnectAsync = async connection =>
        {
            // What isn't TLS may be read on the way. 22 begins a handshake.
            var read = await connection.Transport.Input.ReadAsync();
            if (!read.Buffer.IsEmpty && read.Buffer.FirstSpan[0] != 22)
            {
                plain.Enqueue(way);
            }

            connection.Transport.Input.AdvanceTo(read.Buffer.Start);
            return false;
        };
        foreach (var (name, response, run) in Ways)
        {
            foreach (var address in Addresses)
            {
                way = $"{name} to {address}";
                exchange.Services.Requests.Clear();
                exchange.With(o => o);
                exchange.Responds((c, _) => response(c, address));
                await run(exchange).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                tried++;
                failures.AddRange(exchange.Requests.Where(IsLeak).Select(r => $"{way}: {r.Method} {r.Headers["Host"]}{r.Target}"));
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tried} ways out were tried."));
        Assert.Equal(Ways.Length * Addresses.Length, tried);
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(40)));
        Assert.Empty(plain);
    }

    [Fact]
    public async Task A_token_would_be_found_at_a_stranger()
    {
        await using var services = await FakeServices.StartAsync();
        services.Respond = context => FakeServices.JsonAsync(context, """{"@odata.context":"c","value":[]}""");
        services.Environment = services.Environment with { Exchange = new Uri("https://stranger.example/") };
        var client = new AdminApiClient(new AdminApiOptions
        {
            Environment = services.Environment, Service = ExoService.ExchangeOnline, Tokens = services.Tokens, TenantId = "t",
            Organization = "contoso.onmicrosoft.com",
        });
        await foreach (var _ in client.StreamAsync(FakeExchange.Read(), new RecordedMessages()))
        {
        }

        Assert.Contains(services.Requests, IsLeak);
    }

    /// <summary>Whether a request takes a token or what gets one, and isn't for a host that may have it, on its own port.</summary>
    private static bool IsLeak(Seen seen) =>
        (seen.Authorization is not null || seen.Body.Contains(Secret, StringComparison.Ordinal)) && !Own.Contains(seen.Headers["Host"]);

    private static AdminRequest Entity() => FakeExchange.Read() with { Method = HttpMethod.Get, Path = "Thing", Body = default };

    private static async Task ReadAsync(FakeExchange exchange) => await exchange.Client.ReadAsync(Entity(), 1000, exchange.Messages, default);

    private static async Task BatchAsync(FakeExchange exchange) =>
        await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Read("b"), FakeExchange.Change("c"));

    private static async Task ConnectAsync(FakeExchange exchange)
    {
        var registry = new SessionRegistry();
        var session = await SessionConnector.ConnectAsync(
            new ConnectOptions
            {
                Service = ExoService.ExchangeOnline, Environment = exchange.Services.Environment, Organization = "contoso.onmicrosoft.com",
                AppId = Guid.NewGuid().ToString(), SignIn = new SignInMethod.ClientSecret(TestCertificates.Secure(Secret)),
                Catalog = CatalogUse.Uncached, RetryDelay = TimeSpan.FromMilliseconds(1),
            },
            exchange.Messages,
            registry);
        registry.Disconnect(session);
    }

    private static async Task ServicePagesAsync(FakeExchange exchange)
    {
        await foreach (var _ in exchange.Services.Client().PagesAsync(new ServiceRequest { Uri = "/v1.0/a" }))
        {
        }
    }

    /// <summary>Strangers that are asked get nothing to send anybody on with.</summary>
    private static bool IsAtHome(HttpContext context) => Own.Contains(context.Request.Host.Host);

    private static Task RedirectAsync(HttpContext context, int status, string address)
    {
        context.Response.StatusCode = IsAtHome(context) ? status : 200;
        context.Response.Headers.Location = Header(address);
        return Task.CompletedTask;
    }

    private static Task StartAsync(HttpContext context, string address) =>
        context.Request.Path.Value!.Contains("/oauth2/", StringComparison.Ordinal)
            ? FakeServices.JsonAsync(context, """{"token_type":"Bearer","expires_in":3600,"access_token":"e30.e30.e30"}""")
            : RedirectAsync(context, 302, address);

    private static Task ChallengeAsync(HttpContext context, string address)
    {
        context.Response.Headers.WWWAuthenticate = $"Bearer authorization_uri=\"{Header(address)}\", error=\"invalid_token\", claims=\"e30\"";
        return FakeServices.JsonAsync(context, "{}", 401);
    }

    private static Task HeadersAsync(HttpContext context, string address)
    {
        foreach (var header in (string[])["Refresh", "Link", "Content-Location", "Alt-Svc", "Location", "X-FrontEnd", "Set-Cookie"])
        {
            context.Response.Headers[header] = header == "Refresh" ? "0; url=" + Header(address) : Header(address);
        }

        return FakeServices.JsonAsync(context, """{"@odata.context":"c","value":[]}""");
    }

    private static Task PartAsync(HttpContext context, string part)
    {
        var requests = Seen.Of(context).Body.Split("\"id\":\"").Skip(1).Select(r => r.Split('"')[0]).ToList();
        var responses = string.Join(',', requests.Select(id => $"{{\"id\":\"{id}\",{part}}}"));
        return FakeServices.JsonAsync(context, requests.Count > 0 ? $"{{\"responses\":[{responses}]}}" : """{"@odata.context":"c","value":[]}""");
    }

    private static string Page(string link) => $"{{\"@odata.context\":\"c\",\"value\":[{{\"Name\":\"a\"}}],\"@odata.nextLink\":\"{link}\"}}";

    /// <summary>The addresses are written as they stand in JSON, and headers are ASCII here.</summary>
    private static string Header(string address) => address.Replace("\\\\", "\\", StringComparison.Ordinal).Replace('\u043E', '0');
}
