using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ExoConnect.LocalTenant.Responses;

/// <summary>A response: status, headers and the writer of its body, for a connection or for one request of a batch.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="write">Writes the body; calls <see cref="Utf8Sink.FlushAsync"/> now and then if it is long.</param>
internal sealed class Response(int status, Func<Utf8Sink, CancellationToken, ValueTask> write)
{
    /// <summary>The type of the services' JSON.</summary>
    public const string Json = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

    private const int SmallestToCompress = 1024;

    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The body's type; null for no body.</summary>
    public string? ContentType { get; init; } = Json;

    /// <summary>Whether the body is sent unchanged, whatever encoding the client accepts.</summary>
    public bool Verbatim { get; init; }

    /// <summary>Headers in addition to those of every response.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A response without a body.</summary>
    public static Response Empty(int status) => new(status, static (_, _) => ValueTask.CompletedTask) { ContentType = null };

    /// <summary>A response whose body is written at once.</summary>
    public static Response Of(int status, Action<Utf8Sink> write)
    {
        return new Response(status, (sink, _) =>
        {
            write(sink);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>The 403 of Exchange Online for a cmdlet that it doesn't let the caller run: NUL bytes that claim to be gzip.</summary>
    public static Response ForbiddenCmdlet()
    {
        var response = new Response(StatusCodes.Status403Forbidden, static (sink, _) =>
        {
            sink.Write(new byte[4096]);
            return ValueTask.CompletedTask;
        })
        {
            Verbatim = true,
        };
        response.Headers[HeaderNames.ContentEncoding] = "gzip";
        return response;
    }

    /// <summary>Writes the body.</summary>
    public ValueTask WriteAsync(Utf8Sink sink, CancellationToken cancellationToken) => write(sink, cancellationToken);

    /// <summary>Sends the response on a connection.</summary>
    /// <param name="context">The connection.</param>
    /// <param name="compress">Whether the body may be compressed, if the client accepts that.</param>
    public async Task SendAsync(HttpContext context, bool compress)
    {
        var response = context.Response;
        var aborted = context.RequestAborted;
        response.StatusCode = status;
        foreach ((var name, var value) in Headers)
        {
            response.Headers[name] = value;
        }

        if (ContentType is null)
        {
            response.ContentLength = 0;
            return;
        }

        response.ContentType = ContentType;
        var gzip = compress && !Verbatim && AcceptsGzip(context.Request);
        if (compress && !Verbatim)
        {
            response.Headers.Vary = HeaderNames.AcceptEncoding;
        }

        GZipStream? compressor = null;
        try
        {
            using var sink = new Utf8Sink(async (bytes, token) =>
            {
                if (gzip && compressor is null)
                {
                    response.Headers.ContentEncoding = "gzip";
                    compressor = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
                }

                await ((Stream?)compressor ?? response.Body).WriteAsync(bytes, token).ConfigureAwait(false);
            });
            await write(sink, aborted).ConfigureAwait(false);
            if (!sink.HasFlushed)
            {
                gzip = gzip && sink.Gathered.Length >= SmallestToCompress;
                if (!gzip)
                {
                    response.ContentLength = sink.Gathered.Length;
                }
            }

            await sink.FlushAsync(aborted).ConfigureAwait(false);
        }
        finally
        {
            if (compressor is not null)
            {
                await compressor.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static bool AcceptsGzip(HttpRequest request)
    {
        foreach (var coding in request.GetTypedHeaders().AcceptEncoding)
        {
            if (coding.Quality is not 0 && coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
