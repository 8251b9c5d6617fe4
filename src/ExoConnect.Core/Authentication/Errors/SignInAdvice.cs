using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Authentication.Errors;

/// <summary>Warnings about a sign-in that succeeded: set-ups that give a token and then fail in ways hard to explain.</summary>
public static class SignInAdvice
{
    private static readonly string[] ApplicationPermissions = ["Exchange.ManageAsApp", "Exchange.ManageAsAppV2"];
    internal static readonly string[] InitialDomainSuffixes = [".onmicrosoft.com", ".onmicrosoft.us", ".onmicrosoft.de", ".partner.onmschina.cn"];

    /// <summary>All warnings about a sign-in.</summary>
    /// <param name="claims">The claims of the service's token.</param>
    /// <param name="organization">The organization as the user named it.</param>
    /// <param name="service">The service to connect to.</param>
    /// <param name="environment">The environment it is in.</param>
    /// <returns>Warnings, each with the missing step; empty if all is well.</returns>
    public static IReadOnlyList<string> For(TokenClaims claims, string organization, ExoService service, ExoEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(environment);
        return [.. new[] { ForOrganization(organization), ForPermissions(claims, service, environment), ForRoles(claims, service) }.OfType<string>()];
    }

    /// <summary>
    /// Warns of an organization that is neither a tenant id nor an initial domain: it signs in, but the admin API wants one of these.
    /// </summary>
    /// <param name="organization">The organization as the user named it.</param>
    /// <returns>The warning, or null.</returns>
    public static string? ForOrganization(string organization)
    {
        ArgumentNullException.ThrowIfNull(organization);
        return Guid.TryParse(organization, out _)
            || InitialDomainSuffixes.Any(suffix => organization.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            ? null
            : $"-Organization {organization} is neither an .onmicrosoft.com domain nor a tenant id. Other domains of the tenant can sign in, but "
                + "commands may then fail with permission errors that do not say why; use the .onmicrosoft.com domain.";
    }

    /// <summary>Warns of an application that was never given, or never consented to, the permission to manage Exchange.</summary>
    /// <param name="claims">The claims of the service's token.</param>
    /// <param name="service">The service to connect to.</param>
    /// <param name="environment">The environment it is in.</param>
    /// <returns>The warning, or null.</returns>
    public static string? ForPermissions(TokenClaims claims, ExoService service, ExoEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(environment);
        if (!claims.IsAppOnly || HasPermission(claims))
        {
            return null;
        }

        // The worldwide cloud has one API for both services; the others keep a second one for Security & Compliance.
        var api = service == ExoService.SecurityCompliance
            && (environment.SignIn == CloudEnvironments.O365China.SignIn || environment.SignIn == CloudEnvironments.O365USGovGccHigh.SignIn)
                ? "Microsoft Exchange Online Protection"
                : "Office 365 Exchange Online";
        return $"The application {claims.AppId} does not have the application permission Exchange.ManageAsApp. In Microsoft Entra ID, add it to the "
            + $"application under API permissions, {api}, and grant admin consent.";
    }

    /// <summary>
    /// Warns of an application without a directory role that the service accepts. This isn't an error: the application may be a member of a role
    /// group, which a token does not show.
    /// </summary>
    /// <param name="claims">The claims of the service's token.</param>
    /// <param name="service">The service to connect to.</param>
    /// <returns>The warning, or null.</returns>
    public static string? ForRoles(TokenClaims claims, ExoService service)
    {
        ArgumentNullException.ThrowIfNull(claims);
        var roles = DirectoryRoles.Of(claims);
        if (!claims.IsAppOnly || roles.Any(role => role.IsAcceptedBy(service)))
        {
            return null;
        }

        var name = service == ExoService.ExchangeOnline ? "Exchange Online" : "Security & Compliance";
        var has = roles.Count == 0
            ? $"has no directory role that {name} accepts"
            : $"has only {string.Join(", ", roles)}, which {name} does not accept";
        return $"The application {claims.AppId} {has}. Assign it one of: "
            + $"{string.Join(", ", DirectoryRoles.All.Where(role => role.IsAcceptedBy(service)))}. If it was made a member of a role group with "
            + "New-ServicePrincipal and Add-RoleGroupMember, ignore this.";
    }

    /// <summary>Whether a token carries the application permission to manage Exchange.</summary>
    internal static bool HasPermission(TokenClaims claims) => claims.Permissions.Any(
        p => ApplicationPermissions.Contains(p, StringComparer.OrdinalIgnoreCase));
}
