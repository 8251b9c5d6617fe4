using System.Globalization;
using System.Text;
using ExoConnect.LocalTenant.Entra;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExoConnect.LocalTenant.Faults;

/// <summary>Makes a fault happen.</summary>
internal sealed class FaultRunner(EntraService entra)
{
    private const int Kilobyte = 1024;
    private const string ToldToFail = "The tenant was told to fail this request.";

    // docs/internals/protocol.md section 4, throttling.
    private const string TooManyRequests =
        "You have reached the maximum number of concurrent requests per tenant. Please wait and try again";

    /// <summary>Applies a rule to a request.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="context">The request.</param>
    /// <param name="service">The service that receives the request.</param>
    /// <param name="next">Lets the service respond.</param>
    /// <returns>A task that ends when the response is out, or the connection gone.</returns>
    public async Task RunAsync(FaultRule rule, HttpContext context, TenantService service, RequestDelegate next)
    {
        if (rule.Delay > TimeSpan.Zero)
        {
            await Task.Delay(rule.Delay, context.RequestAborted).ConfigureAwait(false);
        }

        if (rule.Drop == FaultDrop.Before)
        {
            context.Abort();
            return;
        }

        var respond = rule.Status is null ? next : c => RespondAsync(rule, c, service);
        if (rule is { Drop: FaultDrop.None, TruncateAt: null, SlowPerKilobyte.Ticks: 0 })
        {
            await respond(context).ConfigureAwait(false);
        }
        else
        {
            await CorruptAsync(rule, context, respond).ConfigureAwait(false);
        }
    }

    private static async Task CorruptAsync(FaultRule rule, HttpContext context, RequestDelegate respond)
    {
        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var whole = new MemoryStream();
        var kept = new StreamResponseBodyFeature(whole);
        context.Features.Set<IHttpResponseBodyFeature>(kept);
        try
        {
            await respond(context).ConfigureAwait(false);
            await kept.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            context.Features.Set(original);
        }

        var body = whole.GetBuffer().AsMemory(0, (int)whole.Length);
        if (rule.TruncateAt is { } end && end < body.Length)
        {
            body = body[..end];
            context.Response.ContentLength = null;
        }
        else if (rule.Drop == FaultDrop.Middle)
        {
            // The headers declare the whole length, so that no client takes half the body for all of it. Kestrel ends the connection (of HTTP/2,
            // resets the stream) after fewer bytes. An abort here would overtake the written bytes, and the client would see none of them.
            context.Response.ContentLength = Math.Max(body.Length, 1);
            body = body[..(body.Length / 2)];
        }

        var stream = context.Response.Body;
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        for (var at = 0; at < body.Length; at += Kilobyte)
        {
            if (rule.SlowPerKilobyte > TimeSpan.Zero)
            {
                await Task.Delay(rule.SlowPerKilobyte, context.RequestAborted).ConfigureAwait(false);
            }

            await stream.WriteAsync(body.Slice(at, Math.Min(Kilobyte, body.Length - at)), context.RequestAborted).ConfigureAwait(false);
            await stream.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task RespondAsync(FaultRule rule, HttpContext context, TenantService service)
    {
        var response = context.Response;
        var status = rule.Status!.Value;
        response.StatusCode = status;
        if (rule.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        switch (rule.Body)
        {
            case FaultBody.Json when rule.Content is null && service == TenantService.Entra:
                await entra.WriteErrorAsync(context, Refusal(status)).ConfigureAwait(false);
                break;
            case FaultBody.Json when rule.Content is null:
                await PlainError.WriteAsync(context, status, PlainError.CodeOf(status), ToldToFail).ConfigureAwait(false);
                break;
            case FaultBody.Json:
                await WriteAsync(response, "application/json; charset=utf-8", rule.Content).ConfigureAwait(false);
                break;
            case FaultBody.Html:
                var page = $"<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center><hr></body></html>";
                await WriteAsync(response, "text/html; charset=utf-8", rule.Content ?? page).ConfigureAwait(false);
                break;
            case FaultBody.Text:
                await WriteAsync(response, "text/plain; charset=utf-8", rule.Content ?? TooManyRequests).ConfigureAwait(false);
                break;
            case FaultBody.NulGzip:
                response.Headers.ContentEncoding = "gzip";
                response.ContentType = "application/json; charset=utf-8";
                response.ContentLength = 512;
                await response.Body.WriteAsync(new byte[512]).ConfigureAwait(false);
                break;
            default:
                response.ContentLength = 0;
                break;
        }
    }

    private static EntraException Refusal(int status) => status switch
    {
        429 => new EntraException(status, "temporarily_unavailable", 90055, "There are too many requests for this tenant."),
        >= 500 => new EntraException(status, "temporarily_unavailable", 90033, "A transient error has occurred. Please try again."),
        _ => new EntraException(status, "invalid_request", 90000, ToldToFail),
    };

    private static Task WriteAsync(HttpResponse response, string contentType, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes).AsTask();
    }
}
