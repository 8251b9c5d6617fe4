using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pacing;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.AdminApi;

/// <summary>
/// The admin API for one session: sends requests through its pipeline and returns responses as they arrive. Safe for many threads. Between requests
/// it keeps the region, the affinity cookies and the throttle state; no two sessions share any of them.
/// </summary>
internal sealed class AdminApiClient
{
    private const int LargestBatch = 256 * 1024 * 1024;

    private readonly AdminApiOptions _options;
    private readonly AdminHost _host;
    private readonly AdminHeaders _headers;
    private readonly AdminTokens _tokens;
    private readonly RequestPacer _pacer = new();
    private readonly HttpPipeline _pipeline;

    public AdminApiClient(AdminApiOptions options)
    {
        _options = options;
        _host = new AdminHost(options);
        _headers = new AdminHeaders(options);
        _tokens = new AdminTokens(options.Tokens, options.Resource ?? options.Environment.Resource(options.Service));
        Bodies = new ResponseBody(options.Body, options.Clock);
        _pipeline = new HttpPipeline(
            new RequestIdPolicy(),
            new RetryPolicy(options.RetryDelay, options.Clock),
            new AdminFailurePolicy(Bodies, options.Clock),
            new RegionalRedirectPolicy(options, _host),
            new TokenPolicy(_tokens),
            new CookiePolicy(),
            new PacingPolicy(_ => _pacer, options.Clock),
            new TrustPolicy(options.Environment),
            new TracePolicy(),
            new TimeoutPolicy(
                "The service allows most cmdlets 15 minutes. Request less at a time, with a filter or fewer properties.", options.Clock),
            new TransportPolicy(EnvironmentTransport.For(options.Environment)));
    }

    /// <summary>Called at every request's end, for the session's state: null for a response, else the failure.</summary>
    public Action<ExoException?> Observe { get; set; } = static _ => { };

    /// <summary>The host of requests: the front door, or the region it redirected to. Settable: a known region saves the redirect.</summary>
    public Uri BaseAddress
    {
        get => _host.BaseAddress;
        set => _host.BaseAddress = value;
    }

    /// <summary>When the last sent token expires.</summary>
    public DateTimeOffset TokenExpiresOn => _tokens.ExpiresOn;

    /// <summary>Reads the bodies of responses.</summary>
    public ResponseBody Bodies { get; }

    /// <summary>Objects per page, unless a request sets its own.</summary>
    public int PageSize => _options.PageSize;

    /// <summary>The current timestamp, a start for <see cref="Since"/>.</summary>
    public long Timestamp => _options.Clock.GetTimestamp();

    /// <summary>The time since a timestamp.</summary>
    public TimeSpan Since(long timestamp) => _options.Clock.GetElapsedTime(timestamp);

    /// <summary>The time.</summary>
    public DateTimeOffset Now => _options.Clock.GetUtcNow();

    /// <summary>The address of a request that is sent alone.</summary>
    public Uri AddressOf(AdminRequest request) => _host.AddressOf(request);

    /// <summary>
    /// Sends a request and streams its response, all pages of it. The client requests the next page as soon as it knows the address, while the
    /// caller still reads this one; a bounded channel limits how far it runs ahead.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Receives pages, pauses and times.</param>
    /// <param name="page">The address of the page to begin with; null for the first.</param>
    /// <param name="clientRequestId">The id of the call that the page belongs to; null for a new one.</param>
    /// <param name="part">The operation that this request is a part of, which the caller ends; null without a listener.</param>
    /// <param name="isPart">Whether the request is part of an operation.</param>
    /// <param name="cancellationToken">Stops everything at once.</param>
    /// <returns>Pieces of the response, none empty.</returns>
    /// <exception cref="ServiceException">The service refused, or cannot be reached.</exception>
    /// <exception cref="SignInException">The sign-in gave no token.</exception>
    public async IAsyncEnumerable<ResponseChunk> StreamAsync(
        AdminRequest request, IEngineMessages messages, Uri? page = null, string? clientRequestId = null,
        Operation? part = null, bool isPart = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // A piece is at most one read of the connection (128 KB of JSON), so this bounds the memory, whatever the tenant's size.
        var channel = Channel.CreateBounded<ResponseChunk>(new BoundedChannelOptions(32) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var own = isPart ? null : Begin(request);
        (part ?? own)?.Enter();
        var reader = new PageReader(this, request, messages, clientRequestId ?? RequestIdPolicy.NewId(), part ?? own, channel.Writer);
        var producer = Task.Run(() => ProduceAsync(reader, page, own, channel.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var chunk in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return chunk;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await producer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Starts the record of a request.</summary>
    /// <returns>The operation, which the caller ends; null without a listener.</returns>
    public Operation? Begin(AdminRequest request) => _options.Operations.Start(OperationKind.Cmdlet, request.CmdletName, request.Parameters);

    /// <summary>Sends a request and reads the whole body, for responses that are documents, not lists.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The largest body accepted, in bytes.</param>
    /// <param name="messages">Receives pauses and times.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The body, unpacked.</returns>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(AdminRequest request, int limit, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var operation = Begin(request);
        operation?.Enter();
        try
        {
            var body = await ReadAsync(request, limit, messages, operation, cancellationToken).ConfigureAwait(false);
            operation?.Succeed();
            return body;
        }
        catch (Exception e)
        {
            operation.EndWith(e, request.IsRead);
            throw;
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(
        AdminRequest request, int limit, IEngineMessages messages, Operation? operation, CancellationToken cancellationToken)
    {
        var requestId = RequestIdPolicy.NewId();
        for (var retries = 0; ; retries++)
        {
            using var response = await SendAsync(
                request, page: null, pageSize: null, requestId, messages, operation, cancellationToken).ConfigureAwait(false);
            try
            {
                return await Bodies.ReadAsync(response, limit, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (LostResponse.Is(e) || e is ResponseTooLargeException)
            {
                var failure = BrokenResponse(request, response, e);
                if (!failure.MayRepeat(request.IsRead, retries))
                {
                    throw failure.Error;
                }

                operation?.Retried();
                messages.Verbose(failure.Error.Message + " Asking again.");
            }
        }
    }

    /// <summary>Sends a request or a page of it, and retries where that is safe, until the response is a success.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        AdminRequest request, Uri? page, int? pageSize, string clientRequestId, IEngineMessages messages, Operation? operation,
        CancellationToken cancellationToken)
    {
        var message = new AdminMessage(request, _host, _headers, Timeout(request), messages, cancellationToken)
        {
            Operation = operation,
            Page = page,
            PageSize = pageSize ?? request.PageSize ?? _options.PageSize,
            ClientRequestId = clientRequestId,
        };
        try
        {
            return await SendAsync(message).ConfigureAwait(false);
        }
        catch (RequestFailure failure)
        {
            throw failure.Error;
        }
    }

    /// <summary>Waits until requests of a batch may be sent. <see cref="SendBatchAsync"/> must follow, or <see cref="Release"/>.</summary>
    /// <param name="most">How many requests wait.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>How many requests may be sent, at least one.</returns>
    public ValueTask<Ticket> EnterAsync(int most, CancellationToken cancellationToken) => _pacer.EnterAsync(most, _options.Clock, cancellationToken);

    /// <summary>Returns the admission of requests that are not sent after all.</summary>
    public void Release(Ticket admission) => _pacer.Complete(admission, Now, null);

    /// <summary>Sends up to ten requests in one batch, once.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="admission">What the pacer admitted.</param>
    /// <param name="clientRequestId">The id of the batch and all its requests.</param>
    /// <param name="messages">Receives times.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The responses, in the order of the requests.</returns>
    /// <exception cref="RequestFailure">The batch as a whole failed.</exception>
    public async Task<BatchResponses> SendBatchAsync(
        IReadOnlyList<AdminRequest> requests, Ticket admission, string clientRequestId, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var message = new BatchMessage(requests, _host, _headers, requests.Max(Timeout), messages, cancellationToken)
        {
            ClientRequestId = clientRequestId,
            Admission = admission,
        };
        try
        {
            using var response = await SendAsync(message).ConfigureAwait(false);
            try
            {
                var body = await Bodies.ReadAsync(response, LargestBatch, cancellationToken).ConfigureAwait(false);
                return new BatchResponses(
                    BatchBody.Read(body.Span, requests.Count), message.Token, clientRequestId, ResponseHeaders.RequestId(response));
            }
            catch (Exception e) when (LostResponse.Is(e) || e is ResponseTooLargeException)
            {
                throw BrokenResponse(message.Request, response, e);
            }
        }
        finally
        {
            if (message.Admission is { } unused)
            {
                Release(unused);
            }
        }
    }

    /// <summary>Gets a token to replace the one that a request inside a batch was refused for.</summary>
    /// <param name="rejected">The refused token.</param>
    /// <param name="challenge">The <c>WWW-Authenticate</c> of the refusal; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RenewTokenAsync(string? rejected, string? challenge, CancellationToken cancellationToken) =>
        await _tokens.GetTokenAsync(rejected, challenge is null ? null : [challenge], cancellationToken).ConfigureAwait(false);

    /// <summary>Tells the pacer that the service throttled a request in a batch.</summary>
    /// <param name="retryAfter">The pause that the service requests; null for none.</param>
    /// <param name="attempt">How often the request has been refused. If the service names no pause, the pause grows with this number.</param>
    public void Refused(TimeSpan? retryAfter, int attempt) =>
        _pacer.Refused(Now, retryAfter ?? (_options.RetryDelay * Math.Min(15, Math.Pow(2, attempt - 2))));

    /// <summary>Waits before a request of a batch is retried.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="retries">The number of retries so far.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public Task PauseAsync(RequestFailure failure, int retries, CancellationToken cancellationToken) =>
        failure.IsThrottling ? Task.CompletedTask : Task.Delay(failure.Pause(retries, _options.RetryDelay), _options.Clock, cancellationToken);

    /// <summary>The failure of a response that began as a success and then broke off.</summary>
    public static RequestFailure BrokenResponse(AdminRequest request, HttpResponseMessage response, Exception cause)
    {
        var error = AdminErrors.Unreadable(request, AdminErrors.Origin(request, response), cause);
        return cause is ResponseTooLargeException ? new RequestFailure(error) : RequestFailure.FromLostResponse(error);
    }

    private TimeSpan Timeout(AdminRequest request) => _options.Timeout ?? CmdletTimeout.Of(request.CmdletName);

    private async Task<HttpResponseMessage> SendAsync(AdminMessage message)
    {
        try
        {
            var response = await _pipeline.SendAsync(message).ConfigureAwait(false);
            Observe(null);
            return response;
        }
        catch (RequestFailure failure)
        {
            Observe(failure.Error);
            throw;
        }
        catch (SignInException failure)
        {
            Observe(failure);
            throw;
        }
    }

    private static async Task ProduceAsync(
        PageReader reader, Uri? page, Operation? own, ChannelWriter<ResponseChunk> writer, CancellationToken cancellationToken)
    {
        try
        {
            await reader.ReadAllAsync(page, cancellationToken).ConfigureAwait(false);
            own?.Succeed();
            writer.Complete();
        }
        catch (Exception e)
        {
            // The caller gets the error after the objects that came before it.
            own.EndWith(e, reader.IsRead);
            writer.Complete(e);
        }
    }
}
