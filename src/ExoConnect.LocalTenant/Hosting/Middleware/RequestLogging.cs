using ExoConnect.LocalTenant.Requests;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting.Middleware;

/// <summary>Finds the service of a request, records the request in the log, and responds to exceptions in the tenant.</summary>
internal sealed class RequestLogging(RequestDelegate next, RequestLog log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var service = HostNames.Route(context.Request.Host.Value, context.Request.Path.Value);
        context.Features.Set(new RequestFeature(service));
        var entry = log.Begin(context, service);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, or the tenant stops.
        }
        catch (Exception e) when (!context.Response.HasStarted && e is not BadHttpRequestException)
        {
            // The tenant has no console and no log file, so the response describes the exception.
            context.Response.Clear();
            var failure = PlainError.WriteAsync(context, StatusCodes.Status500InternalServerError, "LocalTenantFailure", e.ToString());
            await failure.ConfigureAwait(false);
        }
        finally
        {
            entry.End();
        }
    }
}
