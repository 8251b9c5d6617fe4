using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using ExoConnect.Core.AdminApi.Answers;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Transport;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.AdminApi;

/// <summary>Reads the pages of one listing into a channel.</summary>
internal sealed class PageReader(AdminApiClient client, AdminRequest request, IEngineMessages messages, ChannelWriter<AnswerChunk> writer)
{
    private int _rows;
    private Uri? _next;
    private Task<HttpResponseMessage>? _ahead;

    public async Task ReadAllAsync(Uri? first, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var page = first;
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

    /// <summary>
    /// Reads one page. If its answer breaks off in the middle it is asked for again, and what has gone to the caller already is left out.
    /// </summary>
    private async Task ReadPageAsync(Uri? page, int number, Task<HttpResponseMessage>? ahead, CancellationToken cancellationToken)
    {
        var delivered = new PageProgress();
        for (var attempt = 1; ; attempt++)
        {
            using var response = await (ahead ?? client.SendAsync(request, page, messages, cancellationToken)).ConfigureAwait(false);
            ahead = null;
            try
            {
                if (response.StatusCode != HttpStatusCode.NoContent)
                {
                    await ReadAnswerAsync(response, number, delivered, cancellationToken).ConfigureAwait(false);
                }

                if (number > 1 || _next is not null)
                {
                    messages.Verbose(string.Create(CultureInfo.InvariantCulture, $"{request.CmdletName}: page {number}, {delivered.Count} objects."));
                }

                return;
            }
            catch (Exception e) when (AdminApiClient.IsBrokenBody(e))
            {
                var error = AdminApiClient.Unreadable(request, response, e);
                if (!request.IsRead || attempt == AdminApiClient.MaxBodyAttempts)
                {
                    throw error;
                }

                messages.Verbose($"{error.Message} Asking for page {number} again.");
            }
        }
    }

    private async Task ReadAnswerAsync(HttpResponseMessage response, int number, PageProgress delivered, CancellationToken cancellationToken)
    {
        var host = response.RequestMessage?.RequestUri?.Host ?? "";
        var origin = AdminApiClient.Origin(request, response, host, null);
        var body = await AnswerBody.OpenAsync(response, cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using var parser = new AnswerParser(request.Entity, origin, request.Expansion, request.Limit - _rows);
            delivered.Rewind();
            while (!parser.IsDone)
            {
                parser.Advance(await body.ReadAsync(parser.GetMemory(), cancellationToken).ConfigureAwait(false));
                if (parser.Error is { } error)
                {
                    throw ServiceErrorReader.Read(origin, [.. "{\"error\":"u8, .. error, (byte)'}']);
                }

                if (parser.NextLink is { } link && _next is null)
                {
                    _next = NextPage(link);
                    _ahead = IsNeededAfterThisPage() ? client.SendAsync(request, _next, messages, cancellationToken) : null;
                }

                if (delivered.Leave(parser.Take()) is { IsEmpty: false } chunk)
                {
                    await writer.WriteAsync(number == 1 ? chunk : chunk with { Page = number }, cancellationToken).ConfigureAwait(false);
                }
            }

            // Read to its end, a connection goes back to the pool; cut short, it is closed.
            while (await body.ReadAsync(parser.GetMemory(), cancellationToken).ConfigureAwait(false) > 0)
            {
            }

            _rows += parser.Rows;
            if (_rows == request.Limit && (parser.IsCut || _next is not null))
            {
                _next = null;
                await writer.WriteAsync(AnswerChunk.Empty with { HasMore = true, Page = number }, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether a full page leaves something to ask for.</summary>
    private bool IsNeededAfterThisPage() =>
        request.Limit is not { } limit || _rows + (request.PageSize ?? RestRequest.MaximumPageSize) < limit;

    private static Uri NextPage(string link) => Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
        ? address
        : throw new JsonException("The address of the next page is none.");
}

/// <summary>What of a page has gone to the caller, for the case that the page is asked for twice.</summary>
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

    /// <summary>Leaves out what was delivered before the page broke off.</summary>
    /// <exception cref="JsonException">The page is not the one it was: the directory changed, and nothing tells what is missing.</exception>
    public AnswerChunk Leave(AnswerChunk chunk)
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
            throw new JsonException("The page broke off, and asked for again it held other objects.");
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
