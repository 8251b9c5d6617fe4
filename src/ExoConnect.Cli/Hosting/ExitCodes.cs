using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;

namespace ExoConnect.Cli.Hosting;

/// <summary>What the process says of its end. Scripts depend on these numbers.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A cmdlet failed, or what was asked for could not be done.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot work as it stands.</summary>
    public const int Usage = 2;

    /// <summary>No session: the certificate cannot be used, or sign-in was refused.</summary>
    public const int SignInFailed = 3;

    /// <summary>The service or the sign-in host cannot be reached, or is too busy.</summary>
    public const int Unavailable = 4;

    /// <summary>Ended by Ctrl+C, as shells report it (128 and the signal's number).</summary>
    public const int Interrupted = 130;

    /// <summary>The code of a failure.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="whileConnecting">True before there is a session.</param>
    public static int Of(ExoException failure, bool whileConnecting) => failure switch
    {
        { ErrorId: ErrorIds.SignInStoreMissing or ErrorIds.BrowserMissing } => SignInFailed,
        { Category: ExoErrorCategory.ResourceUnavailable or ExoErrorCategory.OperationTimeout } => Unavailable,
        { Category: ExoErrorCategory.AuthenticationError } => SignInFailed,
        SignInException => SignInFailed,

        // What the service answers to the start of a session is about the application's rights, unless it is no response at all.
        { Category: ExoErrorCategory.InvalidData } when whileConnecting => Unavailable,
        ServiceException => whileConnecting ? SignInFailed : Failed,
        { ErrorId: ErrorIds.CertificateThumbprintInvalid } => Usage,
        _ when failure.ErrorId.StartsWith("Certificate", StringComparison.Ordinal) => SignInFailed,
        { Category: ExoErrorCategory.InvalidArgument } => Usage,
        _ => Failed,
    };
}
