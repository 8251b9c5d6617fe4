using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>
/// Redirects callers of the front door of Security &amp; Compliance to their region, and gives them a cookie that keeps them on one server
/// (protocol.md section 3, "Regional redirect").
/// </summary>
internal static class RegionalRedirect
{
    /// <summary>The region of every local tenant.</summary>
    public const string Region = "nam12b";

    private const string FrontDoor = "ps.compliance.";
    private const string AffinityCookie = "exchangecookie";

    /// <summary>The redirect; null for a request to the right host.</summary>
    public static Response? For(AdminRequest request)
    {
        var host = new Uri(request.Origin).Host;
        if (request.Service != TenantService.SecurityCompliance || !host.StartsWith(FrontDoor, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var response = Response.Empty(StatusCodes.Status302Found);
        var query = request.RawQuery.Length > 0 ? $"?{request.RawQuery}" : "";
        response.Headers["Location"] = $"https://{Region}.admin.{host[FrontDoor.Length..]}:446{request.RawPath}{query}";
        SetCookie(response);
        return response;
    }

    /// <summary>Sets the cookie for a caller of the region without it.</summary>
    public static void SetAffinity(AdminRequest request, Response response)
    {
        if (request.Service == TenantService.SecurityCompliance
            && request.Header("Cookie")?.Contains($"{AffinityCookie}=", StringComparison.OrdinalIgnoreCase) != true)
        {
            SetCookie(response);
        }
    }

    private static void SetCookie(Response response)
    {
        response.Headers["Set-Cookie"] = $"{AffinityCookie}={Guid.NewGuid():N}; path=/; secure; HttpOnly";
    }
}
