using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;

namespace ExoConnect.Cli.Hosting;

/// <summary>The exit codes of the process. Scripts depend on these numbers.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A cmdlet or another command failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is invalid.</summary>
    public const int Usage = 2;

    /// <summary>No session: the certificate cannot be used, or sign-in was refused.</summary>
    public const int SignInFailed = 3;

    /// <summary>The service or the sign-in host cannot be reached, or is too busy.</summary>
    public const int Unavailable = 4;

    /// <summary>Ended by Ctrl+C, as shells report it (128 and the signal's number).</summary>
    public const int Interrupted = 130;

    /// <summary>The code of a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="whileConnecting">True before there is a session.</param>
    public static int Of(ExoException failure, bool whileConnecting) => failure switch
    {
        { ErrorId: ErrorIds.SignInStoreMissing or ErrorIds.BrowserMissing } => SignInFailed,
        { Category: ExoErrorCategory.ResourceUnavailable or ExoErrorCategory.OperationTimeout } => Unavailable,
        { Category: ExoErrorCategory.AuthenticationError } => SignInFailed,
        SignInException => SignInFailed,

        // An error at the start of a session is about the application's rights, unless the response can't be read.
        { Category: ExoErrorCategory.InvalidData } when whileConnecting => Unavailable,
        ServiceException => whileConnecting ? SignInFailed : Failed,
        { ErrorId: ErrorIds.CertificateThumbprintInvalid } => Usage,
        _ when failure.ErrorId.StartsWith("Certificate", StringComparison.Ordinal) => SignInFailed,
        { Category: ExoErrorCategory.InvalidArgument } => Usage,
        _ => Failed,
    };
}
