using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Pipeline;

namespace ExoConnect.Core.Sessions;

/// <summary>The sources of a session's list of cmdlets.</summary>
public enum CatalogUse
{
    /// <summary>A fresh list from the disk; else from the service, and stored.</summary>
    Cached,

    /// <summary>From the service, and stored.</summary>
    Refresh,

    /// <summary>From the service; the disk is neither read nor written.</summary>
    Uncached,
}

/// <summary>The options of a new session. Immutable.</summary>
public sealed record ConnectOptions : SessionSettings
{
    /// <summary>The organization: its <c>.onmicrosoft.com</c> domain, or the tenant id; null if the sign-in method needs none.</summary>
    public string? Organization { get; init; }

    /// <summary>The application (client) id; null if the sign-in method needs none.</summary>
    public string? AppId { get; init; }

    /// <summary>The way to sign in.</summary>
    public required SignInMethod SignIn { get; init; }

    /// <summary>The person who may be asked to sign in; null for none, as for an unattended script.</summary>
    public ISignInInteraction? Interaction { get; init; }

    /// <summary>Whether a user's sign-in outlives the process, until the session is disconnected.</summary>
    public SignInPersistence Persistence { get; init; }

    /// <summary>Where a relative certificate path starts; null for the current directory.</summary>
    public string? BaseDirectory { get; init; }

    /// <summary>The connection's name; null for the service's name and a number.</summary>
    public string? Name { get; init; }

    /// <summary>True to use an existing connection, if it is the same: identity, service and commands.</summary>
    public bool Ensure { get; init; }

    /// <summary>Whether the list of cmdlets may come from the disk.</summary>
    public CatalogUse Catalog { get; init; }

    /// <summary>
    /// The list that <see cref="SessionConnector.ExpectCatalogAsync"/> reads while the token is on its way, for a host that uses it; null if the
    /// engine should read it itself.
    /// </summary>
    public Task<ExpectedCatalog?>? Expected { get; init; }

    /// <summary>Receives the steps of connecting; null for none.</summary>
    public ProgressMeter? Progress { get; init; }

    /// <summary>The log of the session's operations; null for none.</summary>
    public LogOptions? Log { get; init; }

    /// <summary>The description of this client for the service.</summary>
    public ClientInfo Client { get; init; } = new();

    /// <summary>The cache of lists of cmdlets.</summary>
    internal CatalogCacheOptions Cache { get; init; } = new();

    /// <summary>The pool of sign-ins that may be shared; by default that of the process.</summary>
    internal TokenProviderPool Providers { get; init; } = TokenProviderPool.Shared;

    /// <summary>The first pause before a retry; it doubles from retry to retry.</summary>
    internal TimeSpan RetryDelay { get; init; } = RetryPolicy.DefaultDelay;

    /// <summary>How long a person may take to sign in.</summary>
    internal TimeSpan InteractiveTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}
