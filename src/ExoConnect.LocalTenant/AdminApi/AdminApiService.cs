using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>Answers <c>/AdminApi/</c> for both services, for callers whose token has been verified.</summary>
internal sealed class AdminApiService(TenantOptions options, Guid tenantId)
{
    /// <summary>Answers one request.</summary>
    /// <param name="context">The request; its path begins with <c>/AdminApi/</c> in any case.</param>
    /// <param name="service">Exchange Online or Security &amp; Compliance.</param>
    /// <param name="caller">Who asks.</param>
    /// <returns>A task that ends when the answer is written.</returns>
    public Task HandleAsync(HttpContext context, TenantService service, Caller caller)
    {
        _ = (options, tenantId, service, caller);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
