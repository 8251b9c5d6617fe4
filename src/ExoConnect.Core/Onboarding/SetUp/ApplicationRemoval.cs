using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Onboarding.Graph;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>The application to remove.</summary>
public sealed record RemovalOptions : AdministrationOptions
{
    /// <summary>The application (client) id.</summary>
    public required string AppId { get; init; }
}

/// <summary>Removes an application: its registration, and with it its service principal, consent and roles.</summary>
public sealed class ApplicationRemoval
{
    private readonly GraphDirectory _graph;
    private readonly DirectoryApplication? _application;
    private readonly DirectoryPrincipal? _principal;

    private ApplicationRemoval(GraphDirectory graph, DirectoryApplication? application, DirectoryPrincipal? principal)
    {
        _graph = graph;
        _application = application;
        _principal = principal;
    }

    /// <summary>The application's name.</summary>
    public string DisplayName => _application?.Name ?? _principal!.Name;

    /// <summary>True if it is registered here; false for a service principal of another tenant's application.</summary>
    public bool IsRegistered => _application is not null;

    /// <summary>Finds it. Changes nothing.</summary>
    /// <param name="options">The application.</param>
    /// <param name="messages">Receives steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ExoException">
    /// <c>ApplicationNotRegistered</c>, and those of <see cref="ApplicationSetUp.PlanAsync"/> that apply.
    /// </exception>
    public static async Task<ApplicationRemoval> PlanAsync(
        RemovalOptions options, IEngineMessages messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(messages);
        var identity = SignInIdentity.Create(options.Environment.SignIn, options.Organization, options.AppId, "certificate");
        var graph = Administration.Graph(options, messages);
        await Administration.OrganizationAsync(options, graph, messages, cancellationToken).ConfigureAwait(false);
        var application = await graph.FindApplicationAsync(identity.AppId, cancellationToken).ConfigureAwait(false);
        var principal = await graph.FindPrincipalAsync(identity.AppId, cancellationToken).ConfigureAwait(false);
        return application is null && principal is null
            ? throw OnboardingErrors.NotFound(identity.AppId, identity.Organization)
            : new ApplicationRemoval(graph, application, principal);
    }

    /// <summary>Removes it.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ExoException">Graph refuses.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken = default)
    {
        if (_application is not null)
        {
            await _graph.DeleteApplicationAsync(_application.Id, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _graph.DeletePrincipalAsync(_principal!.Id, cancellationToken).ConfigureAwait(false);
        }
    }
}
