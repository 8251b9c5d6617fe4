using ExoConnect.LocalTenant.Requests;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Hosting.Middleware;

/// <summary>Responds with 429 to an app over its limit, and names the limit in the headers.</summary>
internal sealed class Throttling(RequestDelegate next, RateLimiter limiter, RequestLog log)
{
    public Task InvokeAsync(HttpContext context)
    {
        var appId = RequestFeature.Of(context).Caller!.AppId;
        if (!limiter.TryTake(appId, context.Response.Headers))
        {
            log.CountThrottled();
            return PlainError.WriteAsync(
                context,
                StatusCodes.Status429TooManyRequests,
                "TooManyRequests",
                "You have reached the maximum number of requests. Please wait and try again.");
        }

        if (limiter.RequestsPerSecond > 0)
        {
            context.Response.OnStarting(() =>
            {
                limiter.Describe(appId, context.Response.Headers);
                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}
