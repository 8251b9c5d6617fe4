using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting.Middleware;

/// <summary>Delays a request by the latency of the network.</summary>
internal sealed class Latency(RequestDelegate next, TenantOptions options)
{
    public Task InvokeAsync(HttpContext context) => options.Latency > TimeSpan.Zero ? DelayedAsync(context) : next(context);

    private async Task DelayedAsync(HttpContext context)
    {
        await Task.Delay(options.Latency, context.RequestAborted).ConfigureAwait(false);
        await next(context).ConfigureAwait(false);
    }
}
