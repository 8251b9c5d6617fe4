using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>
/// The addresses of the admin API: which resource takes which method, and who responds. ASP.NET Core's routing needs a connection's context, which a
/// request out of a batch doesn't have; this table serves both.
/// </summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, Route> _routes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a resource that is read.</summary>
    /// <param name="pattern">The resource's name, for one version of the API only with the version before it: <c>v2.0/Mailbox</c>.</param>
    /// <param name="handler">Responds to a request.</param>
    /// <param name="service">The one service that has it; null for both.</param>
    /// <returns>This table.</returns>
    public RouteTable MapGet(string pattern, Func<AdminRequest, Response> handler, TenantService? service = null) =>
        Map(pattern, new Route(HttpMethods.Get, handler, service));

    /// <summary>Adds a resource that takes calls.</summary>
    /// <inheritdoc cref="MapGet"/>
    public RouteTable MapPost(string pattern, Func<AdminRequest, Response> handler, TenantService? service = null) =>
        Map(pattern, new Route(HttpMethods.Post, handler, service));

    /// <summary>Responds to a request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The response.</returns>
    /// <exception cref="ServiceError">No resource has the address, the resource doesn't take the method, or its handler failed.</exception>
    public Response Respond(AdminRequest request)
    {
        var segment = request.Segments.Count > 3 ? request.Segments[3] : "";
        var parenthesis = segment.IndexOf('(', StringComparison.Ordinal);
        var name = parenthesis < 0 ? segment : segment[..parenthesis];
        var route = Find($"{request.Segments[1]}/{name}", request) ?? Find(name, request)
            ?? throw ServiceError.Request(StatusCodes.Status404NotFound, "NotFound", $"Resource not found for the segment '{name}'.");
        return route.Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase)
            ? route.Handler(request)
            : throw ServiceError.Request(
                StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", $"The method {request.Method} is not supported by this resource.");
    }

    private RouteTable Map(string pattern, Route route)
    {
        _routes.Add(pattern, route);
        return this;
    }

    private Route? Find(string pattern, AdminRequest request) =>
        _routes.GetValueOrDefault(pattern) is { } route && (route.Service is null || route.Service == request.Service) ? route : null;

    private sealed record Route(string Method, Func<AdminRequest, Response> Handler, TenantService? Service);
}
