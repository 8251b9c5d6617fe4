using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Faults;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting.Middleware;

/// <summary>Applies the faults to the requests that their rules match.</summary>
internal sealed class FaultInjection(RequestDelegate next, FaultSet faults, EntraService entra)
{
    private readonly FaultRunner _runner = new(entra);

    public Task InvokeAsync(HttpContext context)
    {
        var service = RequestFeature.Of(context).Service;
        return faults.Next(service, context.Request) is { } rule ? _runner.RunAsync(rule, context, service, next) : next(context);
    }
}
