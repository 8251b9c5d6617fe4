using ExoConnect.Core.AdminApi;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.AdminApi.Responses;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.RestEntities;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Core.Sessions;

/// <summary>
/// A connection to one service of one tenant: its description (<see cref="Description"/>), its state (<see cref="State"/>), and the methods that
/// run cmdlets in it. Safe for many threads. After its end, every call fails at once with an error that names it.
/// </summary>
public sealed class ExoSession : IDisposable
{
    private readonly AdminApiClient _client;
    private readonly SessionLifetime _lifetime;
    private readonly SessionCatalog _catalog;
    private readonly CmdletRequestBuilder _builder;
    private readonly RestReader _entities;
    private readonly Lazy<ServiceClient> _services;
    private readonly IDisposable _tokenLease;
    private readonly OperationTracker _operations;

    internal ExoSession(
        SessionDescription description, AdminApiClient client, SessionTokenView tokens, SessionCatalog catalog, IDisposable tokenLease,
        OperationTracker operations,
        ConnectOptions options)
    {
        Description = description;
        Tokens = tokens;
        _client = client;
        _lifetime = new SessionLifetime(description);
        _catalog = catalog;
        _builder = new CmdletRequestBuilder(description, catalog);
        _entities = new RestReader(description, StreamAsync);
        _tokenLease = tokenLease;
        _operations = operations;
        _services = new Lazy<ServiceClient>(() => new ServiceClient(new ServiceClientOptions
        {
            Environment = description.Environment,
            Tokens = tokens,
            Organization = description.Organization,
            IsAppOnly = description.Claims.IsAppOnly,
            Client = options.Client,
            Operations = operations,
            RetryDelay = options.RetryDelay,
            Clock = options.Clock,
        }));
    }

    /// <summary>The constant facts of the session.</summary>
    public SessionDescription Description { get; }

    /// <summary>The cmdlets that the session's roles allow, by the service's last list.</summary>
    public CmdletCatalog Catalog => _catalog.Current;

    /// <summary>
    /// True if the service has refused a cmdlet that it listed, so that the list should be requested again: <see cref="RenewCatalogAsync"/>.
    /// </summary>
    public bool IsCatalogOutdated => _catalog.IsOutdated;

    /// <summary>Its state after the last request.</summary>
    public SessionState State => _lifetime.State;

    /// <summary>When the token in use expires; it is renewed before.</summary>
    public DateTimeOffset TokenExpiresOn => Tokens.ExpiryOf(
        Description.Environment.Resource(Description.Service)) ?? Description.Claims.ExpiresOn ?? default;

    /// <summary>The host of requests: the front door, or the region it redirected to.</summary>
    public Uri ConnectionUri => _client.BaseAddress;

    /// <summary>The tokens that this session has used so far, by resource; other sessions of its identity list their own.</summary>
    public IReadOnlyList<ServiceToken> ServiceTokens => Tokens.List(_services.Value.Table);

    /// <summary>The file of the session's log; null for none.</summary>
    public string? LogPath => _operations.LogPath;

    internal SessionTokenView Tokens { get; }

    /// <summary>The services that the session's sign-in can call, with their addresses.</summary>
    public ServiceTable Services => _services.Value.Table;

    /// <summary>Gets a token of the session's identity for any service.</summary>
    /// <param name="resource">
    /// A service's name (<see cref="ServiceTable.Names"/>) or a resource's identifier; null for the session's own service.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ExoException">As of <see cref="ServiceClient.GetTokenAsync"/>; or the session has ended.</exception>
    public Task<AccessToken> GetTokenAsync(string? resource, CancellationToken cancellationToken = default) => _lifetime.RunAsync(
        async stop => await _services.Value.GetTokenAsync(resource ?? ServiceTable.NameOf(Description.Service), stop).ConfigureAwait(
            false), cancellationToken);

    /// <summary>Sends a request to any service, with the service's token.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Receives steps and pauses.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ExoException">As of <see cref="ServiceClient"/>; or the session has ended.</exception>
    public Task<ServiceResponse> SendAsync(ServiceRequest request, IEngineMessages messages, CancellationToken cancellationToken = default) =>
        _lifetime.RunAsync(stop => _services.Value.SendAsync(request, messages, stop), cancellationToken);

    /// <summary>Sends a read to any service and streams its pages.</summary>
    /// <param name="request">The request, a GET.</param>
    /// <param name="messages">Receives steps and pauses.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The pages.</returns>
    /// <exception cref="ExoException">As of <see cref="ServiceClient"/>; or the session has ended.</exception>
    public IAsyncEnumerable<ServiceResponse> SendPagesAsync(
        ServiceRequest request, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        _lifetime.ThrowIfEnded();
        return _lifetime.StreamAsync(stop => _services.Value.PagesAsync(request, messages, stop), cancellationToken);
    }

    /// <summary>Runs a cmdlet in the service and streams its response.</summary>
    /// <param name="request">The cmdlet.</param>
    /// <param name="messages">Receives steps and pauses.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>Pieces of the response, none empty.</returns>
    /// <exception cref="ExoException">The request is malformed (before anything is sent), the service refused, or the session has ended.</exception>
    public IAsyncEnumerable<ResponseChunk> InvokeAsync(CmdletRequest request, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        _lifetime.ThrowIfEnded();
        return StreamAsync(_builder.Build(request), messages, cancellationToken);
    }

    /// <summary>
    /// Runs many cmdlets, ten to a request and several requests in parallel. A write to an object waits for the response to the previous write to
    /// it; otherwise only the results keep their order.
    /// </summary>
    /// <param name="requests">The cmdlets; each is taken when a slot is free.</param>
    /// <param name="messages">Receives steps and pauses.</param>
    /// <param name="limit">How many requests may be under way at once, at least 1. Fewer are if the service allows fewer.</param>
    /// <param name="checkpoint">The record of finished cmdlets; null for none.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>The results, in the order of the cmdlets. A failure of one doesn't stop the others.</returns>
    public IAsyncEnumerable<InvokeResult> InvokeManyAsync(
        IAsyncEnumerable<CmdletRequest> requests, IEngineMessages messages, int limit = OrderedRunner.DefaultLimit, Checkpoint? checkpoint = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return new BulkInvocation(_builder, _lifetime, new BatchSender(_client, limit, messages), checkpoint, messages)
            .RunAsync(requests, limit, cancellationToken);
    }

    /// <summary>Whether a cmdlet will be refused without being sent, so that no prompt is needed. Running it gives the error.</summary>
    /// <param name="request">The cmdlet.</param>
    /// <returns>True if it will.</returns>
    public static bool IsRefused(CmdletRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RequestCheck.Find(request) is not null;
    }

    /// <summary>Reads REST entities and streams them, for the <c>Get-EXO</c> cmdlets.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Receives the request's notes, steps and pauses.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>Pieces of the response, none empty, with as many objects as the request's size allows.</returns>
    /// <exception cref="ExoException">
    /// <c>NoExchangeSession</c>: the session is one of Security &amp; Compliance (before anything is sent); the service refused; or the
    /// session has ended.
    /// </exception>
    public IAsyncEnumerable<ResponseChunk> QueryAsync(RestRequest request, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(messages);
        _lifetime.ThrowIfEnded();
        RequireExchange(request.CmdletName);
        return _entities.ReadAsync(request, messages, cancellationToken);
    }

    /// <summary>Checks that the session is one of Exchange Online; only that has REST entities.</summary>
    /// <param name="cmdlet">The cmdlet that needs it.</param>
    /// <exception cref="ExoException"><c>NoExchangeSession</c>: it is one of Security &amp; Compliance.</exception>
    public void RequireExchange(string cmdlet)
    {
        if (Description.Service != ExoService.ExchangeOnline)
        {
            throw new ExoException($"{cmdlet} needs a session of Exchange Online; {Description.Name} is one of Security & Compliance.")
            {
                ErrorId = ErrorIds.NoExchangeSession,
                Category = ExoErrorCategory.InvalidOperation,
                Remedy = "Connect with Connect-ExchangeOnline, or name a session of Exchange Online with -Connection; "
                    + "Get-ConnectionInformation lists them.",
                Target = Description.Name,
            };
        }
    }

    /// <summary>Reads the REST entities of many requests in parallel.</summary>
    /// <param name="requests">The requests; each is taken when a slot is free.</param>
    /// <param name="messages">Receives notes, steps and pauses; each note once.</param>
    /// <param name="limit">How many requests may be under way at once, at least 1.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>The results, in the order of the requests. A failure of one doesn't stop the others.</returns>
    public IAsyncEnumerable<QueryResult> QueryManyAsync(
        IAsyncEnumerable<RestRequest> requests, IEngineMessages messages, int limit = OrderedRunner.DefaultLimit,
        CancellationToken cancellationToken = default)
    {
        var once = new OnceMessages(messages);
        return OrderedRunner.RunAsync(requests, ReadOneAsync, limit, cancellationToken);

        async Task<QueryResult> ReadOneAsync(RestRequest request, CancellationToken stop)
        {
            var response = new List<ResponseChunk>();
            try
            {
                await foreach (var chunk in QueryAsync(request, once, stop).ConfigureAwait(false))
                {
                    response.Add(chunk);
                }

                return new QueryResult(request, response, null);
            }
            catch (ExoException e)
            {
                return new QueryResult(request, response, e);
            }
        }
    }

    /// <summary>
    /// Requests the list of cmdlets again, if <see cref="IsCatalogOutdated"/>. A refused cmdlet is a reason only once: if the new list has it too,
    /// its next refusal is none.
    /// </summary>
    /// <param name="messages">Receives steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>True if the list has changed; false also if it can't be had, which is no error.</returns>
    public Task<bool> RenewCatalogAsync(IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return State == SessionState.Disconnected ? Task.FromResult(false) : _catalog.RenewAsync(messages, cancellationToken);
    }

    /// <summary>The service's message to its admins at the start of a session.</summary>
    /// <param name="messages">Receives steps and pauses.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>The text; null if there is none, or the request fails: a banner never causes an error.</returns>
    public Task<string?> GetBannerAsync(IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        _lifetime.ThrowIfEnded();
        return SessionBanner.ReadAsync(_client, messages, cancellationToken);
    }

    /// <summary>
    /// The signed-in user, by the name of the stored sign-in; null for applications and for a given token. Guests have another name in
    /// <see cref="SessionDescription.Claims"/>.
    /// </summary>
    public string? SignedInAs => ((_tokenLease as TokenProviderLease)?.Provider as UserTokenProvider)?.UserName;

    /// <summary>Removes the sign-in from its store, unless another session uses it.</summary>
    internal void ForgetSignIn() => (_tokenLease as TokenProviderLease)?.Forget();

    /// <summary>Ends the session: calls under way fail, and a certificate that was opened for it is closed.</summary>
    public void Dispose()
    {
        if (_lifetime.TryEnd())
        {
            _tokenLease.Dispose();
            _operations.Dispose();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Description.Name;

    /// <summary>Notes the end of a request.</summary>
    /// <param name="failure">The failure; null for a response.</param>
    internal void Observe(ExoException? failure)
    {
        if (failure is ServiceException { StatusCode: 403, CmdletName: { } refused })
        {
            _catalog.NoteRefusal(refused);
        }

        _lifetime.Observe(failure);
    }

    private IAsyncEnumerable<ResponseChunk> StreamAsync(AdminRequest request, IEngineMessages messages, CancellationToken cancellationToken) =>
        _lifetime.StreamAsync(
            stop => _client.StreamAsync(request, messages, page: null, clientRequestId: null, cancellationToken: stop), cancellationToken);
}
