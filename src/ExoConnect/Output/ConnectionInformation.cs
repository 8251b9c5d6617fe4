using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Sessions;
using ExoConnect.Sessions;

namespace ExoConnect.Output;

/// <summary>A session in Get-ConnectionInformation: EXO's properties, then the token's rights.</summary>
public sealed class ConnectionInformation
{
    /// <summary>The session's own id.</summary>
    public Guid ConnectionId { get; private init; }

    /// <summary><c>Connected</c>, <c>TokenExpired</c>, <c>Broken</c> or <c>Disconnected</c>.</summary>
    public string State { get; private init; } = "";

    /// <summary>The session's number.</summary>
    public int Id { get; private init; }

    /// <summary>Its name.</summary>
    public string Name { get; private init; } = "";

    /// <summary>The user of a delegated sign-in; for an application <c>OAuthUser@</c> and the organization, as EXO shows it.</summary>
    public string? UserPrincipalName { get; private init; }

    /// <summary>The host of its requests.</summary>
    public string ConnectionUri { get; private init; } = "";

    /// <summary>The address of its sign-in.</summary>
    public string AzureAdAuthorizationEndpointUri { get; private init; } = "";

    /// <summary>When its token expires (UTC); it is renewed five minutes before.</summary>
    public DateTimeOffset TokenExpiryTimeUTC { get; private init; }

    /// <summary>True if it signs in with a certificate.</summary>
    public bool CertificateAuthentication { get; private init; }

    /// <summary>The in-memory module that holds the session's commands; empty if it has none.</summary>
    public string? ModuleName { get; private init; }

    /// <summary>The prefix of the nouns of its commands.</summary>
    public string ModulePrefix { get; private init; } = "";

    /// <summary>The organization's given name.</summary>
    public string Organization { get; private init; } = "";

    /// <summary>The customer organization it administers; empty for the own.</summary>
    public string? DelegatedOrganization { get; private init; }

    /// <summary>The application.</summary>
    public string AppId { get; private init; } = "";

    /// <summary>Objects per page.</summary>
    public int PageSize { get; private init; }

    /// <summary>The tenant's id.</summary>
    public string TenantID { get; private init; } = "";

    /// <summary><c>Active</c> or <c>Expired</c>.</summary>
    public string TokenStatus { get; private init; } = "";

    /// <summary>True for the session that the module's own cmdlets use when none is named.</summary>
    public bool ConnectionUsedForInbuiltCmdlets { get; private init; }

    /// <summary>True for Security &amp; Compliance.</summary>
    public bool IsEopSession { get; private init; }

    /// <summary>The directory roles in the token, by name.</summary>
    public IReadOnlyList<string> Roles { get; private init; } = [];

    /// <summary>The application permissions in the token.</summary>
    public IReadOnlyList<string> Permissions { get; private init; } = [];

    /// <summary>True for the session that is used if none is named, in this runspace.</summary>
    public bool IsDefault { get; private init; }

    /// <summary><c>ExchangeOnline</c> or <c>SecurityCompliance</c>.</summary>
    public string Service { get; private init; } = "";

    /// <summary>The way it signed in: <c>Certificate</c>, <c>ClientSecret</c>, ...</summary>
    public string SignInMethod { get; private init; } = "";

    /// <summary>The cloud.</summary>
    public string EnvironmentName { get; private init; } = "";

    /// <summary>The services that the session has used so far, by name.</summary>
    public string[] Services { get; private init; } = [];

    /// <summary>The token of each of them, and until when it is valid. The tokens themselves are not in here.</summary>
    public TokenState[] Tokens { get; private init; } = [];

    /// <summary>The file of its log; null for none.</summary>
    public string? LogPath { get; private init; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static ConnectionInformation Of(ExoSession session)
    {
        var description = session.Description;
        var tokens = session.ServiceTokens;
        return new ConnectionInformation
        {
            ConnectionId = description.ConnectionId,
            State = session.State.ToString(),
            Id = description.Id,
            Name = description.Name,
            UserPrincipalName = description.Claims.UserPrincipalName ?? $"OAuthUser@{description.Organization}",
            ConnectionUri = session.ConnectionUri.GetLeftPart(UriPartial.Authority),
            AzureAdAuthorizationEndpointUri = new Uri(description.Environment.SignIn, description.Organization).ToString(),
            TokenExpiryTimeUTC = session.TokenExpiresOn,
            CertificateAuthentication = description.CertificateThumbprint is not null,
            ModuleName = SessionNames.ModuleOf(session),
            ModulePrefix = description.Prefix,
            Organization = description.Organization,
            DelegatedOrganization = description.DelegatedOrganization,
            AppId = description.AppId,
            PageSize = description.PageSize,
            TenantID = description.TenantId,
            TokenStatus = session.TokenExpiresOn > DateTimeOffset.UtcNow ? "Active" : "Expired",
            ConnectionUsedForInbuiltCmdlets = DefaultSession.Get(description.Service) == session,
            IsDefault = DefaultSession.Get() == session,
            Service = description.Service.ToString(),
            SignInMethod = description.SignInMethod,
            EnvironmentName = description.Environment.Name,
            Services = [.. tokens.Select(t => t.Service)],
            Tokens = [.. tokens.Select(t => new TokenState(t.Service, t.Resource, t.ExpiresOn.UtcDateTime))],
            IsEopSession = description.Service == ExoService.SecurityCompliance,
            Roles = [.. DirectoryRoles.Of(description.Claims).Select(r => r.Name)],
            LogPath = session.LogPath,
            Permissions = description.Claims.Permissions,
        };
    }
}

/// <summary>A token that a session uses, without the token.</summary>
/// <param name="service">The service.</param>
/// <param name="resource">The resource it is for.</param>
/// <param name="expiresOn">When it expires (UTC).</param>
public sealed class TokenState(string service, string resource, DateTime expiresOn)
{
    /// <summary>The service's name; the resource if the service isn't known.</summary>
    public string Service { get; } = service;

    /// <summary>The resource it is for.</summary>
    public string Resource { get; } = resource;

    /// <summary>When it expires (UTC); it is renewed five minutes before, by the request that needs it.</summary>
    public DateTime ExpiryTimeUTC { get; } = expiresOn;

    /// <summary><c>Active</c> or <c>Expired</c>.</summary>
    public string Status => ExpiryTimeUTC > DateTime.UtcNow ? "Active" : "Expired";

    /// <inheritdoc/>
    public override string ToString() => $"{Service}: {Status}";
}
