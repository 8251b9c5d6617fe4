using ExoConnect.Core.Errors;
using static ExoConnect.Core.Errors.ErrorIds;

namespace ExoConnect.Core.Authentication.Errors;

/// <summary>What an <c>AADSTS</c> number means to the admin of an unattended script, and what to do about it.</summary>
/// <param name="ErrorId">A short stable id.</param>
/// <param name="Meaning">
/// One sentence; <c>{app}</c>, <c>{organization}</c>, <c>{resource}</c>, <c>{certificate}</c> and <c>{host}</c> are filled in.
/// </param>
/// <param name="Remedy">What to do, with the same names.</param>
/// <param name="Category">The kind of failure.</param>
/// <param name="ParameterName">The parameter at fault, if one is.</param>
/// <param name="IsTransient">True if the same request may succeed in a moment.</param>
internal sealed record AadstsEntry(
    string ErrorId,
    string Meaning,
    string Remedy,
    ExoErrorCategory Category = ExoErrorCategory.AuthenticationError,
    string? ParameterName = null,
    bool IsTransient = false);

/// <summary>
/// The sign-in host's error numbers (Microsoft documents them as "Microsoft Entra authentication and authorization error codes"). The numbers are
/// the host's; the sentences are ours. For a number that is not here, the user sees the host's own text.
/// </summary>
internal static class AadstsCatalog
{
    private const string Permissions =
        "In Microsoft Entra ID, open the application {app} and check its API permissions and that admin consent was granted.";
    private const string Portal = "In Microsoft Entra ID, open the application {app}";
    private const string Busy = "Try again in a minute. If it persists, look at the service health of Microsoft 365.";
    private const string Report = "Try again. If it persists, open a support case with the correlation id and trace id.";
    private const string Delegated =
        "This application signs in as itself, so no user should be involved; check that the certificate parameters were used.";

    private const string UserPolicies =
        "Ask an administrator of {organization} which policy it is; the user's sign-in log in Microsoft Entra ID names it.";

    private static readonly Dictionary<int, AadstsEntry> Entries = new()
    {
        // The application
        [700016] = new(
            ApplicationNotFound,
            "The application {app} does not exist in the organization {organization}.",
            "Check -AppId (the application id, not the object id) and -Organization. An application of another tenant must be consented to here "
                + "first.",
            ParameterName: "AppId"),
        [700011] = new(
            ApplicationNotFound,
            "The application {app} does not exist in the organization {organization}.",
            "Check -AppId and -Organization.",
            ParameterName: "AppId"),
        [70001] = new(
            ApplicationNotFound,
            "The application {app} is disabled or does not exist in the organization {organization}.",
            "Check -AppId, and that the enterprise application is enabled for sign-in.",
            ParameterName: "AppId"),
        [7000112] = new(
            ApplicationDisabled,
            "The application {app} is disabled.",
            Portal + " under Enterprise applications and enable it for sign-in.",
            ExoErrorCategory.PermissionDenied,
            "AppId"),
        [1000031] = new(
            ApplicationDisabled,
            "The application {app} cannot be used at this time.",
            "Ask an administrator whether it was blocked.",
            ExoErrorCategory.PermissionDenied,
            "AppId"),
        [7000229] = new(
            ServicePrincipalMissing,
            "The application {app} is registered but has no service principal in the organization {organization}.",
            "Make its service principal with: Register-ExoApplication -AppId {app} -Organization {organization}",
            ParameterName: "AppId"),
        [700025] = new(
            ApplicationIsPublic,
            "The application {app} is set up as a public client, which has no certificate.",
            Portal + ", Authentication, and set 'Allow public client flows' to No.",
            ParameterName: "AppId"),
        [50194] = new(
            ApplicationSingleTenant,
            "The application {app} belongs to one tenant and {organization} is not it.",
            "Give the application's own tenant with -Organization.",
            ParameterName: "Organization"),
        [50105] = new(
            ApplicationNotAssigned,
            "The application {app} requires an assignment that is missing.",
            Permissions,
            ExoErrorCategory.PermissionDenied),
        [501051] = new(
            ApplicationNotAssigned,
            "The application {app} is not assigned to a role of {resource}.",
            Permissions,
            ExoErrorCategory.PermissionDenied),

        // The tenant
        [90002] = new(
            TenantNotFound,
            "There is no organization {organization} at {host}.",
            "Check -Organization. A tenant in a national cloud needs -ExchangeEnvironmentName.",
            ParameterName: "Organization"),
        [900023] = new(
            TenantNotFound,
            "{organization} is neither a tenant id nor a domain name.",
            "Give the .onmicrosoft.com domain or the tenant id with -Organization.",
            ParameterName: "Organization"),
        [900021] = new(TenantNotFound, "{organization} is not a tenant id.", "Check -Organization.", ParameterName: "Organization"),
        [50059] = new(TenantNotFound, "The request did not name an organization.", "Give -Organization.", ParameterName: "Organization"),
        [50128] = new(
            TenantNotFound,
            "{organization} is not the domain of an organization that {host} knows.",
            "Check -Organization.",
            ParameterName: "Organization"),
        [90019] = new(TenantNotFound, "The request did not name an organization.", "Give -Organization.", ParameterName: "Organization"),
        [90038] = new(
            TenantInAnotherCloud,
            "The organization {organization} is in another cloud than {host}.",
            "Name its cloud with -ExchangeEnvironmentName.",
            ParameterName: "ExchangeEnvironmentName"),
        [90051] = new(
            TenantInAnotherCloud,
            "The request named a national cloud that {host} does not know.",
            "Check -ExchangeEnvironmentName.",
            ParameterName: "ExchangeEnvironmentName"),
        [900382] = new(
            TenantInAnotherCloud,
            "The application {app} and the organization {organization} are in different clouds.",
            "Use an application that is registered in the organization's own cloud, and name that cloud with -ExchangeEnvironmentName.",
            ParameterName: "ExchangeEnvironmentName"),
        [900432] = new(
            TenantInAnotherCloud,
            "The application {app} and the organization {organization} are in different clouds.",
            "Use an application that is registered in the organization's own cloud, and name that cloud with -ExchangeEnvironmentName.",
            ParameterName: "ExchangeEnvironmentName"),
        [500021] = new(
            TenantRestricted,
            "This network allows sign-in to listed tenants only, and {organization} is not one of them.",
            "Ask the network's administrators to add it to the tenant restrictions.",
            ExoErrorCategory.PermissionDenied,
            "Organization"),
        [500022] = new(
            TenantRestricted,
            "This network allows sign-in to listed tenants only, and {organization} is not one of them.",
            "Ask the network's administrators to add it to the tenant restrictions.",
            ExoErrorCategory.PermissionDenied,
            "Organization"),
        [5000224] = new(
            TenantUnavailable,
            "The organization {organization} is not available; it may have been blocked or be about to be deleted.",
            "Ask the organization's global administrator.",
            ExoErrorCategory.PermissionDenied,
            "Organization"),
        [90099] = new(
            PartnerNotAuthorized,
            "The application {app} is not authorized in the organization {organization}.",
            "Give consent to it there, or authorize it through Partner Center.",
            ExoErrorCategory.PermissionDenied),

        // The certificate and its assertion
        [700027] = new(
            CertificateNotRegistered,
            "The certificate {certificate} is not registered on the application {app}, or its entry there does not fit or has expired.",
            Portal + ", Certificates & secrets, and upload the public part of this certificate; new ones take a few minutes to be known everywhere.",
            ParameterName: "Certificate"),
        [50012] = new(
            CertificateNotAccepted,
            "The certificate {certificate} was not accepted for the application {app}.",
            Portal + ", Certificates & secrets, and compare the thumbprint.",
            ParameterName: "Certificate"),
        [50003] = new(
            CertificateNotRegistered,
            "The application {app} has no certificate.",
            Portal + ", Certificates & secrets, and upload the public part of the certificate.",
            ParameterName: "Certificate"),
        [50017] = new(
            CertificateNotAccepted,
            "The chain of the certificate {certificate} could not be verified.",
            "Use a certificate that is uploaded to the application itself.",
            ParameterName: "Certificate"),
        [50032] = new(
            CertificateNotAccepted,
            "The key of the certificate {certificate} is too weak.",
            "Use a certificate with an RSA key of at least 2048 bits.",
            ParameterName: "Certificate"),
        [700030] = new(
            CertificateNotAccepted,
            "The subject name of the certificate {certificate} is not authorized.",
            "Use a certificate that is uploaded to the application itself.",
            ParameterName: "Certificate"),
        [50146] = new(
            CertificateNotAccepted,
            "The application {app} needs a signing key of its own, which is missing, expired or not yet valid.",
            Portal + " and renew it."),
        [5000811] = new(
            CertificateNotAccepted,
            "The signature of the request could not be verified.",
            Portal + ", Certificates & secrets, and compare the thumbprint.",
            ParameterName: "Certificate"),
        [900384] = new(
            CertificateNotAccepted,
            "The signature of the request could not be verified.",
            Portal + ", Certificates & secrets, and compare the thumbprint.",
            ParameterName: "Certificate"),
        [700024] = new(
            ClockWrong,
            "The request was signed outside the time that the sign-in host accepts, so this machine's clock is wrong.",
            "Set the machine's clock (on Windows: w32tm /resync; on Linux: timedatectl set-ntp true) and try again."),
        [500133] = new(
            ClockWrong,
            "The request was signed outside the time that the sign-in host accepts.",
            "Set the machine's clock and try again."),
        [50013] = new(AssertionInvalid, "The signed request was not accepted.", "Check the machine's clock, -AppId and -Organization."),
        [50027] = new(AssertionInvalid, "The signed request was not accepted.", "Check the machine's clock, -AppId and -Organization."),
        [50048] = new(AssertionInvalid, "The signed request names two different applications.", "Check -AppId.", ParameterName: "AppId"),
        [700021] = new(
            AssertionInvalid,
            "The signed request was made for another application or host.",
            "Check -AppId and -AzureADAuthorizationEndpointUri.",
            ParameterName: "AppId"),
        [700023] = new(AssertionInvalid, "The signed request was made for another host.", "Check -AzureADAuthorizationEndpointUri."),
        [7000216] = new(CredentialMissing, "The request carried neither a certificate nor a secret.", Report),
        [7000218] = new(CredentialMissing, "The request carried neither a certificate nor a secret.", Report),

        // Secrets and federation, for the other ways of signing in
        [7000215] = new(
            ClientSecretInvalid,
            "The client secret of the application {app} is wrong.",
            "Give the secret's value, not its id; if it is lost, make a new one."),
        [7000222] = new(
            CredentialExpired,
            "The secret or certificate of the application {app} has expired.",
            Portal + ", Certificates & secrets, and add a new one."),
        [70002] = new(CredentialInvalid, "The credentials of the application {app} are wrong.", Portal + ", Certificates & secrets, and compare."),
        [70021] = new(
            FederationNotConfigured,
            "The application {app} trusts no federated identity like the one that was presented.",
            Portal + ", Certificates & secrets, Federated credentials, and compare issuer, subject and audience."),
        [700211] = new(
            FederationNotConfigured,
            "The application {app} trusts no federated identity with this issuer.",
            Portal + ", Certificates & secrets, Federated credentials, and compare the issuer."),
        [700212] = new(
            FederationNotConfigured,
            "The application {app} trusts no federated identity with this audience.",
            Portal + ", Certificates & secrets, Federated credentials, and compare the audience."),
        [700213] = new(
            FederationNotConfigured,
            "The application {app} trusts no federated identity with this subject.",
            Portal + ", Certificates & secrets, Federated credentials, and compare the subject."),

        // The resource and consent
        [500011] = new(
            ResourceNotFound,
            "The service {resource} does not exist in the organization {organization}.",
            "Check that the organization has a subscription with Exchange Online, and that -ExchangeEnvironmentName names its cloud."),
        [50001] = new(ResourceNotFound, "The service {resource} does not exist or is disabled.", "Check -ExchangeEnvironmentName."),
        [500014] = new(
            ResourceDisabled,
            "The service {resource} is disabled in the organization {organization}.",
            "Check the organization's subscription, and that the service's enterprise application is enabled.",
            ExoErrorCategory.PermissionDenied),
        [650052] = new(
            ResourceNotSubscribed,
            "The organization {organization} has no subscription to {resource}.",
            "Check the organization's subscriptions.",
            ExoErrorCategory.PermissionDenied),
        [650054] = new(ResourceNotFound, "The application {app} requests a service that is no longer in the organization.", Permissions),
        [650056] = new(
            ApplicationMisconfigured, "The application {app} lists no permissions for {resource}, or no administrator consented.", Permissions),
        [650057] = new(ApplicationMisconfigured, "The application {app} does not list {resource} among its permissions.", Permissions),
        [65005] = new(ApplicationMisconfigured, "The application {app} does not list {resource} among its permissions.", Permissions),
        [65001] = new(
            ConsentMissing, "Nobody has consented to the permissions of the application {app}.", Permissions, ExoErrorCategory.PermissionDenied),
        [65004] = new(ConsentDeclined, "Consent to the application {app} was declined.", Permissions, ExoErrorCategory.PermissionDenied),
        [90094] = new(ConsentMissing, "The application {app} needs the consent of an administrator.", Permissions, ExoErrorCategory.PermissionDenied),
        [90008] = new(
            ConsentMissing, "Nobody has consented to the permissions of the application {app}.", Permissions, ExoErrorCategory.PermissionDenied),
        [65002] = new(
            ConsentMissing, "{app} is an application of Microsoft's own.", "Use an application that you registered.", ParameterName: "AppId"),
        [70011] = new(ScopeInvalid, "{resource} is not a service that tokens are issued for.", "Check -ExchangeEnvironmentName."),
        [28002] = new(ScopeInvalid, "{resource} is not a service that tokens are issued for.", "Check -ExchangeEnvironmentName."),
        [1002012] = new(ScopeInvalid, "{resource} is not a service that an application can ask a token for.", "Check -ExchangeEnvironmentName."),
        [700022] = new(ScopeInvalid, "The request named more than one service.", Report),

        // Conditional access
        [53003] = new(
            ConditionalAccessBlocked,
            "A conditional access policy blocks the application {app} here.",
            "In Microsoft Entra ID, look at the sign-in logs of service principals for the policy; often it allows certain networks only.",
            ExoErrorCategory.PermissionDenied),
        [530032] = new(
            ConditionalAccessBlocked, "A security policy of the organization blocks this sign-in.", "Look at the sign-in logs.",
            ExoErrorCategory.PermissionDenied),
        [530034] = new(
            ConditionalAccessBlocked,
            "A delegated administrator was blocked because of a risk in their own organization.",
            "Look at the sign-in logs.",
            ExoErrorCategory.PermissionDenied),
        [530035] = new(
            ConditionalAccessBlocked, "Security defaults block this sign-in.", "Look at the sign-in logs.", ExoErrorCategory.PermissionDenied),
        [50131] = new(
            ConditionalAccessBlocked, "A conditional access policy blocks this sign-in.", "Look at the sign-in logs.",
            ExoErrorCategory.PermissionDenied),
        [53000] = new(DeviceNotCompliant, "A policy requires a compliant device.", Delegated, ExoErrorCategory.PermissionDenied),
        [53001] = new(DeviceNotCompliant, "A policy requires a device that is joined to the domain.", Delegated, ExoErrorCategory.PermissionDenied),
        [53002] = new(ApplicationNotApproved, "A policy requires an approved application.", Delegated, ExoErrorCategory.PermissionDenied),
        [53004] = new(MfaRegistrationRequired, "The user must register for multifactor authentication first.", Delegated),
        [53011] = new(
            UserAtRisk, "The user is blocked because of a risk.", "Have the risk dismissed or remedied.", ExoErrorCategory.PermissionDenied),
        [500212] = new(
            CrossTenantBlocked, "The user's organization does not allow access to {organization}.", Delegated, ExoErrorCategory.PermissionDenied),
        [500213] = new(
            CrossTenantBlocked, "{organization} does not allow access from the user's organization.", Delegated, ExoErrorCategory.PermissionDenied),

        // Users, for the other ways of signing in
        [50020] = new(UserNotInTenant, "The user does not exist in the organization {organization}.", Delegated),
        [50034] = new(UserNotFound, "The user does not exist in the organization {organization}.", Delegated),
        [51004] = new(UserNotFound, "The user does not exist in the organization {organization}.", Delegated),
        [50053] = new(
            UserLocked, "The user is locked, or the sign-in came from an address with a bad reputation.", "Wait, or have the user unlocked."),
        [50055] = new(PasswordExpired, "The user's password has expired.", "Set a new one."),
        [50056] = new(PasswordInvalid, "The user has no password here.", "Sign in in a browser."),
        [50057] = new(UserDisabled, "The user is disabled.", "Have the user enabled.", ExoErrorCategory.PermissionDenied),
        [50058] = new(InteractionRequired, "Nobody is signed in.", "Sign in again."),
        [50064] = new(PasswordInvalid, "The user name or password is wrong.", "Check both."),
        [50072] = new(MfaRegistrationRequired, "The user must register for multifactor authentication first.", "Sign in in a browser once."),
        [50074] = new(MfaRequired, "Multifactor authentication is required and was not passed.", "Sign in interactively, or as an application."),
        [50076] = new(MfaRequired, "Multifactor authentication is required.", "Sign in interactively, or as an application."),
        [50078] = new(MfaRequired, "The multifactor authentication has expired.", "Sign in again."),
        [50079] = new(MfaRegistrationRequired, "The user must register for multifactor authentication first.", "Sign in in a browser once."),
        [50126] = new(PasswordInvalid, "The user name or password is wrong.", "Check both."),
        [50132] = new(SessionRevoked, "The sign-in was revoked or the password changed.", "Sign in again."),
        [50133] = new(SessionRevoked, "The sign-in was revoked or the password changed.", "Sign in again."),
        [50144] = new(PasswordExpired, "The user's password has expired.", "Set a new one."),
        [50158] = new(MfaRequired, "An external authentication is required and was not passed.", "Sign in interactively."),
        [50173] = new(SessionRevoked, "The sign-in was revoked.", "Sign in again."),
        [70000] = new(SessionExpired, "The sign-in is no longer valid.", "Sign in again."),
        [70008] = new(SessionExpired, "The sign-in has expired.", "Sign in again."),
        [70016] = new(DeviceCodePending, "The device code has not been entered yet.", "Enter it in the browser."),
        [70018] = new(DeviceCodeInvalid, "The device code is wrong.", "Sign in again and enter the new code."),
        [70019] = new(DeviceCodeExpired, "The device code has expired.", "Sign in again and enter the new code sooner."),
        [70020] = new(DeviceCodeExpired, "The device code has expired.", "Sign in again and enter the new code sooner."),
        [70043] = new(SessionExpired, "A policy limits how long a sign-in lasts, and it has ended.", "Sign in again."),
        [700082] = new(SessionExpired, "The sign-in was not used for too long.", "Sign in again."),
        [700084] = new(SessionExpired, "The sign-in has expired.", "Sign in again."),
        [90072] = new(UserNotInTenant, "The user does not exist in the organization {organization}.", Delegated),

        // The host itself
        [50000] = new(
            SignInServiceError, "The sign-in host had an internal error.", Report, ExoErrorCategory.ResourceUnavailable, IsTransient: true),
        [50033] = new(SignInServiceError, "The sign-in host had a transient error.", Busy, ExoErrorCategory.ResourceUnavailable, IsTransient: true),
        [50049] = new(
            SignInHostWrong,
            "{host} is not a sign-in host.",
            "Check -ExchangeEnvironmentName and -AzureADAuthorizationEndpointUri.",
            ParameterName: "AzureADAuthorizationEndpointUri"),
        [50196] = new(
            SignInThrottled,
            "The application {app} has asked for too many tokens in too short a time.",
            "Wait a few minutes. Let scripts share one session instead of connecting in a loop.",
            ExoErrorCategory.ResourceUnavailable),
        [90006] = new(SignInServiceError, "The sign-in host is briefly unavailable.", Busy, ExoErrorCategory.ResourceUnavailable, IsTransient: true),
        [90012] = new(SignInServiceError, "The sign-in host ran out of time.", Busy, ExoErrorCategory.ResourceUnavailable, IsTransient: true),
        [90024] = new(SignInServiceError, "The sign-in host had a transient error.", Busy, ExoErrorCategory.ResourceUnavailable, IsTransient: true),
        [90033] = new(SignInServiceError, "The directory behind the sign-in host is unavailable.", Busy, ExoErrorCategory.ResourceUnavailable,
            IsTransient: true),
        [90036] = new(SignInServiceError, "The directory behind the sign-in host had an error.", Report, ExoErrorCategory.ResourceUnavailable),
        [90090] = new(SignInServiceError, "The sign-in host is briefly unavailable.", Busy, ExoErrorCategory.ResourceUnavailable, IsTransient: true),
        [90055] = new(
            SignInThrottled,
            "Too many sign-ins are coming from the organization {organization}.",
            "Wait a few minutes. Let scripts share one session instead of connecting in a loop.",
            ExoErrorCategory.ResourceUnavailable,
            IsTransient: true),
        [90014] = new(SignInRequestInvalid, "The sign-in host misses a field in the request.", Report),
        [900144] = new(SignInRequestInvalid, "The sign-in host misses a field in the request.", Report),
        [90013] = new(SignInRequestInvalid, "The sign-in host does not understand the request.", Report),
        [90023] = new(SignInRequestInvalid, "The sign-in host does not understand the request.", Report),
        [9002313] = new(SignInRequestInvalid, "The sign-in host does not understand the request.", Report),
        [50011] = new(
            RedirectMissing,
            "The application {app} does not allow responses to be sent to this machine.",
            Portal + ", Authentication, and compare the redirect URIs.",
            ParameterName: "AppId"),
        [501481] = new(SignInRequestInvalid, "The sign-in host rejects the code: it was not issued to this program.", Report),
        [70003] = new(SignInRequestInvalid, "The sign-in host does not offer this way of signing in.", Report),
    };

    /// <summary>The remedy for a user who signs in, if it differs from an application's.</summary>
    /// <param name="code">The number.</param>
    /// <param name="entry">Its entry.</param>
    /// <returns>The remedy, or null if the entry's own is right.</returns>
    public static string? UserRemedy(int code, AadstsEntry entry) => code switch
    {
        7000218 => Portal + ", Authentication, and set 'Allow public client flows' to Yes.",
        50011 => Portal + ", Authentication, and add the redirect URI http://localhost to the platform 'Mobile and desktop applications'.",
        50020 or 50034 or 51004 or 90072 => "Check the user's name, and name the user's organization with -Organization.",
        53003 or 530032 or 530034 or 530035 or 50131 => UserPolicies,
        65004 => "Connect again, and accept at the sign-in page.",
        50194 => "Name the organization with -Organization or the variable EXOCONNECT_TENANT.",
        70019 or 70020 => "Connect again, and enter the new code sooner.",
        _ => ReferenceEquals(entry.Remedy, Delegated) ? UserPolicies : null,
    };

    /// <summary>Every number in the catalogue.</summary>
    public static IEnumerable<int> Codes => Entries.Keys;

    /// <summary>Looks a number up.</summary>
    /// <param name="code">The number, without <c>AADSTS</c>.</param>
    /// <returns>Its entry, or null if it is not in the catalogue.</returns>
    public static AadstsEntry? Find(int code) => Entries.GetValueOrDefault(code);
}
