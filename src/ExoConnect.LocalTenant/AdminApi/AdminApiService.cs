using System.Security.Cryptography;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>Responds to <c>/AdminApi/</c> for both services, for callers whose token has been verified.</summary>
internal sealed class AdminApiService : IDisposable
{
    /// <summary>The server behind the front door that every response names.</summary>
    public const string BackEnd = "bn8pr07mb6113.namprd07.prod.outlook.com";

    private static readonly string[] Permissions = ["Exchange.ManageAsApp", "Exchange.ManageAsAppV2"];
    private static readonly string[] DelegatedPermissions = ["Exchange.Manage", "Exchange.ManageV2"];

    private readonly TenantData _data;
    private readonly SessionEndpoint _session;
    private readonly InvokeCommandEndpoint _invoke;
    private readonly RestEndpoint _rest;
    private readonly BatchEndpoint _batch;

    /// <summary>Makes the services of a tenant.</summary>
    /// <exception cref="TenantException">The catalog file cannot be used.</exception>
    public AdminApiService(TenantOptions options, Guid tenantId, Func<RSA> newKey)
    {
        _data = new TenantData(options, tenantId, newKey);
        _session = new SessionEndpoint(_data);
        _invoke = new InvokeCommandEndpoint(_data);
        _rest = new RestEndpoint(_data);
        _batch = new BatchEndpoint(RouteAsync);
    }

    /// <summary>The data of the services.</summary>
    public TenantData Data => _data;

    /// <summary>
    /// The wait of a caller before one more request of a batch; null for no wait. With a wait, that request gets a 429 of its
    /// own. The batch's own request counts as the first, so the first needs no check.
    /// </summary>
    public Func<Caller, TimeSpan?>? BatchThrottle
    {
        get => _batch.Throttle;
        set => _batch.Throttle = value;
    }

    /// <summary>Responds to one request.</summary>
    /// <param name="context">The request; its path begins with <c>/AdminApi/</c> in any case.</param>
    /// <param name="service">Exchange Online or Security &amp; Compliance.</param>
    /// <param name="caller">The caller.</param>
    /// <returns>A task that ends when the response is written.</returns>
    public async Task HandleAsync(HttpContext context, TenantService service, Caller caller)
    {
        var request = await AdminRequest.ReadAsync(context, service, caller).ConfigureAwait(false);
        var headers = context.Response.Headers;
        _ = headers.TryAdd("request-id", Guid.NewGuid().ToString("D"));
        _ = headers.TryAdd("X-CalculatedBETarget", BackEnd);
        _ = headers.TryAdd("OData-Version", "4.0");
        _ = headers.TryAdd("Preference-Applied", "odata.include-annotations=\"*\"");
        if (request.Header("client-request-id") is { Length: > 0 } clientRequestId)
        {
            _ = headers.TryAdd("client-request-id", clientRequestId);
        }

        Response response;
        try
        {
            response = await RespondAsync(request, context.RequestAborted).ConfigureAwait(false);
        }
        catch (ServiceError error)
        {
            response = error.ToResponse(request.WantsClixml);
        }

        await response.SendAsync(context, _data.Options.Compress).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    private async ValueTask<Response> RespondAsync(AdminRequest request, CancellationToken cancellationToken)
    {
        if (RegionalRedirect.For(request) is Response redirect)
        {
            return redirect;
        }

        var (granted, accepted) = request.Caller.User is null
            ? (request.Caller.Permissions, Permissions)
            : (request.Caller.Scopes, DelegatedPermissions);
        if (!granted.Any(permission => accepted.Contains(permission, StringComparer.OrdinalIgnoreCase)))
        {
            var refused = Response.Empty(StatusCodes.Status401Unauthorized);
            refused.Headers["WWW-Authenticate"] = "Bearer";
            refused.Headers["x-ms-diagnostics"] =
                "2000008;reason=\"The token has no permission for this resource.\";error_category=\"invalid_grant\"";
            return refused;
        }

        if (RoleAccess.Of(request.Caller, request.Service, _data) == Access.None)
        {
            throw ServiceError.Request(
                StatusCodes.Status403Forbidden, "Forbidden",
                request.Caller.User is { } user ? $"The user \"{user}\" isn't assigned to any management roles."
                : $"The role assigned to application {request.Caller.AppId} isn't supported in this scenario. "
                + "Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.");
        }

        var response = await RouteAsync(request, cancellationToken).ConfigureAwait(false);
        RegionalRedirect.SetAffinity(request, response);
        return response;
    }

    private ValueTask<Response> RouteAsync(AdminRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckTenant(request);
        var resource = request.Segments.Count > 3 ? request.Segments[3] : "";
        var parenthesis = resource.IndexOf('(', StringComparison.Ordinal);
        var name = parenthesis < 0 ? resource : resource[..parenthesis];
        switch (name.ToUpperInvariant())
        {
            case "EXOMODULEFILE":
                return RequireMethod("GET", request, _session.ModuleFiles);
            case "EXOBANNER":
                return RequireMethod("GET", request, _session.Banner);
            case "BASICINFO":
                return RequireMethod("GET", request, _session.BasicInfo);
            case "INVOKECOMMAND":
                return RequireMethod("POST", request, _invoke.Execute);
            case "$BATCH":
                return RequireMethod("POST", request, _batch.Execute);
            default:
                if (request.Service == TenantService.ExchangeOnline && IsVersion2(request, name))
                {
                    return RequireMethod("POST", request, _invoke.Execute);
                }

                return request.Service == TenantService.ExchangeOnline && RestEndpoint.Serves(name)
                    ? RequireMethod("GET", request, Rest)
                    : throw ServiceError.Request(StatusCodes.Status404NotFound, "NotFound", $"Resource not found for the segment '{name}'.");
        }
    }

    private Response Rest(AdminRequest request)
    {
        const Access Readers = Access.All | Access.Read | Access.ReadRecipients;
        return (RoleAccess.Of(request.Caller, request.Service, _data) & Readers) == Access.None ? Response.ForbiddenCmdlet() : _rest.Execute(request);
    }

    // The documented API of version 2.0 takes the same calls at an address for each noun.
    private static bool IsVersion2(AdminRequest request, string name)
    {
        return request.Segments[1].Equals("v2.0", StringComparison.OrdinalIgnoreCase)
            && name.ToUpperInvariant() is "ORGANIZATIONCONFIG" or "ACCEPTEDDOMAIN" or "MAILBOX" or "MAILBOXFOLDERPERMISSION"
                or "DISTRIBUTIONGROUPMEMBER" or "DYNAMICDISTRIBUTIONGROUPMEMBER";
    }

    private static ValueTask<Response> RequireMethod(string method, AdminRequest request, Func<AdminRequest, Response> response)
    {
        return request.Method.Equals(method, StringComparison.OrdinalIgnoreCase)
            ? ValueTask.FromResult(response(request))
            : throw ServiceError.Request(
                StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", $"The method {request.Method} is not supported by this resource.");
    }

    // The requests inside a batch have no connection that the pipeline could check.
    private void CheckTenant(AdminRequest request)
    {
        var tenant = request.Segments.Count > 2 ? request.Segments[2] : "";
        if (!AdminApiPath.IsOf(tenant, _data.TenantId, _data.Organization))
        {
            throw ServiceError.Request(StatusCodes.Status404NotFound, "NotFound", $"The tenant '{tenant}' is not the one of the caller's token.");
        }
    }
}
