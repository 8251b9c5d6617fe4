using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Objects;
using ExoConnect.Core.ServiceRequests;
using ExoConnect.Core.Sessions;
using ExoConnect.Core.Tests.AdminApi;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.Core.Tests.ServiceRequests;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>What came of one call.</summary>
/// <param name="Names">The names of what it gave.</param>
/// <param name="Error">How it failed.</param>
/// <param name="Expected">What it should have given.</param>
/// <param name="IsChange">Whether it changes something.</param>
internal sealed record Outcome(IReadOnlyList<string> Names, Exception? Error, IReadOnlyList<string> Expected, bool IsChange = false);

/// <summary>A way to ask the service, and where in it a fault can stand.</summary>
internal sealed record FaultOperation(string Name, int Points, Func<FakeExchange, ServiceClient, Task<Outcome[]>> RunAsync)
{
    private const string Umlaut = "M\u00FCller";
    private const string Property = "Name";
    private const string Module =
        """{"value":[{"fileName":"a.psm1","fileContent":"function script:Get-Thing { [CmdletBinding()] param([string] $Identity) process { } }"}]}""";

    private static int _tokens;
    private static readonly string[] OnePage = ["0" + Umlaut, "0b"];
    private static readonly string[] ThreePages = ["0" + Umlaut, "0b", "1" + Umlaut, "1b", "2" + Umlaut, "2b"];

    /// <summary>At which point a request stands; null for none.</summary>
    public Func<Seen, int?> PointOf { get; init; } = static seen => PageOf(seen);

    /// <summary>How many pages its listing has.</summary>
    public int Pages { get; init; } = 1;

    /// <summary>How many requests go before the first point.</summary>
    public int Before { get; init; }

    /// <summary>Whether faults stand in the response to one request of a batch.</summary>
    public bool IsPart { get; init; }

    /// <summary>What it knows of responses.</summary>
    public FaultForm Form { get; init; } = FaultForm.Service;

    /// <summary>Whether its request is too large to be sent at once.</summary>
    public bool IsLarge { get; init; }

    public static IReadOnlyList<FaultOperation> All { get; } =
    [
        new("read", 1, static async (e, _) => [Of(await e.RunAsync(FakeExchange.Read()), OnePage)]),
        new("read of PowerShell's serialisation", 1, static async (e, _) => [Of(await e.RunAsync(Serialised(FakeExchange.Read())), OnePage)]),
        new("paged read", 3, static async (e, _) => [Of(await e.RunAsync(FakeExchange.Read()), ThreePages)]) { Pages = 3 },
        new("paged read of PowerShell's serialisation", 3,
            static async (e, _) => [Of(await e.RunAsync(Serialised(FakeExchange.Read())), ThreePages)]) { Pages = 3 },
        new("read of entities", 2, static async (e, _) => [Of(await e.RunAsync(Entity()), ThreePages[..4])]) { Pages = 2 },
        new("change", 1, static async (e, _) => [Of(await e.RunAsync(FakeExchange.Change("a")), OnePage, isChange: true)]),
        new("large change", 1, static async (e, _) => [Of(await e.RunAsync(Large()), OnePage, isChange: true)]) { IsLarge = true },
        new("document", 1, static async (e, _) => [await DocumentAsync(e)]) { Form = FaultForm.Any },
        new("batch", 1, static (e, _) => BatchAsync(e, OnePage)) { Before = 1, PointOf = static seen => IsBatch(seen) ? 0 : null },
        new("part of a batch", 1, static (e, _) => BatchAsync(e, OnePage))
        {
            Before = 1, PointOf = static seen => IsBatch(seen) ? 0 : null, IsPart = true,
        },
        new("pages behind a batch", 2, static (e, _) => PagedBatchAsync(e))
        {
            Before = 2, Pages = 3, PointOf = static seen => PageOf(seen) - 1,
        },
        new("connect", 2, static async (e, _) => [await ConnectAsync(e)])
        {
            PointOf = static seen => IsSignIn(seen) ? 0 : seen.Target.Contains("EXOModuleFile", StringComparison.Ordinal) ? 1 : null,
            Respond = static seen => IsSignIn(seen) ? Token() : Module,
            Heals = static (fault, point) => point == 0 ? fault.HealsSignIn : fault.Heals,
        },
        new("request to a service", 1, static async (_, s) => [await SendAsync(s, HttpMethod.Get)]) { Form = FaultForm.Json },
        new("change of a service", 1, static async (_, s) => [await SendAsync(s, HttpMethod.Patch)]) { Form = FaultForm.Json },
        new("pages of a service", 3, static async (_, s) => [await PagesAsync(s)]) { Pages = 3, Form = FaultForm.Json },
    ];

    /// <summary>The right response to a request, where it is no list of things.</summary>
    public Func<Seen, string>? Respond { get; init; }

    /// <summary>Whether it must succeed if it meets a fault once, at one of its points.</summary>
    public Func<Fault, int, bool> Heals { get; init; } = static (fault, _) => fault.Heals;

    /// <summary>The right response to a request.</summary>
    public string ResponseTo(Seen seen, Func<int, string, string?>? part = null)
    {
        if (Respond is { } own)
        {
            return own(seen);
        }

        if (!IsBatch(seen))
        {
            return Page(seen, PageOf(seen));
        }

        using var document = JsonDocument.Parse(seen.Body);
        var parts = document.RootElement.GetProperty("requests").EnumerateArray().Select((r, i) =>
        {
            var response = Page(seen, 0);
            return $"{{\"id\":\"{r.GetProperty("id").GetString()}\",{part?.Invoke(i, response) ?? $"\"status\":200,\"body\":{response}"}}}";
        });
        return $"{{\"responses\":[{string.Join(',', parts)}]}}";
    }

    /// <summary>How many changes a request asks for.</summary>
    public static int Changes(Seen seen) => seen.Method == "PATCH" ? 1 : Changes(seen.Body);

    /// <summary>How many changes a text asks for.</summary>
    public static int Changes(string body) =>
        body.StartsWith("PATCH ", StringComparison.Ordinal) ? 1 : body.Split("\"Set-Thing\",\"Parameters\"").Length - 1;

    private static bool IsBatch(Seen seen) => seen.Target.EndsWith("$batch", StringComparison.Ordinal);

    private static int PageOf(Seen seen) => seen.Target.Split("p=") is [_, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;

    private static AdminRequest Serialised(AdminRequest request) => request with { ResponseFormat = ResponseFormat.Clixml };

    private static AdminRequest Entity() => FakeExchange.Read() with { Method = HttpMethod.Get, Path = "Thing", Body = default };

    private static AdminRequest Large() => FakeExchange.Change("a") with
    {
        Body = Encoding.UTF8.GetBytes(
            $"{{\"CmdletInput\":{{\"CmdletName\":\"Set-Thing\",\"Parameters\":{{\"P\":\"{new string('a', 2 << 20)}\"}}}}}}"),
    };

    private static Outcome Of(FakeExchange.Response response, string[] expected, bool isChange = false) => new(
        [.. response.Objects.Select(o => (string)ExoRecord.Value((ExoObject)o, Property)!)], response.Error, expected, isChange);

    private static async Task<Outcome> DocumentAsync(FakeExchange exchange)
    {
        try
        {
            var body = await exchange.Client.ReadAsync(Entity(), 1 << 20, exchange.Messages, default);
            using var document = JsonDocument.Parse(body);
            var rows = document.RootElement.GetProperty("value").EnumerateArray();
            return new Outcome([.. rows.Select(v => v.GetProperty(Property).GetString()!)], null, OnePage);
        }
        catch (Exception e)
        {
            return new Outcome([], e, OnePage);
        }
    }

    private static bool IsSignIn(Seen seen) => seen.Target.Contains("/oauth2/", StringComparison.Ordinal);

    private static async Task<Outcome> ConnectAsync(FakeExchange exchange)
    {
        // MSAL remembers for the process how long a host wants to be left alone by an application: each time it is another.
        var registry = new SessionRegistry();
        string[] expected = ["Get-Thing"];
        try
        {
            var session = await SessionConnector.ConnectAsync(
                new ConnectOptions
                {
                    Service = ExoService.ExchangeOnline, Environment = exchange.Services.Environment, Organization = "contoso.onmicrosoft.com",
                    AppId = Guid.NewGuid().ToString(),
                    SignIn = new SignInMethod.ClientSecret(TestCertificates.Secure("secret")), Catalog = CatalogUse.Uncached, Clock = exchange.Clock,
                },
                exchange.Messages,
                registry);
            var names = session.Catalog.Cmdlets.Select(c => c.Name).ToList();
            registry.Disconnect(session);
            return new Outcome(names, null, expected);
        }
        catch (Exception e)
        {
            return new Outcome([], e, expected);
        }
    }

    private static async Task<Outcome[]> BatchAsync(FakeExchange exchange, string[] expected)
    {
        var responses = await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Read("b"), FakeExchange.Change("c"));
        return [.. responses.Select((a, i) => Of(a, expected, isChange: i == 2))];
    }

    private static async Task<Outcome[]> PagedBatchAsync(FakeExchange exchange)
    {
        var responses = await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Read("b"));
        return [.. responses.Select(a => Of(a, ThreePages))];
    }

    private static async Task<Outcome> SendAsync(ServiceClient client, HttpMethod method)
    {
        try
        {
            var response = await client.SendAsync(method, "/v1.0/things", method == HttpMethod.Get ? null : new JsonObject { ["name"] = "a" });
            return new Outcome(Names(response), null, OnePage, method != HttpMethod.Get);
        }
        catch (Exception e)
        {
            return new Outcome([], e, OnePage, method != HttpMethod.Get);
        }
    }

    private static async Task<Outcome> PagesAsync(ServiceClient client)
    {
        var names = new List<string>();
        try
        {
            await foreach (var page in client.PagesAsync(new ServiceRequest { Uri = "/v1.0/things" }))
            {
                names.AddRange(Names(page));
            }

            return new Outcome(names, null, ThreePages);
        }
        catch (Exception e)
        {
            return new Outcome(names, e, ThreePages);
        }
    }

    private static List<string> Names(ServiceResponse response) => [.. response.Items().Select(i => i.GetProperty(Property).GetString()!)];

    private string Page(Seen seen, int page)
    {
        var here = $"https://{seen.Host}{seen.Target.Split('?')[0]}";
        if (IsBatch(seen))
        {
            here = here.Replace("$batch", "InvokeCommand", StringComparison.Ordinal);
        }

        // What holds the only place while a batch gathers is no listing.
        var pages = Before > 0 && page == 0 && !IsBatch(seen) ? 1 : Pages;
        var next = page + 1 < pages ? $"\"@odata.nextLink\":\"{here}?p={page + 1}\"," : "";
        var rows = seen.Headers.GetValueOrDefault("X-ResponseFormat") == "clixml"
            ? $"{{\"_cliXml\":{JsonSerializer.Serialize(Serialised($"{page}{Umlaut}", $"{page}b"))}}}"
            : $"{{\"Name\":\"{page}{Umlaut}\"}},{{\"Name\":\"{page}b\"}}";
        return $"{{\"@odata.context\":\"{here.Replace("InvokeCommand", "$metadata", StringComparison.Ordinal)}#Things\",{next}\"value\":[{rows}]}}";
    }

    /// <summary>A token like no other before.</summary>
    private static string Token()
    {
        var parts = new[] { """{"alg":"RS256"}""", $"{{\"tid\":\"t\",\"jti\":\"{Interlocked.Increment(ref _tokens)}\"}}", "signature" };
        return $"{{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"{string.Join('.', parts.Select(Base64))}\"}}";
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=');

    private static string Serialised(params string[] names) => "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">"
        + string.Concat(names.Select(static (n, i) => $"<Obj RefId=\"{i}\"><MS><S N=\"Name\">{n}</S></MS></Obj>")) + "</Objs>";
}
