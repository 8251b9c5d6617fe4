using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
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

namespace ExoConnect.Core.ServiceRequests;

/// <summary>What a <see cref="ServiceClient"/> needs to know. Immutable.</summary>
public sealed record ServiceClientOptions
{
    /// <summary>The tenant's cloud.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>Who asks.</summary>
    public required ITokenProvider Tokens { get; init; }

    /// <summary>The tenant's initial domain, which tells where its SharePoint sites are; null for the one that signed in.</summary>
    public string? Organization { get; init; }

    /// <summary>True where an application signs in as itself and no user is involved; Yammer takes no such tokens.</summary>
    public bool IsAppOnly { get; init; } = true;

    /// <summary>What we tell the services of ourselves.</summary>
    public ClientInfo Client { get; init; } = new();

    /// <summary>The first pause before something is tried again; it doubles from try to try.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// Sends requests to the services of one tenant: Graph, SharePoint, Azure Management and the others of its <see cref="Table"/>, each with the
/// token that is for it. A bearer token goes to hosts of the service that it is for and nowhere else. What is transient is tried again as the
/// admin API's requests are. Safe for many threads; keeps no cookies, and of throttling what each service asked for.
/// </summary>
public sealed class ServiceClient
{
    private const int MaxRedirects = 5;
    private const int MaxBodyAttempts = 3;
    private const int LargestAnswer = 512 * 1024 * 1024;
    private static readonly string[] Ours = ["Authorization", "Cookie", "Host", "Transfer-Encoding", "Content-Length", "Connection", "Proxy-Authorization"];

    private readonly ServiceClientOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly ResiliencePipeline _retry;
    private readonly ConcurrentDictionary<string, RequestPacer> _pacers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a client. No request is made yet.</summary>
    /// <param name="options">For whom, and where.</param>
    public ServiceClient(ServiceClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _http = EnvironmentTransport.For(options.Environment);
        _retry = RetryPolicy.Create(options.RetryDelay, options.Clock);
        Table = ServiceTable.For(options.Environment, options.Organization ?? options.Tokens.Organization);
    }

    /// <summary>The services that are known.</summary>
    public ServiceTable Table { get; }

    /// <summary>Sends a JSON request.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="uri">An https address, or a path on Graph: <c>/v1.0/organization</c>.</param>
    /// <param name="body">What is serialized; null for no body.</param>
    /// <param name="headers">Further headers; null for none.</param>
    /// <param name="messages">Where steps and pauses are told; null for nowhere.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ExoException">As of the other overload.</exception>
    public Task<ServiceResponse> SendAsync(
        HttpMethod method, string uri, object? body = null, IReadOnlyDictionary<string, string>? headers = null, IEngineMessages? messages = null,
        CancellationToken cancellationToken = default) =>
        SendAsync(ServiceRequest.Json(method, uri, body, headers), messages, cancellationToken);

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Where steps and pauses are told; null for nowhere.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer, which is a success.</returns>
    /// <exception cref="ServiceException">
    /// The service refused, with its own code as the error's id, or cannot be reached; <c>UntrustedRedirect</c>, <c>TooManyRedirects</c>,
    /// <c>AnswerTooLarge</c>.
    /// </exception>
    /// <exception cref="SignInException">No token could be had.</exception>
    /// <exception cref="ExoException">
    /// Before any request: an error of <see cref="ServiceTable.Resolve"/>; <c>AppOnlyNotSupported</c>; <c>HeaderNotAllowed</c>.
    /// </exception>
    public Task<ServiceResponse> SendAsync(ServiceRequest request, IEngineMessages? messages = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(request, Aim(request, messages), messages ?? NullMessages.Instance, cancellationToken);
    }

    /// <summary>Sends a read and streams its pages; the next one is asked for when this one has been taken.</summary>
    /// <param name="request">The request, a GET.</param>
    /// <param name="messages">Where steps and pauses are told; null for nowhere.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The pages, at least one.</returns>
    /// <exception cref="ExoException">As of <see cref="SendAsync(ServiceRequest, IEngineMessages?, CancellationToken)"/>; <c>PagingNeedsGet</c>.</exception>
    public IAsyncEnumerable<ServiceResponse> PagesAsync(
        ServiceRequest request, IEngineMessages? messages = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Method != HttpMethod.Get)
        {
            throw Invalid("PagingNeedsGet", "All", $"Only GET has pages; this is {request.Method}.", "Leave -All out.", request.Uri);
        }

        return ReadPagesAsync(request, Aim(request, messages), messages ?? NullMessages.Instance, cancellationToken);
    }

    /// <summary>Sends a read and streams the elements of all its pages.</summary>
    /// <param name="request">The request, a GET.</param>
    /// <param name="messages">Where steps and pauses are told; null for nowhere.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The elements; they stay usable.</returns>
    /// <exception cref="ExoException">As of <see cref="PagesAsync"/>.</exception>
    public async IAsyncEnumerable<JsonElement> ItemsAsync(
        ServiceRequest request, IEngineMessages? messages = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in PagesAsync(request, messages, cancellationToken).ConfigureAwait(false))
        {
            foreach (var item in page.Items())
            {
                yield return item;
            }
        }
    }

    /// <summary>Gets the token of a resource.</summary>
    /// <param name="resource">A service's name, or a resource's identifier.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ExoException">An error of <see cref="ServiceTable.ResolveResource"/>; <c>AppOnlyNotSupported</c>; a sign-in error.</exception>
    public ValueTask<AccessToken> GetTokenAsync(string resource, CancellationToken cancellationToken = default)
    {
        var (service, identifier) = Table.ResolveResource(resource);
        RefuseAppOnly(service);
        return _options.Tokens.GetTokenAsync(identifier, default, cancellationToken);
    }

    private ServiceTarget Aim(ServiceRequest request, IEngineMessages? messages)
    {
        var target = Table.Resolve(request.Uri, request.Resource);
        RefuseAppOnly(target.Service);
        if (target.Service?.IsRetired == true)
        {
            messages?.Warning($"{target.Service.Name} ({target.Resource}) is retired. Use Microsoft Graph instead.");
        }

        foreach (var (name, value) in request.Headers)
        {
            if (Ours.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw Invalid("HeaderNotAllowed", "Headers", $"The header {name} is made here and can't be given.", "Leave it out.", name);
            }

            if (!IsHeaderName(name) || value.Any(c => char.IsControl(c) && c != '\t'))
            {
                throw Invalid(
                    "HeaderNotAllowed", "Headers", $"'{name}' or its value can't be a header.",
                    "Give a name of letters, digits and dashes, and one line of text.", name);
            }
        }

        return target;
    }

    private static bool IsHeaderName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));

    private void RefuseAppOnly(KnownService? service)
    {
        if (service?.IsDelegatedOnly == true && _options.IsAppOnly)
        {
            throw Invalid("AppOnlyNotSupported", "Resource",
                $"{service.Name} takes requests only on behalf of a user (the delegated permission user_impersonation); this connection is of an "
                + "application alone.",
                "Connect as a user, with -Device or -UserPrincipalName.", service.Name);
        }
    }

    private async IAsyncEnumerable<ServiceResponse> ReadPagesAsync(
        ServiceRequest request, ServiceTarget target, IEngineMessages messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var page = await SendAsync(request, target, messages, cancellationToken).ConfigureAwait(false);
            yield return page;
            if (page.NextPage is not { } link)
            {
                yield break;
            }

            if (!Uri.TryCreate(page.Address, link, out var next) || !target.Allows(next))
            {
                throw ServiceErrors.LeadsAway(request, target, next is null ? "no address" : next.Authority, "a link to the next page");
            }

            if (!seen.Add(next.AbsoluteUri))
            {
                throw new ServiceException($"{target.Address.Host} names as the next page one that was read already.")
                {
                    ErrorId = "UnreadableAnswer",
                    Category = ExoErrorCategory.InvalidData,
                    Remedy = "Ask for the list again, with another page size ($top) if it can be given.",
                    CmdletName = request.ToString(),
                    Target = target.Place,
                };
            }

            target = target with { Address = next };
        }
    }

    private async Task<ServiceResponse> SendAsync(
        ServiceRequest request, ServiceTarget target, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RetryPolicy.IsRead, request.IsRead);
        context.Properties.Set(RetryPolicy.Messages, messages);
        try
        {
            return await _retry.ExecuteAsync(
                static (c, state) => state.Client.AttemptAsync(state.Request, state.Target, state.Messages, c.CancellationToken),
                context,
                (Client: this, Request: request, Target: target, Messages: messages)).ConfigureAwait(false);
        }
        catch (RequestFailure failure)
        {
            throw failure.Error;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>One attempt: with the detours that belong to it, redirects and one fresh token.</summary>
    private async ValueTask<ServiceResponse> AttemptAsync(
        ServiceRequest request, ServiceTarget target, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var origin = target;
        var wanted = default(TokenRequest);
        var triedFreshToken = false;
        var hasLeft = false;
        var hops = 0;
        for (var reads = 1; ;)
        {
            var requestId = Guid.NewGuid().ToString();

            // The last look before a token leaves, whatever a redirect said: who isn't of the service gets none, and nobody whom a stranger names.
            hasLeft |= !origin.Allows(target.Address);
            var token = hasLeft ? null : await _options.Tokens.GetTokenAsync(origin.Resource, wanted, cancellationToken).ConfigureAwait(false);
            var watch = Stopwatch.StartNew();
            using var response = await PaceAsync(request, target, token, requestId, cancellationToken).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            messages.Verbose(string.Create(CultureInfo.InvariantCulture,
                $"{request.Method} {target.Address.AbsolutePath}: {status} from {target.Address.Host} in {watch.ElapsedMilliseconds} ms "
                + $"(client-request-id {requestId})."));

            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
            {
                try
                {
                    return await ReadAsync(request, target, response, requestId, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException)
                {
                    var error = ServiceErrors.Unreadable(request, target, e, requestId);
                    if (!request.IsRead || reads++ == MaxBodyAttempts)
                    {
                        throw new RequestFailure(error);
                    }

                    messages.Verbose(error.Message + " Asking again.");
                    continue;
                }
            }

            if (status is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location)
            {
                if (++hops > MaxRedirects)
                {
                    throw new RequestFailure(TooManyRedirects(request, target));
                }

                (request, target) = Redirect(request, target, status, location, hasLeft);
                continue;
            }

            if (status == 401 && !triedFreshToken && token is not null)
            {
                triedFreshToken = true;
                wanted = new TokenRequest(
                    token.Value, ClaimsChallenge.Parse(response.Headers.TryGetValues("WWW-Authenticate", out var challenges) ? challenges : null));
                continue;
            }

            var body = await AnswerBody.ReadErrorAsync(response, cancellationToken).ConfigureAwait(false);
            var refusal = ServiceErrors.Read(request, target, status, body.Span, requestId, RequestIdOf(response));
            throw RequestFailure.FromAnswer(refusal, RequestPacer.RetryAfter(response.Headers, _options.Clock.GetUtcNow()), hasCmdletError: false);
        }
    }

    private async Task<HttpResponseMessage> PaceAsync(
        ServiceRequest request, ServiceTarget target, AccessToken? token, string requestId, CancellationToken cancellationToken)
    {
        var pacer = _pacers.GetOrAdd(token is null ? target.Address.Authority : target.Resource, static _ => new RequestPacer());
        var ticket = await pacer.EnterAsync(1, _options.Clock, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage? response = null;
        try
        {
            return response = await TransmitAsync(request, target, token, requestId, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            var now = _options.Clock.GetUtcNow();
            var left = response is null ? null : RequestPacer.Read(response.Headers, now);
            if (response?.StatusCode == HttpStatusCode.TooManyRequests)
            {
                pacer.Throttled(ticket, now, left, RequestPacer.RetryAfter(response.Headers, now));
            }
            else
            {
                pacer.Answered(ticket, now, left);
            }
        }
    }

    private async Task<HttpResponseMessage> TransmitAsync(
        ServiceRequest request, ServiceTarget target, AccessToken? token, string requestId, CancellationToken cancellationToken)
    {
        using var message = Message(request, target, token, requestId);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(request.Timeout);
        try
        {
            return await _http.SendAsync(message, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw RequestFailure.FromTransport(e, target.Address.Host, $"{request.Method} {target.Address.AbsolutePath}", target.Place, requestId);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailure(new ServiceException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{target.Address.Host} didn't answer {request.Method} {target.Address.AbsolutePath} within {request.Timeout.TotalSeconds:0} seconds."),
                e)
            {
                ErrorId = "ServiceTimeout",
                IsOutcomeUnknown = !request.IsRead,
                Category = ExoErrorCategory.OperationTimeout,
                Remedy = "Ask for less at a time, with $filter, $select or $top.",
                CmdletName = request.ToString(),
                Target = target.Place,
                ClientRequestId = requestId,
            });
        }
    }

    private HttpRequestMessage Message(ServiceRequest request, ServiceTarget target, AccessToken? token, string requestId)
    {
        var message = new HttpRequestMessage(request.Method, target.Address) { Version = HttpVersion.Version11 };
        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        message.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        message.Headers.TryAddWithoutValidation("User-Agent", _options.Client.Application);
        if (token is null)
        {
            // A stranger gets the bare request: what the caller's headers hold is for the service.
            return message;
        }

        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        message.Headers.TryAddWithoutValidation("client-request-id", requestId);
        foreach (var (name, value) in request.Headers)
        {
            if (message.Content is { } content && name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                message.Headers.Remove(name);
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (!message.Headers.Contains("Accept"))
        {
            message.Headers.TryAddWithoutValidation("Accept", "application/json");
        }

        return message;
    }

    /// <summary>
    /// Follows a redirect. Within the service everything goes along; to another host a read goes, without token, body or the caller's headers,
    /// as to the download addresses that Graph hands out.
    /// </summary>
    private static (ServiceRequest Request, ServiceTarget Target) Redirect(
        ServiceRequest request, ServiceTarget target, int status, Uri location, bool hasLeft)
    {
        var next = location.IsAbsoluteUri ? location : new Uri(target.Address, location);
        var isGet = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        if (!ServiceHost.TryGet(next, out _) || !(isGet || (target.Allows(next) && !hasLeft)))
        {
            throw new RequestFailure(ServiceErrors.LeadsAway(request, target, next.IsAbsoluteUri ? next.Authority : "no address", "a redirect"));
        }

        // 307 and 308 keep the method; the others turn a write, which has been carried out, into looking at its result.
        return (isGet || status is 307 or 308 ? request : request with { Method = HttpMethod.Get, Body = default }, target with { Address = next });
    }

    private static async Task<ServiceResponse> ReadAsync(
        ServiceRequest request, ServiceTarget target, HttpResponseMessage response, string requestId, CancellationToken cancellationToken)
    {
        var body = response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified || request.Method == HttpMethod.Head
            ? default
            : await AnswerBody.ReadAsync(response, LargestAnswer, cancellationToken).ConfigureAwait(false);
        if (body.Length == LargestAnswer)
        {
            throw new RequestFailure(new ServiceException($"The answer of {target.Address.Host} is larger than {LargestAnswer / (1024 * 1024)} MB.")
            {
                ErrorId = "AnswerTooLarge",
                Category = ExoErrorCategory.InvalidData,
                Remedy = "Ask for a part of it, with $top or a Range header.",
                CmdletName = request.ToString(),
                Target = target.Place,
                ClientRequestId = requestId,
            });
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
            {
                headers[name] = string.Join(", ", values);
            }
        }

        return new ServiceResponse((int)response.StatusCode, target.Address, body, headers, requestId);
    }

    private static string? RequestIdOf(HttpResponseMessage response) =>
        ServiceResponse.RequestIdHeaders
            .Select(name => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null)
            .FirstOrDefault(id => id is not null);

    private static ServiceException TooManyRedirects(ServiceRequest request, ServiceTarget target) => new($"{target.Address.Host} keeps redirecting {request}.")
    {
        ErrorId = "TooManyRedirects",
        Category = ExoErrorCategory.InvalidData,
        Remedy = "Check the address; a path that lacks its last slash, or its version, is often the cause.",
        CmdletName = request.ToString(),
        Target = target.Place,
    };

    private static ExoException Invalid(string errorId, string parameter, string message, string remedy, object? target) => new(message)
    {
        ErrorId = errorId,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Remedy = remedy,
        Target = target,
    };
}
