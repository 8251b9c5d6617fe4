using ExoConnect.Core.Errors;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Authentication.Errors;

/// <summary>The sign-in host refused to give a token, or could not be reached.</summary>
/// <param name="message">The meaning, with the host's own text.</param>
/// <param name="inner">The cause, if it helps.</param>
public sealed class SignInException(string message, Exception? inner = null) : ExoException(message, Shown(inner))
{
    /// <summary>The <c>AADSTS</c> number, for example <c>AADSTS700016</c>; null if the host gave none.</summary>
    public string? AadstsCode { get; init; }

    /// <summary>The sign-in host's correlation id, for a support case.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The sign-in host's trace id, for a support case.</summary>
    public string? TraceId { get; init; }

    /// <summary>
    /// The cause as it may be shown. Libraries keep the host's whole response in their exceptions, and a host can quote the request: its assertion
    /// or secret would be in <c>$Error</c>. Such an exception is replaced by its name and its message, without them.
    /// </summary>
    private static Exception? Shown(Exception? cause) => cause?.ToString() is { } text && ShownText.Clean(text) != text
        ? new InvalidOperationException($"{cause.GetType().FullName}: {ShownText.Clean(cause.Message)}")
        : cause;
}
