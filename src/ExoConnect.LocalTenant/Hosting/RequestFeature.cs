using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>What the pipeline has found out about a request.</summary>
/// <param name="service">Which service the request is for.</param>
internal sealed class RequestFeature(TenantService service)
{
    /// <summary>Which service the request is for.</summary>
    public TenantService Service { get; } = service;

    /// <summary>Who sent the request; null before the token was judged.</summary>
    public Caller? Caller { get; set; }

    /// <summary>What is known of a request that has passed <see cref="Middleware.RequestLogging"/>.</summary>
    public static RequestFeature Of(HttpContext context) => context.Features.GetRequiredFeature<RequestFeature>();
}
