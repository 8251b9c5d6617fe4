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
    private static readonly string[] Version2Nouns =
    [
        "OrganizationConfig", "AcceptedDomain", "Mailbox", "MailboxFolderPermission", "DistributionGroupMember", "DynamicDistributionGroupMember",
    ];

    private readonly TenantData _data;
    private readonly RestEndpoint _rest;
    private readonly BatchEndpoint _batch;
    private readonly RouteTable _routes;

    /// <summary>Makes the services of a tenant.</summary>
    /// <exception cref="TenantException">The catalog file cannot be used.</exception>
    public AdminApiService(TenantOptions options, Guid tenantId, Func<RSA> newKey)
    {
        _data = new TenantData(options, tenantId, newKey);
        _rest = new RestEndpoint(_data);
        _batch = new BatchEndpoint(RouteAsync);
        var session = new SessionEndpoint(_data);
        var invoke = new InvokeCommandEndpoint(_data);
        _routes = new RouteTable()
            .MapGet("EXOModuleFile", session.ModuleFiles)
            .MapGet("EXOBanner", session.Banner)
            .MapGet("BasicInfo", session.BasicInfo)
            .MapPost("InvokeCommand", invoke.Execute)
            .MapPost("$batch", _batch.Execute);
        foreach (var resource in RestEndpoint.Resources)
        {
            _routes.MapGet(resource, Rest, TenantService.ExchangeOnline);
        }

        // The documented API of version 2.0 takes the same calls at an address for each noun.
        foreach (var noun in Version2Nouns)
        {
            _routes.MapPost($"v2.0/{noun}", invoke.Execute, TenantService.ExchangeOnline);
        }
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
        return ValueTask.FromResult(_routes.Respond(request));
    }

    private Response Rest(AdminRequest request)
    {
        const Access Readers = Access.All | Access.Read | Access.ReadRecipients;
        return (RoleAccess.Of(request.Caller, request.Service, _data) & Readers) == Access.None ? Response.ForbiddenCmdlet() : _rest.Execute(request);
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
