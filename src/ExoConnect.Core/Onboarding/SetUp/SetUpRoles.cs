using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>The roles that an application can be given to connect with.</summary>
public static class SetUpRoles
{
    /// <summary>Finds a role by its name or template id, in any case.</summary>
    /// <param name="name">For example <c>Exchange Recipient Administrator</c>.</param>
    /// <returns>The role.</returns>
    /// <exception cref="ExoException"><c>RoleNotSupported</c>.</exception>
    public static DirectoryRole Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return DirectoryRoles.Find(name.Trim()) ?? throw OnboardingErrors.RoleUnknown(name);
    }
}
