using ExoConnect.Core.Text;

namespace ExoConnect.Core.Errors;

/// <summary>The categories of an <see cref="ExoException"/>; hosts map them to their own categories and exit codes.</summary>
public enum ExoErrorCategory
{
    /// <summary>An argument cannot work: a parameter, a file, a certificate.</summary>
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

    /// <summary>The service did not respond in time.</summary>
    OperationTimeout,

    /// <summary>The response can't be read.</summary>
    InvalidData,

    /// <summary>The operation does not fit the state of the session: disconnected, broken.</summary>
    InvalidOperation,

    /// <summary>The service ran the command and refused it for a reason of its own.</summary>
    InvalidResult,
}

/// <summary>
/// The base of every failure that the engine reports. The message is the service's own text if there is one. Whatever it quotes, it never holds a
/// token, an assertion, a password or a key, nor a character that drives a terminal.
/// </summary>
public class ExoException : Exception
{
    /// <summary>The limit for quoted texts of any length.</summary>
    private const int LongestMessage = 8000;

    /// <summary>Makes an exception.</summary>
    /// <param name="message">The failure, in one or two sentences.</param>
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

    /// <summary>The remedy for an admin, as a sentence or a command to copy; null if none is known.</summary>
    public string? Remedy
    {
        get;
        init => field = value is null ? null : Truncate(ShownText.Clean(value));
    }

    /// <summary>The parameter at fault, by its PowerShell name without the dash; null if none is.</summary>
    public string? ParameterName { get; init; }

    /// <summary>The object of the failure: the identity, the path, the cmdlet.</summary>
    public object? Target { get; init; }

    /// <summary>The <c>client-request-id</c> we sent, for a support case; null before any request.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>The request id in the service's response, for a support case.</summary>
    public string? ServerRequestId { get; init; }
}
