using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Pipeline;

namespace ExoConnect.Core.Sessions;

/// <summary>Where a session's list of cmdlets comes from.</summary>
public enum CatalogUse
{
    /// <summary>From the disk if it is there and fresh; else from the service, and kept.</summary>
    Cached,

    /// <summary>From the service, and kept.</summary>
    Refresh,

    /// <summary>From the service; nothing is read from the disk or written to it.</summary>
    Uncached,
}

/// <summary>What a session is to be. Immutable.</summary>
public sealed record ConnectOptions : SessionSettings
{
    /// <summary>The organization: its <c>.onmicrosoft.com</c> domain, or the tenant id; null if the way of signing in can do without.</summary>
    public string? Organization { get; init; }

    /// <summary>The application (client) id; null if the way of signing in can do without.</summary>
    public string? AppId { get; init; }

    /// <summary>How to sign in.</summary>
    public required SignInMethod SignIn { get; init; }

    /// <summary>Who may be asked to sign in; null for nobody, which is what an unattended script wants.</summary>
    public ISignInInteraction? Interaction { get; init; }

    /// <summary>Whether a user's sign-in outlives the process, until the session is disconnected.</summary>
    public SignInPersistence Persistence { get; init; }

    /// <summary>Where a relative certificate path starts; null for the current directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>What the connection is called; null for the service's name and a number.</summary>
    public string? Name { get; init; }

    /// <summary>True to go on with the connection that is there, if it is the same: identity, service and commands.</summary>
    public bool Ensure { get; init; }

    /// <summary>Whether the list of cmdlets may come from the disk.</summary>
    public CatalogUse Catalog { get; init; }

    /// <summary>
    /// What <see cref="SessionConnector.ExpectCatalogAsync"/> reads while the token is on its way, for a host that has use for it; null where
    /// it has none, and the engine reads it by itself.
    /// </summary>
    public Task<ExpectedCatalog?>? Expected { get; init; }

    /// <summary>Told the steps of connecting; null for nobody.</summary>
    public ProgressMeter? Progress { get; init; }

    /// <summary>Where the session's operations are written down; null for nowhere.</summary>
    public LogOptions? Log { get; init; }

    /// <summary>What we tell the service of ourselves.</summary>
    public ClientInfo Client { get; init; } = new();

    /// <summary>Where lists of cmdlets are kept.</summary>
    internal CatalogCacheOptions Cache { get; init; } = new();

    /// <summary>Whose tokens may be shared; those of the process's other sessions.</summary>
    internal TokenProviderPool Providers { get; init; } = TokenProviderPool.Shared;

    /// <summary>The first pause before something is retried; it doubles from try to try.</summary>
    internal TimeSpan RetryDelay { get; init; } = RetryPolicy.DefaultDelay;

    /// <summary>How long somebody may take to sign in.</summary>
    internal TimeSpan InteractiveTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}
