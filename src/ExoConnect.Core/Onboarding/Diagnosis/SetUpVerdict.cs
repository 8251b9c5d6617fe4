using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Onboarding.Graph;

namespace ExoConnect.Core.Onboarding.Diagnosis;

/// <summary>Makes the rows from the evidence.</summary>
internal sealed class SetUpVerdict(CheckOptions options, SetUpEvidence evidence)
{
    private const string SafestRole = "Global Reader";
    private readonly ApplicationArguments _arguments = options.Arguments;
    private readonly ExoService[] _services = ServicesOf(options, evidence);

    public IReadOnlyList<ApplicationCheck> Rows() =>
    [
        Certificate(), Organization(), Application(), Attachment(), Permission(), Consent(), ServicePrincipal(),
        .. _services.Select(Role), SignIn(), .. _services.Select(Token), .. _services.Select(Service),
    ];

    /// <summary>The named services; else those that its roles are for, or that let it in; else both.</summary>
    private static ExoService[] ServicesOf(CheckOptions options, SetUpEvidence evidence)
    {
        if (options.Services is { Count: > 0 } given)
        {
            return [.. given.Distinct()];
        }

        ExoService[] all = [ExoService.ExchangeOnline, ExoService.SecurityCompliance];
        var roles = RolesOf(evidence) ?? [];
        ExoService[] meant = [.. all.Where(
            service => roles.Any(role => role.IsAcceptedBy(service))
            || (evidence.Sessions.TryGetValue(service, out var failure) && failure is null))];
        return meant.Length > 0 ? meant : all;
    }

    private static IReadOnlyList<DirectoryRole>? RolesOf(SetUpEvidence evidence) =>
        evidence.Roles.Value is { } listed ? [.. listed.Select(DirectoryRoles.Find).OfType<DirectoryRole>()]
        : evidence.Tokens.Values.FirstOrDefault() is { } claims ? DirectoryRoles.Of(claims)
        : null;

    private static ApplicationCheck Passed(CheckSubject subject, string detail, ExoService? service = null) => new(
        subject, service, CheckState.Passed, detail);

    private static ApplicationCheck Failed(
        CheckSubject subject, string detail, string remedy, SuggestedCommand? command = null, ExoService? service = null) =>
        new(subject, service, CheckState.Failed, detail, remedy, command);

    private static ApplicationCheck NotChecked(CheckSubject subject, string why, ExoService? service = null) => new(
        subject, service, CheckState.NotChecked, why);

    private string NoDirectory<T>(Finding<T> finding) => finding.Why ?? evidence.NoDirectory ?? "The directory could not be read.";

    /// <summary>The meaning of a refusal, without the sign-in host's own text, which is in the row of the sign-in.</summary>
    private string Meaning => evidence.SignInFailure!.Message.Split(" The sign-in host says:")[0];

    private bool SignInFailedWith(params string[] errorIds) => evidence.SignInFailure is { } failure
        && errorIds.Contains(failure.ErrorId, StringComparer.Ordinal);

    private ApplicationCheck Certificate() => evidence switch
    {
        { CertificateFailure: { } failure } => Failed(
            CheckSubject.Certificate, failure.Message, failure.Remedy ?? "Use another certificate.", (
                _arguments with { Certificate = null }).Rotate()),
        { Thumbprint: null } => NotChecked(CheckSubject.Certificate, "No certificate was given."),
        { ExpiryWarning: { } warning } => Passed(CheckSubject.Certificate, warning),
        _ => Passed(CheckSubject.Certificate, evidence.CertificateText!),
    };

    private ApplicationCheck Organization()
    {
        const CheckSubject Subject = CheckSubject.Organization;
        var name = options.Organization;
        if (evidence.Organization.Value is { } tenant)
        {
            var right = tenant.InitialDomain ?? tenant.TenantId;
            return !tenant.Has(name)
                ? Failed(Subject, $"{name} is not a name of the tenant {right} of the sign-in to Graph.",
                    $"Use -Organization {right}, or sign in to the other tenant.")
                : SignInAdvice.ForOrganization(name) is null
                    ? Passed(Subject, $"{name}, tenant {tenant.TenantId}")
                    : Failed(Subject, $"{name} is a domain of the tenant, but not its first; commands fail under it in ways hard to explain.",
                        $"Use -Organization {right}.");
        }

        return SignInFailedWith(ErrorIds.TenantNotFound, ErrorIds.TenantInAnotherCloud, ErrorIds.TenantUnavailable)
            ? Failed(Subject, Meaning, evidence.SignInFailure!.Remedy ?? "Check -Organization.")
            : SignInAdvice.ForOrganization(name) is { } advice ? Failed(Subject, advice, "Use the .onmicrosoft.com domain or the tenant id.")
            : evidence.Tokens.Values.FirstOrDefault() is { } claims ? Passed(Subject, $"{name}, tenant {claims.TenantId}")
            : NotChecked(Subject, NoDirectory(evidence.Organization));
    }

    private ApplicationCheck Application()
    {
        const CheckSubject Subject = CheckSubject.Application;
        var command = new SuggestedCommand(
            "Register-ExoApplication",
            [new("DisplayName", "ExoConnect"), .. _arguments.Register(SafestRole).Arguments.Where(argument => argument.Name != "AppId")]);
        const string Remedy = "Check -AppId (the application id, not the object id) and -Organization; or register a new application.";
        if (evidence.Application is { IsKnown: true, Value: var found })
        {
            return found is not null ? Passed(Subject, $"{found.Name} ({found.AppId})")
                : evidence.Principal.Value is { } foreign
                    ? Passed(Subject, $"{foreign.Name} is registered in another tenant and used in this one.")
                : Failed(Subject, $"There is no application {options.AppId} in {options.Organization}.", Remedy, command);
        }

        return evidence.Tokens.Count > 0 ? Passed(Subject, "It signs in.")
            : SignInFailedWith(ErrorIds.ApplicationNotFound) ? Failed(Subject, Meaning, Remedy, command)
            : SignInFailedWith(ErrorIds.CertificateNotRegistered, ErrorIds.CertificateNotAccepted, ErrorIds.ServicePrincipalMissing,
            ErrorIds.ApplicationDisabled, ErrorIds.ConsentMissing)
                ? Passed(Subject, "Sign-in knows it.")
            : NotChecked(Subject, NoDirectory(evidence.Application));
    }

    private ApplicationCheck Attachment()
    {
        const CheckSubject Subject = CheckSubject.Attachment;
        if (evidence.Thumbprint is not { } thumbprint)
        {
            return NotChecked(Subject, evidence.CertificateFailure is null ? "No certificate was given." : "The certificate can't be used.");
        }

        const string Remedy = "Attach it to the application.";
        if (evidence.Application.Value is { } application)
        {
            var entry = application.Keys.FirstOrDefault(key => key.Thumbprint == thumbprint);
            return entry is null
                ? Failed(Subject, application.Keys.Count == 0
                    ? "The application has no certificate."
                    : $"The application has other certificates: "
                    + $"{string.Join(", ", application.Keys.Select(key => key.Thumbprint ?? key.KeyId))}.", Remedy, _arguments.Rotate())
                : entry.NotAfter < options.Clock.GetUtcNow()
                    ? Failed(Subject, $"The application has {thumbprint}, but its entry ended on {entry.NotAfter:yyyy-MM-dd}.", Remedy,
                        _arguments.Rotate())
                    : Passed(Subject, $"{thumbprint}, until {entry.NotAfter:yyyy-MM-dd}");
        }

        return evidence.Tokens.Count > 0 ? Passed(Subject, $"{thumbprint} signs in.")
            : SignInFailedWith(ErrorIds.CertificateNotRegistered, ErrorIds.CertificateNotAccepted)
                ? Failed(Subject, Meaning, Remedy, _arguments.Rotate())
            : NotChecked(Subject, evidence.Application is { IsKnown: true } ? "The application is not registered here."
                : NoDirectory(evidence.Application));
    }

    private ApplicationCheck Permission()
    {
        const CheckSubject Subject = CheckSubject.Permission;
        if (evidence.Application is not { IsKnown: true, Value: var application })
        {
            return NotChecked(Subject, NoDirectory(evidence.Application));
        }

        if (application is null)
        {
            return NotChecked(Subject, "The application is not registered here.");
        }

        var missing = RequiredPermission.For(options.Environment, _services).Where(permission => !application.Requests(permission)).ToList();
        return missing.Count == 0 ? Passed(Subject, RequiredPermission.Value)
            : missing.All(permission => evidence.Consented?.Contains(permission) == true)
                ? Passed(Subject, $"Not requested, but consented to, which is what counts. Consenting again in the portal would take "
                + $"{RequiredPermission.Value} away.")
                : Failed(Subject, $"The application doesn't request {string.Join(" and ", missing)}.", "Request it, and consent to it.",
                    _arguments.Register(null));
    }

    private ApplicationCheck Consent()
    {
        const CheckSubject Subject = CheckSubject.Consent;
        if (evidence.Consented is { } consented)
        {
            var missing = RequiredPermission.For(options.Environment, _services).Except(consented).ToList();
            return missing.Count == 0
                ? Passed(Subject, RequiredPermission.Value)
                : Failed(Subject, $"No administrator has consented to {string.Join(" and ", missing)}.", "Grant admin consent.",
                    _arguments.Register(null));
        }

        return evidence.Principal is { IsKnown: true, Value: null }
            ? NotChecked(Subject, "Without a service principal there is nothing to consent to.")
            : evidence.Tokens.Values.FirstOrDefault() is { } claims
                ? SignInAdvice.HasPermission(claims)
                    ? Passed(Subject, $"The token carries {RequiredPermission.Value}.")
                    : Failed(Subject, $"The token carries no {RequiredPermission.Value}.", "Request it, and grant admin consent.",
                        _arguments.Register(null))
            : SignInFailedWith(ErrorIds.ConsentMissing) ? Failed(Subject, Meaning, "Grant admin consent.", _arguments.Register(null))
            : NotChecked(Subject, NoDirectory(evidence.Principal));
    }

    private ApplicationCheck ServicePrincipal()
    {
        const CheckSubject Subject = CheckSubject.ServicePrincipal;
        if (evidence.Principal is { IsKnown: true, Value: var principal })
        {
            return principal is { IsEnabled: true } ? Passed(Subject, principal.Id)
                : principal is not null
                ? Failed(Subject, $"The service principal {principal.Id} is disabled.", "Enable it for sign-in.", _arguments.Register(null))
                : evidence.Application.Value is null ? NotChecked(Subject, "The application is not registered here.")
                : Failed(Subject, $"The application has no service principal in {options.Organization}.", "Make one.", _arguments.Register(null));
        }

        return evidence.Tokens.Values.FirstOrDefault() is { } claims ? Passed(Subject, claims.ObjectId ?? "It signs in.")
            : SignInFailedWith(ErrorIds.ServicePrincipalMissing, ErrorIds.ApplicationDisabled)
                ? Failed(Subject, Meaning, "Make or enable it.", _arguments.Register(null))
            : NotChecked(Subject, NoDirectory(evidence.Principal));
    }

    private ApplicationCheck Role(ExoService service)
    {
        const CheckSubject Subject = CheckSubject.Role;
        if (RolesOf(evidence) is not { } roles)
        {
            return NotChecked(
                Subject, evidence.Principal is { IsKnown: true, Value: null } ? "Without a service principal there are no roles."
                    : NoDirectory(evidence.Roles), service);
        }

        var accepted = roles.Where(role => role.IsAcceptedBy(service)).ToList();
        if (accepted.Count > 0)
        {
            return Passed(Subject, string.Join(", ", accepted), service);
        }

        if (evidence.Sessions.TryGetValue(service, out var failure) && failure is null)
        {
            return Passed(Subject, "No directory role, but the service lets it in: it is a member of a role group.", service);
        }

        var name = OnboardingErrors.Name(service);
        return Failed(
            Subject,
            roles.Count == 0 ? $"It has no directory role that {name} accepts."
                : $"It has only {string.Join(", ", roles)}, which {name} does not accept.",
            $"Assign one of {string.Join(", ", DirectoryRoles.All.Where(role => role.IsAcceptedBy(service)))}; or add it to a role group, "
                + "with -RoleGroup.",
            _arguments.Register(SafestRole),
            service);
    }

    private ApplicationCheck SignIn()
    {
        const CheckSubject Subject = CheckSubject.SignIn;
        return evidence.Thumbprint is null
            ? NotChecked(Subject, evidence.CertificateFailure is null ? "No certificate was given." : "The certificate can't be used.")
            : evidence.SignInFailure is { } failure ? Failed(Subject, failure.Message, failure.Remedy ?? "See the checks above.")
            : Passed(Subject, $"{options.Environment.SignIn.Host} gave a token.");
    }

    private ApplicationCheck Token(ExoService service)
    {
        const CheckSubject Subject = CheckSubject.Token;
        return !evidence.Tokens.TryGetValue(service, out var claims) ? NotChecked(Subject, "There is no token.", service)
            : SignInAdvice.HasPermission(claims) ? Passed(Subject, $"It carries {RequiredPermission.Value}.", service)
            : Failed(
                Subject,
                $"It carries no {RequiredPermission.Value}.",
                evidence.Consented is { Count: > 0 } ? "Consent was given; it arrives in tokens within minutes." : "Grant admin consent.",
                evidence.Consented is { Count: > 0 } ? null : _arguments.Register(null),
                service);
    }

    private ApplicationCheck Service(ExoService service)
    {
        const CheckSubject Subject = CheckSubject.Service;
        if (!evidence.Sessions.TryGetValue(service, out var failure))
        {
            return NotChecked(Subject, "There is no token.", service);
        }

        return failure is null
            ? Passed(Subject, "A session was started, and ended.", service)
            : Failed(Subject, failure.Message, failure.Remedy ?? "See the checks above.", service: service);
    }
}
