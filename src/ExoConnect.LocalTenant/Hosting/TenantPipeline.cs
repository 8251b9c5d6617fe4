using ExoConnect.LocalTenant.Hosting.Middleware;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>The steps of a request, in this order, until a service responds.</summary>
internal static class TenantPipeline
{
    private const string AdminApi = "/AdminApi/";
    private const string Graph = "/v1.0/";

    /// <summary>Builds the pipeline.</summary>
    /// <param name="app">The host.</param>
    /// <param name="services">The services that respond.</param>
    public static void Build(IApplicationBuilder app, TenantServices services)
    {
        app.UseMiddleware<RequestLogging>(services.Requests);
        app.UseMiddleware<FaultInjection>(services.Faults, services.Entra);
        app.MapWhen(IsFor(TenantService.Entra), entra =>
        {
            entra.Use(CountServed);
            entra.Run(services.Entra.HandleAsync);
        });
        app.MapWhen(IsFor(TenantService.Graph, Graph), graph =>
        {
            graph.Use(CountServed);
            graph.UseMiddleware<Latency>(services.Options);
            graph.UseMiddleware<GraphAuthentication>(services.Tokens, services.Graph);
            graph.Run(context => services.Graph.HandleAsync(context, RequestFeature.Of(context).Caller!));
        });
        app.MapWhen(context => IsAdminApi(context), api =>
        {
            api.UseMiddleware<AdminApiAuthentication>(services.Tokens);
            api.UseMiddleware<PathTenant>(services.Registry);
            api.UseMiddleware<Throttling>(services.Limiter, services.Requests);
            api.Use(CountServed);
            api.UseMiddleware<Latency>(services.Options);
            api.Run(context =>
            {
                var request = RequestFeature.Of(context);
                return services.AdminApi.HandleAsync(context, request.Service, request.Caller!);
            });
        });
        app.Use(CountServed);
        app.Run(context => PlainError.WriteAsync(
            context, StatusCodes.Status404NotFound, "ResourceNotFound", $"There is nothing at '{context.Request.Path}' of this host."));

        RequestDelegate CountServed(RequestDelegate next) => context =>
        {
            services.Requests.CountServed();
            return next(context);
        };
    }

    private static Func<HttpContext, bool> IsFor(TenantService service, string path = "") =>
        context => RequestFeature.Of(context).Service == service
            && context.Request.Path.Value!.StartsWith(path, StringComparison.OrdinalIgnoreCase);

    private static bool IsAdminApi(HttpContext context) =>
        RequestFeature.Of(context).Service is TenantService.ExchangeOnline or TenantService.SecurityCompliance
        && context.Request.Path.Value!.StartsWith(AdminApi, StringComparison.OrdinalIgnoreCase);
}
