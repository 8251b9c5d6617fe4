using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>
/// The token endpoints of platforms for their workloads: of managed identities (a virtual machine's, App Service's, Arc's) and of
/// federated workloads (GitHub Actions, Azure DevOps).
/// </summary>
internal sealed class PlatformEndpoints(TenantRegistry registry, AccessTokens tokens, FederationIssuer issuer, TenantOptions options)
{
    private const string ArcVersion = "2019-11-01";

    /// <summary>The secret that an app in App Service sends.</summary>
    public string IdentityHeader { get; } = Guid.NewGuid().ToString("N").ToUpperInvariant();

    /// <summary>Whether a path is one of these endpoints.</summary>
    public static bool Serves(string path) =>
        path.StartsWith("/metadata/identity/", StringComparison.OrdinalIgnoreCase)
        || path.Equals("/msi/token", StringComparison.OrdinalIgnoreCase)
        || path.StartsWith("/federation/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Responds to one request.</summary>
    public Task HandleAsync(HttpContext context, Func<Action<Utf8JsonWriter>, Task> write)
    {
        var path = context.Request.Path.Value!.ToUpperInvariant();
        return path switch
        {
            "/METADATA/IDENTITY/OAUTH2/TOKEN" when context.Request.Query["api-version"] == ArcVersion => ArcAsync(context, write),
            "/METADATA/IDENTITY/OAUTH2/TOKEN" => VirtualMachineAsync(context, write),
            "/MSI/TOKEN" => AppServiceAsync(context, write),
            "/FEDERATION/.WELL-KNOWN/OPENID-CONFIGURATION" => write(json =>
            {
                json.WriteStartObject();
                json.WriteString("issuer", issuer.Issuer);
                json.WriteString("jwks_uri", issuer.Issuer + "/keys");
                json.WriteEndObject();
            }),
            "/FEDERATION/KEYS" => write(issuer.WriteKeys),
            "/FEDERATION/GITHUB/TOKEN" => GitHubAsync(context, write),
            "/FEDERATION/DEVOPS/OIDCTOKEN" => DevOpsAsync(context, write),
            _ => Status(context, StatusCodes.Status404NotFound),
        };
    }

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private Task VirtualMachineAsync(HttpContext context, Func<Action<Utf8JsonWriter>, Task> write) =>
        context.Request.Headers["Metadata"] == "true"
            ? TokenAsync(context, write, "invalid_request", "Identity not found")
            : RefuseAsync(context, write, "invalid_request", "Required metadata header not specified");

    private Task AppServiceAsync(HttpContext context, Func<Action<Utf8JsonWriter>, Task> write)
    {
        if (context.Request.Headers["X-IDENTITY-HEADER"] != IdentityHeader)
        {
            return Status(context, StatusCodes.Status401Unauthorized);
        }

        return TokenAsync(context, write, "invalid_request", "Unable to load the proper Managed Identity.");
    }

    /// <summary>Arc's agent demands the content of a file that only the machine's administrators can read.</summary>
    private async Task ArcAsync(HttpContext context, Func<Action<Utf8JsonWriter>, Task> write)
    {
        if (options.ArcTokenDirectory is not { } folder)
        {
            await Status(context, StatusCodes.Status404NotFound).ConfigureAwait(false);
            return;
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.Ordinal))
        {
            var file = Path.Combine(folder, $"{Guid.NewGuid()}.key");
            await File.WriteAllTextAsync(file, RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 40), context.RequestAborted)
                .ConfigureAwait(false);
            context.Response.Headers.WWWAuthenticate = $"Basic realm={file}";
            await Status(context, StatusCodes.Status401Unauthorized).ConfigureAwait(false);
            return;
        }

        var shown = header["Basic ".Length..];
        foreach (var file in Directory.EnumerateFiles(folder, "*.key"))
        {
            if (await File.ReadAllTextAsync(file, context.RequestAborted).ConfigureAwait(false) == shown)
            {
                File.Delete(file);
                await TokenAsync(context, write, "invalid_request", "Identity not found").ConfigureAwait(false);
                return;
            }
        }

        await Status(context, StatusCodes.Status403Forbidden).ConfigureAwait(false);
    }

    private Task TokenAsync(HttpContext context, Func<Action<Utf8JsonWriter>, Task> write, string error, string description)
    {
        var query = context.Request.Query;
        var wanted = query["client_id"].ToString() is { Length: > 0 } named
            ? Guid.TryParse(named, out var id) && registry.AssignedIdentities.Contains(id) ? id : (Guid?)null
            : registry.SystemAssignedIdentity;
        if (wanted is not { } appId || registry.Find(appId) is not { } app)
        {
            return RefuseAsync(context, write, error, description);
        }

        var audience = query["resource"].ToString();
        if (KnownResource.Find(audience, registry.Organization) is not { } resource)
        {
            return RefuseAsync(context, write, "invalid_resource",
                $"AADSTS500011: The resource principal named {audience} was not found in the tenant.");
        }

        var expires = options.Clock.GetUtcNow() + options.TokenLifetime;
        var token = tokens.Issue(app, resource, audience, options.TokenLifetime);
        return write(json =>
        {
            json.WriteStartObject();
            json.WriteString("access_token", token);
            json.WriteString("client_id", app.AppId);
            json.WriteString("expires_in", ((long)options.TokenLifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            json.WriteString("expires_on", expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            json.WriteString("resource", audience);
            json.WriteString("token_type", "Bearer");
            json.WriteEndObject();
        });
    }

    private static Task RefuseAsync(HttpContext context, Func<Action<Utf8JsonWriter>, Task> write, string error, string description)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return write(json =>
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteString("error_description", description);
            json.WriteEndObject();
        });
    }

    private Task GitHubAsync(HttpContext context, Func<Action<Utf8JsonWriter>, Task> write) => FederatedAsync(
        context, write, HttpMethods.Get, "value", () => issuer.Issue(
            issuer.Subject,
            context.Request.Query["audience"].ToString() is { Length: > 0 } audience ? audience
                : "https://github.com/contoso", TimeSpan.FromMinutes(5)));

    private Task DevOpsAsync(HttpContext context, Func<Action<Utf8JsonWriter>, Task> write) => FederatedAsync(
        context, write, HttpMethods.Post, "oidcToken", () => issuer.Issue(
            $"sc://contoso/scripts/{context.Request.Query["serviceConnectionId"]}", "api://AzureADTokenExchange", TimeSpan.FromMinutes(5)));

    private Task FederatedAsync(HttpContext context, Func<Action<Utf8JsonWriter>, Task> write, string method, string member, Func<string> issue)
    {
        if (!HttpMethods.Equals(context.Request.Method, method))
        {
            return Status(context, StatusCodes.Status405MethodNotAllowed);
        }

        if (context.Request.Headers.Authorization != $"Bearer {issuer.RequestToken}")
        {
            return Status(context, StatusCodes.Status401Unauthorized);
        }

        return write(json =>
        {
            json.WriteStartObject();
            json.WriteString(member, issue());
            json.WriteEndObject();
        });
    }
}
