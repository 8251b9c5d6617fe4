using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Tokens;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>How a token is wanted.</summary>
/// <param name="RejectedToken">A token that a service refused: the provider must not hand out that one again.</param>
/// <param name="Claims">The claims challenge of the refusal (JSON), to be passed on to the sign-in host.</param>
/// <param name="Interaction">
/// Who may be asked to sign in, where the way of signing in asks anybody; null for nobody. A session asks when it connects, and never later.
/// </param>
public readonly record struct TokenRequest(string? RejectedToken, string? Claims, ISignInInteraction? Interaction = null)
{
    /// <summary>Says what is wanted, without the token.</summary>
    /// <returns>A few words.</returns>
    public override string ToString() => (RejectedToken, Claims) switch
    {
        (null, null) => "any token",
        (null, _) => "a token for a challenge",
        (_, null) => "another token",
        _ => "another token, for a challenge",
    };
}

/// <summary>One identity signed in one way. Safe for many threads; every session of the same identity shares one.</summary>
public interface ITokenProvider
{
    /// <summary>The application (client) id that signs in; null where only the token tells (a managed identity, a token handed in).</summary>
    string? AppId { get; }

    /// <summary>The organization as the user named it: an <c>.onmicrosoft.com</c> domain or a tenant id; null where only the token tells.</summary>
    string? Organization { get; }

    /// <summary>
    /// Gets a token that is good for at least five more minutes (half its life, if it lives less than ten), from the cache where it can. Where
    /// the host cannot be reached just then, an older one that is still good serves. Concurrent calls for one resource share one
    /// request; cancelling one caller does not cancel it for the others.
    /// </summary>
    /// <param name="resource">The resource, without <c>/.default</c>.</param>
    /// <param name="request">What is known of a refusal; default where nothing is.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The token.</returns>
    /// <exception cref="SignInException">The sign-in host refused, or cannot be reached.</exception>
    ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default);
}
