using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting.Middleware;

/// <summary>
/// Refuses a path of the admin API that names no tenant, or the caller's tenant by a domain other than the initial one: such a domain gets a token,
/// and then an error about permissions.
/// </summary>
internal sealed class PathTenant(RequestDelegate next, TenantRegistry registry)
{
    public Task InvokeAsync(HttpContext context)
    {
        AdminApiPath.Split(context.Request.Path.Value, out var tenant, out _);
        if (tenant.IsEmpty)
        {
            return PlainError.WriteAsync(context, StatusCodes.Status404NotFound, "NotFound", "The path names no tenant.");
        }

        return AdminApiPath.IsOf(tenant, registry.TenantId, registry.Organization) ? next(context)
            : PlainError.WriteAsync(context, StatusCodes.Status403Forbidden, "Forbidden", $"The token is not for the tenant '{tenant}'.");
    }
}
