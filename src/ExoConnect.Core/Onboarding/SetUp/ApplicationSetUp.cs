using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Onboarding.Graph;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>
/// Sets up an application, from nothing or from a half-finished state, until it connects. It leaves alone what exists and makes what is missing;
/// run again, it changes nothing. First comes the plan, which only reads; then the approved steps.
/// </summary>
public sealed partial class ApplicationSetUp
{
    private readonly SetUpOptions _options;
    private readonly GraphDirectory _graph;
    private readonly IEngineMessages _messages;
    private readonly DirectoryOrganization? _tenant;
    private readonly IReadOnlyList<RequiredPermission> _permissions;
    private readonly Dictionary<Guid, string> _resources = [];
    private readonly List<SetUpAction> _actions = [];
    private readonly List<RequiredPermission> _missingRequests = [];
    private readonly List<RequiredPermission> _missingGrants = [];
    private readonly List<DirectoryRole> _missingRoles = [];
    private readonly List<RoleGroupMembership> _missingGroups = [];
    private CertificateChoice _certificate = null!;
    private DirectoryApplication? _application;
    private DirectoryPrincipal? _principal;

    private ApplicationSetUp(
        SetUpOptions options, IReadOnlyList<ExoService> services, GraphDirectory graph, DirectoryOrganization? tenant, IEngineMessages messages)
    {
        _options = options;
        _graph = graph;
        _tenant = tenant;
        _messages = messages;
        Services = services;
        _permissions = RequiredPermission.For(options.Environment, services);
    }

    /// <summary>The services that the application should connect to.</summary>
    public IReadOnlyList<ExoService> Services { get; }

    /// <summary>The steps, including finished ones.</summary>
    public IReadOnlyList<SetUpAction> Actions => _actions;

    /// <summary>The scopes of Microsoft Graph that a sign-in for setting up an application should request.</summary>
    public static IReadOnlyList<string> Scopes => GraphDirectory.SetUpScopes;

    private string Organization =>
        // Commands fail later under any other of the tenant's domains.
        _tenant?.InitialDomain is { } initial && SignInAdvice.ForOrganization(_options.Organization) is not null ? initial
            : _options.Organization.Trim();

    private string Name => _application?.Name ?? _options.DisplayName ?? _options.AppId ?? "";

    /// <summary>Reads the current state, and lists the missing steps. Changes nothing.</summary>
    /// <param name="options">The application.</param>
    /// <param name="messages">Receives warnings and steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ExoException">
    /// A parameter or the tenant's state makes it impossible: <c>ApplicationNameMissing</c>, <c>ApplicationAmbiguous</c>,
    /// <c>ApplicationNotRegistered</c>, <c>RoleNotSupported</c>, <c>OrganizationOfAnotherTenant</c>, <c>ResourceNotInTenant</c>,
    /// <c>RoleGroupNeedsSession</c>, <c>SetUpRightsMissing</c>, an error of the certificate, or one of sign-in or Graph.
    /// </exception>
    public static async Task<ApplicationSetUp> PlanAsync(
        SetUpOptions options, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(messages);
        if (string.IsNullOrWhiteSpace(options.DisplayName) && string.IsNullOrWhiteSpace(options.AppId))
        {
            throw OnboardingErrors.NameNeeded();
        }

        // The names are checked before the first request.
        SignInIdentity.Create(options.Environment.SignIn, options.Organization, options.AppId ?? Guid.Empty.ToString(), "certificate");
        var services = ServicesOf(options);
        var graph = Administration.Graph(options, messages);
        var tenant = await Administration.OrganizationAsync(options, graph, messages, cancellationToken).ConfigureAwait(false);
        var plan = new ApplicationSetUp(options, services, graph, tenant, messages);
        await plan.InspectAsync(cancellationToken).ConfigureAwait(false);
        return plan;
    }

    /// <summary>Does the approved steps.</summary>
    /// <param name="isApproved">Whether a step may be done; called only for needed ones.</param>
    /// <param name="progress">Receives the current step; null for none.</param>
    /// <param name="cancellationToken">Stops it; finished steps stay, and the next run continues from there.</param>
    /// <returns>The result of each step. If the application doesn't connect in the end, the report says so without an exception.</returns>
    /// <exception cref="ExoException">A step failed.</exception>
    public async Task<SetUpReport> ApplyAsync(
        Func<SetUpAction, bool> isApproved, Action<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(isApproved);
        var run = new Run(this, [.. _actions.Where(action => action.IsNeeded && isApproved(action))], progress, cancellationToken);
        return await run.ExecuteAsync().ConfigureAwait(false);
    }

    private static List<ExoService> ServicesOf(SetUpOptions options)
    {
        if (options.Services is { Count: > 0 } given)
        {
            foreach (var service in given)
            {
                // One role that the service accepts is enough; with role groups none is needed.
                if (options.Roles.Count > 0 && options.RoleGroups.Count == 0 && !options.Roles.Any(role => role.IsAcceptedBy(service)))
                {
                    throw OnboardingErrors.RoleNotSupported(options.Roles[0], service);
                }
            }

            return [.. given.Distinct()];
        }

        if (options.Roles.Count == 0)
        {
            return [.. options.Sessions.Select(session => session.Description.Service).Distinct().DefaultIfEmpty(ExoService.ExchangeOnline)];
        }

        return [.. new[] { ExoService.ExchangeOnline, ExoService.SecurityCompliance }.Where(
            service => options.Roles.Any(role => role.IsAcceptedBy(service)))];
    }

    /// <summary>Most role groups exist in one service only: the other service is left alone, and the run doesn't wait there.</summary>
    private async Task FindGroupsAsync(CancellationToken cancellationToken)
    {
        var all = RoleGroupMembership.Of(_options, Services, Organization, _tenant?.TenantId).ToList();
        foreach (var services in all.GroupBy(group => group.Group, StringComparer.OrdinalIgnoreCase))
        {
            var absent = new List<ExoException>();
            foreach (var group in services)
            {
                if (await group.FailureToFindAsync(_messages, cancellationToken).ConfigureAwait(false) is { } failure)
                {
                    _messages.Verbose($"{OnboardingErrors.Name(group.Service)} has no role group {group.Group}.");
                    absent.Add(failure);
                    continue;
                }

                _missingGroups.Add(group);
            }

            if (absent.Count == services.Count())
            {
                throw absent[0];
            }
        }
    }

    private async Task InspectAsync(CancellationToken cancellationToken)
    {
        await FindGroupsAsync(cancellationToken).ConfigureAwait(false);
        _certificate = CertificateChoice.Of(_options.Certificate, _options, _messages);
        await FindApplicationAsync(cancellationToken).ConfigureAwait(false);
        if (_application is { } application)
        {
            _principal = await _graph.FindPrincipalAsync(application.AppId, cancellationToken).ConfigureAwait(false);
        }

        await FindResourcesAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DirectoryGrant> grants = [];
        IReadOnlyList<string> roles = [];
        if (_principal is { } principal)
        {
            grants = await _graph.ListGrantsAsync(principal.Id, cancellationToken).ConfigureAwait(false);
            roles = _options.Roles.Count == 0 ? [] : await _graph.ListRolesAsync(principal.Id, cancellationToken).ConfigureAwait(false);
        }

        _missingRequests.AddRange(_permissions.Where(permission => _application?.Requests(permission) != true));
        _missingGrants.AddRange(_permissions.Where(permission => !grants.Any(grant =>
            grant.AppRoleId.Equals(permission.Id.ToString(), StringComparison.OrdinalIgnoreCase)
                && grant.ResourceId == _resources[permission.ResourceAppId])));
        _missingRoles.AddRange(_options.Roles.Where(role => !roles.Contains(role.TemplateId, StringComparer.OrdinalIgnoreCase)));
        if (_principal is not null)
        {
            for (var i = _missingGroups.Count - 1; i >= 0; i--)
            {
                _missingGroups[i] = await _missingGroups[i].InspectAsync(_principal, _messages, cancellationToken).ConfigureAwait(false);
            }
        }

        Describe(_certificate.Thumbprint);
    }

    private async Task FindApplicationAsync(CancellationToken cancellationToken)
    {
        if (_options.AppId is { } appId)
        {
            _application = await _graph.FindApplicationAsync(appId.Trim(), cancellationToken).ConfigureAwait(false)
                ?? throw OnboardingErrors.NotFound(appId, _options.Organization);
            return;
        }

        var found = await _graph.FindApplicationsByNameAsync(_options.DisplayName!, cancellationToken).ConfigureAwait(false);
        if (found.Count > 1)
        {
            throw OnboardingErrors.Ambiguous(_options.DisplayName!, found.Select(app => app.AppId));
        }

        _application = found.Count == 0 ? null : await _graph.GetApplicationAsync(found[0].Id, cancellationToken).ConfigureAwait(false);
    }

    private async Task FindResourcesAsync(CancellationToken cancellationToken)
    {
        foreach (var permission in _permissions)
        {
            var resource = await _graph.FindPrincipalAsync(permission.ResourceAppId.ToString(), cancellationToken).ConfigureAwait(false);
            _resources[permission.ResourceAppId] = resource?.Id ?? throw OnboardingErrors.ResourceMissing(permission);
        }
    }

    private void Describe(string? thumbprint)
    {
        var isAttached = thumbprint is not null
            && _application?.Keys.Any(key => key.Thumbprint == thumbprint && !(key.NotAfter < _options.Clock.GetUtcNow())) == true;
        Add(
            SetUpStep.Certificate,
            _certificate.Plan is { } made ? $"Create certificate {made.Subject}" : "Use certificate",
            _certificate.Plan is { } plan ? string.Join(", ", plan.Targets) : thumbprint!,
            _certificate.Plan is not null);
        Add(SetUpStep.Application, $"Register application ({(_options.IsMultiTenant ? "multi-tenant" : "single tenant")})", Name,
            _application is null);
        foreach (var permission in _permissions)
        {
            Add(SetUpStep.Permission, $"Request application permission {permission}", Name, _missingRequests.Contains(permission));
        }

        Add(SetUpStep.Attachment, $"Attach certificate {thumbprint ?? _certificate.Plan?.Subject}", Name, !isAttached);
        Add(
            SetUpStep.ServicePrincipal,
            _principal is { IsEnabled: false } ? "Enable service principal for sign-in" : "Create service principal",
            Name,
            _principal is not { IsEnabled: true });
        foreach (var permission in _permissions)
        {
            Add(SetUpStep.Consent, $"Grant admin consent to {permission}", Name, _missingGrants.Contains(permission));
        }

        foreach (var role in _options.Roles)
        {
            Add(SetUpStep.Role, $"Assign directory role {role}", Name, _missingRoles.Contains(role));
        }

        foreach (var group in _missingGroups)
        {
            Add(SetUpStep.RoleGroup, $"Add to role group {group.Group} of {OnboardingErrors.Name(group.Service)}", Name, !group.IsMember);
        }

        foreach (var service in Services)
        {
            Add(SetUpStep.Connection, $"Connect to {OnboardingErrors.Name(service)}", Organization, isNeeded: true);
        }

        void Add(SetUpStep step, string action, string target, bool isNeeded) => _actions.Add(new SetUpAction(step, action, target, isNeeded));
    }
}
