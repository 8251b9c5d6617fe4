using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Cli.Commands;

/// <summary>The directory roles of a session's application.</summary>
internal static class RoleNames
{
    /// <summary>Their names. Tokens also hold ids of roles that nobody assigns; they tell a reader nothing.</summary>
    public static IReadOnlyList<string> Of(SessionDescription session) =>
        [.. session.Claims.DirectoryRoleIds.Select(id => DirectoryRoles.Find(id)?.Name).OfType<string>()];
}
