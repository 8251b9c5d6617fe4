using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Graph;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting.Middleware;

/// <summary>Finds the caller of Graph, or responds with 401 in Graph's text.</summary>
internal sealed class GraphAuthentication(RequestDelegate next, AccessTokens tokens, GraphService graph)
{
    public Task InvokeAsync(HttpContext context)
    {
        var bearer = BearerToken.Of(context, tokens);
        if (Refusal(context, bearer) is not { } why)
        {
            RequestFeature.Of(context).Caller = bearer.Token!.Caller;
            return next(context);
        }

        context.Response.Headers.WWWAuthenticate =
            $"Bearer realm=\"\", authorization_uri=\"{BearerToken.AuthorizationUri}\", client_id=\"{KnownResource.Graph.AppId}\""
            + (bearer.Problem == TokenProblem.Revoked ? ", " + BearerToken.ClaimsChallenge(tokens) : "");
        return graph.WriteErrorAsync(context, new GraphException(StatusCodes.Status401Unauthorized, "InvalidAuthenticationToken", why));
    }

    private static string? Refusal(HttpContext context, BearerToken bearer) => bearer switch
    {
        { Token: null } when context.Request.Headers.Authorization.Count == 0 => "Access token is empty.",
        { Token: null } => "IDX10511: Signature validation failed. The token is malformed or its key is not known.",
        { Problem: TokenProblem.Lifetime } => "Lifetime validation failed, the token is expired.",
        { Problem: TokenProblem.Issuer } => "Access token validation failure. Invalid issuer.",
        { Token.Audience: var audience } when !KnownResource.Graph.Accepts(audience) => "Access token validation failure. Invalid audience.",
        { Problem: TokenProblem.Revoked } =>
            "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp",
        _ => null,
    };
}
