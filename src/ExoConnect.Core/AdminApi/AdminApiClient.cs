using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using ExoConnect.Core.AdminApi.Answers;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pacing;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Http.Transport;
using Polly;

namespace ExoConnect.Core.AdminApi;

/// <summary>What a client needs to know. Immutable.</summary>
internal sealed record AdminApiOptions
{
    public required ExoEnvironment Environment { get; init; }

    public required ExoService Service { get; init; }

    public required ITokenProvider Tokens { get; init; }

    /// <summary>The resource that tokens are for; null for the service's own.</summary>
    public string? Resource { get; init; }

    /// <summary>Whether an application's anchor is that of Exchange Online in Security &amp; Compliance too.</summary>
    public bool IsAnchoredAsApplication { get; init; }

    /// <summary>The tenant of the path: the token's.</summary>
    public required string TenantId { get; init; }

    public required string Organization { get; init; }

    public Guid ConnectionId { get; init; } = Guid.NewGuid();

    public ClientInfo Client { get; init; } = new();

    public int PageSize { get; init; } = 1000;

    public bool BypassMailboxAnchoring { get; init; }

    /// <summary>The user who signed in; null for an application.</summary>
    public string? UserPrincipalName { get; init; }

    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// The admin API for one session: sends a request with the right token to the right host, tries again what is safe to, and gives the
/// answer back as it arrives. Safe for many threads; what it keeps between requests is the region, the affinity cookies and the
/// throttle state, and no two sessions share any of them.
/// </summary>
internal sealed class AdminApiClient(AdminApiOptions options)
{
    private const int MaxRedirects = 5;
    private const int LargestBatch = 256 * 1024 * 1024;
    public const int MaxBodyAttempts = 3;

    /// <summary>The service gives a cmdlet 15 minutes; a minute more for the way.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(16);

    private readonly HttpMessageInvoker _http = EnvironmentTransport.For(options.Environment);
    private readonly ResiliencePipeline _retry = RetryPolicy.Create(options.RetryDelay, options.Clock);
    private readonly RequestPacer _pacer = new();
    private readonly CookieContainer _cookies = new();
    private readonly string _resource = options.Resource ?? options.Environment.Resource(options.Service);
    private readonly string _tenantAnchor = RoutingAnchor.ForTenant(
        options.IsAnchoredAsApplication ? ExoService.ExchangeOnline : options.Service, options.TenantId, options.Organization, options.UserPrincipalName);
    private long _tokenExpiresOn;
    private Uri _base = options.Environment.BaseAddress(options.Service);

    /// <summary>Told of every request's end, for the session's state: null for an answer, else what went wrong.</summary>
    public Action<ExoException?> Observe { get; set; } = static _ => { };

    /// <summary>
    /// Where requests go: the front door, or the region it sent us to. Settable, so that a region known from before saves the detour.
    /// </summary>
    public Uri BaseAddress
    {
        get => Volatile.Read(ref _base);
        set => Volatile.Write(ref _base, options.Environment.Owns(value) ? value : throw new ArgumentException("Not of this environment.", nameof(value)));
    }

    /// <summary>When the token that was sent last stops being accepted.</summary>
    public DateTimeOffset TokenExpiresOn => new(Interlocked.Read(ref _tokenExpiresOn), TimeSpan.Zero);

    /// <summary>
    /// Sends a request and streams its answer, all pages of it. The next page is asked for as soon as its address is known, while the
    /// objects of this one are still being read; how far that runs ahead of the caller is bounded.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Where pages, pauses and times are told.</param>
    /// <param name="page">The address of the page to begin with; null for the first.</param>
    /// <param name="cancellationToken">Stops everything at once.</param>
    /// <returns>Pieces of the answer, none empty.</returns>
    /// <exception cref="ServiceException">The service refused, or cannot be reached.</exception>
    /// <exception cref="SignInException">No token could be had.</exception>
    public async IAsyncEnumerable<AnswerChunk> StreamAsync(
        AdminRequest request, IEngineMessages messages, Uri? page = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // A piece is at most what one read of the connection brought (128 KB of JSON), so this bounds the memory, not the tenant's size.
        var channel = Channel.CreateBounded<AnswerChunk>(new BoundedChannelOptions(32) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var producer = Task.Run(() => ProduceAsync(request, messages, page, channel.Writer, stop.Token), CancellationToken.None);
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

    /// <summary>Sends a request and reads the whole body, for answers that are documents and not lists.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The largest body accepted, in bytes.</param>
    /// <param name="messages">Where pauses and times are told.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The body, unpacked.</returns>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(AdminRequest request, int limit, IEngineMessages messages, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var response = await SendAsync(request, null, messages, cancellationToken).ConfigureAwait(false);
            try
            {
                return await AnswerBody.ReadAsync(response, limit, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsBrokenBody(e))
            {
                var error = Unreadable(request, response, e);
                if (attempt == MaxBodyAttempts)
                {
                    throw error;
                }

                messages.Verbose(error.Message + " Asking again.");
            }
        }
    }

    /// <summary>Sends up to ten requests as one, or fewer of them where the service has room for fewer.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="messages">Where pauses and times are told.</param>
    /// <param name="taking">
    /// Asked right before they are sent, with how many may go, for those that do; asked again where they have to be sent again.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answers to those that were sent, the first of them, in their order.</returns>
    /// <exception cref="ServiceException">The batch as a whole failed.</exception>
    public async Task<BatchAnswers> SendBatchAsync(
        IReadOnlyList<AdminRequest> requests, IEngineMessages messages, Func<int, IReadOnlyList<AdminRequest>> taking, CancellationToken cancellationToken)
    {
        var sent = 0;
        var batch = new AdminRequest
        {
            Path = "$batch",
            CmdletName = requests[0].CmdletName,
            Count = requests.Count,
            IsRead = requests.All(r => r.IsRead),
            Headers = new Dictionary<string, string>
            {
                ["Prefer"] = string.Create(CultureInfo.InvariantCulture, $"odata.maxpagesize={options.PageSize};odata.continue-on-error"),
            },
            BodyOf = count =>
            {
                var going = taking(count);
                sent = going.Count;
                return BatchBody.Write(going, Address, r => OwnHeaders(r).Append(new("Content-Type", "application/json; charset=utf-8")));
            },
        };
        using var response = await SendAsync(batch, null, messages, cancellationToken).ConfigureAwait(false);
        try
        {
            var body = await AnswerBody.ReadAsync(response, LargestBatch, cancellationToken).ConfigureAwait(false);
            return new BatchAnswers(BatchBody.Read(body.Span, sent), ClientRequestId(response), ServerRequestId(response));
        }
        catch (Exception e) when (IsBrokenBody(e))
        {
            throw Unreadable(batch, response, e);
        }
    }

    /// <summary>Learns that a request in a batch was refused for being one too many.</summary>
    /// <param name="retryAfter">How long the service asked to wait; null where it did not.</param>
    /// <param name="attempt">How often it has been refused; without a word of the service, the pause grows with that.</param>
    public void Refused(TimeSpan? retryAfter, int attempt) => _pacer.Refused(options.Clock.GetUtcNow(), retryAfter ?? Backoff(attempt + 1));

    /// <summary>Waits before something in a batch is tried again, longer from time to time.</summary>
    public Task PauseAsync(int attempt, CancellationToken cancellationToken) => Task.Delay(Backoff(attempt), options.Clock, cancellationToken);

    private TimeSpan Backoff(int attempt) => options.RetryDelay * Math.Min(60, Math.Pow(2, attempt - 1));

    private async Task ProduceAsync(
        AdminRequest request, IEngineMessages messages, Uri? page, ChannelWriter<AnswerChunk> writer, CancellationToken cancellationToken)
    {
        try
        {
            var pages = new PageReader(this, request, messages, writer);
            await pages.ReadAllAsync(page, cancellationToken).ConfigureAwait(false);
            writer.Complete();
        }
        catch (Exception e)
        {
            // The caller gets it, in its place behind the objects that came before.
            writer.Complete(e);
        }
    }

    /// <summary>Sends a request, again where that is safe, until there is an answer that is a success.</summary>
    public async Task<HttpResponseMessage> SendAsync(AdminRequest request, Uri? page, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RetryPolicy.IsRead, request.IsRead);
        context.Properties.Set(RetryPolicy.Messages, messages);
        try
        {
            var response = await _retry.ExecuteAsync(
                static (c, state) => state.Client.AttemptAsync(state.Request, state.Page, state.Messages, c.CancellationToken),
                context,
                (Client: this, Request: request, Page: page, Messages: messages)).ConfigureAwait(false);
            Observe(null);
            return response;
        }
        catch (RequestFailure failure)
        {
            Observe(failure.Error);
            throw failure.Error;
        }
        catch (SignInException failure)
        {
            Observe(failure);
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>One attempt: with the detours that belong to it, a redirect and one fresh token.</summary>
    private async ValueTask<HttpResponseMessage> AttemptAsync(AdminRequest request, Uri? page, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var token = default(TokenRequest);
        var triedFreshToken = false;
        for (var hop = 0; ; hop++)
        {
            var access = await options.Tokens.GetTokenAsync(_resource, token, cancellationToken).ConfigureAwait(false);
            Interlocked.Exchange(ref _tokenExpiresOn, access.ExpiresOn.UtcTicks);
            var address = page ?? Address(request);
            var requestId = Guid.NewGuid().ToString();
            var watch = Stopwatch.StartNew();
            var response = await PaceAsync(request, address, access, requestId, cancellationToken).ConfigureAwait(false);
            var keep = false;
            try
            {
                var status = (int)response.StatusCode;
                messages.Verbose(string.Create(CultureInfo.InvariantCulture,
                    $"{request.CmdletName}: {status} from {address.Host} in {watch.ElapsedMilliseconds} ms (client-request-id {requestId})."));
                KeepCookies(address, response.Headers);

                if (response.IsSuccessStatusCode)
                {
                    keep = true;
                    return response;
                }

                if (status is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location)
                {
                    page = Redirect(request, address, location, page, hop, requestId, ServerRequestId(response));
                    continue;
                }

                if (status == 401 && !triedFreshToken)
                {
                    triedFreshToken = true;
                    token = new TokenRequest(access.Value, ClaimsChallenge.Parse(Values(response, "WWW-Authenticate")));
                    continue;
                }

                var body = await AnswerBody.ReadErrorAsync(response, cancellationToken).ConfigureAwait(false);
                var error = status == 401
                    ? TokenRefused(request, response, address, requestId)
                    : ServiceErrorReader.Read(Origin(request, response, address.Host, requestId), body.Span);
                var now = options.Clock.GetUtcNow();
                var failure = RequestFailure.FromAnswer(error, RequestPacer.RetryAfter(response.Headers, now), error.Code is not null || error.ServiceType is not null);
                if (failure.IsThrottling && status is not (429 or 503))
                {
                    // Said in words only, which the pacer hasn't read.
                    _pacer.Refused(now, failure.RetryAfter);
                }

                throw failure;
            }
            finally
            {
                if (!keep)
                {
                    response.Dispose();
                }
            }
        }
    }

    /// <summary>Sends when the service will take it, and learns from what it says of its limits.</summary>
    private async Task<HttpResponseMessage> PaceAsync(
        AdminRequest request, Uri address, AccessToken token, string requestId, CancellationToken cancellationToken)
    {
        var ticket = await _pacer.EnterAsync(request.Count, options.Clock, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage? response = null;
        try
        {
            request = request.BodyOf is { } bodyOf ? request with { Body = bodyOf(ticket.Count) } : request;
            return response = await TransmitAsync(request, address, token, requestId, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            var now = options.Clock.GetUtcNow();
            var left = response is null ? null : RequestPacer.Read(response.Headers, now);
            var pause = response is null ? null : RequestPacer.RetryAfter(response.Headers, now);
            if (response?.StatusCode == HttpStatusCode.TooManyRequests || (response?.StatusCode == HttpStatusCode.ServiceUnavailable && pause is not null))
            {
                _pacer.Throttled(ticket, now, left, pause);
            }
            else
            {
                _pacer.Answered(ticket, now, left);
            }
        }
    }

    private async Task<HttpResponseMessage> TransmitAsync(
        AdminRequest request, Uri address, AccessToken token, string requestId, CancellationToken cancellationToken)
    {
        // The last look before a token leaves: whatever a page link, a cache or a redirect said.
        if (!options.Environment.Owns(address))
        {
            throw new RequestFailure(Untrusted(request, address, null, null));
        }

        using var message = new HttpRequestMessage(request.Method, address) { Version = HttpVersion.Version11 };
        foreach (var (name, value) in Headers(request, address, token, requestId))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" } },
            };
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            return await _http.SendAsync(message, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw RequestFailure.FromTransport(e, address.Host, request.CmdletName, request.Target, requestId);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailure(new ServiceException($"{address.Host} didn't answer '{request.CmdletName}' within {Timeout.TotalMinutes} minutes.", e)
            {
                ErrorId = "ServiceTimeout",
                IsOutcomeUnknown = true,
                Category = ExoErrorCategory.OperationTimeout,
                Remedy = "The service gives a cmdlet 15 minutes. Ask for less at a time, with a filter or fewer properties.",
                CmdletName = request.CmdletName,
                Target = request.Target,
                ClientRequestId = requestId,
            });
        }
    }

    private Uri Address(AdminRequest request) =>
        new(BaseAddress, $"/adminapi/{request.ApiVersion}/{Uri.EscapeDataString(options.TenantId)}/{request.Path}");

    private Dictionary<string, string> Headers(AdminRequest request, Uri address, AccessToken token, string requestId)
    {
        var headers = new Dictionary<string, string>(24, StringComparer.OrdinalIgnoreCase)
        {
            ["Authorization"] = "Bearer " + token.Value,
            ["Accept"] = "application/json",
            ["Accept-Encoding"] = "gzip",
            ["X-ClientApplication"] = options.Client.Application,
            ["X-ClientModuleVersion"] = ClientInfo.WireVersion,
            ["exomodule-version"] = ClientInfo.WireVersion,
            ["ps-version"] = options.Client.HostVersion,
            ["os-version"] = options.Client.OperatingSystem,
            ["connection-id"] = options.ConnectionId.ToString(),
            ["client-request-id"] = requestId,
            ["client-process-id"] = options.Client.ProcessId,
            ["is-cloud-shell-environment"] = "False",
            ["X-InitializeConnectionContextObjectIdDynamic"] = "true",
        };
        foreach (var (name, value) in OwnHeaders(request))
        {
            headers[name] = value;
        }

        if (_cookies.GetCookieHeader(address) is { Length: > 0 } cookies)
        {
            headers["Cookie"] = cookies;
        }

        return headers;
    }

    /// <summary>The headers that differ from request to request; in a batch each request has its own.</summary>
    private Dictionary<string, string> OwnHeaders(AdminRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["X-CmdletName"] = request.CmdletName,
            ["X-ResponseFormat"] = "json",
            ["X-SerializationLevel"] = "Partial",
            ["Prefer"] = string.Create(CultureInfo.InvariantCulture, $"odata.maxpagesize={Math.Clamp(request.PageSize ?? options.PageSize, 1, 1000)}"),
        };
        if (request.Anchor is { } anchor && !options.BypassMailboxAnchoring)
        {
            headers["X-AnchorMailbox"] = anchor;
            if (request.Method == HttpMethod.Post)
            {
                headers["parameter-based-routing"] = "True";
            }
        }
        else
        {
            headers["X-AnchorMailbox"] = _tenantAnchor;
        }

        foreach (var (name, value) in request.Headers)
        {
            headers[name] = value;
        }

        return headers;
    }

    /// <summary>Moves the session to where a redirect says; a page link moves with it.</summary>
    private Uri? Redirect(AdminRequest request, Uri address, Uri location, Uri? page, int hop, string clientId, string? serverId)
    {
        location = location.IsAbsoluteUri ? location : new Uri(address, location);
        var target = RegionalRedirect.Resolve(options.Environment, options.Service, location)
            ?? throw new RequestFailure(Untrusted(request, location, clientId, serverId));
        if (hop >= MaxRedirects)
        {
            throw new RequestFailure(new ServiceException($"{address.Host} keeps redirecting '{request.CmdletName}', at last to {target.Host}.")
            {
                ErrorId = "TooManyRedirects",
                Category = ExoErrorCategory.InvalidData,
                Remedy = "Connect again. If that doesn't help, name the regional host with -ConnectionUri.",
                CmdletName = request.CmdletName,
                Target = request.Target,
                ClientRequestId = clientId,
                ServerRequestId = serverId,
            });
        }

        BaseAddress = target;
        return page is null ? null : new Uri(target, page.PathAndQuery);
    }

    private void KeepCookies(Uri address, HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("Set-Cookie", out var cookies))
        {
            return;
        }

        foreach (var cookie in cookies)
        {
            try
            {
                _cookies.SetCookies(address, cookie);
            }
            catch (CookieException)
            {
                // Affinity is a help to the service; a cookie that can't be read costs nothing but that.
            }
        }
    }

    public static RequestOrigin Origin(AdminRequest request, HttpResponseMessage response, string host, string? requestId) =>
        new((int)response.StatusCode, request.CmdletName, request.Target, host, requestId ?? ClientRequestId(response), ServerRequestId(response), request.IsRead);

    /// <summary>The id that the answered request was sent with; not every gateway gives it back.</summary>
    private static string? ClientRequestId(HttpResponseMessage response) =>
        response.RequestMessage is { } request && request.Headers.TryGetValues("client-request-id", out var ids) ? ids.FirstOrDefault() : Header(response, "client-request-id");

    private static string? ServerRequestId(HttpResponseMessage response) => Header(response, "request-id") ?? Header(response, "x-ms-request-id");

    private static string? Header(HttpResponseMessage response, string name) => Values(response, name)?.FirstOrDefault();

    private static IEnumerable<string>? Values(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values : null;

    public static bool IsBrokenBody(Exception e) => e is IOException or InvalidDataException or HttpRequestException or JsonException;

    private static ServiceException TokenRefused(AdminRequest request, HttpResponseMessage response, Uri address, string requestId)
    {
        var diagnostics = Header(response, "x-ms-diagnostics");
        var why = diagnostics?.Split("reason=", 2) is [_, var reason] ? ": " + reason.Split(';')[0].Trim(' ', '"') : ".";
        return new ServiceException($"{address.Host} refused the token, a fresh one too{why}")
        {
            StatusCode = 401,
            ErrorId = "TokenRefused",
            Category = ExoErrorCategory.AuthenticationError,
            Remedy = "Connect again. If it stays, check that the app has the permission Exchange.ManageAsApp with admin consent, and that the "
                + "organization is the tenant's .onmicrosoft.com domain.",
            CmdletName = request.CmdletName,
            Target = request.Target,
            ClientRequestId = requestId,
            ServerRequestId = ServerRequestId(response),
        };
    }

    private ServiceException Untrusted(AdminRequest request, Uri address, string? clientId, string? serverId) =>
        new($"'{request.CmdletName}' was sent on to {address.Host}, which doesn't belong to {options.Environment.Name}; nothing was sent there.")
        {
            ErrorId = "UntrustedRedirect",
            Category = ExoErrorCategory.InvalidData,
            Remedy = "Check -ConnectionUri and the environment name. If a proxy answers in the service's place, bypass it for this host.",
            CmdletName = request.CmdletName,
            Target = request.Target,
            ClientRequestId = clientId,
            ServerRequestId = serverId,
        };

    public static string UnreadableRemedy(AdminRequest request) => request.IsRead
        ? "Try again. If it stays, see whether a proxy changes or cuts answers on the way."
        : "Whether the service carried it out isn't known, since what it said is lost: look at the object before you run it again.";

    public static ServiceException Unreadable(AdminRequest request, HttpResponseMessage response, Exception cause) =>
        new($"The answer of {response.RequestMessage?.RequestUri?.Host} to '{request.CmdletName}' can't be read: {cause.Message}", cause)
        {
            StatusCode = (int)response.StatusCode,
            ErrorId = "UnreadableAnswer",
            IsOutcomeUnknown = true,
            Category = ExoErrorCategory.InvalidData,
            Remedy = UnreadableRemedy(request),
            CmdletName = request.CmdletName,
            Target = request.Target,
            ClientRequestId = ClientRequestId(response),
            ServerRequestId = ServerRequestId(response),
        };
}
