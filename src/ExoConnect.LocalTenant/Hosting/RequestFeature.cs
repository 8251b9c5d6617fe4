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

    /// <summary>Takes <c>/AdminApi/{version}/{tenant}/{operation}</c> apart; what is missing is empty.</summary>
    public static void Split(ReadOnlySpan<char> path, out ReadOnlySpan<char> tenant, out ReadOnlySpan<char> operation)
    {
        // The path begins with a slash and the prefix.
        var rest = After(After(After(path)));
        tenant = Upto(rest);
        operation = Upto(After(rest));

        static ReadOnlySpan<char> Upto(ReadOnlySpan<char> text) => text.IndexOf('/') is >= 0 and var slash ? text[..slash] : text;

        static ReadOnlySpan<char> After(ReadOnlySpan<char> text) => text.IndexOf('/') is >= 0 and var slash ? text[(slash + 1)..] : default;
    }

    /// <summary>What is known of a request that has passed <see cref="Middleware.RequestLogging"/>.</summary>
    public static RequestFeature Of(HttpContext context) => context.Features.GetRequiredFeature<RequestFeature>();
}
