using System.Text;
using ExoConnect.LocalTenant.Entra;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting.Middleware;

/// <summary>The token of a request, read and checked.</summary>
/// <param name="IsGiven">Whether the request has a bearer token.</param>
/// <param name="Token">The token; null if it is malformed or not signed by this tenant.</param>
/// <param name="Problem">The token's problem, apart from its audience.</param>
internal readonly record struct BearerToken(bool IsGiven, VerifiedToken? Token, TokenProblem Problem)
{
    /// <summary>The address that a refusal names for signing in.</summary>
    public const string AuthorizationUri = "https://" + HostNames.SignIn + "/common/oauth2/authorize";

    private const string Scheme = "Bearer ";

    /// <summary>Reads and checks the token of a request.</summary>
    public static BearerToken Of(HttpContext context, AccessTokens tokens)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        var token = tokens.Read(header.AsSpan(Scheme.Length).Trim());
        return new BearerToken(true, token, token is null ? TokenProblem.None : tokens.ProblemOf(token));
    }

    /// <summary>The part of <c>WWW-Authenticate</c> that requests a token with other claims.</summary>
    public static string ClaimsChallenge(AccessTokens tokens) =>
        $"error=\"insufficient_claims\", claims=\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(tokens.ClaimsChallenge!))}\"";
}
