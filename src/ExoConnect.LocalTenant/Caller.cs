namespace ExoConnect.LocalTenant;

/// <summary>The sender of a request, by a verified token.</summary>
/// <param name="AppId">The application.</param>
/// <param name="ObjectId">Its service principal.</param>
/// <param name="Permissions">Application permissions (<c>roles</c>).</param>
/// <param name="RoleTemplateIds">Directory roles (<c>wids</c>).</param>
internal sealed record Caller(string AppId, string ObjectId, IReadOnlyList<string> Permissions, IReadOnlyList<string> RoleTemplateIds)
{
    /// <summary>The user that the application acts for (<c>upn</c>); null if it acts for itself.</summary>
    public string? User { get; init; }

    /// <summary>The scopes that the user consented to (<c>scp</c>).</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Whether the token is for a session of compliance searches, by its audience.</summary>
    public bool IsSearchOnly { get; init; }
}
