using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Errors;

/// <summary>The sign-in host refused to give a token, or could not be reached.</summary>
/// <param name="message">The meaning, with the host's own text.</param>
/// <param name="inner">The cause, if it helps.</param>
public sealed class SignInException(string message, Exception? inner = null) : ExoException(message, inner)
{
    /// <summary>The <c>AADSTS</c> number, for example <c>AADSTS700016</c>; null if the host gave none.</summary>
    public string? AadstsCode { get; init; }

    /// <summary>The sign-in host's correlation id, for a support case.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The sign-in host's trace id, for a support case.</summary>
    public string? TraceId { get; init; }
}
