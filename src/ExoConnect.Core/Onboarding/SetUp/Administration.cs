using System.Text.Json.Nodes;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Onboarding.Graph;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>The common part of setting up, rotating and removing.</summary>
internal static class Administration
{
    /// <summary>The tenant's directory, as an administrator sees it.</summary>
    public static GraphDirectory Graph(AdministrationOptions options, IEngineMessages messages) => new(
        new ServiceClient(new ServiceClientOptions
        {
            Environment = options.Environment,
            Tokens = options.Administrator,
            Organization = options.Organization,
            Client = options.Client,
            IsAppOnly = false,
            Clock = options.Clock,
        }),
        messages);

    /// <summary>
    /// Reads the tenant's names, if that is allowed, and checks that the administrator belongs to the named organization.
    /// </summary>
    /// <exception cref="ExoException"><c>OrganizationOfAnotherTenant</c>; an error of sign-in.</exception>
    public static async Task<DirectoryOrganization?> OrganizationAsync(
        AdministrationOptions options, GraphDirectory graph, IEngineMessages messages, CancellationToken cancellationToken)
    {
        var token = await options.Administrator.GetTokenAsync(options.Environment.GraphResource, default, cancellationToken).ConfigureAwait(false);
        DirectoryOrganization? tenant;
        try
        {
            tenant = await graph.GetOrganizationAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.ErrorId == ErrorIds.SetUpRightsMissing)
        {
            messages.Verbose($"The organization's names can't be read: {e.Message}");
            tenant = token.Claims.TenantId is { } id && Guid.TryParse(options.Organization, out var named) && Guid.Parse(id) != named
                ? throw OnboardingErrors.OtherTenant(options.Organization, new DirectoryOrganization(id, null, []))
                : null;
        }

        if (tenant is not null && !tenant.Has(options.Organization.Trim()))
        {
            throw OnboardingErrors.OtherTenant(options.Organization, tenant);
        }

        if (tenant?.InitialDomain is { } initial && SignInAdvice.ForOrganization(options.Organization.Trim()) is not null)
        {
            messages.Warning($"-Organization {options.Organization} is one of the tenant's domains, but commands need its first one or the tenant "
                + $"id. Use {initial}.");
        }

        return tenant;
    }

    /// <summary>Adds a certificate to a registration and keeps the existing ones.</summary>
    /// <remarks>An expired entry for the same certificate, registered for a shorter time, is replaced.</remarks>
    public static Task AttachAsync(
        GraphDirectory graph, DirectoryApplication application, string thumbprint, JsonObject key, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var kept = application.Keys.Where(entry => entry.Thumbprint != thumbprint || !(entry.NotAfter < clock.GetUtcNow())).Select(
            entry => entry.Entry);
        return graph.SetKeysAsync(application.Id, [.. kept, key], cancellationToken);
    }

    /// <summary>The error for an object that should exist and isn't visible yet.</summary>
    public static ServiceException NotKnown(string what) => new($"{what} does not exist, or is not known yet.")
    {
        ErrorId = ErrorIds.ReplicationTimeout,
        Category = ExoErrorCategory.ObjectNotFound,
        StatusCode = 404,
        Target = what,
    };
}
