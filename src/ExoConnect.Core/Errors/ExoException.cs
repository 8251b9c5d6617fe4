using ExoConnect.Core.Text;

namespace ExoConnect.Core.Errors;

/// <summary>What kind of failure an <see cref="ExoException"/> is; hosts map it to their own categories and exit codes.</summary>
public enum ExoErrorCategory
{
    /// <summary>The caller gave something that cannot work: a parameter, a file, a certificate.</summary>
    InvalidArgument,

    /// <summary>The object named does not exist.</summary>
    ObjectNotFound,

    /// <summary>The object exists already.</summary>
    ResourceExists,

    /// <summary>The caller is known but not allowed.</summary>
    PermissionDenied,

    /// <summary>Sign-in failed, or a token was refused.</summary>
    AuthenticationError,

    /// <summary>The service cannot be reached, or says that it is too busy.</summary>
    ResourceUnavailable,

    /// <summary>The service did not answer in time.</summary>
    OperationTimeout,

    /// <summary>The service responded with something that is not a response.</summary>
    InvalidData,

    /// <summary>The operation does not fit the state of the session: disconnected, broken.</summary>
    InvalidOperation,

    /// <summary>The service ran the command and refused it for a reason of its own.</summary>
    InvalidResult,
}

/// <summary>
/// The base of every failure the engine reports. The message is the service's own text where there is one; it never holds a
/// token, an assertion, a password or a key, nor a character that drives a terminal, whatever it quotes.
/// </summary>
public class ExoException : Exception
{
    /// <summary>What is quoted may have any length; nobody reads more.</summary>
    private const int LongestMessage = 8000;

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What went wrong, in one or two sentences.</param>
    /// <param name="inner">The cause, if it helps.</param>
    public ExoException(string message, Exception? inner = null)
        : base(Truncate(ShownText.Clean(message)), inner)
    {
    }

    private static string Truncate(string text) => text.Length > LongestMessage ? string.Concat(text.AsSpan(0, LongestMessage), "…") : text;

    /// <summary>A short stable id of this failure, for example <c>CertificateExpired</c> or <c>ManagementObjectNotFoundException</c>.</summary>
    public string ErrorId { get; init; } = ErrorIds.ExoConnectError;

    /// <summary>The kind of failure.</summary>
    public ExoErrorCategory Category { get; init; } = ExoErrorCategory.InvalidOperation;

    /// <summary>What an admin can do about it, as a sentence or a command to copy; null if nothing is known.</summary>
    public string? Remedy
    {
        get;
        init => field = value is null ? null : Truncate(ShownText.Clean(value));
    }

    /// <summary>The parameter at fault, by its PowerShell name without the dash; null if none is.</summary>
    public string? ParameterName { get; init; }

    /// <summary>What the failure is about: the identity, the path, the cmdlet.</summary>
    public object? Target { get; init; }

    /// <summary>The <c>client-request-id</c> we sent, for a support case; null before any request.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The request id the service responded with, for a support case.</summary>
    public string? ServerRequestId { get; init; }
}
