using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pacing;
using ExoConnect.Core.Http.Paging;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.ServiceRequests;

/// <summary>The settings of a <see cref="ServiceClient"/>. Immutable.</summary>
public sealed record ServiceClientOptions
{
    /// <summary>The tenant's cloud.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>The identity.</summary>
    public required ITokenProvider Tokens { get; init; }

    /// <summary>The tenant's initial domain, from which its SharePoint sites follow; null for the one that signed in.</summary>
    public string? Organization { get; init; }

    /// <summary>True if an application signs in as itself without a user; Yammer takes no such tokens.</summary>
    public bool IsAppOnly { get; init; } = true;

    /// <summary>The description of this client for the services.</summary>
    public ClientInfo Client { get; init; } = new();

    /// <summary>Receives the operations.</summary>
    public OperationTracker Operations { get; init; } = OperationTracker.ForListeners;

    /// <summary>The first pause before a retry; it doubles from retry to retry.</summary>
    internal TimeSpan RetryDelay { get; init; } = RetryPolicy.DefaultDelay;

    /// <summary>How long a body may take once its headers have come.</summary>
    internal BodyLimits Body { get; init; } = BodyLimits.Default;

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// Sends requests to the services of one tenant: Graph, SharePoint, Azure Management and the others of its <see cref="Table"/>, each with its own
/// token. A bearer token goes to hosts of its service and nowhere else. Transient failures are retried as the admin API's are. Safe for many
/// threads. The client keeps no cookies; it keeps the throttling of each service.
/// </summary>
public sealed class ServiceClient
{
    private const int LargestResponse = 512 * 1024 * 1024;
    private static readonly string[] Ours = ["Authorization", "Cookie", "Host", "Transfer-Encoding", "Content-Length", "Connection",
        "Proxy-Authorization"];

    private readonly ServiceClientOptions _options;
    private readonly ResponseBody _bodies;
    private readonly HttpPipeline _pipeline;
    private readonly ConcurrentDictionary<string, RequestPacer> _pacers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a client. It sends no request yet.</summary>
    /// <param name="options">The settings.</param>
    public ServiceClient(ServiceClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _bodies = new ResponseBody(options.Body, options.Clock);
        _pipeline = new HttpPipeline(
            new RequestIdPolicy(),
            new RetryPolicy(options.RetryDelay, options.Clock),
            new ServiceFailurePolicy(_bodies, options.Clock),
            new ServiceRedirectPolicy(),
            new TokenPolicy(new ServiceTokens(options.Tokens)),
            new PacingPolicy(Pacer, options.Clock),
            new TracePolicy(),
            new TimeoutPolicy("Request less at a time, with $filter, $select or $top.", options.Clock),
            new TransportPolicy(EnvironmentTransport.For(options.Environment)));
        Table = ServiceTable.For(options.Environment, options.Organization ?? options.Tokens.Organization);
    }

    /// <summary>The known services.</summary>
    public ServiceTable Table { get; }

    /// <summary>Sends a JSON request.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="uri">An https address, or a path on Graph: <c>/v1.0/organization</c>.</param>
    /// <param name="body">The JSON; null for no body.</param>
    /// <param name="headers">Further headers; null for none.</param>
    /// <param name="messages">Receives steps and pauses; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ExoException">As of the other overload.</exception>
    public Task<ServiceResponse> SendAsync(
        HttpMethod method, string uri, JsonNode? body = null, IReadOnlyDictionary<string, string>? headers = null, IEngineMessages? messages = null,
        CancellationToken cancellationToken = default) =>
        SendAsync(ServiceRequest.Json(method, uri, body, headers), messages, cancellationToken);

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Receives steps and pauses; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The response, which is a success.</returns>
    /// <exception cref="ServiceException">
    /// The service refused, with its own code as the error's id, or cannot be reached; <c>UntrustedRedirect</c>, <c>TooManyRedirects</c>,
    /// <c>ResponseTooLarge</c>.
    /// </exception>
    /// <exception cref="SignInException">The sign-in gave no token.</exception>
    /// <exception cref="ExoException">
    /// Before any request: an error of <see cref="ServiceTable.Resolve"/>; <c>AppOnlyNotSupported</c>; <c>HeaderNotAllowed</c>.
    /// </exception>
    public Task<ServiceResponse> SendAsync(ServiceRequest request, IEngineMessages? messages = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendOneAsync(request, ResolveTarget(request, messages), messages ?? NullMessages.Instance, cancellationToken);
    }

    /// <summary>Sends a read and streams its pages; it requests the next one when this one has been taken.</summary>
    /// <param name="request">The request, a GET.</param>
    /// <param name="messages">Receives steps and pauses; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The pages, at least one.</returns>
    /// <exception cref="ExoException">
    /// As of <see cref="SendAsync(ServiceRequest, IEngineMessages?, CancellationToken)"/>; <c>PagingNeedsGet</c>.
    /// </exception>
    public IAsyncEnumerable<ServiceResponse> PagesAsync(
        ServiceRequest request, IEngineMessages? messages = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Method != HttpMethod.Get)
        {
            throw ArgumentErrors.Invalid(
                ErrorIds.PagingNeedsGet, "All", request.Uri, $"Only GET has pages; this is {request.Method}.", "Leave -All out.");
        }

        return ReadPagesAsync(request, ResolveTarget(request, messages), messages ?? NullMessages.Instance, cancellationToken);
    }

    /// <summary>Sends a read and streams the elements of all its pages.</summary>
    /// <param name="request">The request, a GET.</param>
    /// <param name="messages">Receives steps and pauses; null for none.</param>
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
    /// <exception cref="ExoException">
    /// An error of <see cref="ServiceTable.ResolveResource"/>; <c>AppOnlyNotSupported</c>; a sign-in error.
    /// </exception>
    public ValueTask<AccessToken> GetTokenAsync(string resource, CancellationToken cancellationToken = default)
    {
        var (service, identifier) = Table.ResolveResource(resource);
        RefuseAppOnly(service);
        return _options.Tokens.GetTokenAsync(identifier, default, cancellationToken);
    }

    private ServiceTarget ResolveTarget(ServiceRequest request, IEngineMessages? messages)
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
                throw ArgumentErrors.Invalid(
                    ErrorIds.HeaderNotAllowed, "Headers", name,
                    $"The header {name} is set by ExoConnect and can't be given.",
                    "Leave it out.");
            }

            if (!IsHeaderName(name) || value.Any(c => char.IsControl(c) && c != '\t'))
            {
                throw ArgumentErrors.Invalid(
                    ErrorIds.HeaderNotAllowed, "Headers", name,
                    $"'{name}' or its value can't be a header.",
                    "Give a name of letters, digits and dashes, and one line of text.");
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
            throw ArgumentErrors.Invalid(
                ErrorIds.AppOnlyNotSupported, "Resource", service.Name,
                $"{service.Name} takes requests only on behalf of a user (the delegated permission user_impersonation); this connection belongs to "
                + "an application.",
                "Connect as a user, with -Device or -UserPrincipalName.");
        }
    }

    private Operation? Begin(ServiceRequest request, ServiceTarget target)
    {
        var service = target.Service?.Name ?? target.Address.Host;
        return _options.Operations.Start(
            OperationKind.Request, $"{request.Method} {service}", new Dictionary<string, object?> { ["Uri"] = request.Uri }, service);
    }

    private async Task<ServiceResponse> SendOneAsync(
        ServiceRequest request, ServiceTarget target, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var operation = Begin(request, target);
        operation?.Enter();
        try
        {
            var response = await SendAsync(request, target, RequestIdPolicy.NewId(), messages, operation, cancellationToken).ConfigureAwait(false);
            operation?.Succeed();
            return response;
        }
        catch (Exception e)
        {
            operation.EndWith(e, request.IsRead);
            throw;
        }
    }

    private async IAsyncEnumerable<ServiceResponse> ReadPagesAsync(
        ServiceRequest request, ServiceTarget target, IEngineMessages messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var trail = new PageTrail();
        trail.Add(target.Address);
        var requestId = RequestIdPolicy.NewId();
        var operation = Begin(request, target);
        try
        {
            for (var next = target; next is not null;)
            {
                operation?.Enter();
                ServiceResponse page;
                try
                {
                    page = await SendAsync(request, next, requestId, messages, operation, cancellationToken).ConfigureAwait(false);
                    operation?.Read(operation is null ? 0 : page.Items().Count());
                }
                catch (Exception e)
                {
                    operation.EndWith(e, request.IsRead);
                    throw;
                }

                yield return page;
                try
                {
                    next = NextTarget(page, request, next, trail, requestId);
                }
                catch (ServiceException e)
                {
                    operation.EndWith(e, request.IsRead);
                    throw;
                }
            }

            operation?.Succeed();
        }
        finally
        {
            // If it hasn't ended, the caller didn't want the rest.
            operation?.Cancel();
        }
    }

    /// <summary>The page after another; null if there is none.</summary>
    private static ServiceTarget? NextTarget(ServiceResponse page, ServiceRequest request, ServiceTarget target, PageTrail trail, string requestId)
    {
        if (page.HasUnreadableLink)
        {
            throw ServiceErrors.Unreadable(request, target, new InvalidDataException("The link to the next page isn't an address."), requestId);
        }

        if (page.Content is null && trail.Pages > 1)
        {
            throw ServiceErrors.Unreadable(request, target, new InvalidDataException("A page of the list is not JSON."), requestId);
        }

        if (page.NextPage is not { } link)
        {
            return null;
        }

        if (!Uri.TryCreate(page.Address, link, out var next) || !target.Allows(next))
        {
            throw ServiceErrors.LeavesService(request, target, next is null ? "no address" : next.Authority, "a link to the next page");
        }

        return (trail.Add(next) ?? trail.Read(page.Items().Count(), ContentHash(page))) is { } why
            ? throw ServiceErrors.Endless(request, target, why, requestId)
            : target with { Address = next };
    }

    /// <summary>A hash of a page, for <see cref="PageTrail.Read"/>: of its first and last object and their number, if they have ids.</summary>
    private static int? ContentHash(ServiceResponse page) =>
        page.Items().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first && first.TryGetProperty("id", out _)
            ? HashCode.Combine(first.GetRawText(), page.Items().Last().GetRawText(), page.Items().Count())
            : null;

    /// <summary>Sends a request and reads its response, with retries where that is safe.</summary>
    private async Task<ServiceResponse> SendAsync(
        ServiceRequest request, ServiceTarget target, string requestId, IEngineMessages messages, Operation? operation,
        CancellationToken cancellationToken)
    {
        for (var retries = 0; ; retries++)
        {
            var message = new ServiceMessage(request, target, _options.Client, messages, cancellationToken)
            {
                ClientRequestId = requestId,
                Operation = operation,
            };
            try
            {
                using var response = await _pipeline.SendAsync(message).ConfigureAwait(false);
                return await ReadAsync(message, response, cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailure failure)
            {
                throw failure.Error;
            }
            catch (ResponseTooLargeException e)
            {
                throw ServiceErrors.TooLarge(message.Request, message.Place, e, requestId);
            }
            catch (Exception e) when (LostResponse.Is(e))
            {
                var failure = RequestFailure.FromLostResponse(ServiceErrors.Unreadable(message.Request, message.Place, e, requestId));
                if (!failure.MayRepeat(request.IsRead, retries))
                {
                    throw failure.Error;
                }

                operation?.Retried();
                messages.Verbose(failure.Error.Message + " Asking again.");
            }
        }
    }

    /// <summary>Throttling belongs to the service; for hosts that get no token, to the host.</summary>
    private RequestPacer Pacer(PipelineMessage message) => _pacers.GetOrAdd(
        message.Token is null ? message.Address.Authority : ((ServiceMessage)message).Place.Resource, static _ => new RequestPacer());

    private async Task<ServiceResponse> ReadAsync(ServiceMessage message, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified || message.Request.Method == HttpMethod.Head
            ? default
            : await _bodies.ReadAsync(response, LargestResponse, cancellationToken).ConfigureAwait(false);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
            {
                headers[name] = string.Join(", ", values);
            }
        }

        var result = new ServiceResponse((int)response.StatusCode, message.Address, body, headers, message.ClientRequestId);
        return result is { IsJson: true, Body.IsEmpty: false, Content: null }
            ? throw new JsonException("It is declared as JSON, but isn't.")
            : result;
    }
}
