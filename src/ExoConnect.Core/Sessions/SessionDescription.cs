using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Sessions;

/// <summary>What a session is and stays.</summary>
public sealed record SessionDescription
{
    /// <summary>Counts the sessions of the process, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>The session's own id, sent with every request.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>What the user called it, or <c>ExchangeOnline_1</c>, <c>ExchangeOnlineProtection_1</c>, as EXO names them.</summary>
    public required string Name { get; init; }

    /// <summary>Which service.</summary>
    public required ExoService Service { get; init; }

    /// <summary>Which cloud.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>The organization as the user named it, else the tenant's id.</summary>
    public required string Organization { get; init; }

    /// <summary>The customer organization that is administered instead of the own one; null for the own.</summary>
    public string? DelegatedOrganization { get; init; }

    /// <summary>The tenant's id.</summary>
    public required string TenantId { get; init; }

    /// <summary>The application that signed in.</summary>
    public required string AppId { get; init; }

    /// <summary>How it signed in: the name of a case of <see cref="Authentication.Methods.SignInMethod"/>.</summary>
    public required string SignInMethod { get; init; }

    /// <summary>Its certificate's thumbprint; null for other ways of signing in.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>When the session began.</summary>
    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>What stands before the nouns of the session's commands; empty for nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Names and wildcards the session's commands were cut to; empty for all.</summary>
    public IReadOnlyList<string> CommandNames { get; init; } = [];

    /// <summary>Objects a page.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Whether calls in the session show how far they are, where they aren't told otherwise.</summary>
    public bool ShowProgress { get; init; } = true;

    /// <summary>What the token said when the session began.</summary>
    public required TokenClaims Claims { get; init; }
}
