using ExoConnect.LocalTenant.Requests;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting.Middleware;

/// <summary>Finds the service that a request is for, keeps the request in the log, and answers for what breaks in the tenant.</summary>
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
            // There is no console and no log file to look into: the response says what broke in the tenant.
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
