using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pacing;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.AdminApi.Batches;

/// <summary>
/// Sends many requests in few batches. While all slots are taken, callers wait; when a slot is free, the waiting requests go together, ten to a
/// batch. So a single request goes at once and alone, and a flood fills its batches by itself. Safe for many threads.
/// </summary>
/// <remarks>
/// Within a batch, and between batches, the service keeps no order. Writes to the same object must keep theirs: the sender holds a write back until
/// the response to the previous one.
/// </remarks>
/// <param name="client">The session's client.</param>
/// <param name="limit">How many batches may be under way.</param>
/// <param name="messages">Receives pauses and times.</param>
internal sealed class BatchSender(AdminApiClient client, int limit, IEngineMessages messages)
{
    private readonly object _gate = new();
    private readonly LinkedList<Item> _waiting = new();
    private readonly HashSet<string> _busy = new(StringComparer.OrdinalIgnoreCase);
    private int _underWay;

    /// <summary>Sends a request, by itself or with others.</summary>
    /// <param name="request">The request.</param>
    /// <param name="sending">Called right before the request is sent, perhaps more than once; null for nothing.</param>
    /// <param name="cancellationToken">Stops it; what was sent may have been carried out.</param>
    /// <returns>The whole response.</returns>
    /// <exception cref="ServiceException">This request failed; the others of its batch need not have.</exception>
    public Task<IReadOnlyList<ResponseChunk>> SendAsync(AdminRequest request, Action? sending, CancellationToken cancellationToken)
    {
        var item = new Item(request, sending, client.Begin(request), cancellationToken);
        lock (_gate)
        {
            _waiting.AddLast(item);
        }

        Dispatch();
        return item.Response.Task;
    }

    private void Dispatch()
    {
        while (Take() is { } items)
        {
            // In a task of its own: a caller must not run others' requests to their end.
            _ = Task.Run(() => RunAsync(items));
        }
    }

    /// <summary>Takes the requests that may go together now; null if no slot is free or none may go.</summary>
    private List<Item>? Take()
    {
        lock (_gate)
        {
            // A request that is sent alone takes the slot of one request of a batch.
            var room = (limit * BatchBody.MaxRequests) - _underWay;
            List<Item>? items = null;
            var most = BatchBody.MaxRequests;
            for (var node = _waiting.First; node is not null && (items?.Count ?? 0) < most;)
            {
                var next = node.Next;
                if (node.Value.CancellationToken.IsCancellationRequested)
                {
                    _waiting.Remove(node);
                    node.Value.GiveUp();
                }
                else if ((items is null || !node.Value.GoesAlone) && node.Value.Places <= room && (node.Value.Key is not { } key || _busy.Add(key)))
                {
                    _waiting.Remove(node);
                    (items ??= []).Add(node.Value);
                    most = node.Value.GoesAlone ? 1 : most;
                }

                node = next;
            }

            _underWay += items is null ? 0 : items[0].Places;
            return items;
        }
    }

    private async Task RunAsync(List<Item> items)
    {
        var places = items[0].Places;
        try
        {
            if (items.Count == 1)
            {
                items[0].Sending?.Invoke();
                await SendAloneAsync(items[0], items[0].Request, null).ConfigureAwait(false);
            }
            else
            {
                await SendTogetherAsync(items).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            foreach (var item in items)
            {
                item.Fail(e);
            }
        }
        finally
        {
            lock (_gate)
            {
                _underWay -= places;
                items.ForEach(Release);
            }

            Dispatch();
        }
    }

    private void Release(Item item)
    {
        if (item.Key is { } key)
        {
            _busy.Remove(key);
        }
    }

    /// <summary>Sends one request alone, or the further pages of one that a batch returned.</summary>
    private async Task SendAloneAsync(Item item, AdminRequest request, Uri? page)
    {
        try
        {
            var chunks = client.StreamAsync(request, messages, page, item.RequestId, item.Operation, isPart: true, item.CancellationToken);
            await foreach (var chunk in chunks.ConfigureAwait(false))
            {
                item.Chunks.Add(chunk);
            }

            item.Succeed();
        }
        catch (Exception e) when (e is ExoException or OperationCanceledException)
        {
            item.Fail(e);
        }
    }

    /// <summary>Sends as many requests as the pacer admits in one batch. The others go back to the head of the queue.</summary>
    private async Task SendTogetherAsync(List<Item> items)
    {
        // One caller that cancels must not cancel the others; if all of them cancel, nobody wants the response.
        using var stop = new CancellationTokenSource();
        var registrations = items.ConvertAll(i => i.CancellationToken.Register(() =>
        {
            if (HaveAllGivenUp())
            {
                stop.Cancel();
            }
        }));
        try
        {
            var start = client.Timestamp;
            var entering = client.EnterAsync(items.Count, stop.Token);
            var hasToWait = !entering.IsCompleted;
            var admission = await entering.ConfigureAwait(false);
            if (hasToWait)
            {
                items.ForEach(i => i.Operation?.Waited(client.Since(start)));
            }

            PutBack(items, admission.Count);
            var going = items.FindAll(TryBegin);
            if (going.Count == 0)
            {
                client.Release(admission);
                return;
            }

            await SendAsync(going, admission, stop.Token).ConfigureAwait(false);
        }
        finally
        {
            registrations.ForEach(r => r.Dispose());
        }

        bool HaveAllGivenUp()
        {
            lock (_gate)
            {
                return items.TrueForAll(static i => i.CancellationToken.IsCancellationRequested);
            }
        }
    }

    /// <summary>
    /// Tells a caller that its request is about to be sent. If the caller throws (the checkpoint can't be written), that request is not sent; the
    /// others are.
    /// </summary>
    private static bool TryBegin(Item item)
    {
        try
        {
            item.Sending?.Invoke();
            return true;
        }
        catch (Exception e)
        {
            item.Fail(e);
            return false;
        }
    }

    /// <summary>Puts the requests that the pacer did not admit back at the head of the queue, in order; a later batch owns them.</summary>
    private void PutBack(List<Item> items, int room)
    {
        if (items.Count <= room)
        {
            return;
        }

        lock (_gate)
        {
            for (var i = items.Count - 1; i >= room; i--)
            {
                Release(items[i]);
                _waiting.AddFirst(items[i]);
            }

            items.RemoveRange(room, items.Count - room);
        }

        Dispatch();
    }

    private async Task SendAsync(List<Item> items, Ticket admission, CancellationToken cancellationToken)
    {
        var again = new Repeats();
        try
        {
            // Retried requests keep the id of their first batch.
            var requestId = items.Find(static i => i.RequestId is not null)?.RequestId ?? RequestIdPolicy.NewId();
            foreach (var item in items)
            {
                item.RequestId = requestId;
                item.Operation?.Batch();
            }

            var requests = items.ConvertAll(i => i.Request);
            var responses = await client.SendBatchAsync(requests, admission, requestId, messages, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < items.Count; i++)
            {
                await TakeResponseAsync(items[i], responses.All[i], responses, again).ConfigureAwait(false);
            }

            if (again.Challenge is { } challenge)
            {
                await client.RenewTokenAsync(responses.Token, challenge, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RequestFailure failure)
        {
            foreach (var item in items)
            {
                var error = failure.Error.About(item.Request.CmdletName, item.Request.Target, items[^1].Request.Command, item.Request.Command);
                TakeFailure(item, failure, error, again);
            }
        }

        // One pause for all of them, after the others: nobody waits for a response that has come.
        if (again.Slowest is { } slowest)
        {
            await client.PauseAsync(slowest, again.Retries, cancellationToken).ConfigureAwait(false);
        }

        lock (_gate)
        {
            // From the last to the first: each goes to the head of the queue and keeps its rank among the writes to its object.
            for (var i = again.Items.Count - 1; i >= 0; i--)
            {
                _waiting.AddFirst(again.Items[i]);
            }
        }
    }

    /// <summary>Retries a request where that is allowed, else reports the failure to its caller.</summary>
    private void TakeFailure(Item item, RequestFailure failure, ServiceException error, Repeats again)
    {
        if (!failure.MayRepeat(item.Request.IsRead, item.Attempts))
        {
            item.Fail(error);
            return;
        }

        messages.Verbose($"{error.Message} Asking for '{item.Request.Command}' again.");
        again.Add(item, failure);
    }

    private async Task TakeResponseAsync(Item item, BatchResponse? response, BatchResponses batch, Repeats again)
    {
        if (response is null)
        {
            TakeLostResponse(item, again, new ServiceException(
                $"The batch holds no response to '{item.Request.Command}', or several.")
            {
                ErrorId = ErrorIds.UnansweredRequest,
                IsOutcomeUnknown = true,
                Category = ExoErrorCategory.InvalidData,
                Remedy = item.Request.IsRead
                    ? "Try again."
                    : "Whether the service carried it out isn't known: look at the object before you run it again.",
                CmdletName = item.Request.CmdletName,
                Target = item.Request.Target,
                ClientRequestId = batch.ClientRequestId,
                ServerRequestId = batch.ServerRequestId,
            });
            return;
        }

        item.Operation?.OnResponse(response.Status, client.BaseAddress.Host, batch.ClientRequestId, response.RequestId ?? batch.ServerRequestId);
        var origin = new RequestOrigin(
            response.Status, item.Request.CmdletName, item.Request.Target, client.BaseAddress.Host, batch.ClientRequestId,
            response.RequestId ?? batch.ServerRequestId, item.Request.IsRead, response.Headers.GetValueOrDefault("x-ExceptionType"))
        {
            Command = item.Request.Command,
        };
        if (AdminFailurePolicy.IsSuccess(response.Status))
        {
            await TakeSuccessAsync(item, response, origin, again).ConfigureAwait(false);
            return;
        }

        if (response.Status == 401)
        {
            if (item.HasFreshToken)
            {
                item.Fail(AdminErrors.TokenRefused(item.Request, origin, response.Headers.GetValueOrDefault("x-ms-diagnostics")));
                return;
            }

            item.HasFreshToken = true;
            item.Operation?.Retried();
            again.Challenge ??= response.Headers.GetValueOrDefault("WWW-Authenticate") ?? "";
            again.Items.Add(item);
            return;
        }

        var error = ServiceErrorReader.Read(origin, response.Body);
        var pause = response.RetryAfter(client.Now);
        var failure = RequestFailure.FromResponse(error, pause, error.Code is not null || error.ServiceType is not null, client.Now);
        if (failure.IsThrottling)
        {
            client.Refused(pause, item.Attempts + 1);
        }

        TakeFailure(item, failure, failure.Error, again);
    }

    private async Task TakeSuccessAsync(Item item, BatchResponse response, RequestOrigin origin, Repeats again)
    {
        if (response.Status == 204 && !item.Request.IsRead)
        {
            item.Succeed();
            return;
        }

        var request = item.Request;
        Uri? next = null;
        try
        {
            using var parser = new ResponseParser(request.Entity, origin, request.Expansion, request.Limit);
            parser.ParseAll(response.Body);
            if (parser.Error is { } error)
            {
                item.Fail(ServiceErrorReader.Read(origin, [.. "{\"error\":"u8, .. error, (byte)'}']));
                return;
            }

            if (parser.Take() is { IsEmpty: false } chunk)
            {
                item.Chunks.Add(chunk);
            }

            item.Operation?.Read(parser.Rows);

            if (parser.NextLink is { } link && !request.HasPages)
            {
                item.Chunks.Add(PageLink.NotFollowed(request));
            }
            else if (request.Limit is { } limit && parser.Rows == limit)
            {
                item.Chunks.AddRange(parser.IsCut || parser.NextLink is not null ? [ResponseChunk.Empty with { HasMore = true }] : []);
            }
            else
            {
                next = parser.NextLink is { } more ? PageLink.Resolve(client.AddressOf(request), more) : null;
                request = request with { Limit = request.Limit - parser.Rows };
            }
        }
        catch (Exception e) when (LostResponse.Is(e))
        {
            item.Chunks.Clear();
            TakeLostResponse(item, again, AdminErrors.Unreadable(request, origin, e));
            return;
        }

        if (next is not null)
        {
            await SendAloneAsync(item, request, next).ConfigureAwait(false);
        }
        else
        {
            item.Succeed();
        }
    }

    /// <summary>Handles a failure that leaves open what the service did: a read is sent again.</summary>
    private void TakeLostResponse(Item item, Repeats again, ServiceException error) =>
        TakeFailure(item, RequestFailure.FromLostResponse(error), error, again);

    /// <summary>The requests of a batch that are sent again.</summary>
    private sealed class Repeats
    {
        public List<Item> Items { get; } = [];

        /// <summary>The failure with the longest pause, and how often it was retried; null if none needs a pause.</summary>
        public RequestFailure? Slowest { get; private set; }

        public int Retries { get; private set; }

        /// <summary>The challenge of a refused token; null if no token was refused.</summary>
        public string? Challenge { get; set; }

        public void Add(Item item, RequestFailure failure)
        {
            if (!failure.IsThrottling && (Slowest is null || item.Attempts >= Retries))
            {
                (Slowest, Retries) = (failure, item.Attempts);
            }

            item.Attempts++;
            item.Operation?.Retried();
            Items.Add(item);
        }
    }

    private sealed class Item(AdminRequest request, Action? sending, Operation? operation, CancellationToken cancellationToken)
    {
        public Action? Sending { get; } = sending;

        public AdminRequest Request { get; } = request;

        /// <summary>The record of the request; null without a listener.</summary>
        public Operation? Operation { get; } = operation;

        public CancellationToken CancellationToken { get; } = cancellationToken;

        /// <summary>
        /// The object whose writes must keep their order, by the identity that is sent, or its type if the request names none; null for a read,
        /// which may go at any time.
        /// </summary>
        public string? Key { get; } = request.IsRead ? null : ObjectNames.Of(request.Target) ?? request.Target?.ToString() ?? "every "
            + request.Entity;

        /// <summary>Whether it is sent without others.</summary>
        public bool GoesAlone => Request.IsListing || Request.IsSingle;

        /// <summary>How many slots it takes: as many as a batch, unless it never joins one.</summary>
        public int Places => Request.IsSingle ? 1 : BatchBody.MaxRequests;

        public List<ResponseChunk> Chunks { get; } = [];

        /// <summary>The number of retries.</summary>
        public int Attempts { get; set; }

        /// <summary>True once its token was refused, and a fresh one requested.</summary>
        public bool HasFreshToken { get; set; }

        /// <summary>The <c>client-request-id</c> it was sent with; null before.</summary>
        public string? RequestId { get; set; }

        public TaskCompletionSource<IReadOnlyList<ResponseChunk>> Response { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Succeed()
        {
            if (Chunks.Find(static c => c.Errors.Count > 0) is { } reported)
            {
                Operation?.Reported(reported.Errors[0]);
            }

            Operation?.Succeed();
            Response.TrySetResult(Chunks);
        }

        public void Fail(Exception exception)
        {
            if (exception is OperationCanceledException && CancellationToken.IsCancellationRequested)
            {
                GiveUp();
            }
            else
            {
                Operation.EndWith(exception, Request.IsRead);
                Response.TrySetException(exception);
            }
        }

        public void GiveUp()
        {
            Operation?.Cancel();
            Response.TrySetCanceled(CancellationToken);
        }
    }
}
