using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Providers;

namespace ExoConnect.Core.Authentication.Msal;

/// <summary>The sign-in host, without saying which library talks to it: a type of MSAL's on a field would load MSAL with the class.</summary>
internal interface ITokenEndpoint
{
    /// <summary>Asks once for a token.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="request">What is known of a refusal, and who may be asked.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A token or a failure.</returns>
    Task<TokenResponse> RequestAsync(string resource, TokenRequest request, CancellationToken cancellationToken);
}

/// <summary>What came of asking.</summary>
/// <param name="Token">The token, and for how long it is good.</param>
/// <param name="Failure">What went wrong instead.</param>
/// <param name="Wait">How long the host wants to be left alone.</param>
/// <param name="NeedsPerson">True if the host wants somebody to sign in once more.</param>
internal sealed record TokenResponse(
    (string Value, TimeSpan GoodFor)? Token, SignInFailure? Failure = null, TimeSpan? Wait = null, bool NeedsPerson = false)
{
    public override string ToString() => Failure is null ? "a token" : Failure.Exception.Message;
}
