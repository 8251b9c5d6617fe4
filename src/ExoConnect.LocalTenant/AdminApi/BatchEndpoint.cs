using System.Globalization;
using System.Text;
using System.Text.Json;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>Runs several requests at once: <c>POST .../$batch</c> (protocol.md section 4).</summary>
/// <param name="response">Responds to one request.</param>
internal sealed class BatchEndpoint(Func<AdminRequest, CancellationToken, ValueTask<Response>> response)
{
    private const int MostRequests = 10;

    /// <summary>
    /// The wait of a caller before one more request of a batch; null for no wait. With a wait, that request gets a 429 of its
    /// own. The batch's own request counts as the first, so the first needs no check.
    /// </summary>
    public Func<Caller, TimeSpan?>? Throttle { get; set; }

    /// <summary>Runs the requests of a batch.</summary>
    /// <exception cref="ServiceError">The body is not a batch, or the batch is too long.</exception>
    public Response Execute(AdminRequest batch)
    {
        IReadOnlyList<(string Id, AdminRequest Request)> requests = Parse(batch);
        return new Response(StatusCodes.Status200OK, (sink, cancellationToken) => WriteAsync(sink, requests, cancellationToken));
    }

    private static List<(string Id, AdminRequest Request)> Parse(AdminRequest batch)
    {
        try
        {
            using var document = JsonDocument.Parse(batch.Body);
            var elements = document.RootElement.GetProperty("requests");
            if (elements.GetArrayLength() > MostRequests)
            {
                throw Invalid($"The batch has {elements.GetArrayLength()} requests; the most that one may have is {MostRequests}.");
            }

            var requests = new List<(string Id, AdminRequest Request)>();
            foreach (var element in elements.EnumerateArray())
            {
                var id = element.GetProperty("id").ToString();
                if (id.Length == 0 || requests.Exists(other => other.Id == id))
                {
                    throw Invalid($"The id '{id}' of a request in the batch is empty or not the only one.");
                }

                requests.Add((id, Request(batch, element)));
            }

            return requests;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Invalid($"The batch cannot be read: {failure.Message}");
        }
    }

    private static AdminRequest Request(AdminRequest batch, JsonElement element)
    {
        var url = element.GetProperty("url").GetString() ?? "";
        var target = Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute.Scheme.StartsWith("http", StringComparison.Ordinal)
            ? absolute.PathAndQuery
            : url.StartsWith('/') ? url : $"{batch.RawPath[..(batch.RawPath.LastIndexOf('/') + 1)]}{url}";
        if (target.Contains("/$batch", StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid("A batch cannot hold another batch.");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (element.TryGetProperty("headers", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (var header in given.EnumerateObject())
            {
                headers[header.Name] = header.Value.ToString();
            }
        }

        var body = element.TryGetProperty("body", out var content) ? Encoding.UTF8.GetBytes(content.GetRawText()) : [];
        return new AdminRequest(
            element.TryGetProperty("method", out var method) ? method.GetString() ?? "GET" : "GET", batch.Origin, target,
            name => headers.GetValueOrDefault(name) ?? (IsShared(name) ? batch.Header(name) : null), body, batch.Service, batch.Caller);
    }

    // The headers of the batch that apply to each request without its own.
    private static bool IsShared(string header)
    {
        return header.ToUpperInvariant() is "PREFER" or "X-PREFER" or "X-RESPONSEFORMAT" or "X-SERIALIZATIONLEVEL" or "COOKIE";
    }

    private async ValueTask WriteAsync(Utf8Sink sink, IReadOnlyList<(string Id, AdminRequest Request)> requests, CancellationToken cancellationToken)
    {
        sink.Write("{\"responses\":["u8);
        Task<(string Id, Response Response, Utf8Sink Body)>[] running =
        [
            .. requests.Select((pair, number) => Task.Run(() => RunAsync(pair.Id, pair.Request, number == 0, cancellationToken), cancellationToken)),
        ];
        var first = true;
        await foreach (var finished in Task.WhenEach(running).ConfigureAwait(false))
        {
            (var id, var one, var body) = await finished.ConfigureAwait(false);
            using (body)
            {
                if (!first)
                {
                    sink.Write(","u8);
                }

                first = false;
                Write(sink, id, one, body);
            }

            if (sink.WantsFlush)
            {
                await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        sink.Write("]}"u8);
    }

    private async Task<(string Id, Response Response, Utf8Sink Body)> RunAsync(string id, AdminRequest request, bool free,
        CancellationToken cancellationToken)
    {
        Response one;
        try
        {
            one = !free && Throttle?.Invoke(request.Caller) is TimeSpan wait
                ? TooMany(request, wait)
                : await response(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceError error)
        {
            one = error.ToResponse(request.WantsClixml);
        }

        one.Headers.TryAdd("request-id", Guid.NewGuid().ToString("D"));
        one.Headers.TryAdd("X-CalculatedBETarget", AdminApiService.BackEnd);
        var body = new Utf8Sink(null);
        await one.WriteAsync(body, cancellationToken).ConfigureAwait(false);
        return (id, one, body);
    }

    private static void Write(Utf8Sink sink, string id, Response one, Utf8Sink body)
    {
        sink.Write("{\"id\":"u8);
        sink.WriteString(id);
        sink.Write(",\"status\":"u8);
        sink.WriteNumber(one.Status);
        sink.Write(",\"headers\":{\"Content-Type\":"u8);
        sink.WriteString(one.ContentType ?? "text/plain");
        foreach ((var name, var value) in one.Headers)
        {
            sink.Write(","u8);
            sink.WriteString(name);
            sink.Write(":"u8);
            sink.WriteString(value);
        }

        sink.Write("},\"body\":"u8);
        if (one.Verbatim || body.Gathered.IsEmpty)
        {
            sink.Write("null"u8);
        }
        else
        {
            sink.Write(body.Gathered.Span);
        }

        sink.Write("}"u8);
    }

    private static Response TooMany(AdminRequest request, TimeSpan wait)
    {
        var refused = ServiceError.Request(
            StatusCodes.Status429TooManyRequests, "TooManyRequests", "You have reached the maximum number of requests. Please wait and try again.")
                .ToResponse(request.WantsClixml);
        refused.Headers["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return refused;
    }

    private static ServiceError Invalid(string message) => ServiceError.Request(StatusCodes.Status400BadRequest, "BadRequest", message);
}
