using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Onboarding.Graph;

namespace ExoConnect.Core.Onboarding;

/// <summary>The errors of setting up an application.</summary>
internal static class OnboardingErrors
{
    public static ServiceException RightsMissing(ServiceException refusal, string scope, string? role) => new(
        $"Microsoft Graph refused: {refusal.Message.TrimEnd('.')}.", refusal)
    {
        ErrorId = ErrorIds.SetUpRightsMissing,
        Category = ExoErrorCategory.PermissionDenied,
        StatusCode = refusal.StatusCode,
        Code = refusal.Code,
        Target = refusal.Target,
        ClientRequestId = refusal.ClientRequestId,
        ServerRequestId = refusal.ServerRequestId,
        Remedy = $"The command needs the scope {scope}"
            + (role is null ? "." : $" and, for a user, one of the roles {role}, Global Administrator.")
            + " Sign in as a user who has them. Everything done so far stays; the same command continues from here.",
    };

    public static ExoException NameNeeded() => new("No application is named.")
    {
        ErrorId = ErrorIds.ApplicationNameMissing,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = "DisplayName",
        Remedy = "Give a name for a new application with -DisplayName, or the id of an existing one with -AppId.",
    };

    public static ExoException Ambiguous(string name, IEnumerable<string> appIds) => new($"Several applications are called '{name}'.")
    {
        ErrorId = ErrorIds.ApplicationAmbiguous,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = "DisplayName",
        Target = name,
        Remedy = $"Nothing was changed. Choose one with -AppId: {string.Join(", ", appIds)}.",
    };

    public static ExoException NotFound(string appId, string organization) => new($"The application {appId} is not registered in {organization}.")
    {
        ErrorId = ErrorIds.ApplicationNotRegistered,
        Category = ExoErrorCategory.ObjectNotFound,
        ParameterName = "AppId",
        Target = appId,
        Remedy = "Check the application id (not the object id) and the organization; an application of another tenant has its registration there. "
            + "To make a new one, leave -AppId out and give a -DisplayName.",
    };

    public static ExoException RoleNotSupported(DirectoryRole role, ExoService service) => new(
        $"{Name(service)} does not accept the role {role}.")
    {
        ErrorId = ErrorIds.RoleNotSupported,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = "Role",
        Target = role.Name,
        Remedy = $"Nothing was changed. Choose among {string.Join(", ", DirectoryRoles.All.Where(r => r.IsAcceptedBy(service)))}, or leave "
            + $"{(service == ExoService.ExchangeOnline ? "Exchange" : "Compliance")} out of -Service.",
    };

    public static ExoException RoleUnknown(string role) => new(
        $"'{role}' is not a role that Exchange Online or Security & Compliance takes into account.")
    {
        ErrorId = ErrorIds.RoleNotSupported,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = "Role",
        Target = role,
        Remedy = $"Choose among {string.Join(", ", DirectoryRoles.All)}.",
    };

    public static ExoException OtherTenant(string organization, DirectoryOrganization actual) => new(
        $"The sign-in to Graph is of the tenant {actual.InitialDomain ?? actual.TenantId}, and {organization} is not one of its names.")
    {
        ErrorId = ErrorIds.OrganizationOfAnotherTenant,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = "Organization",
        Target = organization,
        Remedy = "Nothing was changed. Sign in as an administrator of the organization that -Organization names, or correct the name.",
    };

    public static ExoException ResourceMissing(RequiredPermission permission) => new(
        $"The tenant has no service principal of {permission.ResourceName} ({permission.ResourceAppId}), so nobody can consent to "
            + $"{RequiredPermission.Value}.")
    {
        ErrorId = ErrorIds.ResourceNotInTenant,
        Category = ExoErrorCategory.ObjectNotFound,
        Target = permission.ResourceName,
        Remedy = "The tenant has no Exchange Online, or never had a license for it. If it has, the service principal was deleted: create it "
            + $"again with New-MgServicePrincipal -AppId {permission.ResourceAppId}.",
    };

    public static ExoException SessionNeeded(ExoService service, string organization) => new(
        $"Role groups are changed in {Name(service)}, and no connection to it belongs to {organization}.")
    {
        ErrorId = ErrorIds.RoleGroupNeedsSession,
        Category = ExoErrorCategory.InvalidOperation,
        ParameterName = "RoleGroup",
        Target = organization,
        Remedy = $"Nothing was changed. Connect first as a user who manages role groups, with "
            + $"{(service == ExoService.ExchangeOnline ? "Connect-ExchangeOnline" : "Connect-IPPSSession")}; or use a directory role, with -Role.",
    };

    public static ExoException StillUnknown(string what, TimeSpan waited, ExoException last) => new(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what} after {waited.TotalMinutes:0.#} minutes: {last.Message}"), last)
    {
        ErrorId = ErrorIds.ReplicationTimeout,
        Category = ExoErrorCategory.OperationTimeout,
        Target = last.Target,
        ClientRequestId = last.ClientRequestId,
        ServerRequestId = last.ServerRequestId,
        Remedy = "The directory is slow to replicate today. Run the same command again in a while: it continues where this one stopped, and makes "
            + "nothing twice.",
    };

    public static ExoException NothingLeft() => new("The new certificate is not on the application.")
    {
        ErrorId = ErrorIds.CertificateNotAttached,
        Category = ExoErrorCategory.InvalidOperation,
        Remedy = "Nothing was removed. Run the command again.",
    };

    public static string Name(ExoService service) => service == ExoService.ExchangeOnline ? "Exchange Online" : "Security & Compliance";
}
