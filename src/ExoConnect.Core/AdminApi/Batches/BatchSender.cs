using System.Text.Json;
using ExoConnect.Core.AdminApi.Answers;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.AdminApi.Batches;

/// <summary>
/// Sends many requests as few: whoever calls while all places are taken waits, and those who wait go together when a place is free, ten to a
/// batch. So a single request goes at once and alone, and a flood fills its batches by itself. Safe for many threads.
/// </summary>
/// <remarks>
/// Within one batch, and from batch to batch, the service keeps no order. Writes to the same object must: one is not sent before the one
/// ahead of it has been answered.
/// </remarks>
/// <param name="client">The session's client.</param>
/// <param name="limit">How many batches may be under way.</param>
/// <param name="messages">Where pauses and times are told.</param>
internal sealed class BatchSender(AdminApiClient client, int limit, IEngineMessages messages)
{
    private const string UnreadableAnswer = "UnreadableAnswer";

    private readonly object _gate = new();
    private readonly LinkedList<Item> _waiting = new();
    private readonly HashSet<string> _busy = new(StringComparer.OrdinalIgnoreCase);
    private int _underWay;

    /// <summary>Sends a request, by itself or with others.</summary>
    /// <param name="request">The request.</param>
    /// <param name="sending">Called right before it is sent, perhaps more than once; null for nothing.</param>
    /// <param name="cancellationToken">Stops it; what was sent may have been carried out.</param>
    /// <returns>The whole answer.</returns>
    /// <exception cref="ServiceException">This request failed; the others of its batch need not have.</exception>
    public Task<IReadOnlyList<AnswerChunk>> SendAsync(AdminRequest request, Action? sending, CancellationToken cancellationToken)
    {
        var item = new Item(request, sending, cancellationToken);
        lock (_gate)
        {
            _waiting.AddLast(item);
        }

        Dispatch();
        return item.Answer.Task;
    }

    private void Dispatch()
    {
        while (Take() is { } items)
        {
            // On its own: whoever calls must not run others' requests to their end.
            _ = Task.Run(() => RunAsync(items));
        }
    }

    /// <summary>Takes what may go together now; null where no place is free or nothing may go.</summary>
    private List<Item>? Take()
    {
        lock (_gate)
        {
            // A request by itself takes the place of one of a batch.
            var room = (limit * BatchBody.MaxRequests) - _underWay;
            List<Item>? items = null;
            var most = BatchBody.MaxRequests;
            for (var node = _waiting.First; node is not null && (items?.Count ?? 0) < most;)
            {
                var next = node.Next;
                if (node.Value.CancellationToken.IsCancellationRequested)
                {
                    _waiting.Remove(node);
                    node.Value.Answer.TrySetCanceled(node.Value.CancellationToken);
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
            items.ForEach(i => i.Sending?.Invoke());
            if (items.Count == 1)
            {
                await SendAloneAsync(items[0], null).ConfigureAwait(false);
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

    /// <summary>Sends one request by itself, or the further pages of one that was answered in a batch.</summary>
    private async Task SendAloneAsync(Item item, Uri? page)
    {
        try
        {
            await foreach (var chunk in client.StreamAsync(item.Request, messages, page, item.CancellationToken).ConfigureAwait(false))
            {
                item.Chunks.Add(chunk);
            }

            item.Answer.TrySetResult(item.Chunks);
        }
        catch (Exception e) when (e is ExoException or OperationCanceledException)
        {
            item.Fail(e);
        }
    }

    private async Task SendTogetherAsync(List<Item> items)
    {
        // One caller that gives up must not take the others with it; all of them giving up means nobody wants the answer.
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
            var answers = await client.SendBatchAsync(items.ConvertAll(i => i.Request), messages, TakeFirst, stop.Token).ConfigureAwait(false);
            var again = new List<Item>();
            for (var i = 0; i < items.Count; i++)
            {
                await TakeAnswerAsync(items[i], answers.All[i], answers, again).ConfigureAwait(false);
            }

            // Once for all of them, and behind the others: nobody waits for an answer that is there.
            if (again.Exists(static i => i.MustPause))
            {
                await client.PauseAsync(again.Max(static i => i.Attempts), stop.Token).ConfigureAwait(false);
            }

            again.Reverse();
            again.ForEach(PutInFront);
        }
        catch (ServiceException e)
        {
            // The client itself asks again for reads only, and where an answer has begun not even for these.
            var mayReadAgain = e.ErrorId == UnreadableAnswer || (e.IsOutcomeUnknown && !items.TrueForAll(static i => i.Request.IsRead));
            if (mayReadAgain && e.ErrorId != UnreadableAnswer)
            {
                await client.PauseAsync(1 + items.Max(static i => i.Losses), stop.Token).ConfigureAwait(false);
            }

            // From the last: each goes in front of those that wait.
            foreach (var item in items.AsEnumerable().Reverse())
            {
                if (!(mayReadAgain && ReadAgain(item, e)))
                {
                    item.Fail(e.About(item.Request.CmdletName, item.Request.Target));
                }
            }
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

        // What there is no room for waits in front, since it was, and goes with another; from then on it is none of this batch's.
        List<AdminRequest> TakeFirst(int count)
        {
            lock (_gate)
            {
                for (var i = items.Count - 1; i >= count; i--)
                {
                    Release(items[i]);
                    _waiting.AddFirst(items[i]);
                    items.RemoveAt(i);
                }
            }

            Dispatch();
            return items.ConvertAll(i => i.Request);
        }
    }

    /// <summary>
    /// Lets a read whose answer was lost wait again, in front, as often as a single one; false for a write, or if it was often enough.
    /// </summary>
    private bool ReadAgain(Item item, ServiceException why)
    {
        if (!item.Request.IsRead || ++item.Losses >= AdminApiClient.MaxBodyAttempts)
        {
            return false;
        }

        messages.Verbose($"{why.Message} Asking for '{item.Request.CmdletName}' again.");
        PutInFront(item);
        return true;
    }

    private void PutInFront(Item item)
    {
        lock (_gate)
        {
            _waiting.AddFirst(item);
        }
    }

    /// <summary>Takes a failure that leaves open what the service did: a read is asked for again.</summary>
    private void Lose(Item item, ServiceException error)
    {
        if (!ReadAgain(item, error))
        {
            item.Fail(error);
        }
    }

    private async Task TakeAnswerAsync(Item item, BatchAnswer? answer, BatchAnswers batch, List<Item> again)
    {
        if (answer is null)
        {
            Lose(item, new ServiceException($"The service answered the others of its batch, but not '{item.Request.CmdletName}'.")
            {
                ErrorId = "UnansweredRequest",
                IsOutcomeUnknown = true,
                Category = ExoErrorCategory.InvalidData,
                Remedy = item.Request.IsRead ? "Try again." : "Whether the service carried it out isn't known: look at the object before you run it again.",
                CmdletName = item.Request.CmdletName,
                Target = item.Request.Target,
                ClientRequestId = batch.ClientRequestId,
                ServerRequestId = batch.ServerRequestId,
            });
            return;
        }

        var origin = new RequestOrigin(
            answer.Status, item.Request.CmdletName, item.Request.Target, client.BaseAddress.Host, batch.ClientRequestId, answer.RequestId ?? batch.ServerRequestId,
            item.Request.IsRead);
        if (answer.Status is >= 200 and < 300)
        {
            await TakeSuccessAsync(item, answer, origin).ConfigureAwait(false);
            return;
        }

        var error = ServiceErrorReader.Read(origin, answer.Body);
        var failure = RequestFailure.FromAnswer(error, answer.RetryAfter, error.Code is not null || error.ServiceType is not null);
        if ((failure.NotExecuted || item.Request.IsRead) && item.Attempts < failure.MaxRetries)
        {
            item.Attempts++;
            item.MustPause = !failure.IsThrottling;
            if (failure.IsThrottling)
            {
                client.Refused(answer.RetryAfter, item.Attempts);
            }

            // Since it was in front; it keeps its place in the order of its object.
            again.Add(item);
            return;
        }

        item.Fail(failure.Error);
    }

    private async Task TakeSuccessAsync(Item item, BatchAnswer answer, RequestOrigin origin)
    {
        string? next = null;
        if (answer.Body.Length > 0)
        {
            try
            {
                using var parser = new AnswerParser(item.Request.Entity, origin);
                parser.ParseAll(answer.Body);
                if (parser.Error is { } error)
                {
                    item.Fail(ServiceErrorReader.Read(origin, [.. "{\"error\":"u8, .. error, (byte)'}']));
                    return;
                }

                if (parser.Take() is { IsEmpty: false } chunk)
                {
                    item.Chunks.Add(chunk);
                }

                next = parser.NextLink;
            }
            catch (JsonException e)
            {
                Lose(item, new ServiceException($"The answer of {origin.Host} to '{item.Request.CmdletName}' can't be read: {e.Message}", e)
                {
                    StatusCode = answer.Status,
                    ErrorId = UnreadableAnswer,
                    IsOutcomeUnknown = true,
                    Category = ExoErrorCategory.InvalidData,
                    Remedy = AdminApiClient.UnreadableRemedy(item.Request),
                    CmdletName = item.Request.CmdletName,
                    Target = item.Request.Target,
                    ClientRequestId = origin.ClientRequestId,
                    ServerRequestId = origin.ServerRequestId,
                });
                return;
            }
        }

        if (next is not null && Uri.TryCreate(next, UriKind.Absolute, out var page))
        {
            await SendAloneAsync(item, page).ConfigureAwait(false);
        }
        else
        {
            item.Answer.TrySetResult(item.Chunks);
        }
    }

    private sealed class Item(AdminRequest request, Action? sending, CancellationToken cancellationToken)
    {
        public Action? Sending { get; } = sending;

        public AdminRequest Request { get; } = request;

        public CancellationToken CancellationToken { get; } = cancellationToken;

        /// <summary>
        /// The object whose writes must keep their order, by what the service is told of it, or its kind where it is the only one; null for a read,
        /// which may go any time.
        /// </summary>
        public string? Key { get; } = request.IsRead ? null : ObjectNames.Of(request.Target) ?? request.Target?.ToString() ?? "every " + request.Entity;

        /// <summary>Whether nothing goes with it.</summary>
        public bool GoesAlone => Request.IsListing || Request.IsSingle;

        /// <summary>How many places it takes: as many as a batch, unless it is one that never goes in any.</summary>
        public int Places => Request.IsSingle ? 1 : BatchBody.MaxRequests;

        public List<AnswerChunk> Chunks { get; } = [];

        public int Attempts { get; set; }

        /// <summary>Whether it is tried again after a pause; where the service is asking for fewer requests, that is the pacer's to keep.</summary>
        public bool MustPause { get; set; }

        /// <summary>How often its answer was lost on the way.</summary>
        public int Losses { get; set; }

        public TaskCompletionSource<IReadOnlyList<AnswerChunk>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Fail(Exception exception)
        {
            if (exception is OperationCanceledException && CancellationToken.IsCancellationRequested)
            {
                Answer.TrySetCanceled(CancellationToken);
            }
            else
            {
                Answer.TrySetException(exception);
            }
        }
    }
}
