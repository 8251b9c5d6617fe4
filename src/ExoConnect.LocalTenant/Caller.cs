namespace ExoConnect.LocalTenant;

/// <summary>Who sent a request, by a token that was verified.</summary>
/// <param name="AppId">The application.</param>
/// <param name="ObjectId">Its service principal.</param>
/// <param name="Permissions">Application permissions (<c>roles</c>).</param>
/// <param name="RoleTemplateIds">Directory roles (<c>wids</c>).</param>
internal sealed record Caller(string AppId, string ObjectId, IReadOnlyList<string> Permissions, IReadOnlyList<string> RoleTemplateIds);
