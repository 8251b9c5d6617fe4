using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Tokens;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>What a request for a token requires.</summary>
/// <param name="RejectedToken">A token that a service refused: the provider must not return it again.</param>
/// <param name="Claims">The claims challenge of the refusal (JSON), for the sign-in host.</param>
/// <param name="Interaction">
/// The person who may be asked to sign in, if the method needs one; null for none. A session prompts when it connects, and never later.
/// </param>
public readonly record struct TokenRequest(string? RejectedToken, string? Claims, ISignInInteraction? Interaction = null)
{
    /// <summary>Describes the request, without the token.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => (RejectedToken, Claims) switch
    {
        (null, null) => "any token",
        (null, _) => "a token for a challenge",
        (_, null) => "another token",
        _ => "another token, for a challenge",
    };
}

/// <summary>One identity signed in one way. Safe for many threads; all sessions of the same identity share one.</summary>
public interface ITokenProvider
{
    /// <summary>The application (client) id that signs in; null if only the token tells (a managed identity, a given token).</summary>
    string? AppId { get; }

    /// <summary>The organization as the user named it: an <c>.onmicrosoft.com</c> domain or a tenant id; null where only the token tells.</summary>
    string? Organization { get; }

    /// <summary>
    /// Gets a token that is valid for at least five more minutes (half its life, if it lives less than ten), from the cache if possible. If the
    /// host cannot be reached just then, an older token that is still valid serves. Concurrent calls for one resource share one request; cancelling
    /// one caller does not cancel the others.
    /// </summary>
    /// <param name="resource">The resource, without <c>/.default</c>.</param>
    /// <param name="request">The refusal so far; default for none.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The token.</returns>
    /// <exception cref="SignInException">The sign-in host refused, or cannot be reached.</exception>
    ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default);
}
