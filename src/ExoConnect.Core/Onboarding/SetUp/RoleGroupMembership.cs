using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;
using ExoConnect.Core.Onboarding.Graph;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>
/// A service principal's membership in a role group of Exchange Online or Security &amp; Compliance, the alternative to a directory role. The
/// services know only service principals of their own, so one is made there first.
/// </summary>
internal sealed record RoleGroupMembership
{
    private RoleGroupMembership(string group, ExoSession session)
    {
        Group = group;
        Session = session;
    }

    /// <summary>The role group.</summary>
    public string Group { get; }

    /// <summary>Its service.</summary>
    public ExoService Service => Session.Description.Service;

    /// <summary>Whether the service principal is a member.</summary>
    public bool IsMember { get; private init; }

    private ExoSession Session { get; }

    private bool IsKnown { get; init; }

    /// <summary>The memberships that the options request.</summary>
    /// <exception cref="ExoException"><c>RoleGroupNeedsSession</c>.</exception>
    public static IEnumerable<RoleGroupMembership> Of(SetUpOptions options, IReadOnlyList<ExoService> services, string organization, string? tenantId)
    {
        foreach (var service in options.RoleGroups.Count == 0 ? [] : services)
        {
            var session = options.Sessions.LastOrDefault(candidate => candidate.Description.Service == service && IsOf(candidate.Description))
                ?? throw OnboardingErrors.SessionNeeded(service, organization);
            foreach (var group in options.RoleGroups)
            {
                yield return new RoleGroupMembership(group, session);
            }
        }

        bool IsOf(SessionDescription session) =>
            session.TenantId.Equals(tenantId, StringComparison.OrdinalIgnoreCase)
            || session.Organization.Equals(organization, StringComparison.OrdinalIgnoreCase)
            || session.TenantId.Equals(organization, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a failure may be over when the service knows the service principal.</summary>
    public static bool IsNotYet(ExoException failure) =>
        failure is ServiceException { StatusCode: 404 } or ServiceException { ErrorId: "ManagementObjectNotFoundException" };

    /// <summary>Checks whether the service has the role group.</summary>
    /// <returns>The service's error if there is none; null if there is one, or the session may not read it.</returns>
    public async Task<ExoException?> FailureToFindAsync(IEngineMessages messages, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync("Get-RoleGroup", messages, cancellationToken, ("Identity", Group)).ConfigureAwait(false);
            return null;
        }
        catch (ServiceException e)
        {
            return IsNotYet(e) ? e : null;
        }
    }

    /// <summary>Checks whether the service knows the service principal, and whether it is a member.</summary>
    /// <exception cref="ExoException">There is no such role group, or the session may not read it.</exception>
    public async Task<RoleGroupMembership> InspectAsync(DirectoryPrincipal principal, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var known = await FindAsync(principal, messages, cancellationToken).ConfigureAwait(false);
        if (known is null)
        {
            return this;
        }

        var members = await RunAsync("Get-RoleGroupMember", messages, cancellationToken, ("Identity", Group)).ConfigureAwait(false);
        return this with
        {
            IsKnown = true,
            IsMember = members.Any(
            member => Text(member, "Guid") is { } guid ? guid == Text(known, "Guid") : Text(member, "Name") == Text(known, "Name"))
        };
    }

    /// <summary>Registers the service principal with the service, and makes it a member.</summary>
    /// <exception cref="ExoException">The service refuses.</exception>
    public async Task JoinAsync(DirectoryPrincipal principal, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var now = IsKnown ? this : await InspectAsync(principal, messages, cancellationToken).ConfigureAwait(false);
        if (now.IsMember)
        {
            return;
        }

        if (!now.IsKnown)
        {
            await RunAsync(
                "New-ServicePrincipal", messages, cancellationToken,
                ("AppId", principal.AppId), ("ObjectId", principal.Id), ("DisplayName", principal.Name)).ConfigureAwait(false);
        }

        await RunAsync("Add-RoleGroupMember", messages, cancellationToken, ("Identity", Group), ("Member", principal.Id)).ConfigureAwait(false);
    }

    private async Task<ExoObject?> FindAsync(DirectoryPrincipal principal, IEngineMessages messages, CancellationToken cancellationToken)
    {
        try
        {
            var found = await RunAsync("Get-ServicePrincipal", messages, cancellationToken, ("Identity", principal.Id)).ConfigureAwait(false);
            return found.FirstOrDefault(item => principal.Id.Equals(Text(item, "ObjectId"), StringComparison.OrdinalIgnoreCase));
        }
        catch (ServiceException e) when (IsNotYet(e))
        {
            return null;
        }
    }

    private async Task<List<ExoObject>> RunAsync(
        string cmdlet, IEngineMessages messages, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        var objects = new List<ExoObject>();
        var request = new CmdletRequest { Name = cmdlet, Parameters = parameters.ToDictionary(p => p.Name, p => p.Value) };
        await foreach (var chunk in Session.InvokeAsync(request, messages, cancellationToken).ConfigureAwait(false))
        {
            objects.AddRange(chunk.Objects.OfType<ExoObject>());
            if (chunk.Errors is [var error, ..])
            {
                throw error;
            }
        }

        return objects;
    }

    private static string? Text(ExoObject item, string property) => ExoRecord.Value(item, property)?.ToString();
}
