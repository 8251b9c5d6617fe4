using System.Net;
using System.Security;
using ExoConnect.Cli.Hosting;
using ExoConnect.Cli.Output;
using ExoConnect.Cli.Profiles;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Certificates;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.ServiceRequests;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Sessions;

/// <summary>Makes sessions of profiles.</summary>
internal sealed class ProfileSessions(CliHost host, Messenger messenger)
{
    /// <summary>Where secrets are read.</summary>
    public Passwords Passwords { get; } = new(host, messenger);

    /// <summary>Signs in and starts a session.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="service">Which service; null for the profile's.</param>
    /// <param name="catalog">
    /// Where the list of cmdlets comes from; <see cref="CatalogUse.Cached"/> does without asking the service where it can.
    /// </param>
    /// <param name="cmdlets">The cmdlets the session is for; empty for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="person">Prompts the user to sign in; null for no prompt, as in every command but <c>login</c>.</param>
    /// <returns>The session, to be disposed.</returns>
    /// <exception cref="ConnectFailedException">The connection failed.</exception>
    public async Task<ExoSession> ConnectAsync(
        Profile profile, ServiceName? service, CatalogUse catalog, IReadOnlyList<string> cmdlets, CancellationToken cancellationToken,
        ISignInInteraction? person = null)
    {
        Remember(profile);
        try
        {
            return await OpenAsync(profile, service, catalog, cmdlets, person, cancellationToken).ConfigureAwait(false);
        }
        catch (ExoException e)
        {
            throw new ConnectFailedException(e);
        }
    }

    /// <summary>The cached list of cmdlets of the profile's last session, without a prompt or a request.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="service">Which service; null for the profile's.</param>
    /// <param name="cancellationToken">Stops waiting for the disk.</param>
    /// <returns>The list; null if none is kept, or none that is young enough.</returns>
    public static async Task<CmdletCatalog?> CachedCatalogAsync(Profile profile, ServiceName? service, CancellationToken cancellationToken)
    {
        // Which secret it is doesn't matter to the list.
        using var none = new SecureString();
        var chosen = (service ?? profile.Service).Engine();
        var options = new ConnectOptions
        {
            Service = chosen,
            Environment = ExoEnvironments.Resolve(profile.Environment, null, null, chosen),
            Organization = Named(profile.Organization),
            AppId = Application(profile),
            SignIn = Method(profile.SignIn, none),
        };
        return (await SessionConnector.ExpectCatalogAsync(options, cancellationToken).ConfigureAwait(false))?.Cached.Catalog;
    }

    /// <summary>Signs in, and starts no session: for requests to other services.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The services of the profile's tenant, to be disposed. They have requested no token yet.</returns>
    /// <exception cref="ConnectFailedException">The credential cannot be used.</exception>
    public async Task<ProfileServices> OpenServicesAsync(Profile profile, CancellationToken cancellationToken)
    {
        Remember(profile);
        try
        {
            var environment = ExoEnvironments.Resolve(profile.Environment, null, null, profile.Service.Engine(), messages: messenger);
            using var secret = await SecretOfAsync(profile.SignIn, cancellationToken).ConfigureAwait(false);
            var lease = Rent(profile, environment, secret);
            if (lease.Certificate?.ExpiryWarning is { } expiry)
            {
                messenger.Warning(expiry);
            }

            var operations = OperationTracker.Open(messenger.Log, Guid.NewGuid(), profile.Service.Engine().ToString(), messenger);
            operations.Describe(profile.Name, profile.Organization);
            return new ProfileServices(lease, operations, new ServiceClient(new ServiceClientOptions
            {
                Environment = environment,
                Tokens = lease.Provider,
                Operations = operations,
                Organization = Named(profile.Organization),
                IsAppOnly = IsAppOnly(profile.SignIn, secret),
            }));
        }
        catch (ExoException e)
        {
            throw new ConnectFailedException(e);
        }
    }

    /// <summary>Finds out where the password of a certificate file is to come from, when the user did not say.</summary>
    /// <param name="file">The certificate.</param>
    /// <returns>The certificate with the place, if it needs one and there is one.</returns>
    public FileSignIn WithPassword(FileSignIn file)
    {
        if (file.Password is not null || Passwords.Default() is not { } origin)
        {
            return file;
        }

        try
        {
            Source(file, null).Open().Dispose();
            return file;
        }
        catch (ExoException e) when (e.ErrorId is ErrorIds.CertificatePasswordRequired or ErrorIds.CertificatePasswordIncorrect)
        {
            return file with { Password = origin };
        }
        catch (ExoException)
        {
            // Whatever else is wrong with it, connecting says.
            return file;
        }
    }

    /// <summary>Forgets what is kept of a user's sign-in, unless one of the other profiles needs it.</summary>
    /// <param name="profile">The profile that needs it no more.</param>
    /// <param name="others">All profiles that stay.</param>
    /// <exception cref="ExoException">It could not be removed, or its environment is not known any longer.</exception>
    public void Forget(Profile profile, IEnumerable<Profile> others)
    {
        if (profile.SignIn is not UserSignIn user || others.Any(other => other.SignIn is UserSignIn its && IsSame(profile, user, other, its)))
        {
            return;
        }

        var environment = ExoEnvironments.Resolve(profile.Environment, null, null, profile.Service.Engine(), messages: messenger);
        using var lease = Rent(profile, environment, null);
        lease.Forget();
    }

    /// <summary>If a user has to sign in, the error names the command; an unsaved profile is being signed in.</summary>
    private void Remember(Profile profile) =>
        messenger.SignInAgain = profile is { SignIn: UserSignIn, ConnectedAt: not null } ? $"exoconnect login --profile {profile.Name}" : null;

    /// <summary>Whether two profiles use the same sign-in. A sign-in without a user's name may be any user's.</summary>
    private static bool IsSame(Profile one, UserSignIn user, Profile other, UserSignIn its) =>
        string.Equals(one.AppId, other.AppId, StringComparison.OrdinalIgnoreCase)
        && string.Equals(one.Environment, other.Environment, StringComparison.Ordinal)
        && (user.User is null || its.User is null || string.Equals(user.User, its.User, StringComparison.OrdinalIgnoreCase));

    private static TokenProviderLease Rent(Profile profile, ExoEnvironment environment, SecureString? secret) => TokenProviderPool.Shared.Rent(
        environment, Named(profile.Organization), Application(profile), Method(profile.SignIn, secret),
        new SignInOptions { Persistence = PersistenceOf(profile.SignIn) });

    private static SignInPersistence PersistenceOf(SignIn signIn) => signIn switch
    {
        UserSignIn { AllowPlaintext: true } => SignInPersistence.PlaintextAllowed,
        UserSignIn => SignInPersistence.Protected,
        _ => SignInPersistence.None,
    };

    private async Task<ExoSession> OpenAsync(
        Profile profile, ServiceName? service, CatalogUse catalog, IReadOnlyList<string> cmdlets, ISignInInteraction? person,
        CancellationToken cancellationToken)
    {
        var chosen = service ?? profile.Service;
        var environment = ExoEnvironments.Resolve(profile.Environment, null, null, chosen.Engine(), messages: messenger);
        messenger.Progress(null);
        using var secret = await SecretOfAsync(profile.SignIn, cancellationToken).ConfigureAwait(false);
        messenger.Progress($"Signing in to {chosen.Full()} of {profile.Organization}");
        var session = await SessionConnector.ConnectAsync(
            new ConnectOptions
            {
                Service = chosen.Engine(),
                Environment = environment,
                Organization = Named(profile.Organization),
                AppId = Application(profile),
                SignIn = Method(profile.SignIn, secret),
                Interaction = person,
                Persistence = PersistenceOf(profile.SignIn),
                Catalog = catalog,
                CommandNames = cmdlets,
                Log = messenger.Log,
                IsSearchOnly = profile.EnableSearchOnlySession == true && chosen == ServiceName.Compliance,
                Client = new ClientInfo { Language = ClientInfo.LanguageOf(profile.Culture) },
            },
            messenger,
            new SessionRegistry(),
            cancellationToken).ConfigureAwait(false);
        messenger.Progress(null);
        return session;
    }

    private async Task<SecureString?> SecretOfAsync(SignIn signIn, CancellationToken cancellationToken) => signIn switch
    {
        FileSignIn { Password: { } origin } file =>
            await Passwords.OfCertificateAsync(origin, file.Certificate, cancellationToken).ConfigureAwait(false),
        SecretSignIn secret => await Passwords.SecretAsync(secret.Secret, "client secret", cancellationToken).ConfigureAwait(false),
        TokenSignIn token => await Passwords.SecretAsync(token.Token, "access token", cancellationToken).ConfigureAwait(false),
        _ => null,
    };

    private static SignInMethod Method(SignIn signIn, SecureString? secret) => signIn switch
    {
        SecretSignIn => new SignInMethod.ClientSecret(secret!),
        TokenSignIn => new SignInMethod.AccessToken(secret!),
        DeviceSignIn device => new SignInMethod.DeviceCode(device.User),
        BrowserSignIn browser => new SignInMethod.Browser(browser.User),
        ManagedSignIn managed => new SignInMethod.ManagedIdentity(managed.AccountId),
        DefaultSignIn found => new SignInMethod.DefaultCredential(found.Excluded, found.AccountId),
        WorkloadSignIn { TokenFile: { } file } => new SignInMethod.WorkloadIdentity(new FederatedTokenSource.File(file)),
        WorkloadSignIn workload => new SignInMethod.WorkloadIdentity(FederatedTokenSource.Detect(workload.ServiceConnectionId)),
        _ => new SignInMethod.Certificate(Source(signIn, secret)),
    };

    /// <summary>A token that was handed in says itself whether it is a user's.</summary>
    private static bool IsAppOnly(SignIn signIn, SecureString? secret) =>
        signIn is not UserSignIn and not TokenSignIn || signIn is TokenSignIn && TokenReader.Read(new NetworkCredential("", secret).Password)
            .IsAppOnly;

    /// <summary>A default credential that finds another application the next time is not held to the one before.</summary>
    private static string? Application(Profile profile) => profile.SignIn is DefaultSignIn found ? found.AppId : Named(profile.AppId);

    private static string? Named(string text) => text.Length == 0 ? null : text;

    private static CertificateSource Source(SignIn signIn, SecureString? password) => signIn switch
    {
        ThumbprintSignIn store => new CertificateSource.Thumbprint(store.Thumbprint),
        FileSignIn file => new CertificateSource.File(file.Certificate, password, file.Key),
        _ => throw new InvalidOperationException("A way to sign in that has no source."),
    };
}

/// <summary>The services that a profile's sign-in can ask.</summary>
/// <param name="lease">The sign-in.</param>
/// <param name="operations">Receives the requests.</param>
/// <param name="client">The way to them.</param>
internal sealed class ProfileServices(TokenProviderLease lease, OperationTracker operations, ServiceClient client) : IDisposable
{
    public ServiceClient Client { get; } = client;

    public void Dispose()
    {
        operations.Dispose();
        lease.Dispose();
    }
}
