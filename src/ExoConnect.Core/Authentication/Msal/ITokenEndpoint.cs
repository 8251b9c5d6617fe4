using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Providers;

namespace ExoConnect.Core.Authentication.Msal;

/// <summary>The sign-in host, without naming the library that calls it: a field of one of MSAL's types would load MSAL with the class.</summary>
internal interface ITokenEndpoint
{
    /// <summary>Requests a token once.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="request">The refusal so far, and the person who may be asked.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A token or a failure.</returns>
    Task<TokenResponse> RequestAsync(string resource, TokenRequest request, CancellationToken cancellationToken);
}

/// <summary>The result of a request.</summary>
/// <param name="Token">The token, and how long it is valid.</param>
/// <param name="Failure">What went wrong instead.</param>
/// <param name="Wait">The time that the host asked to wait.</param>
/// <param name="NeedsPerson">True if the host wants a person to sign in once more.</param>
internal sealed record TokenResponse(
    (string Value, TimeSpan GoodFor)? Token, SignInFailure? Failure = null, TimeSpan? Wait = null, bool NeedsPerson = false)
{
    public override string ToString() => Failure is null ? "a token" : Failure.Exception.Message;
}
