namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>The claims of a token that the engine reads, decoded and not verified.</summary>
public sealed record TokenClaims
{
    /// <summary><c>tid</c>: the tenant in the admin API's paths.</summary>
    public string? TenantId { get; init; }

    /// <summary><c>appid</c> (or <c>azp</c>): the application.</summary>
    public string? AppId { get; init; }

    /// <summary><c>oid</c>: the service principal, or the user.</summary>
    public string? ObjectId { get; init; }

    /// <summary><c>upn</c>: the user of a delegated token; null for an app-only one.</summary>
    public string? UserPrincipalName { get; init; }

    /// <summary><c>aud</c>: the audience.</summary>
    public string? Audience { get; init; }

    /// <summary>True if the token is an application's own, not a user's.</summary>
    public bool IsAppOnly { get; init; }

    /// <summary><c>exp</c>.</summary>
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <summary><c>roles</c>: application permissions such as <c>Exchange.ManageAsApp</c>.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary><c>wids</c>: template ids of the directory roles.</summary>
    public IReadOnlyList<string> DirectoryRoleIds { get; init; } = [];

    /// <summary><c>scp</c>: delegated permissions.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];
}
