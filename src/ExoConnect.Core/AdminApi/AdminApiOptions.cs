using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.AdminApi;

/// <summary>The settings of a client. Immutable.</summary>
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

    public TimeSpan RetryDelay { get; init; } = RetryPolicy.DefaultDelay;

    /// <summary>How long the service may take until a response begins; null for the limits of <see cref="CmdletTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    public BodyLimits Body { get; init; } = BodyLimits.Default;

    /// <summary>Receives the operations.</summary>
    public OperationTracker Operations { get; init; } = OperationTracker.ForListeners;

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
