using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.AdminApi.Answers;
using ExoConnect.Core.AdminApi.Batches;
using ExoConnect.Core.AdminApi.Parameters;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Objects;
using ExoConnect.Core.RestEntities;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Core.Sessions;

/// <summary>
/// A connection to one service of one tenant: what it is (<see cref="Description"/>), how it is (<see cref="State"/>), and the way to run
/// cmdlets in it. Safe for many threads; ended, every call fails at once with an error that names it.
/// </summary>
public sealed class ExoSession : IDisposable
{
    private readonly AdminApiClient _client;
    private readonly RestReader _entities;
    private readonly Lazy<ServiceClient> _services;
    private readonly CatalogStore _catalogs;
    private readonly HashSet<string> _refused = new(StringComparer.OrdinalIgnoreCase);
    private readonly IDisposable _tokenLease;
    private readonly CancellationTokenSource _ended = new();
    private volatile ParameterSerializer _serializer;
    private volatile CmdletCatalog _catalog;
    private int _isOutdated;
    private int _state;

    internal ExoSession(
        SessionDescription description, AdminApiClient client, SessionTokens tokens, CmdletCatalog catalog, CatalogStore catalogs, IDisposable tokenLease,
        ConnectOptions options)
    {
        Tokens = tokens;
        _services = new Lazy<ServiceClient>(() => new ServiceClient(new ServiceClientOptions
        {
            Environment = description.Environment,
            Tokens = tokens,
            Organization = description.Organization,
            IsAppOnly = description.Claims.IsAppOnly,
            Client = options.Client,
            RetryDelay = options.RetryDelay,
            Clock = options.Clock,
        }));
        _catalog = catalog;
        _serializer = Serializer(catalog);
        _catalogs = catalogs;
        Description = description;
        _client = client;
        _entities = new RestReader(description, StreamAsync);
        _tokenLease = tokenLease;
    }

    /// <summary>What the session is and stays.</summary>
    public SessionDescription Description { get; }

    /// <summary>The cmdlets that the session's roles allow, as the service last listed them.</summary>
    public CmdletCatalog Catalog => _catalog;

    /// <summary>True if the service has refused a cmdlet that it listed, so that it is worth asking again: <see cref="RenewCatalogAsync"/>.</summary>
    public bool IsCatalogOutdated => Volatile.Read(ref _isOutdated) == 1;

    /// <summary>How it is: what the last request told.</summary>
    public SessionState State => (SessionState)Volatile.Read(ref _state);

    /// <summary>When the token in use stops being accepted; it is renewed before.</summary>
    public DateTimeOffset TokenExpiresOn => _client.TokenExpiresOn;

    /// <summary>Where requests go: the front door, or the region it sent us to.</summary>
    public Uri ConnectionUri => _client.BaseAddress;

    /// <summary>The tokens that the session has used so far, by resource; those of its identity's other sessions are theirs to tell.</summary>
    public IReadOnlyList<ServiceToken> ServiceTokens => Tokens.List(_services.Value.Table);

    internal SessionTokens Tokens { get; }

    /// <summary>The services that the session's sign-in can ask, and where they are.</summary>
    public ServiceTable Services => _services.Value.Table;

    /// <summary>Gets a token of the session's identity for any service.</summary>
    /// <param name="resource">A service's name (<see cref="ServiceTable.Names"/>) or a resource's identifier; null for the session's own service.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ExoException">As of <see cref="ServiceClient.GetTokenAsync"/>; or the session has ended.</exception>
    public Task<AccessToken> GetTokenAsync(string? resource, CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        return EndWithSessionAsync(
            async stop => await _services.Value.GetTokenAsync(resource ?? ServiceTable.NameOf(Description.Service), stop).ConfigureAwait(false), cancellationToken);
    }

    /// <summary>Sends a request to any service, with the token that is for it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Where steps and pauses are told.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ExoException">As of <see cref="ServiceClient"/>; or the session has ended.</exception>
    public Task<ServiceResponse> SendAsync(ServiceRequest request, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        return EndWithSessionAsync(stop => _services.Value.SendAsync(request, messages, stop), cancellationToken);
    }

    /// <summary>Sends a read to any service and streams its pages.</summary>
    /// <param name="request">The request, a GET.</param>
    /// <param name="messages">Where steps and pauses are told.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The pages.</returns>
    /// <exception cref="ExoException">As of <see cref="ServiceClient"/>; or the session has ended.</exception>
    public async IAsyncEnumerable<ServiceResponse> SendPagesAsync(
        ServiceRequest request, IEngineMessages messages, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        var pages = _services.Value.PagesAsync(request, messages, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        await using (pages.ConfigureAwait(false))
        {
            while (await EndWithSessionAsync(_ => pages.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
            {
                yield return pages.Current;
            }
        }
    }

    /// <summary>Runs a cmdlet in the service and streams what it answers.</summary>
    /// <param name="request">The cmdlet.</param>
    /// <param name="messages">Where steps and pauses are told.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>Pieces of the answer, none empty.</returns>
    /// <exception cref="ExoException">The request is malformed (before anything is sent), the service refused, or the session has ended.</exception>
    public IAsyncEnumerable<AnswerChunk> InvokeAsync(CmdletRequest request, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ThrowIfEnded();
        return StreamAsync(Prepare(request), messages, cancellationToken);
    }

    /// <summary>
    /// Runs many cmdlets, ten to a request and several requests side by side. A write that is about the same object as one before it waits for
    /// that one's answer; otherwise no order is kept but that of the results.
    /// </summary>
    /// <param name="requests">The cmdlets; each is taken when there is room for it.</param>
    /// <param name="messages">Where steps and pauses are told.</param>
    /// <param name="limit">How many requests may be under way at once, at least 1. Fewer are where the service gives less.</param>
    /// <param name="checkpoint">What is done already, and where to note what will be; null for nowhere.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>What came of each, in the order of the cmdlets. A failure of one stops none of the others.</returns>
    public async IAsyncEnumerable<InvokeResult> InvokeManyAsync(
        IAsyncEnumerable<CmdletRequest> requests, IEngineMessages messages, int limit = OrderedRunner.DefaultLimit, Checkpoint? checkpoint = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var sender = new BatchSender(_client, limit, messages);
        var toldOfSecrets = 0;

        // As many again as can be under way: those wait together, and the next batches are full.
        var results = OrderedRunner.RunAsync(requests, RunOneAsync, 2 * limit * BatchBody.MaxRequests, cancellationToken);
        await foreach (var (result, read) in results.ConfigureAwait(false))
        {
            yield return result;

            // Whoever asks for the next has taken this one: before that, a run that is cut short would lose what was read.
            if (read is not null)
            {
                try
                {
                    Note(read, result.Answer);
                }
                catch (ExoException e)
                {
                    messages.Warning(e.Message);
                }
            }
        }

        async Task<(InvokeResult Result, CheckpointEntry? Read)> RunOneAsync(CmdletRequest request, CancellationToken cancel)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ended.Token);
            CheckpointEntry? entry = null;
            try
            {
                ThrowIfEnded();
                var prepared = Prepare(request);
                entry = checkpoint?.Find(request);
                if (entry is not null && !MustRun(request, entry))
                {
                    return (new InvokeResult(request, [], null), null);
                }

                var sending = entry is null || prepared.IsRead ? (Action?)null : () => checkpoint!.Note(entry, CheckpointState.Sent);
                var answer = await sender.SendAsync(prepared, sending, stop.Token).ConfigureAwait(false);
                if (entry is not null && !prepared.IsRead)
                {
                    Note(entry, answer);
                }

                return (new InvokeResult(request, answer, null), prepared.IsRead ? entry : null);
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                return (new InvokeResult(request, [], Ended()), null);
            }
            catch (ExoException e)
            {
                if (entry is not null && e is ServiceException { IsOutcomeUnknown: false })
                {
                    NoteRefused(entry);
                }

                return (new InvokeResult(request, [], e), null);
            }
        }

        bool MustRun(CmdletRequest request, CheckpointEntry entry)
        {
            switch (entry.Before)
            {
                case CheckpointState.Done:
                    messages.Verbose($"{request.Name} {About(request)}: done in an earlier run.");
                    if (entry.HoldsSecret && Interlocked.Exchange(ref toldOfSecrets, 1) == 0)
                    {
                        messages.Warning("Some of this was done in an earlier run, and a checkpoint knows no secrets: where only a password has changed since, it is not "
                            + "sent again. Delete the checkpoint to send all.");
                    }

                    return false;

                case CheckpointState.Overtaken:
                    messages.Verbose($"{request.Name} {About(request)}: an earlier run has set the same later on, so it is not run again.");
                    return false;

                case CheckpointState.PartlyOvertaken:
                    throw new ExoException($"An earlier run didn't get to carry out '{request.Name}' on '{About(request)}', but has set some of the same since; to run it now would undo that.")
                    {
                        ErrorId = "CheckpointOvertaken",
                        Category = ExoErrorCategory.InvalidOperation,
                        Target = About(request),
                        Remedy = "Look at the object, and set what is missing by itself.",
                    };

                case CheckpointState.Sent:
                    messages.Warning($"{request.Name} {About(request)}: an earlier run sent this and was cut short before the answer, so it may have "
                        + "been carried out. It is run again.");
                    return true;

                default:
                    return true;
            }
        }

        void Note(CheckpointEntry entry, IReadOnlyList<AnswerChunk> answer)
        {
            if (answer.Any(static c => c.Errors.Count > 0))
            {
                NoteRefused(entry);
            }
            else
            {
                checkpoint!.Note(entry, CheckpointState.Done);
            }
        }

        void NoteRefused(CheckpointEntry entry)
        {
            // Refused this time says nothing of the time before.
            if (entry.Before != CheckpointState.Sent)
            {
                checkpoint!.Note(entry, CheckpointState.Refused);
            }
        }
    }

    /// <summary>Whether a cmdlet will be refused without being sent, so that nobody need be asked about it. Running it gives the error.</summary>
    /// <param name="request">The cmdlet.</param>
    /// <returns>True if it will.</returns>
    public static bool IsRefused(CmdletRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RequestCheck.Find(request) is not null;
    }

    /// <summary>What a cmdlet is about, for people.</summary>
    private static object? About(CmdletRequest request) => request.Target;

    /// <summary>Reads REST entities and streams them: what the <c>Get-EXO</c> cmdlets do.</summary>
    /// <param name="request">The request.</param>
    /// <param name="messages">Where the request's notes, steps and pauses are told.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>Pieces of the answer, none empty, with as many objects as the request's size lets through.</returns>
    /// <exception cref="ExoException">
    /// <c>NoExchangeSession</c>: the session is one of Security &amp; Compliance (before anything is sent); the service refused; or the
    /// session has ended.
    /// </exception>
    public IAsyncEnumerable<AnswerChunk> QueryAsync(RestRequest request, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(messages);
        ThrowIfEnded();
        RequireExchange(request.CmdletName);
        return _entities.ReadAsync(request, messages, cancellationToken);
    }

    /// <summary>Checks that the session is one of Exchange Online, which alone has REST entities.</summary>
    /// <param name="cmdlet">The cmdlet that needs it.</param>
    /// <exception cref="ExoException"><c>NoExchangeSession</c>: it is one of Security &amp; Compliance.</exception>
    public void RequireExchange(string cmdlet)
    {
        if (Description.Service != ExoService.ExchangeOnline)
        {
            throw new ExoException($"{cmdlet} needs a session of Exchange Online; {Description.Name} is one of Security & Compliance.")
            {
                ErrorId = "NoExchangeSession",
                Category = ExoErrorCategory.InvalidOperation,
                Remedy = "Connect with Connect-ExchangeOnline, or name a session of Exchange Online with -Connection; "
                    + "Get-ConnectionInformation lists them.",
                Target = Description.Name,
            };
        }
    }

    /// <summary>Reads the REST entities of many requests side by side.</summary>
    /// <param name="requests">The requests; each is taken when there is room for it.</param>
    /// <param name="messages">Where notes, steps and pauses are told; each note once.</param>
    /// <param name="limit">How many requests may be under way at once, at least 1.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>What came of each, in the order of the requests. A failure of one stops none of the others.</returns>
    public IAsyncEnumerable<QueryResult> QueryManyAsync(
        IAsyncEnumerable<RestRequest> requests, IEngineMessages messages, int limit = OrderedRunner.DefaultLimit,
        CancellationToken cancellationToken = default)
    {
        var once = new OnceMessages(messages);
        return OrderedRunner.RunAsync(requests, ReadOneAsync, limit, cancellationToken);

        async Task<QueryResult> ReadOneAsync(RestRequest request, CancellationToken stop)
        {
            var answer = new List<AnswerChunk>();
            try
            {
                await foreach (var chunk in QueryAsync(request, once, stop).ConfigureAwait(false))
                {
                    answer.Add(chunk);
                }

                return new QueryResult(request, answer, null);
            }
            catch (ExoException e)
            {
                return new QueryResult(request, answer, e);
            }
        }
    }

    /// <summary>
    /// Asks the service again which cmdlets the roles allow, if <see cref="IsCatalogOutdated"/>. That a cmdlet was refused is a reason once: where
    /// the new list has it too, its next refusal is none.
    /// </summary>
    /// <param name="messages">Where steps are told.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>True if the list has changed; false also where it cannot be had, which is no reason to fail.</returns>
    public async Task<bool> RenewCatalogAsync(IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (Interlocked.Exchange(ref _isOutdated, 0) == 0 || State == SessionState.Disconnected)
        {
            return false;
        }

        try
        {
            var next = await _catalogs.FetchAsync(messages, cancellationToken).ConfigureAwait(false);
            var before = _catalog.Cmdlets.Select(static c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            (_catalog, _serializer) = (next, Serializer(next));
            return !before.SetEquals(next.Cmdlets.Select(static c => c.Name));
        }
        catch (ExoException e)
        {
            messages.Verbose($"The list of cmdlets can't be renewed: {e.Message}");
            return false;
        }
    }

    /// <summary>What the service wants its admins to read when a session begins.</summary>
    /// <param name="messages">Where steps and pauses are told.</param>
    /// <param name="cancellationToken">Stops it at once.</param>
    /// <returns>The text; null where there is none, or it cannot be had: a banner is never a reason to fail.</returns>
    public async Task<string?> GetBannerAsync(IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ThrowIfEnded();
        try
        {
            var answer = await _client.ReadAsync(
                new AdminRequest
                {
                    Method = HttpMethod.Get,
                    Path = $"EXOBanner('AutogenSession')?Version={ClientInfo.WireVersion}",
                    CmdletName = "EXOBanner",
                    IsRead = true,
                },
                limit: 1024 * 1024,
                messages,
                cancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.GetProperty("value")[0].GetProperty("moduleBannerContent").GetString();
        }
        catch (Exception e) when (e is ExoException or JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            messages.Verbose($"The service's banner can't be shown: {e.Message}");
            return null;
        }
    }

    /// <summary>
    /// The user who signed in, by the name that the sign-in is kept under; null for applications and for a token that was handed in. Guests have
    /// another name in <see cref="SessionDescription.Claims"/>.
    /// </summary>
    public string? SignedInAs => ((_tokenLease as TokenProviderLease)?.Provider as UserTokenProvider)?.UserName;

    /// <summary>Forgets the sign-in where it is kept beyond the process, unless another session uses it.</summary>
    internal void ForgetSignIn() => (_tokenLease as TokenProviderLease)?.Forget();

    /// <summary>Ends the session: what is under way fails, and its certificate is closed if it was opened for it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _state, (int)SessionState.Disconnected) != (int)SessionState.Disconnected)
        {
            _ended.Cancel();
            _tokenLease.Dispose();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Description.Name;

    /// <summary>Learns from the end of a request.</summary>
    /// <param name="failure">What went wrong; null for an answer.</param>
    internal void Observe(ExoException? failure)
    {
        if (failure is ServiceException { StatusCode: 403, CmdletName: { } refused } && Catalog.Contains(refused))
        {
            // The list says that the roles allow it: they have changed since.
            _catalogs.Forget();
            lock (_refused)
            {
                if (_refused.Add(refused))
                {
                    Volatile.Write(ref _isOutdated, 1);
                }
            }
        }

        var next = failure switch
        {
            null => SessionState.Connected,
            { Category: ExoErrorCategory.AuthenticationError } => SessionState.TokenExpired,
            { Category: ExoErrorCategory.ResourceUnavailable } => SessionState.Broken,

            // The service said no to a cmdlet: the session itself is fine.
            _ => SessionState.Connected,
        };
        var before = Volatile.Read(ref _state);
        while (before != (int)SessionState.Disconnected)
        {
            var seen = Interlocked.CompareExchange(ref _state, (int)next, before);
            if (seen == before)
            {
                return;
            }

            before = seen;
        }
    }

    private async IAsyncEnumerable<AnswerChunk> StreamAsync(
        AdminRequest request, IEngineMessages messages, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        var chunks = _client.StreamAsync(request, messages, page: null, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        await using (chunks.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await chunks.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (OperationCanceledException) when (_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    ThrowIfEnded();
                }

                yield return chunks.Current;
            }
        }
    }

    /// <summary>Waits for something that stops when the session ends, with an error that says so.</summary>
    private async Task<T> EndWithSessionAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            return await work(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Ended();
        }
    }

    private static ParameterSerializer Serializer(CmdletCatalog catalog) => new(new ParameterSerializerOptions
    {
        Key = catalog.Key,
        Unwrap = static value => HostTypes.Unwrap(value),
        Identify = ObjectNames.Identify,
        Entries = static value => HostTypes.Entries(value),
    });

    private void ThrowIfEnded()
    {
        if (State == SessionState.Disconnected)
        {
            throw Ended();
        }
    }

    private ExoException Ended()
    {
        var connect = Description.Service == ExoService.ExchangeOnline ? "Connect-ExchangeOnline" : "Connect-IPPSSession";
        return new ExoException($"The session {Description.Name} to {Description.Organization} was disconnected.")
        {
            ErrorId = "SessionDisconnected",
            Category = ExoErrorCategory.InvalidOperation,
            Remedy = $"Connect again with {connect}, or name another session with -Connection; Get-ConnectionInformation lists them.",
        };
    }

    private AdminRequest Prepare(CmdletRequest request)
    {
        if (RequestCheck.Find(request) is { } wrong)
        {
            throw wrong;
        }

        Catalog.TryGet(request.Name, out var cmdlet);
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartObject("CmdletInput");
            json.WriteString("CmdletName", request.Name);
            json.WritePropertyName("Parameters");
            _serializer.Write(
                json,
                request.Parameters.Where(static p => !p.Key.Equals(CmdletDefinition.RoutingSwitch, StringComparison.OrdinalIgnoreCase)).Concat(request.CommonParameters),
                cmdlet);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new AdminRequest
        {
            Path = request.Properties.Count == 0 ? "InvokeCommand" : "InvokeCommand?$select=" + string.Join(',', request.Properties),
            Body = body.WrittenMemory,
            CmdletName = request.Name,
            IsSelection = request.Properties.Count > 0,
            Target = request.Target,
            IsRead = request.IsRead,
            IsListing = request.IsListing,
            IsSingle = cmdlet is { IsBatched: false },
            Anchor = Description.Service == ExoService.ExchangeOnline ? RoutingAnchor.FromParameters(cmdlet, request.Parameters, Description.TenantId) : null,
            PageSize = request.PageSize,
            Headers = request.WarningAction is { } action ? new Dictionary<string, string> { ["WarningAction"] = action } : AdminRequest.NoHeaders,
        };
    }
}
