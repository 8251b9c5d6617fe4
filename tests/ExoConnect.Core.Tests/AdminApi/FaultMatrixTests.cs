using System.Globalization;
using System.Text;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Transport;
using ExoConnect.Core.Objects;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.Core.Tests.AdminApi;

/// <summary>
/// Every way to run a cmdlet through every fault at each point of the exchange, once and for good: a right result or an error that says so, no change
/// twice that may have been carried out, no hang, and a client that works afterwards. With <c>EXOCONNECT_ALL_FAULTS=1</c> every status goes with
/// every body, and throttling without an end, which takes minutes; otherwise a part of them.
/// </summary>
public class FaultMatrixTests(ITestOutputHelper output)
{
    private const string Self = FakeExchange.Host + "/adminapi/beta/t/InvokeCommand";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EXOCONNECT_ALL_FAULTS") == "1";

    private static readonly IReadOnlyList<Fault> Faults =
    [
        .. from status in (int[])[401, 403, 404, 408, 409, 429, 500, 502, 503, 504, 599]
           from body in Bodies
           where IsLong || status == 500 || (body.Key == "JSON" && status != 429)
           select new Fault($"{status} {body.Key}", (c, _) => StatusAsync(c, status, body.Value), IsHarmless: status is 401 or 429),
        new("503 with Retry-After", (c, _) => StatusAsync(c, 503, "", "0"), IsHarmless: true),
        new("dropped before the answer", (c, _) =>
        {
            c.Abort();
            return Task.CompletedTask;
        }),
        new("silent before the answer", (c, _) => Task.Delay(Timeout.Infinite, c.RequestAborted)),
        new("silent behind the headers", (c, a) => PartAsync(c, a, 0, silent: true)),
        new("silent in a row", (c, a) => PartAsync(c, a, a.Length / 2, silent: true)),
        new("silent behind the last row", (c, a) => PartAsync(c, a, a.Length - 2, silent: true)),
        new("cut behind the headers", (c, a) => PartAsync(c, a, 0, silent: false)),
        new("cut in a row", (c, a) => PartAsync(c, a, a.Length / 2, silent: false)),
        new("cut at the border of a row", (c, a) => PartAsync(c, a, a.LastIndexOf('{'), silent: false)),
        new("ended in a row", (c, a) => BytesAsync(c, Encoding.UTF8.GetBytes(a[..(a.Length / 2)]))),
        new("nothing", (c, _) => BytesAsync(c, [])),
        new("NUL bytes", (c, _) => BytesAsync(c, new byte[100])),
        new("NUL bytes behind", (c, a) => BytesAsync(c, [.. Encoding.UTF8.GetBytes(a), 0, 0])),
        new("text behind", (c, a) => BytesAsync(c, Encoding.UTF8.GetBytes(a + "</html>"))),
        new("HTML", (c, _) => BytesAsync(c, "<html><title>Sign in</title></html>"u8.ToArray())),
        new("UTF-16", (c, a) => BytesAsync(c, Encoding.Unicode.GetBytes(a))),
        new("declared gzip and cut", (c, _) => BytesAsync(c, [0x1F, 0x8B, 8, 0, 0], "gzip")),
        new("a message for a row", (c, _) => BytesAsync(c, "{\"message\":\"maintenance\"}"u8.ToArray())),
        new("an error in a success", (c, _) => BytesAsync(c, "{\"error\":{\"code\":\"x\",\"message\":\"y\"}}"u8.ToArray())),
        new("redirect to itself", (c, _) => RedirectAsync(c, Self), IsHarmless: true),
        new("redirect elsewhere", (c, _) => RedirectAsync(c, "https://stranger.example/"), IsHarmless: true),
    ];

    private static IReadOnlyDictionary<string, string> Bodies => new Dictionary<string, string>
    {
        ["JSON"] = """{"error":{"code":"Code","message":"Text."}}""", ["HTML"] = "<html><title>Gateway</title></html>", ["nothing"] = "", ["NUL"] = "\0\0\0",
    };

    [Theory]
    [InlineData("read", 1)]
    [InlineData("paged read", 3)]
    [InlineData("change", 1)]
    [InlineData("batch", 1)]
    public async Task Every_fault_ends_well(string operation, int points)
    {
        await using var exchange = await FakeExchange.StartAsync();
        var combinations = 0;
        foreach (var fault in Faults)
        {
            for (var point = 0; point < points; point++)
            {
                foreach (var isForGood in (bool[])[false, true])
                {
                    if (isForGood && fault.IsThrottling && !IsLong)
                    {
                        continue;
                    }

                    await RunAsync(exchange, operation, fault, point, isForGood).WaitAsync(Patience);
                    combinations++;
                }
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{operation}: {combinations} combinations of fault and point."));
        Assert.InRange(combinations, Faults.Count * points, Faults.Count * points * 2);
    }

    private static async Task RunAsync(FakeExchange exchange, string operation, Fault fault, int point, bool isForGood)
    {
        var carriedOut = 0;
        var happened = 0;

        // Only silence has to be waited out; a busy machine may take its time for all else.
        var silence = fault.Name.StartsWith("silent", StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(200) : Patience / 2;
        exchange.With(o => o with { Timeout = silence, Body = new BodyLimits(silence, Patience, 1) });
        exchange.Answers((context, _) =>
        {
            var seen = exchange.Requests[^1];
            var isBatch = seen.Target.EndsWith("$batch", StringComparison.Ordinal);
            var page = seen.Target.Split("p=") is [_, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
            var answer = isBatch ? Batch(seen.Body) : Page(operation, page);
            var hits = (operation == "batch" ? isBatch : page == point) && (isForGood || happened++ == 0);
            var changes = seen.Body.Split("\"Set-Thing\",\"Parameters\"").Length - 1;
            carriedOut += hits && fault.IsHarmless ? 0 : changes;
            return hits ? fault.AnswerAsync(context, answer) : BytesAsync(context, Encoding.UTF8.GetBytes(answer));
        });
        var name = $"{operation}, {fault.Name}, point {point}, {(isForGood ? "for good" : "once")}";
        var answers = operation switch
        {
            "read" or "paged read" => [await exchange.RunAsync(FakeExchange.Read())],
            "change" => [await exchange.RunAsync(FakeExchange.Change("a"))],
            _ => await exchange.RunBatchAsync(FakeExchange.Read("a"), FakeExchange.Read("b"), FakeExchange.Change("c")),
        };

        Assert.True(carriedOut <= 1, $"{name}: a change went {carriedOut} times.");
        for (var i = 0; i < answers.Length; i++)
        {
            var (objects, error) = (answers[i].Objects, answers[i].Error);
            var isChange = operation == "change" || (operation == "batch" && i == 2);
            Assert.True(error is null or ExoException, $"{name}: {error}");
            Assert.True(error is null || ((ExoException)error).Message.Length > 0, name);
            Assert.True(error is not null || objects.Count == (operation == "paged read" ? 6 : 2), $"{name}: {objects.Count} objects and no error.");
            Assert.True(objects.Select(o => ExoRecord.Value((ExoObject)o, "Name")).Distinct().Count() == objects.Count,
                $"{name}: an object came twice.");

            // Whoever may have carried the change out must not be said to have refused it.
            Assert.True(
                !isChange || error is not ServiceException { IsOutcomeUnknown: false } refused || fault.IsHarmless
                    || refused.StatusCode is >= 400 and < 500
                || refused.ErrorId is "UntrustedRedirect" or "TooManyRedirects",
                $"{name}: {error?.Message}");
        }

        exchange.Answers(Page("read", 0));
        var after = await exchange.RunAsync(FakeExchange.Read());
        for (var slow = 0; slow < 50 && after.Error is not null && silence < Patience / 2; slow++)
        {
            // Under the short limit of silence a busy machine can be too slow for an answer that comes.
            after = await exchange.RunAsync(FakeExchange.Read());
        }

        Assert.True(after.Error is null && after.Objects.Count == 2, $"{name}: afterwards {after.Error}");
    }

    private static string Page(string operation, int page) =>
        $"{{\"@odata.context\":\"c\",{(operation == "paged read" && page < 2 ? $"\"@odata.nextLink\":\"{Self}?p={page + 1}\"," : "")}"
        + $"\"value\":[{{\"Name\":\"{page}a\"}},{{\"Name\":\"{page}b\"}}]}}";

    private static string Batch(string request)
    {
        var count = request.Split("\"method\":").Length - 1;
        return $"{{\"responses\":[{string.Join(',', Enumerable.Range(0, count).Select(i => $"{{\"id\":\"{i}\",\"status\":200,\"body\":{Page("read", 0)}}}"))}]}}";
    }

    private static Task StatusAsync(HttpContext context, int status, string body, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null || status == 429)
        {
            context.Response.Headers.RetryAfter = "0";
        }

        return BytesAsync(context, Encoding.UTF8.GetBytes(body));
    }

    private static Task RedirectAsync(HttpContext context, string to)
    {
        context.Response.StatusCode = 302;
        context.Response.Headers.Location = to;
        return Task.CompletedTask;
    }

    private static Task BytesAsync(HttpContext context, byte[] body, string? encoding = null)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = encoding;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body).AsTask();
    }

    private static async Task PartAsync(HttpContext context, string answer, int length, bool silent)
    {
        var body = Encoding.UTF8.GetBytes(answer);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.StartAsync();
        await context.Response.Body.WriteAsync(body.AsMemory(0, length));
        await context.Response.Body.FlushAsync();
        if (silent)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        context.Abort();
    }

    private sealed record Fault(string Name, Func<HttpContext, string, Task> AnswerAsync, bool IsHarmless = false)
    {
        public bool IsThrottling => Name.StartsWith("429", StringComparison.Ordinal) || Name == "503 with Retry-After";
    }
}
