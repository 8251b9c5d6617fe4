using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;

namespace ExoConnect.Core.Onboarding;

/// <summary>
/// Finds out why an application doesn't connect, or that it does. It only reads: the directory, if an administrator may read it, and the responses
/// of sign-in and the services to the application itself, which show most of the state too.
/// </summary>
public static class ApplicationDiagnosis
{
    private const string SafestRole = "Global Reader";

    private static readonly string[] Readers = ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

    /// <summary>Checks an application.</summary>
    /// <param name="options">The application.</param>
    /// <param name="messages">Receives steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A row for each check, in the order of the steps.</returns>
    /// <exception cref="ExoException"><c>OrganizationInvalid</c> or <c>AppIdInvalid</c>: there is nothing to look for.</exception>
    public static async Task<IReadOnlyList<ApplicationCheck>> RunAsync(
        CheckOptions options, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(messages);
        var identity = SignInIdentity.Create(options.Environment.SignIn, options.Organization, options.AppId, "certificate");
        options = options with { AppId = identity.AppId, Organization = identity.Organization };
        var evidence = new Evidence(options, messages, cancellationToken);
        try
        {
            await evidence.GatherAsync().ConfigureAwait(false);
            return new Verdict(options, evidence).Rows();
        }
        finally
        {
            evidence.Dispose();
        }
    }

    /// <summary>Whether the set-up may be the reason for a failure to connect, so that a diagnosis helps.</summary>
    /// <param name="failure">The failure.</param>
    /// <returns>False for networks, hosts that are down, and mistakes in parameters.</returns>
    public static bool CanExplain(ExoException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure switch
        {
            SignInException =>
                failure.Category is ExoErrorCategory.AuthenticationError or ExoErrorCategory.PermissionDenied or ExoErrorCategory.ObjectNotFound
                || failure.ErrorId is ErrorIds.TenantNotFound,
            ServiceException service => service.StatusCode is 401 or 403,
            _ => failure.ErrorId is ErrorIds.CertificateExpired or ErrorIds.CertificateNotYetValid or ErrorIds.CertificateNotFound
                or ErrorIds.CertificateFileNotFound or ErrorIds.CertificateNoPrivateKey,
        };
    }

    private static bool HasPermission(TokenClaims claims) => SignInAdvice.HasPermission(claims);

    /// <summary>The evidence: each part found, or why it couldn't be.</summary>
    private sealed class Evidence(CheckOptions options, IEngineMessages messages, CancellationToken cancellationToken) : IDisposable
    {
        private readonly TokenProviderPool _providers = new();
        private TokenProviderLease? _lease;

        public ExoException? CertificateFailure { get; private set; }

        public string? Thumbprint { get; private set; }

        public string? CertificateText { get; private set; }

        public string? ExpiryWarning { get; private set; }

        public Dictionary<ExoService, TokenClaims> Tokens { get; } = [];

        public ExoException? SignInFailure { get; private set; }

        public Dictionary<ExoService, ExoException?> Sessions { get; } = [];

        /// <summary>Why the directory was not read at all; null if it was.</summary>
        public string? NoDirectory { get; private set; }

        public Finding<DirectoryOrganization?> Organization { get; private set; } = new();

        public Finding<DirectoryApplication?> Application { get; private set; } = new();

        public Finding<DirectoryPrincipal?> Principal { get; private set; } = new();

        public Finding<IReadOnlyList<DirectoryGrant>> Grants { get; private set; } = new();

        public Finding<IReadOnlyList<string>> Roles { get; private set; } = new();

        /// <summary>The consented permissions, if they could be read.</summary>
        public List<RequiredPermission>? Consented { get; private set; }

        private ExoService[] Both => options.Services is { Count: > 0 } given ? [.. given.Distinct()]
            : [ExoService.ExchangeOnline, ExoService.SecurityCompliance];

        public async Task GatherAsync()
        {
            OpenCertificate();
            await SignInAsync().ConfigureAwait(false);
            await InspectAsync().ConfigureAwait(false);
            foreach (var service in Tokens.Keys)
            {
                Sessions[service] = await ConnectAsync(service).ConfigureAwait(false);
            }
        }

        public void Dispose() => _lease?.Dispose();

        private void OpenCertificate()
        {
            if (options.Certificate is null)
            {
                return;
            }

            try
            {
                using var certificate = options.Certificate.Open(options.BaseDirectory, options.Clock);
                (Thumbprint, CertificateText, ExpiryWarning) = (certificate.Thumbprint, certificate.ToString(), certificate.ExpiryWarning);
            }
            catch (ExoException e)
            {
                CertificateFailure = e;
            }
        }

        private async Task SignInAsync()
        {
            if (Thumbprint is null)
            {
                return;
            }

            try
            {
                _lease = _providers.Rent(
                    options.Environment,
                    options.Organization,
                    options.AppId,
                    new SignInMethod.Certificate(options.Certificate!),
                    new SignInOptions { BaseDirectory = options.BaseDirectory, Clock = options.Clock });
                foreach (var service in Both)
                {
                    var token = await _lease.Provider.GetTokenAsync(options.Environment.Resource(service), default, cancellationToken).ConfigureAwait(
                        false);
                    Tokens[service] = token.Claims;
                }
            }
            catch (ExoException e)
            {
                SignInFailure = e;
            }
        }

        private async Task InspectAsync()
        {
            if (await ReaderAsync().ConfigureAwait(false) is not { } reader)
            {
                return;
            }

            var graph = Administration.Graph(
                new AdministrationOptions
                {
                    Environment = options.Environment, Organization = options.Organization, Administrator = reader,
                    Client = options.Client, Clock = options.Clock
                },
                messages);
            Organization = await FindAsync(graph.GetOrganizationAsync).ConfigureAwait(false);
            Application = await FindAsync(token => graph.FindApplicationAsync(options.AppId, token)).ConfigureAwait(false);
            Principal = await FindAsync(token => graph.FindPrincipalAsync(options.AppId, token)).ConfigureAwait(false);
            if (Principal.Value is { } principal)
            {
                Grants = await FindAsync(token => graph.ListGrantsAsync(principal.Id, token)).ConfigureAwait(false);
                Roles = await FindAsync(token => graph.ListRolesAsync(principal.Id, token)).ConfigureAwait(false);
            }

            if (Grants.Value is { } grants)
            {
                Consented = [];
                foreach (var permission in RequiredPermission.For(options.Environment, Both))
                {
                    var resource = await FindAsync(token => graph.FindPrincipalAsync(permission.ResourceAppId.ToString(), token)).ConfigureAwait(
                        false);
                    if (grants.Any(grant => grant.ResourceId == resource.Value?.Id
                        && grant.AppRoleId.Equals(permission.Id.ToString(), StringComparison.OrdinalIgnoreCase)))
                    {
                        Consented.Add(permission);
                    }
                }
            }
        }

        /// <summary>The identity that may read: the administrator, else the application itself, if it happens to have the right.</summary>
        private async Task<ITokenProvider?> ReaderAsync()
        {
            if (options.Administrator is { } administrator)
            {
                try
                {
                    await administrator.GetTokenAsync(options.Environment.GraphResource, default, cancellationToken).ConfigureAwait(false);
                    return administrator;
                }
                catch (ExoException e)
                {
                    NoDirectory = $"The sign-in to Graph failed: {e.Message}";
                    return null;
                }
            }

            NoDirectory = "The application itself may not read the directory. Sign in to Graph with -Device or -AccessToken to check.";
            if (Tokens.Count == 0)
            {
                return null;
            }

            try
            {
                var own = await _lease!.Provider.GetTokenAsync(options.Environment.GraphResource, default, cancellationToken).ConfigureAwait(false);
                if (own.Claims.Permissions.Intersect(Readers, StringComparer.OrdinalIgnoreCase).Any())
                {
                    NoDirectory = null;
                    return _lease.Provider;
                }
            }
            catch (ExoException e)
            {
                messages.Verbose(e.Message);
            }

            return null;
        }

        private static async Task<Finding<T>> FindAsync<T>(Func<CancellationToken, Task<T>> look, CancellationToken cancellationToken)
        {
            try
            {
                return new Finding<T> { IsKnown = true, Value = await look(cancellationToken).ConfigureAwait(false) };
            }
            catch (ExoException e)
            {
                return new Finding<T> { Why = e.ErrorId == ErrorIds.SetUpRightsMissing ? $"{e.Message} {e.Remedy?.Split(". ")[0]}." : e.Message };
            }
        }

        private Task<Finding<T>> FindAsync<T>(Func<CancellationToken, Task<T>> look) => FindAsync(look, cancellationToken);

        private async Task<ExoException?> ConnectAsync(ExoService service)
        {
            try
            {
                await ConnectionProof.ConnectAsync(
                    new ProofOptions(options.Environment, options.BaseDirectory, options.Client,
                        options.Clock), options.Arguments, service, _providers, cancellationToken)
                    .ConfigureAwait(false);
                return null;
            }
            catch (ExoException e)
            {
                return e;
            }
        }
    }

    /// <summary>A part looked up in the directory.</summary>
    private sealed record Finding<T>
    {
        public bool IsKnown { get; init; }

        public T? Value { get; init; }

        public string? Why { get; init; }
    }

    /// <summary>Makes the rows from the evidence.</summary>
    private sealed class Verdict(CheckOptions options, Evidence evidence)
    {
        private readonly ApplicationArguments _arguments = options.Arguments;
        private readonly ExoService[] _services = ServicesOf(options, evidence);

        public IReadOnlyList<ApplicationCheck> Rows() =>
        [
            Certificate(), Organization(), Application(), Attachment(), Permission(), Consent(), ServicePrincipal(),
            .. _services.Select(Role), SignIn(), .. _services.Select(Token), .. _services.Select(Service),
        ];

        /// <summary>The named services; else those that its roles are for, or that let it in; else both.</summary>
        private static ExoService[] ServicesOf(CheckOptions options, Evidence evidence)
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

        private static IReadOnlyList<DirectoryRole>? RolesOf(Evidence evidence) =>
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
                    ? HasPermission(claims)
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
                : HasPermission(claims) ? Passed(Subject, $"It carries {RequiredPermission.Value}.", service)
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
}
