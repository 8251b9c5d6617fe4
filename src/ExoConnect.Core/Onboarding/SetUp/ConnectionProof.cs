using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <summary>Connects as the application would, with a token of its own, and leaves nothing behind.</summary>
internal static class ConnectionProof
{
    private static readonly string[] NotYet =
        [ErrorIds.ApplicationNotFound, ErrorIds.ServicePrincipalMissing, ErrorIds.ApplicationDisabled, ErrorIds.CertificateNotRegistered,
            ErrorIds.CertificateNotAccepted, ErrorIds.ConsentMissing];

    /// <summary>Connects and disconnects.</summary>
    /// <exception cref="ExoException">It doesn't connect.</exception>
    /// <param name="options">The environment.</param>
    /// <param name="arguments">The application.</param>
    /// <param name="service">The service.</param>
    /// <param name="providers">Provides its token; never the process's own, whose token may be from before the roles.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task ConnectAsync(
        ProofOptions options, ApplicationArguments arguments, ExoService service, TokenProviderPool providers, CancellationToken cancellationToken)
    {
        var registry = new SessionRegistry();
        var session = await SessionConnector.ConnectAsync(
            new ConnectOptions
            {
                Service = service,
                Environment = options.Environment,
                Organization = arguments.Organization,
                AppId = arguments.AppId,
                SignIn = new SignInMethod.Certificate(arguments.Certificate!),
                BaseDirectory = options.BaseDirectory,
                Catalog = CatalogUse.Uncached,
                Client = options.Client,
                Clock = options.Clock,
                Providers = providers,
            },
            NullMessages.Instance,
            registry,
            cancellationToken).ConfigureAwait(false);
        registry.Disconnect(session);
    }

    /// <summary>Whether a failure to connect may be over when the directory has replicated.</summary>
    public static bool IsTransient(ExoException failure) => failure switch
    {
        SignInException => NotYet.Contains(failure.ErrorId, StringComparer.Ordinal),
        ServiceException service => service.StatusCode is 401 or 403,
        _ => false,
    };
}

/// <summary>The environment of a proof.</summary>
/// <param name="Environment">The cloud.</param>
/// <param name="BaseDirectory">Where relative paths start.</param>
/// <param name="Client">The description of this client for the service.</param>
/// <param name="Clock">The clock.</param>
internal sealed record ProofOptions(ExoEnvironment Environment, string? BaseDirectory, ClientInfo Client, TimeProvider Clock);
