using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>The pipeline's facts about a request.</summary>
/// <param name="service">The service of the request.</param>
internal sealed class RequestFeature(TenantService service)
{
    /// <summary>The service of the request.</summary>
    public TenantService Service { get; } = service;

    /// <summary>The caller; null before the check of the token.</summary>
    public Caller? Caller { get; set; }

    /// <summary>The facts about a request that has passed <see cref="Middleware.RequestLogging"/>.</summary>
    public static RequestFeature Of(HttpContext context) => context.Features.GetRequiredFeature<RequestFeature>();
}
