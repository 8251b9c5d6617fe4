using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.Core.Tests.Reliability;

/// <summary>What a fault leaves of a change.</summary>
internal enum FaultEffect
{
    /// <summary>The service has not carried it out, and the client can know that.</summary>
    Untouched,

    /// <summary>The service's cmdlet refused it.</summary>
    Refused,

    /// <summary>It may have been carried out.</summary>
    Unknown,
}

/// <summary>Who can tell that a response is none.</summary>
internal enum FaultForm
{
    /// <summary>Anybody.</summary>
    Any,

    /// <summary>Whoever expects JSON.</summary>
    Json,

    /// <summary>Whoever knows the service.</summary>
    Service,
}

/// <summary>Something that goes wrong with one exchange.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Effect">What it leaves of a change.</param>
/// <param name="Heals">Whether a read that meets it once must succeed.</param>
internal sealed record Fault(string Name, FaultEffect Effect, bool Heals)
{
    private const string Json = """{"error":{"code":"Code","message":"Text."}}""";
    private const string Html = "<html><title>Gateway</title></html>";

    /// <summary>Between two pieces of a slow response: less than half of the silence that is allowed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(50);

    /// <summary>Responds in the service's stead; given the right response.</summary>
    public Func<HttpContext, string, FaultClock, Task>? RespondAsync { get; init; }

    /// <summary>What happens before the request's body is read.</summary>
    public Func<HttpContext, Task>? ArriveAsync { get; init; }

    /// <summary>What happens to a connection before TLS; false to leave it to TLS.</summary>
    public Func<ConnectionContext, Task<bool>>? ConnectAsync { get; init; }

    /// <summary>Whether nobody listens at the address.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Whether no name service knows the hosts.</summary>
    public bool IsNameless { get; init; }

    /// <summary>What comes in place of HTTP, within TLS.</summary>
    public string? Raw { get; init; }

    /// <summary>The response to a part of a batch, all but its id; given the right response. Null where that can't be.</summary>
    public Func<string, string>? Part { get; init; }

    /// <summary>What has to be known of a response to tell that it is none.</summary>
    public FaultForm Form { get; init; }

    /// <summary>
    /// Whether a sign-in that meets it once must succeed: it is asked for again where nothing came back, and where the host says that it is busy.
    /// What is no sign-in response is somebody else's, who would say the same again.
    /// </summary>
    public bool HealsSignIn => Heals && !IsTooLong && (IsOfConnection || IsBusy || BreaksOff);

    /// <summary>Whether it is more than anybody reads.</summary>
    public bool IsTooLong { get; init; }

    /// <summary>Whether the service says that it is busy.</summary>
    public bool IsBusy { get; init; }

    /// <summary>Whether the connection ends before all has come.</summary>
    public bool BreaksOff { get; init; }

    /// <summary>Whether it happens to connections and not to requests.</summary>
    public bool IsOfConnection => ConnectAsync is not null || Raw is not null || IsRefusal || IsNameless;

    /// <summary>All of them but the cuts at each byte.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. from status in (int[])[400, 401, 403, 404, 407, 408, 409, 429, 500, 501, 502, 503, 504, 599]
           from body in (string[])["JSON", "HTML", "nothing", "NUL", "gzip that is NUL"]
           select Status(status, body),
        .. from status in (int[])[400, 404, 409, 500, 502, 503]
           select new Fault($"{status} of a cmdlet", FaultEffect.Refused, Heals: false)
           {
               RespondAsync = (c, _, _) => RespondWithAsync(c, status, OfACmdlet),
               Part = _ => $"\"status\":{status},\"body\":{OfACmdlet}",
               Form = FaultForm.Service,
           },
        .. from status in (int[])[202, 206]
           select new Fault($"{status} and what was asked for", FaultEffect.Unknown, Heals: false)
           {
               RespondAsync = (c, a, _) => RespondWithAsync(c, status, a), Part = a => $"\"status\":{status},\"body\":{a}", Form = FaultForm.Service,
           },
        new("500 for too many at once", FaultEffect.Untouched, Heals: true)
        {
            RespondAsync = (c, _, _) => RespondWithAsync(c, 500, TooMany), Part = _ => $"\"status\":500,\"body\":\"{TooMany}\"",
        },
        RetryAfter("0"),
        RetryAfter("7"),
        RetryAfter("86400"),
        new("503 with a wait that can't be read", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, _, _) => RespondWithAsync(c, 503, "", retryAfter: "soon"),
            Part = _ => """
                "status":503,"headers":{"Retry-After":"soon"}
                """,
        },

        // The connection.
        new("refused", FaultEffect.Untouched, Heals: true) { IsRefusal = true },
        new("a name that nobody knows", FaultEffect.Untouched, Heals: false) { IsNameless = true },
        new("cut before TLS", FaultEffect.Untouched, Heals: true)
        {
            ConnectAsync = c =>
            {
                c.Abort();
                return Task.FromResult(true);
            },
        },
        new("cut within TLS's handshake", FaultEffect.Untouched, Heals: true)
        {
            ConnectAsync = async c =>
            {
                await c.Transport.Input.ReadAsync();
                c.Abort();
                return true;
            },
        },
        new("no TLS", FaultEffect.Untouched, Heals: false)
        {
            ConnectAsync = async c =>
            {
                await c.Transport.Output.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                await c.Transport.Output.CompleteAsync();
                return true;
            },
        },
        new("somebody else's certificate", FaultEffect.Untouched, Heals: false)
        {
            ConnectAsync = c =>
            {
                c.Items["stranger"] = true;
                return Task.FromResult(false);
            },
        },
        new("a status line that is none", FaultEffect.Unknown, Heals: true) { Raw = "HTP 2OO\r\n\r\n" },
        new("headers that break off", FaultEffect.Unknown, Heals: true) { Raw = "HTTP/1.1 200 OK\r\nContent-Type: application/j" },
        new("headers without end", FaultEffect.Unknown, Heals: true)
        {
            Raw = "HTTP/1.1 200 OK\r\nX-A: " + new string('a', 100_000), IsTooLong = true,
        },
        new("a chunk that is none", FaultEffect.Unknown, Heals: true) { Raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}" },

        // The request.
        new("dropped before the request's body", FaultEffect.Unknown, Heals: true)
        {
            BreaksOff = true,
            ArriveAsync = c =>
            {
                c.Abort();
                return Task.CompletedTask;
            },
        },
        new("dropped within the request's body", FaultEffect.Unknown, Heals: true)
        {
            BreaksOff = true,
            ArriveAsync = async c =>
            {
                await c.Request.Body.ReadExactlyAsync(new byte[1]);
                c.Abort();
            },
        },
        new("502 before the request's body", FaultEffect.Unknown, Heals: true) { ArriveAsync = c => RespondWithAsync(c, 502, Html) },
        new("dropped before the response", FaultEffect.Unknown, Heals: true)
        {
            BreaksOff = true,
            RespondAsync = (c, _, _) =>
            {
                c.Abort();
                return Task.CompletedTask;
            },
        },
        new("silent before the response", FaultEffect.Unknown, Heals: false) { RespondAsync = (c, _, clock) => SilenceAsync(c, clock) },

        // The response.
        new("silent behind the headers", FaultEffect.Unknown, Heals: true)
        {
            BreaksOff = true, RespondAsync = (c, a, clock) => PartAsync(c, a, 0, clock),
        },
        new("silent in a row", FaultEffect.Unknown, Heals: true)
        {
            BreaksOff = true, RespondAsync = (c, a, clock) => PartAsync(c, a, a.Length / 2, clock),
        },
        new("silent behind the last row", FaultEffect.Unknown, Heals: true)
        {
            BreaksOff = true, RespondAsync = (c, a, clock) => PartAsync(c, a, a.Length - 2, clock),
        },
        new("cut behind the headers", FaultEffect.Unknown, Heals: true) { BreaksOff = true, RespondAsync = (c, a, _) => PartAsync(c, a, 0, null) },
        new("cut in a row", FaultEffect.Unknown, Heals: true) { BreaksOff = true, RespondAsync = (c, a, _) => PartAsync(c, a, a.Length / 2, null) },
        new("cut at the border of a row", FaultEffect.Unknown, Heals: true)
        {
            BreaksOff = true, RespondAsync = (c, a, _) => PartAsync(c, a, Math.Max(0, a.LastIndexOf('{')), null),
        },
        new("ended in a row", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, a, _) => BytesAsync(c, Encoding.UTF8.GetBytes(a[..(a.Length / 2)])), Form = FaultForm.Json,
        },
        new("a drip", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, a, clock) => DripAsync(c, a, 1, clock),
        },
        new("slow and alive", FaultEffect.Unknown, Heals: true) { RespondAsync = (c, a, clock) => DripAsync(c, a, (a.Length / 8) + 1, clock) },
        new("nothing", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, _, _) => BytesAsync(c, []), Part = _ => "\"status\":200", Form = FaultForm.Service,
        },
        Responds("null", "null"),
        Responds("an empty text", "\"\""),
        Responds("HTML", Html),
        Responds("a message for a row", """{"message":"maintenance"}"""),
        Responds("a list for a response", "[]"),
        Responds("a number", "1"),
        new("an error in a success", FaultEffect.Unknown, Heals: false)
        {
            RespondAsync = (c, _, _) => BytesAsync(c, Encoding.UTF8.GetBytes(Json)), Part = _ => $"\"status\":200,\"body\":{Json}",
            Form = FaultForm.Service,
        },
        new("text behind", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, a, _) => BytesAsync(c, Encoding.UTF8.GetBytes(a + "</html>")), Form = FaultForm.Json,
        },
        new("NUL bytes", FaultEffect.Unknown, Heals: true) { RespondAsync = (c, _, _) => BytesAsync(c, new byte[100]), Form = FaultForm.Json },
        new("NUL bytes behind", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, a, _) => BytesAsync(c, [.. Encoding.UTF8.GetBytes(a), 0, 0]), Form = FaultForm.Json,
        },
        new("UTF-16", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, a, _) => BytesAsync(c, Encoding.Unicode.GetBytes(a)), Form = FaultForm.Json,
        },
        new("Latin-1", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, a, _) => BytesAsync(c, Encoding.Latin1.GetBytes(a)), Form = FaultForm.Json,
        },
        new("declared gzip and cut", FaultEffect.Unknown, Heals: true) { RespondAsync = (c, _, _) => BytesAsync(c, [0x1F, 0x8B, 8, 0, 0], "gzip") },
        new("gzip that breaks off", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, a, _) => BytesAsync(c, [.. Packed(a)[..^9]], "gzip"), Form = FaultForm.Json,
        },
        new("declared Brotli", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, _, _) => BytesAsync(c, [0x0B, 0x02, 0x80, 1, 2, 3], "br"), Form = FaultForm.Json,
        },
        new("a next page that is a number", FaultEffect.Unknown, Heals: true)
        {
            RespondAsync = (c, a, _) => BytesAsync(c, Encoding.UTF8.GetBytes(WithLink(a))), Part = a => $"\"status\":200,\"body\":{WithLink(a)}",
            Form = FaultForm.Service,
        },

        // Elsewhere.
        Redirect("to itself", null, heals: true),
        Redirect("to a stranger", "https://stranger.example/", heals: false) with { Form = FaultForm.Service },
        Redirect("without TLS", "http://outlook.office365.com/", heals: false),
        Redirect("to no address", "https://[", heals: false, FaultEffect.Unknown),
        new("redirect to nowhere", FaultEffect.Unknown, Heals: false) { RespondAsync = (c, _, _) => RespondWithAsync(c, 302, "") },

        // Within a batch.
        OfAPart("no response", "\"x\":1"),
        OfAPart("a status that is a text", "\"status\":\"x\",\"body\":{}"),
        OfAPart("status 0", "\"status\":0"),
        OfAPart("a status beyond numbers", "\"status\":1e400,\"body\":{}"),
    ];

    private static string OfACmdlet =>
        """{"error":{"code":"BadRequest","message":"Outer.","details":[{"message":"Ex1|Microsoft.ThingException|No."}]}}""";

    private static string TooMany => "You have reached the maximum number of concurrent requests per tenant. Please wait and try again";

    /// <summary>The connection ends, or falls silent, behind so many bytes of the response.</summary>
    public static Fault At(int length, bool isSilent) => new(
        $"{(isSilent ? "silent" : "cut")} behind {length} bytes", FaultEffect.Unknown, Heals: true)
    {
        RespondAsync = (c, a, clock) => PartAsync(c, a, Math.Min(length, a.Length - 1), isSilent ? clock : null),
    };

    public static Task BytesAsync(HttpContext context, byte[] body, string? encoding = null)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = encoding;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body).AsTask();
    }

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static Fault Status(int status, string body)
    {
        var isCmdlets = status == 500 && body == "JSON";
        var text = body switch
        {
            "JSON" => Json,
            "HTML" => Html,
            "NUL" => "\0\0\0",
            _ => "",
        };
        return new Fault(
            $"{status} {body}",
            status is 401 or 429 ? FaultEffect.Untouched : status is < 500 and not 408 ? FaultEffect.Refused : FaultEffect.Unknown,
            Heals: status is 401 or 408 or 429 or 500 or 502 or 503 or 504 && !isCmdlets)
        {
            IsBusy = status is 408 or 429 or 502 or 503 or 504,
            RespondAsync = (c, _, _) => body == "gzip that is NUL"
                ? RespondWithAsync(c, status, "\0\0\0\0", "gzip")
                : RespondWithAsync(c, status, text),
            Part = body == "gzip that is NUL" ? null
                : _ => $"\"status\":{status},\"body\":{(body == "JSON" ? Json : JsonSerializer.Serialize(text))}",
        };
    }

    private static Fault Responds(string name, string text) => new(name, FaultEffect.Unknown, Heals: true)
    {
        RespondAsync = (c, _, _) => BytesAsync(c, Encoding.UTF8.GetBytes(text)),
        Part = _ => $"\"status\":200,\"body\":{(text[0] == '<' ? JsonSerializer.Serialize(text) : text)}",
        Form = text[0] == '<' ? FaultForm.Json : FaultForm.Service,
    };

    private static Fault RetryAfter(string seconds) => new($"503 with {seconds} s to wait", FaultEffect.Untouched, Heals: seconds.Length < 5)
    {
        RespondAsync = (c, _, _) => RespondWithAsync(c, 503, "", retryAfter: seconds),
        Part = _ => $"\"status\":503,\"headers\":{{\"Retry-After\":\"{seconds}\"}}",
    };

    private static Fault Redirect(string name, string? to, bool heals, FaultEffect effect = FaultEffect.Untouched) => new(
        "redirect " + name, effect, heals)
    {
        RespondAsync = (c, _, _) =>
        {
            c.Response.StatusCode = 302;
            c.Response.Headers.Location = to ?? $"https://{c.Request.Host.Host}{c.Request.Path}{c.Request.QueryString}";
            return Task.CompletedTask;
        },
    };

    private static Fault OfAPart(string name, string part) => new(name, FaultEffect.Unknown, Heals: false) { Part = _ => part };

    private static string WithLink(string response) => response.Replace("\"value\"", "\"@odata.nextLink\":1,\"value\"", StringComparison.Ordinal);

    private static Task RespondWithAsync(HttpContext context, int status, string body, string? encoding = null, string? retryAfter = null)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = retryAfter ?? (status == 429 ? "0" : null);
        return BytesAsync(context, Encoding.UTF8.GetBytes(body), encoding);
    }

    private static async Task SilenceAsync(HttpContext context, FaultClock clock)
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            clock.ReachNextLimit();
            await AbortedAsync(context, TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>
    /// Waits until the client has ended the request, or for a while: the limit that was reached can be another one's. On a busy machine the client
    /// needs its time, and must not reach the limit after it meanwhile.
    /// </summary>
    private static async Task AbortedAsync(HttpContext context, TimeSpan most)
    {
        try
        {
            await Task.Delay(most, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // That is what was waited for.
        }
    }

    private static async Task PartAsync(HttpContext context, string response, int length, FaultClock? silence)
    {
        var body = Encoding.UTF8.GetBytes(response);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        var waits = silence?.Waits ?? 0;
        await context.Response.StartAsync();
        await context.Response.Body.WriteAsync(body.AsMemory(0, Math.Min(length, body.Length)));
        await context.Response.Body.FlushAsync();
        if (silence is not null)
        {
            await silence.IsAwaitedAsync(waits, context.RequestAborted);
            await SilenceAsync(context, silence);
        }

        context.Abort();
    }

    /// <summary>Sends a response in pieces, a while after each other; the client waits for a piece before the next comes.</summary>
    private static async Task DripAsync(HttpContext context, string response, int size, FaultClock clock)
    {
        var body = Encoding.UTF8.GetBytes(response);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        var waits = clock.Waits;
        await context.Response.StartAsync();
        for (var at = 0; at < body.Length; at += size)
        {
            if (await clock.IsAwaitedAsync(waits, context.RequestAborted))
            {
                waits = clock.Waits;
                clock.Advance(Pause);
            }

            await context.Response.Body.WriteAsync(body.AsMemory(at, Math.Min(size, body.Length - at)));
            await context.Response.Body.FlushAsync();
        }
    }
}
