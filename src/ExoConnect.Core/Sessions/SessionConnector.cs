using System.Globalization;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.Sessions;

/// <summary>Makes sessions: signs in, starts the session in the service, and warns of what will fail later.</summary>
public static class SessionConnector
{
    /// <summary>Connects.</summary>
    /// <param name="options">The session's options.</param>
    /// <param name="messages">Receives warnings and steps.</param>
    /// <param name="registry">The registry for the session; null for the process's.</param>
    /// <param name="cancellationToken">Stops it; nothing is left behind.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ExoException">A parameter or the certificate is invalid, sign-in failed, or the service refused the session.</exception>
    public static async Task<ExoSession> ConnectAsync(
        ConnectOptions options, IEngineMessages messages, SessionRegistry? registry = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(messages);
        registry ??= SessionRegistry.Shared;
        Validate(options);
        if (options.Name is { } wanted && !options.Ensure)
        {
            registry.CheckFree(wanted);
        }

        if (options.Organization is { } named && SignInAdvice.ForOrganization(named) is { } advice)
        {
            messages.Warning(advice);
        }

        var connectionId = Guid.NewGuid();
        var operations = OperationTracker.Open(options.Log, connectionId, options.Service.ToString(), messages, options.Clock);
        var operation = operations.Start(OperationKind.Connect, "Connect", LoggedParameters(options));
        try
        {
            var session = await ConnectAsync(options, messages, registry, (connectionId, operations), cancellationToken).ConfigureAwait(false);
            operation?.Succeed();
            if (session.Description.ConnectionId != connectionId)
            {
                operations.Dispose();
            }

            return session;
        }
        catch (Exception e)
        {
            operation.EndWith(e, isRead: true);
            operations.Dispose();
            throw;
        }
    }

    /// <summary>The parameters of connecting, for the log.</summary>
    private static Dictionary<string, object?> LoggedParameters(ConnectOptions options) => new()
    {
        ["Organization"] = options.Organization,
        ["AppId"] = options.AppId,
        ["SignIn"] = options.SignIn.Name,
        ["Environment"] = options.Environment.Name,
    };

    private static async Task<ExoSession> ConnectAsync(
        ConnectOptions options, IEngineMessages messages, SessionRegistry registry, (Guid Id, OperationTracker Operations) connection,
        CancellationToken cancellationToken)
    {
        Step(options, "Signing in");
        if (options.SignIn.MeetsSignInHost && !options.Ensure)
        {
            // Two or three round trips that need not wait for the certificate.
            _ = EnvironmentTransport.PrepareAsync(options.Environment, options.Environment.SignIn);
        }

        var expected = options.Expected ?? ExpectCatalogAsync(options, cancellationToken);
        var lease = await RentProviderAsync(options, cancellationToken).ConfigureAwait(false);
        try
        {
            if (lease.Certificate?.ExpiryWarning is { } expiry)
            {
                messages.Warning(expiry);
            }

            if (options.Ensure && await FindAsync(options, lease.Provider, registry, messages, cancellationToken).ConfigureAwait(false) is { } live)
            {
                lease.Dispose();
                registry.Use(live);
                return live;
            }

            var tokens = new SessionTokenView(lease.Provider, connection.Operations);
            var token = await SignInAsync(options, lease, tokens, messages, cancellationToken).ConfigureAwait(false);
            Step(options, "Starting the session");
            var session = await StartAsync(
                options with { Expected = expected }, lease, tokens, token.Claims, registry, connection, messages, cancellationToken)
                    .ConfigureAwait(false);
            registry.Add(session);
            return session;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins to read the list of cmdlets that the sign-in will most likely lead to, for <see cref="ConnectOptions.Expected"/>. It counts only if
    /// the token's tenant and roles lead to the same list; the session's catalog is then this very object.
    /// </summary>
    /// <param name="options">The session's options.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The list, or null if none is stored.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<ExpectedCatalog?> ExpectCatalogAsync(ConnectOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return CatalogStore.ExpectAsync(options, cancellationToken);
    }

    private static void Step(ConnectOptions options, string step)
    {
        if (options.Progress is { } progress)
        {
            progress.Step = step;
        }
    }

    /// <summary>
    /// A certificate is read and decrypted in calls that can't be stopped: a cancelled caller leaves them to end by themselves.
    /// </summary>
    private static async Task<TokenProviderLease> RentProviderAsync(ConnectOptions options, CancellationToken cancellationToken)
    {
        if (options.SignIn is not SignInMethod.Certificate)
        {
            return RentProvider(options);
        }

        var renting = Task.Run(() => RentProvider(options), cancellationToken);
        try
        {
            return await renting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = renting.ContinueWith(
                static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    private static TokenProviderLease RentProvider(ConnectOptions options) => options.Providers.Rent(
        options.Environment, Authority(options), options.AppId, options.SignIn,
        new SignInOptions
        {
            BaseDirectory = options.BaseDirectory,
            Persistence = options.Persistence,
            StoreFolder = options.Cache.Folder is { } lists ? Path.Combine(Path.GetDirectoryName(lists)!, "sign-ins") : null,
            InteractiveTimeout = options.InteractiveTimeout,
            Clock = options.Clock,
        });

    /// <summary>
    /// The authority of the sign-in: for a customer the customer's tenant, whose token it must be. A given token, or a managed identity's, belongs
    /// to its own tenant.
    /// </summary>
    private static string? Authority(ConnectOptions options) =>
        options.DelegatedOrganization is { } customer && options.SignIn is not (SignInMethod.AccessToken or SignInMethod.ManagedIdentity) ? customer
            : options.Organization;

    /// <summary>Refuses a token of another tenant than the requested one. A token from that tenant's own authority needs no check.</summary>
    private static Task CheckTenantAsync(ConnectOptions options, TokenClaims claims, CancellationToken cancellationToken) =>
        options.DelegatedOrganization is { } customer
            ? TenantCheck.RequireAsync(options.Environment, customer, nameof(options.DelegatedOrganization), claims, cancellationToken)
            : options is { Organization: { } own, SignIn: SignInMethod.AccessToken or SignInMethod.ManagedIdentity }
                ? TenantCheck.RequireAsync(options.Environment, own, nameof(options.Organization), claims, cancellationToken)
                : Task.CompletedTask;

    /// <summary>Gets the first token, and warns of its problems.</summary>
    private static async Task<AccessToken> SignInAsync(
        ConnectOptions options, TokenProviderLease lease, SessionTokenView tokens, IEngineMessages messages, CancellationToken cancellationToken)
    {
        // Two or three round trips that need not wait for the token.
        _ = EnvironmentTransport.PrepareAsync(options.Environment, options.Environment.BaseAddress(options.Service));
        var asked = options.Interaction is { } person ? new WatchedInteraction(person) : null;
        var token = await tokens.GetTokenAsync(
            options.Resource, new TokenRequest(null, null, asked), cancellationToken).ConfigureAwait(false);
        await CheckTenantAsync(options, token.Claims, cancellationToken).ConfigureAwait(false);
        WarnOfUser(options.SignIn, token.Claims, asked?.IsAsked != true, messages);
        if (options.Interaction is not null && lease.Provider is UserTokenProvider { PlaintextPath: { } path })
        {
            messages.Warning($"The sign-in is stored in a file that is not encrypted: {path}. Disconnecting removes it.");
        }

        return token;
    }

    /// <summary>Starts the session in the service: gets the list of its cmdlets, which shows the roles.</summary>
    private static async Task<ExoSession> StartAsync(
        ConnectOptions options, TokenProviderLease lease, SessionTokenView tokens, TokenClaims claims, SessionRegistry registry,
        (Guid Id, OperationTracker Operations) connection, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var tenantId = claims.TenantId ?? lease.Provider.Organization ?? "";
        var organization = options.DelegatedOrganization ?? lease.Provider.Organization ?? tenantId;
        var (id, name) = registry.NextName(options.Service, options.Name);
        var description = new SessionDescription(
            options, name, (tenantId, organization), lease.Provider.AppId ?? claims.AppId ?? "",
            lease.Provider is DefaultCredentialTokenProvider { Way: { } way } ? $"{options.SignIn.Name} ({way})" : options.SignIn.Name, claims)
        {
            Id = id,
            ConnectionId = connection.Id,
            CertificateThumbprint = lease.Certificate?.Thumbprint,
            ConnectedAt = options.Clock.GetUtcNow(),
        };
        connection.Operations.Describe(name, organization);

        var settings = new AdminApiOptions
        {
            Environment = options.Environment,
            Service = options.Service,
            Tokens = tokens,
            Resource = options.Resource,
            TenantId = tenantId,
            Organization = organization,
            UserPrincipalName = claims.IsAppOnly ? null : claims.UserPrincipalName,
            ConnectionId = description.ConnectionId,
            Client = options.Client,
            PageSize = options.PageSize,
            BypassMailboxAnchoring = options.BypassMailboxAnchoring,
            Operations = connection.Operations,
            RetryDelay = options.RetryDelay,
            Clock = options.Clock,
        };
        var client = new AdminApiClient(settings);
        var store = new CatalogStore(client, options, description, messages, options.Expected!);
        CmdletCatalog catalog;
        try
        {
            catalog = await ListCmdletsAsync(store, options, claims, messages, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (options.IsSearchOnly && claims.IsAppOnly && e.StatusCode is >= 400 and < 500 and not 429)
        {
            // Microsoft's client anchored such a session like one of Exchange Online until 3.10.0; its behaviour since then isn't public.
            messages.Verbose($"The service doesn't start the session ({e.Message}); trying again with the application's anchor.");
            client = new AdminApiClient(settings with { IsAnchoredAsApplication = true });
            store = new CatalogStore(client, options, description, messages, options.Expected!);
            catalog = await ListCmdletsAsync(store, options, claims, messages, cancellationToken).ConfigureAwait(false);
        }

        var session = new ExoSession(description, client, tokens, new SessionCatalog(catalog, store), lease, connection.Operations, options);
        client.Observe = session.Observe;
        return session;
    }

    /// <summary>
    /// Gets the list of cmdlets. If that fails, a missing permission or role of the token is the reason in the error; if it succeeds, a warning.
    /// </summary>
    private static async Task<CmdletCatalog> ListCmdletsAsync(
        CatalogStore store, ConnectOptions options, TokenClaims claims, IEngineMessages messages, CancellationToken cancellationToken)
    {
        string[] missing = [.. new[]
        {
            SignInAdvice.ForPermissions(claims, options.Service, options.Environment), SignInAdvice.ForRoles(claims, options.Service),
        }.OfType<string>()];
        CmdletCatalog catalog;
        try
        {
            catalog = await store.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.StatusCode is 401 or 403 && missing.Length > 0)
        {
            throw e.Because(string.Join(' ', missing));
        }

        foreach (var warning in missing)
        {
            messages.Warning(warning);
        }

        return catalog;
    }

    /// <summary>Warns of a signed-in user that the caller may not expect.</summary>
    private static void WarnOfUser(SignInMethod method, TokenClaims claims, bool wasThere, IEngineMessages messages)
    {
        var user = claims.UserPrincipalName;
        if (user is not null && method.User is { } wanted && !user.Equals(wanted, StringComparison.OrdinalIgnoreCase))
        {
            messages.Warning($"The user who signed in is {user}, not {wanted}.");
        }
        else if (method is { AsksSomebody: true, User: null } && wasThere)
        {
            messages.Warning(
                $"{user} is signed in already, so there was no prompt. To sign in as another user, disconnect first, or name the user.");
        }

        if (method is SignInMethod.Password)
        {
            messages.Warning(
                "Signing in with a user's password works only without multifactor authentication, and Microsoft retires it. For scripts, "
                + "use an application with a certificate or a managed identity; for people, the browser or a device code.");
        }
    }

    /// <summary>
    /// Finds the session that connecting would only repeat: one of the same identity (all equal sign-ins share its provider), service and commands,
    /// that can get a token.
    /// </summary>
    private static async Task<ExoSession?> FindAsync(
        ConnectOptions options, ITokenProvider provider, SessionRegistry registry, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var same = registry.ByPreference.LastOrDefault(session =>
            session.Description is var d && session.Tokens.Is(provider)
            && d.Service == options.Service && d.Environment.Equals(options.Environment)
            && (options.Name is null || d.Name.Equals(options.Name, StringComparison.OrdinalIgnoreCase))
            && string.Equals(d.DelegatedOrganization, options.DelegatedOrganization, StringComparison.OrdinalIgnoreCase)
            && d.IsSearchOnly == options.IsSearchOnly
            && d.Prefix.Equals(options.Prefix, StringComparison.OrdinalIgnoreCase)
            && d.CommandNames.Order(StringComparer.OrdinalIgnoreCase).SequenceEqual(
                options.CommandNames.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase));
        if (same is null)
        {
            return null;
        }

        try
        {
            await same.Tokens.GetTokenAsync(options.Resource, default, cancellationToken).ConfigureAwait(false);
            messages.Verbose($"{same.Description.Name} is connected already.");
            return same;
        }
        catch (ExoException e)
        {
            messages.Verbose($"{same.Description.Name} no longer gets a token ({e.Message}); connecting again.");
            registry.Disconnect(same);
            return null;
        }
    }

    /// <summary>Notes whether a person was asked.</summary>
    private sealed class WatchedInteraction(ISignInInteraction person) : ISignInInteraction
    {
        public bool IsAsked { get; private set; }

        public void ShowDeviceCode(DeviceCodePrompt prompt)
        {
            IsAsked = true;
            person.ShowDeviceCode(prompt);
        }

        public Task OpenBrowserAsync(Uri address, CancellationToken cancellationToken)
        {
            IsAsked = true;
            return person.OpenBrowserAsync(address, cancellationToken);
        }
    }

    private static void Validate(ConnectOptions options)
    {
        if (options.PageSize is < 1 or > 1000)
        {
            throw ArgumentErrors.Invalid(
                ErrorIds.InvalidPageSize, "PageSize", options.PageSize,
                string.Create(CultureInfo.InvariantCulture, $"A page can't hold {options.PageSize} objects."),
                "Give 1 to 1000; the service sends no more at once.");
        }

        if (options.CommandNames.FirstOrDefault(
            n => n.Length == 0 || !n.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '*' or '?')) is { } name)
        {
            throw ArgumentErrors.Invalid(
                ErrorIds.InvalidCommandName, "CommandName", name,
                $"'{name}' is neither a cmdlet name nor a pattern.",
                "Give names or wildcards such as Get-Mailbox, *-CASMailbox.");
        }
    }
}
