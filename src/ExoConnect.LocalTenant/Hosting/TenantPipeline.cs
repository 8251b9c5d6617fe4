using System.Text;
using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Faults;
using ExoConnect.LocalTenant.Graph;
using ExoConnect.LocalTenant.Requests;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>What happens to every request: log, faults, routing, and for the admin API token, tenant, limit and latency.</summary>
internal sealed class TenantPipeline(
    TenantOptions options,
    TenantRegistry registry,
    AccessTokens tokens,
    EntraService entra,
    AdminApiService adminApi,
    GraphService graph,
    FaultSet faults,
    RateLimiter limiter,
    RequestLog log)
{
    private const string AdminApiPrefix = "/AdminApi/";
    private const string GraphPrefix = "/v1.0/";
    private const string Bearer = "Bearer ";
    private const string AuthorizationUri = "https://" + HostNames.SignIn + "/common/oauth2/authorize";

    private readonly FaultRunner _runner = new(entra);

    /// <summary>Answers one request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that ends when the answer is written.</returns>
    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var service = HostNames.Route(request.Host.Value, request.Path.Value);
        var entry = log.Begin(context, service);
        try
        {
            if (faults.Next(service, request) is { } rule)
            {
                await _runner.RunAsync(rule, context, service, c => DispatchAsync(c, service)).ConfigureAwait(false);
            }
            else
            {
                await DispatchAsync(context, service).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, or the tenant stops.
        }
        catch (Exception e) when (!context.Response.HasStarted && e is not BadHttpRequestException)
        {
            // There is no console and no log file to look into: the answer says what broke in the tenant.
            context.Response.Clear();
            var failure = ServiceError.WriteAsync(context, StatusCodes.Status500InternalServerError, "LocalTenantFailure", e.ToString());
            await failure.ConfigureAwait(false);
        }
        finally
        {
            entry.End();
        }
    }

    private Task DispatchAsync(HttpContext context, TenantService service)
    {
        switch (service)
        {
            case TenantService.Entra:
                log.CountServed();
                return entra.HandleAsync(context);
            case TenantService.ExchangeOnline or TenantService.SecurityCompliance
                when context.Request.Path.Value!.StartsWith(AdminApiPrefix, StringComparison.OrdinalIgnoreCase):
                return AdminApiAsync(context, service);
            case TenantService.Graph when context.Request.Path.Value!.StartsWith(GraphPrefix, StringComparison.OrdinalIgnoreCase):
                log.CountServed();
                return GraphAsync(context);
            default:
                log.CountServed();
                return ServiceError.WriteAsync(
                    context,
                    StatusCodes.Status404NotFound,
                    "ResourceNotFound",
                    $"There is nothing at '{context.Request.Path}' of this host.");
        }
    }

    private Task AdminApiAsync(HttpContext context, TenantService service)
    {
        Split(context.Request.Path.Value!, out var tenant, out var operation);
        if (Authorize(context, service, operation) is not { } caller)
        {
            return Task.CompletedTask;
        }

        if (tenant.IsEmpty)
        {
            return ServiceError.WriteAsync(context, StatusCodes.Status404NotFound, "NotFound", "The path names no tenant.");
        }

        if (!registry.Is(tenant))
        {
            return ServiceError.WriteAsync(context, StatusCodes.Status403Forbidden, "Forbidden", $"The token is not for the tenant '{tenant}'.");
        }

        if (!limiter.TryTake(caller.AppId, context.Response.Headers))
        {
            log.CountThrottled();
            return ServiceError.WriteAsync(
                context,
                StatusCodes.Status429TooManyRequests,
                "TooManyRequests",
                "You have reached the maximum number of requests. Please wait and try again.");
        }

        if (limiter.RequestsPerSecond > 0)
        {
            context.Response.OnStarting(() =>
            {
                limiter.Describe(caller.AppId, context.Response.Headers);
                return Task.CompletedTask;
            });
        }

        log.CountServed();
        return options.Latency > TimeSpan.Zero ? DelayedAsync(context, service, caller) : adminApi.HandleAsync(context, service, caller);
    }

    private async Task GraphAsync(HttpContext context)
    {
        if (options.Latency > TimeSpan.Zero)
        {
            await Task.Delay(options.Latency, context.RequestAborted).ConfigureAwait(false);
        }

        var header = context.Request.Headers.Authorization.ToString();
        var token = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? tokens.Read(header.AsSpan(Bearer.Length).Trim()) : null;
        var problem = token is null ? TokenProblem.None : tokens.Judge(token);
        var why = token is null ? header.Length == 0 ? "Access token is empty."
            : "IDX10511: Signature validation failed. The token is malformed or its key is not known."
            : problem == TokenProblem.Lifetime ? "Lifetime validation failed, the token is expired."
            : problem == TokenProblem.Issuer ? "Access token validation failure. Invalid issuer."
            : !KnownResource.Graph.Accepts(token.Audience) ? "Access token validation failure. Invalid audience."
            : problem == TokenProblem.Revoked
                ? "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp"
            : null;
        if (why is null)
        {
            await graph.HandleAsync(context, token!.Caller).ConfigureAwait(false);
            return;
        }

        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"\", authorization_uri=\"{AuthorizationUri}\", client_id=\"{KnownResource.Graph.AppId}\""
            + (problem == TokenProblem.Revoked
                ? $", error=\"insufficient_claims\", claims=\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(tokens.ClaimsChallenge!))}\""
                : string.Empty);
        await graph.WriteErrorAsync(context, new GraphException(StatusCodes.Status401Unauthorized, "InvalidAuthenticationToken", why)).ConfigureAwait(
            false);
    }

    private async Task DelayedAsync(HttpContext context, TenantService service, Caller caller)
    {
        await Task.Delay(options.Latency, context.RequestAborted).ConfigureAwait(false);
        await adminApi.HandleAsync(context, service, caller).ConfigureAwait(false);
    }

    /// <summary>Finds who asks, or answers 401 (docs/internals/protocol.md section 4).</summary>
    private Caller? Authorize(HttpContext context, TenantService service, ReadOnlySpan<char> operation)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(context, error: null, diagnostics: null);
        }

        if (tokens.Read(header.AsSpan(Bearer.Length).Trim()) is not { } token)
        {
            return Refuse(context, "invalid_token", Diagnostics(2000001, "The token is malformed or its signature is invalid.", "invalid_signature"));
        }

        switch (tokens.Judge(token))
        {
            case TokenProblem.Issuer:
                return Refuse(context, "invalid_token", Diagnostics(2000002, "The issuer of the token is not trusted.", "invalid_issuer"));
            case TokenProblem.Lifetime:
                return Refuse(context, "invalid_token", Diagnostics(2000005, "The token has expired.", "invalid_lifetime"));
        }

        if (!IsFor(token, service, context.Request.Host.Value, operation))
        {
            return Refuse(context, "invalid_token", Diagnostics(2000003, "The audience claim value is invalid.", "invalid_resource"));
        }

        return tokens.Judge(token) == TokenProblem.Revoked ? Challenge(context) : token.Caller;
    }

    // 2000003 and its words were seen live, with the category; the other numbers are of this tenant's own making.
    private static string Diagnostics(int code, string reason, string category) => $"{code};reason=\"{reason}\";error_category=\"{category}\"";

    private static bool IsFor(VerifiedToken token, TenantService service, ReadOnlySpan<char> host, ReadOnlySpan<char> operation) =>
        service == TenantService.ExchangeOnline
            ? KnownResource.Exchange.Accepts(token.Audience)
            : KnownResource.Compliance.Accepts(token.Audience)
                || (operation.Equals("EXOModuleFile", StringComparison.OrdinalIgnoreCase)
                    && host.StartsWith("ps.compliance.", StringComparison.OrdinalIgnoreCase)
                    && KnownResource.Exchange.Accepts(token.Audience));

    private static Caller? Refuse(HttpContext context, string? error, string? diagnostics)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.ContentLength = 0;
        response.Headers.WWWAuthenticate =
            $"Bearer client_id=\"{KnownResource.Exchange.AppId}\", trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", "
            + "token_types=\"app_asserted_user_v1 service_asserted_app_v1\", "
            + $"authorization_uri=\"{AuthorizationUri}\"" + (error is null ? string.Empty : $", error=\"{error}\"");
        if (diagnostics is not null)
        {
            response.Headers["x-ms-diagnostics"] = diagnostics;
        }

        return null;
    }

    private Caller? Challenge(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.ContentLength = 0;
        response.Headers.WWWAuthenticate =
            $"Bearer realm=\"\", authorization_uri=\"{AuthorizationUri}\", client_id=\"{KnownResource.Exchange.AppId}\", "
            + $"error=\"insufficient_claims\", claims=\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(tokens.ClaimsChallenge!))}\"";
        response.Headers["x-ms-diagnostics"] = Diagnostics(2000011, "The token was revoked.", "insufficient_claims");
        return null;
    }

    /// <summary>Takes <c>/AdminApi/{version}/{tenant}/{operation}</c> apart; what is missing is empty.</summary>
    private static void Split(ReadOnlySpan<char> path, out ReadOnlySpan<char> tenant, out ReadOnlySpan<char> operation)
    {
        var rest = After(path[AdminApiPrefix.Length..]);
        tenant = Upto(rest);
        operation = Upto(After(rest));

        static ReadOnlySpan<char> Upto(ReadOnlySpan<char> text) => text.IndexOf('/') is >= 0 and var slash ? text[..slash] : text;

        static ReadOnlySpan<char> After(ReadOnlySpan<char> text) => text.IndexOf('/') is >= 0 and var slash ? text[(slash + 1)..] : default;
    }
}
