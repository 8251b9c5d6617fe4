using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Entra;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting.Middleware;

/// <summary>Finds the caller of the admin API, or responds with 401 (docs/internals/protocol.md section 4).</summary>
internal sealed class AdminApiAuthentication(RequestDelegate next, AccessTokens tokens)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = RequestFeature.Of(context);
        var bearer = BearerToken.Of(context, tokens);
        if (!bearer.IsGiven)
        {
            return Refuse(context, error: null, diagnostics: null);
        }

        // 2000003, its text and its category were seen live; the other numbers are this tenant's own.
        var diagnostics = bearer switch
        {
            { Token: null } => Diagnostics(2000001, "The token is malformed or its signature is invalid.", "invalid_signature"),
            { Problem: TokenProblem.Issuer } => Diagnostics(2000002, "The issuer of the token is not trusted.", "invalid_issuer"),
            { Problem: TokenProblem.Lifetime } => Diagnostics(2000005, "The token has expired.", "invalid_lifetime"),
            _ when !IsFor(bearer.Token, request.Service, context.Request) =>
                Diagnostics(2000003, "The audience claim value is invalid.", "invalid_resource"),
            _ => null,
        };
        if (diagnostics is not null)
        {
            return Refuse(context, "invalid_token", diagnostics);
        }

        if (bearer.Problem == TokenProblem.Revoked)
        {
            return Challenge(context);
        }

        request.Caller = bearer.Token!.Caller;
        return next(context);
    }

    private static string Diagnostics(int code, string reason, string category) => $"{code};reason=\"{reason}\";error_category=\"{category}\"";

    private static bool IsFor(VerifiedToken token, TenantService service, HttpRequest request)
    {
        if (service == TenantService.ExchangeOnline)
        {
            return KnownResource.Exchange.Accepts(token.Audience);
        }

        AdminApiPath.Split(request.Path.Value, out _, out var operation);
        return KnownResource.Compliance.Accepts(token.Audience)
            || (operation.Equals("EXOModuleFile", StringComparison.OrdinalIgnoreCase)
                && request.Host.Value?.StartsWith("ps.compliance.", StringComparison.OrdinalIgnoreCase) == true
                && KnownResource.Exchange.Accepts(token.Audience));
    }

    private static Task Refuse(HttpContext context, string? error, string? diagnostics)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.ContentLength = 0;
        response.Headers.WWWAuthenticate =
            $"Bearer client_id=\"{KnownResource.Exchange.AppId}\", trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", "
            + "token_types=\"app_asserted_user_v1 service_asserted_app_v1\", "
            + $"authorization_uri=\"{BearerToken.AuthorizationUri}\"" + (error is null ? "" : $", error=\"{error}\"");
        if (diagnostics is not null)
        {
            response.Headers["x-ms-diagnostics"] = diagnostics;
        }

        return Task.CompletedTask;
    }

    private Task Challenge(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.ContentLength = 0;
        response.Headers.WWWAuthenticate =
            $"Bearer realm=\"\", authorization_uri=\"{BearerToken.AuthorizationUri}\", client_id=\"{KnownResource.Exchange.AppId}\", "
            + BearerToken.ClaimsChallenge(tokens);
        response.Headers["x-ms-diagnostics"] = Diagnostics(2000011, "The token was revoked.", "insufficient_claims");
        return Task.CompletedTask;
    }
}
