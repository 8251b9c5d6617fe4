using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Methods;

/// <summary>The identity that signs in, and where: everything a message about a sign-in needs.</summary>
/// <param name="SignIn">The sign-in host.</param>
/// <param name="Organization">The organization, as given.</param>
/// <param name="AppId">The application id, in its usual form.</param>
/// <param name="Credential">The credential, for messages: a certificate's thumbprint.</param>
internal sealed record SignInIdentity(Uri SignIn, string Organization, string AppId, string Credential)
{
    /// <summary>The authority for a user whose organization is not known yet.</summary>
    public const string AnyOrganization = "organizations";

    /// <summary>True for a user, false for an application.</summary>
    public bool IsUser { get; init; }

    private static readonly string[] NoTenants = ["common", "organizations", "consumers"];

    /// <summary>Checks whatever can be checked without a request.</summary>
    /// <param name="signIn">The sign-in host.</param>
    /// <param name="organization">The organization as the user gave it.</param>
    /// <param name="appId">The application id as the user gave it.</param>
    /// <param name="credential">The credential, for messages.</param>
    /// <returns>The identity, its parts trimmed.</returns>
    /// <exception cref="ExoException"><c>OrganizationInvalid</c> or <c>AppIdInvalid</c>.</exception>
    public static SignInIdentity Create(Uri signIn, string organization, string appId, string credential)
    {
        var tenant = organization.Trim();
        var isDomain = tenant.Contains('.', StringComparison.Ordinal)
            && Uri.CheckHostName(tenant) == UriHostNameType.Dns
            && tenant.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        if ((!isDomain && !Guid.TryParseExact(tenant, "D", out _)) || NoTenants.Contains(tenant, StringComparer.OrdinalIgnoreCase))
        {
            throw new ExoException($"'{Shorten(tenant)}' is neither a domain name nor a tenant id.")
            {
                ErrorId = ErrorIds.OrganizationInvalid,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = "Organization",
                Target = tenant,
                Remedy = "Give the organization's .onmicrosoft.com domain, for example contoso.onmicrosoft.com, or its tenant id.",
            };
        }

        if (!Guid.TryParse(appId.Trim(), out var id))
        {
            throw new ExoException($"'{Shorten(appId.Trim())}' is not an application id.")
            {
                ErrorId = ErrorIds.AppIdInvalid,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = "AppId",
                Target = appId,
                Remedy = "Give the application (client) id that Microsoft Entra ID shows on the application's overview page.",
            };
        }

        return new SignInIdentity(signIn, tenant, id.ToString("D"), credential);
    }

    /// <summary>The same for a user, whose organization may be left out.</summary>
    /// <param name="signIn">The sign-in host.</param>
    /// <param name="organization">The organization as the user gave it; null for the one of the user's name, or the user's own.</param>
    /// <param name="appId">The application id as the user gave it.</param>
    /// <param name="method">The way to sign in.</param>
    /// <returns>The identity, its parts trimmed.</returns>
    /// <exception cref="ExoException"><c>OrganizationInvalid</c>, <c>AppIdInvalid</c> or <c>UserPrincipalNameInvalid</c>.</exception>
    public static SignInIdentity ForUser(Uri signIn, string? organization, string appId, SignInMethod method)
    {
        var domain = AnyOrganization;
        if (method.User is { } user)
        {
            var at = user.LastIndexOf('@');
            domain = at > 0 ? user[(at + 1)..] : "";
            if (Uri.CheckHostName(domain) != UriHostNameType.Dns || user.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            {
                throw new ExoException($"'{Shorten(user)}' is not a user principal name.")
                {
                    ErrorId = ErrorIds.UserPrincipalNameInvalid,
                    Category = ExoErrorCategory.InvalidArgument,
                    ParameterName = method is SignInMethod.Password ? "Credential" : "UserPrincipalName",
                    Target = user,
                    Remedy = "Give the name that the user signs in with, for example admin@contoso.com.",
                };
            }
        }

        var named = string.IsNullOrWhiteSpace(organization) ? domain : organization;
        var identity = Create(signIn, named == AnyOrganization ? Guid.Empty.ToString() : named, appId, method.ToString()) with { IsUser = true };
        return named == AnyOrganization ? identity with { Organization = AnyOrganization } : identity;
    }

    /// <summary>The same for a managed identity, which needs neither an organization nor an application.</summary>
    /// <param name="signIn">The sign-in host.</param>
    /// <param name="organization">The organization as the user gave it; null for the identity's own.</param>
    /// <param name="accountId">The client id of a user-assigned identity; null for the system-assigned one.</param>
    /// <param name="method">The way to sign in, for messages.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="ExoException"><c>OrganizationInvalid</c> or <c>ManagedIdentityAccountIdInvalid</c>.</exception>
    public static SignInIdentity ForManagedIdentity(Uri signIn, string? organization, string? accountId, SignInMethod method) =>
        accountId is not null && !Guid.TryParse(accountId, out _)
            ? throw new ExoException($"'{Shorten(accountId)}' is not the client id of a managed identity.")
            {
                ErrorId = ErrorIds.ManagedIdentityAccountIdInvalid,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = "ManagedIdentityAccountId",
                Target = accountId,
                Remedy = "Give the client id that Azure shows on the identity's overview page.",
            }
            : Create(signIn, organization ?? Guid.Empty.ToString(), accountId ?? Guid.Empty.ToString(), method.ToString());

    /// <summary>The same for the default credential: named parts are checked, and all are optional.</summary>
    /// <param name="signIn">The sign-in host.</param>
    /// <param name="organization">The organization as the user gave it; null for the found one.</param>
    /// <param name="appId">The application of a workload or of a person; null for the found one.</param>
    /// <param name="accountId">The client id of a user-assigned identity; null for the found one.</param>
    /// <param name="method">The way to sign in, for messages.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="ExoException"><c>OrganizationInvalid</c>, <c>AppIdInvalid</c> or <c>ManagedIdentityAccountIdInvalid</c>.</exception>
    public static SignInIdentity ForDefaultCredential(Uri signIn, string? organization, string? appId, string? accountId, SignInMethod method)
    {
        _ = ForManagedIdentity(signIn, organization, accountId, method);
        return Create(signIn, organization ?? Guid.Empty.ToString(), appId ?? Guid.Empty.ToString(), method.ToString());
    }

    /// <summary>Requires a value that the way to sign in needs.</summary>
    /// <param name="value">The given value.</param>
    /// <param name="parameter"><c>AppId</c> or <c>Organization</c>.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ExoException"><c>AppIdMissing</c> or <c>OrganizationMissing</c>.</exception>
    public static string Require(string? value, string parameter) => !string.IsNullOrWhiteSpace(value) ? value : parameter == "AppId"
        ? throw new ExoException("No application is given to sign in with.")
        {
            ErrorId = ErrorIds.AppIdMissing,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = parameter,
            Remedy = "Give the application (client) id of your app registration with -AppId; for users who sign in, the variable EXOCONNECT_APPID "
                + "does it too. ExoConnect has no application of its own. Where you have none either, an administrator makes one, with "
                + "certificate, permission, "
                + "consent and role, in one "
                + "command: Register-ExoApplication nightly -Organization contoso.onmicrosoft.com -InstallToStore",
        }
        : throw new ExoException("No organization is given to sign in to.")
        {
            ErrorId = ErrorIds.OrganizationMissing,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = parameter,
            Remedy = "Give the organization's .onmicrosoft.com domain or its tenant id with -Organization.",
        };

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
