using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Paging;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.AdminApi;

/// <summary>Reads the pages of one listing into a channel.</summary>
/// <param name="client">The session's client.</param>
/// <param name="request">The request.</param>
/// <param name="messages">Receives pages, pauses and times.</param>
/// <param name="requestId">The call's <c>client-request-id</c>, which all its pages share.</param>
/// <param name="operation">The record of the listing; null without a listener.</param>
/// <param name="writer">Receives the pieces.</param>
internal sealed class PageReader(
    AdminApiClient client, AdminRequest request, IEngineMessages messages, string requestId, Operation? operation,
    ChannelWriter<ResponseChunk> writer)
{
    private readonly PageTrail _trail = new();
    private int _rows;
    private Uri? _next;
    private Task<HttpResponseMessage>? _ahead;

    /// <summary>Whether the request changes nothing.</summary>
    public bool IsRead => request.IsRead;

    public async Task ReadAllAsync(Uri? first, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var page = first;
            _trail.Add(client.AddressOf(request));
            if (first is not null)
            {
                _trail.Add(first);
            }

            for (var number = 1; number == 1 || page is not null; number++)
            {
                (_next, var ahead, _ahead) = (null, _ahead, null);
                await ReadPageAsync(page, number, ahead, stop.Token).ConfigureAwait(false);
                page = _next;
            }
        }
        finally
        {
            if (_ahead is { } abandoned)
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await ((Task)abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (abandoned.IsCompletedSuccessfully)
                {
                    abandoned.Result.Dispose();
                }
            }
        }
    }

    /// <summary>The page size, or the number of objects still wanted if that is smaller.</summary>
    private int SizeBehind(int rows)
    {
        var size = request.PageSize ?? client.PageSize;
        return request.Limit is { } limit ? Math.Clamp(limit - rows, 1, size) : size;
    }

    private Task<HttpResponseMessage> RequestPageAsync(Uri? page, int size, CancellationToken cancellationToken) =>
        client.SendAsync(request, page, size, requestId, messages, operation, cancellationToken);

    /// <summary>
    /// Reads one page. If its response breaks off in the middle, the reader requests it again and leaves out the objects that the caller has.
    /// </summary>
    private async Task ReadPageAsync(Uri? page, int number, Task<HttpResponseMessage>? ahead, CancellationToken cancellationToken)
    {
        var delivered = new PageProgress();
        var size = SizeBehind(_rows);
        for (var retries = 0; ; retries++)
        {
            using var response = await (ahead ?? RequestPageAsync(page, size, cancellationToken)).ConfigureAwait(false);
            ahead = null;
            try
            {
                // To a read, nothing is no response.
                if (response.StatusCode != HttpStatusCode.NoContent || request.IsRead)
                {
                    await ReadResponseAsync(response, number, size, delivered, cancellationToken).ConfigureAwait(false);
                }

                operation?.Read(delivered.Count);
                if (number > 1 || _next is not null)
                {
                    messages.Verbose(string.Create(CultureInfo.InvariantCulture, $"{request.Command}: page {number}, {delivered.Count} objects."));
                }

                return;
            }
            catch (Exception e) when (LostResponse.Is(e) || e is ResponseTooLargeException)
            {
                var failure = AdminApiClient.BrokenResponse(request, response, e);
                if (!failure.MayRepeat(request.IsRead, retries))
                {
                    throw failure.Error;
                }

                operation?.Retried();
                messages.Verbose($"{failure.Error.Message} Requesting page {number} again.");
            }
        }
    }

    private async Task ReadResponseAsync(
        HttpResponseMessage response, int number, int size, PageProgress delivered, CancellationToken cancellationToken)
    {
        var origin = AdminErrors.Origin(request, response);
        var body = await client.Bodies.OpenAsync(response, cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using var parser = new ResponseParser(request.Entity, origin, request.Expansion, request.Limit - _rows, request.IsEntity);
            delivered.Rewind();

            // To the end of the body and not only of the JSON: text after it would be an error, and only a connection that is read to its end goes
            // back to the pool.
            for (var count = 1; count > 0;)
            {
                count = await body.ReadAsync(parser.GetMemory(), cancellationToken).ConfigureAwait(false);
                parser.Advance(count);
                if (parser.Error is { } error)
                {
                    throw ServiceErrorReader.Read(origin, [.. "{\"error\":"u8, .. error, (byte)'}']);
                }

                if (parser.NextLink is { } link && _next is null && request.HasPages)
                {
                    var next = PageLink.Resolve(response.RequestMessage?.RequestUri ?? client.AddressOf(request), link);
                    StartNextPage(next, size, origin, cancellationToken);
                }

                if (delivered.SkipDelivered(parser.Take()) is { IsEmpty: false } chunk)
                {
                    if (chunk.Errors.Count > 0)
                    {
                        operation?.Reported(chunk.Errors[0]);
                    }

                    await writer.WriteAsync(number == 1 ? chunk : chunk with { Page = number }, cancellationToken).ConfigureAwait(false);
                }
            }

            delivered.End();
            _rows += parser.Rows;
            if (_rows == request.Limit && (parser.IsCut || _next is not null))
            {
                _next = null;
                await writer.WriteAsync(ResponseChunk.Empty with { HasMore = true, Page = number }, cancellationToken).ConfigureAwait(false);
            }
            else if (parser.NextLink is not null && !request.HasPages)
            {
                await writer.WriteAsync(PageLink.NotFollowed(request), cancellationToken).ConfigureAwait(false);
            }
            else if (_next is not null && _trail.Read(parser.Rows, parser.ContentHash) is { } why)
            {
                throw AdminErrors.Endless(request, origin, why);
            }
        }
    }

    /// <summary>Requests the next page, unless this one will be enough.</summary>
    private void StartNextPage(Uri next, int size, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (_trail.Add(next) is { } why)
        {
            throw AdminErrors.Endless(request, origin, why);
        }

        _next = next;
        if (request.Limit is not { } limit || _rows + size < limit)
        {
            _ahead = RequestPageAsync(next, SizeBehind(_rows + size), cancellationToken);
        }
    }
}

/// <summary>How much of a page the caller has, for the case that the page is requested twice.</summary>
internal sealed class PageProgress
{
    private int _skip;
    private int _warnings;
    private int _skipWarnings;
    private int _errors;
    private int _skipErrors;
    private string? _last;

    public int Count { get; private set; }

    public void Rewind() => (_skip, _skipWarnings, _skipErrors) = (Count, _warnings, _errors);

    /// <summary>Notes that the page was read to its end.</summary>
    /// <exception cref="JsonException">It held fewer objects than before it broke off; nothing tells which of them are gone.</exception>
    public void End()
    {
        if (_skip > 0)
        {
            throw new JsonException("The page broke off, and the second response held fewer objects.");
        }
    }

    /// <summary>Leaves out the objects that were delivered before the page broke off.</summary>
    /// <exception cref="JsonException">The page differs from the first one: the directory changed, and nothing tells what is missing.</exception>
    public ResponseChunk SkipDelivered(ResponseChunk chunk)
    {
        if (_skip + _skipWarnings + _skipErrors == 0)
        {
            Count += chunk.Objects.Count;
            _warnings += chunk.Warnings.Count;
            _errors += chunk.Errors.Count;
            _last = chunk.Objects.Count > 0 ? chunk.Objects[^1].ToString() : _last;
            return chunk;
        }

        var skip = Math.Min(_skip, chunk.Objects.Count);
        if (skip > 0 && skip == _skip && chunk.Objects[skip - 1].ToString() != _last)
        {
            throw new JsonException("The page broke off, and the second response held other objects.");
        }

        var skipWarnings = Math.Min(_skipWarnings, chunk.Warnings.Count);
        var skipErrors = Math.Min(_skipErrors, chunk.Errors.Count);
        (_skip, _skipWarnings, _skipErrors) = (_skip - skip, _skipWarnings - skipWarnings, _skipErrors - skipErrors);
        var rest = chunk with
        {
            Objects = [.. chunk.Objects.Skip(skip)],
            Warnings = [.. chunk.Warnings.Skip(skipWarnings)],
            Errors = [.. chunk.Errors.Skip(skipErrors)],
        };
        Count += rest.Objects.Count;
        _warnings += rest.Warnings.Count;
        _errors += rest.Errors.Count;
        _last = rest.Objects.Count > 0 ? rest.Objects[^1].ToString() : _last;
        return rest;
    }
}
