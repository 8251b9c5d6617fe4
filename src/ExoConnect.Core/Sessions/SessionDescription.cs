using System.Diagnostics.CodeAnalysis;
using ExoConnect.Core.Authentication.Tokens;

namespace ExoConnect.Core.Sessions;

/// <summary>The constant facts of a session.</summary>
public sealed record SessionDescription : SessionSettings
{
    /// <summary>Describes a session with its requested settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="name">The session's name.</param>
    /// <param name="tenant">The tenant's id, and the organization as the user named it.</param>
    /// <param name="appId">The application that signed in.</param>
    /// <param name="signInMethod">The way it signed in.</param>
    /// <param name="claims">The token's claims.</param>
    [SetsRequiredMembers]
    internal SessionDescription(
        SessionSettings settings, string name, (string Id, string Organization) tenant, string appId, string signInMethod, TokenClaims claims)
        : base(settings)
    {
        Name = name;
        (TenantId, Organization) = tenant;
        AppId = appId;
        SignInMethod = signInMethod;
        Claims = claims;
    }

    /// <summary>Its number in the process, from 1.</summary>
    public int Id { get; init; }

    /// <summary>The session's own id, sent with every request.</summary>
    public Guid ConnectionId { get; init; }

    /// <summary>The user's name for it, or <c>ExchangeOnline_1</c>, <c>ExchangeOnlineProtection_1</c>, as EXO names them.</summary>
    public string Name { get; init; }

    /// <summary>The organization as the user named it, else the tenant's id.</summary>
    public string Organization { get; init; }

    /// <summary>The tenant's id.</summary>
    public string TenantId { get; init; }

    /// <summary>The application that signed in.</summary>
    public string AppId { get; init; }

    /// <summary>
    /// The way it signed in: the name of a case of <see cref="Authentication.Methods.SignInMethod"/>; for the default credential with the way in
    /// parentheses.
    /// </summary>
    public string SignInMethod { get; init; }

    /// <summary>Its certificate's thumbprint; null for other ways of signing in.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>When the session began.</summary>
    public DateTimeOffset ConnectedAt { get; init; }

    /// <summary>The token's claims when the session began.</summary>
    public TokenClaims Claims { get; init; }
}
