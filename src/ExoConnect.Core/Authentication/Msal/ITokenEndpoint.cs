namespace ExoConnect.Core.Authentication.Msal;

/// <summary>The sign-in host, without saying which library talks to it: a type of MSAL's on a field would load MSAL with the class.</summary>
internal interface ITokenEndpoint
{
    /// <summary>Asks once for a token.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="claims">A claims challenge, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A token or a failure.</returns>
    Task<TokenAnswer> RequestAsync(string resource, string? claims, CancellationToken cancellationToken);
}

/// <summary>What came of asking.</summary>
/// <param name="Token">The token, and for how long it is good.</param>
/// <param name="Failure">What went wrong instead.</param>
/// <param name="Wait">How long the host wants to be left alone.</param>
internal readonly record struct TokenAnswer((string Value, TimeSpan GoodFor)? Token, SignInFailure? Failure = null, TimeSpan? Wait = null)
{
    public override string ToString() => Failure is null ? "a token" : Failure.Exception.Message;
}
