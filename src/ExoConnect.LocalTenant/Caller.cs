namespace ExoConnect.LocalTenant;

/// <summary>Who sent a request, by a token that was verified.</summary>
/// <param name="AppId">The application.</param>
/// <param name="ObjectId">Its service principal, or the user.</param>
/// <param name="Permissions">Application permissions (<c>roles</c>).</param>
/// <param name="RoleTemplateIds">Directory roles (<c>wids</c>).</param>
internal sealed record Caller(string AppId, string ObjectId, IReadOnlyList<string> Permissions, IReadOnlyList<string> RoleTemplateIds)
{
    /// <summary>Delegated permissions (<c>scp</c>); empty for an app of its own.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The user that the application acts for; null for an app of its own.</summary>
    public string? UserPrincipalName { get; init; }
}
