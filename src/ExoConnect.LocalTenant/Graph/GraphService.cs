using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Entra;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Graph;

/// <summary>Microsoft Graph, as far as setting up an application needs it (protocol.md section 6), and users to look at.</summary>
internal sealed class GraphService
{
    private readonly TimeProvider _clock;
    private readonly ApplicationsEndpoint _applications;
    private readonly ServicePrincipalsEndpoint _principals;
    private readonly RoleManagementEndpoint _roles;
    private readonly OrganizationEndpoint _organization;
    private readonly UsersEndpoint _users;

    public GraphService(TenantRegistry registry, MailboxDirectory mailboxes, TimeProvider clock)
    {
        _clock = clock;
        _applications = new ApplicationsEndpoint(registry);
        _principals = new ServicePrincipalsEndpoint(registry, clock);
        _roles = new RoleManagementEndpoint(registry, _principals);
        _organization = new OrganizationEndpoint(registry);
        _users = new UsersEndpoint(mailboxes);
    }

    /// <summary>Responds to one request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">The caller.</param>
    /// <returns>A task that ends when the response is written.</returns>
    public async Task HandleAsync(HttpContext context, Caller caller)
    {
        GraphResponse result;
        try
        {
            result = Route(await GraphRequest.ReadAsync(context, caller).ConfigureAwait(false));
        }
        catch (GraphException e)
        {
            await WriteErrorAsync(context, e).ConfigureAwait(false);
            return;
        }

        await WriteAsync(context, result.Status, result.Body).ConfigureAwait(false);
    }

    /// <summary>Responds with an error in Graph's text.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">The error.</param>
    /// <returns>A task that ends when the response is written.</returns>
    public Task WriteErrorAsync(HttpContext context, GraphException error)
    {
        var (requestId, clientRequestId) = Ids(context);
        return WriteAsync(context, error.Status, new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = error.Code,
                ["message"] = error.Message,
                ["innerError"] = new JsonObject
                {
                    ["date"] = _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                    ["request-id"] = requestId,
                    ["client-request-id"] = clientRequestId,
                },
            },
        });
    }

    private static (string RequestId, string ClientRequestId) Ids(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (!headers.TryGetValue("request-id", out var id))
        {
            headers["request-id"] = id = Guid.NewGuid().ToString();
            headers["client-request-id"] = context.Request.Headers["client-request-id"] is [{ Length: > 0 } given] ? given : id;
        }

        return (id.ToString(), headers["client-request-id"].ToString());
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonObject? body)
    {
        Ids(context);
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-cache";
        if (body is null)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        response.ContentType = "application/json; odata.metadata=minimal; odata.streaming=true; IEEE754Compatible=false; charset=utf-8";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private GraphResponse Route(GraphRequest request)
    {
        var first = request.Segments.Count > 0 ? request.Segments[0] : "";
        var parenthesis = first.IndexOf('(', StringComparison.Ordinal);
        return (parenthesis < 0 ? first : first[..parenthesis]).ToUpperInvariant() switch
        {
            "APPLICATIONS" => _applications.Response(request),
            "SERVICEPRINCIPALS" => _principals.Response(request),
            "ROLEMANAGEMENT" => _roles.Response(request),
            "USERS" => _users.Response(request),
            "ORGANIZATION" or "DOMAINS" => _organization.Response(request),
            _ => throw GraphException.NoSegment(first),
        };
    }
}
