using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;

namespace ExoConnect.Core.Onboarding.Diagnosis;

/// <summary>
/// Finds out why an application doesn't connect, or that it does. It only reads: the directory, if an administrator may read it, and the responses
/// of sign-in and the services to the application itself, which show most of the state too.
/// </summary>
public static class ApplicationDiagnosis
{
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
        var evidence = new SetUpEvidence(options, messages, cancellationToken);
        try
        {
            await evidence.GatherAsync().ConfigureAwait(false);
            return new SetUpVerdict(options, evidence).Rows();
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
}
