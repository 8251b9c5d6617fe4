using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ExoConnect.LocalTenant.Hosting;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>Entra ID's endpoints: instance discovery, OpenID configuration, keys, tokens.</summary>
internal sealed class EntraService
{
    private readonly TenantRegistry _registry;
    private readonly AccessTokens _tokens;
    private readonly TokenEndpoint _tokenEndpoint;
    private readonly UserEndpoint _users;
    private readonly SignInPages _pages;
    private readonly TenantOptions _options;
    private readonly PlatformEndpoints _platform;
    private readonly TimeProvider _clock;
    private readonly HashSet<string> _signInHosts;

    public EntraService(TenantRegistry registry, AccessTokens tokens, UserGrants grants, FederationIssuer federation, PlatformEndpoints platform,
        TenantOptions options)
    {
        _registry = registry;
        _tokens = tokens;
        _clock = options.Clock;
        _options = options;
        _platform = platform;
        _users = new UserEndpoint(registry, tokens, grants, options);
        _pages = new SignInPages(registry, _users, grants);
        _signInHosts = new HashSet<string>(
            [HostNames.SignIn, "localhost", "127.0.0.1", "[::1]", "::1", .. options.Names],
            StringComparer.OrdinalIgnoreCase);
        _tokenEndpoint = new TokenEndpoint(
            registry,
            tokens,
            new ClientAssertionVerifier(registry, options.Clock, _signInHosts.Contains),
            federation,
            _users,
            options);
    }

    /// <summary>Responds to one request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that ends when the response is written.</returns>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context).ConfigureAwait(false);
        }
        catch (EntraException e)
        {
            await WriteErrorAsync(context, e).ConfigureAwait(false);
        }
    }

    /// <summary>Responds with an error in Entra ID's text.</summary>
    /// <param name="context">The request.</param>
    /// <param name="refusal">The error.</param>
    /// <returns>A task that ends when the response is written.</returns>
    public Task WriteErrorAsync(HttpContext context, EntraException refusal)
    {
        var trace = Guid.NewGuid().ToString();
        var correlation = Correlation(context);
        var timestamp = _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        context.Response.StatusCode = refusal.Status;
        context.Response.Headers["x-ms-request-id"] = trace;
        return WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("error", refusal.Error);
            json.WriteString(
                "error_description",
                $"AADSTS{refusal.Code}: {refusal.Message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}");
            json.WriteStartArray("error_codes");
            json.WriteNumberValue(refusal.Code);
            json.WriteEndArray();
            json.WriteString("timestamp", timestamp);
            json.WriteString("trace_id", trace);
            json.WriteString("correlation_id", correlation);
            json.WriteString("error_uri", $"{BaseAddress(context)}/error?code={refusal.Code}");
            if (refusal.SubError is { } sub)
            {
                json.WriteString("suberror", sub);
            }

            if (refusal.Claims is { } claims)
            {
                json.WriteString("claims", claims);
            }

            json.WriteEndObject();
        });
    }

    private static string BaseAddress(HttpContext context) => $"https://{context.Request.Host.Value}";

    // MSAL.NET sends its id as a header, MSAL for Node in the query.
    private static string Correlation(HttpContext context) =>
        Guid.TryParse(context.Request.Headers["client-request-id"], out var id) || Guid.TryParse(context.Request.Query["client-request-id"], out id)
            ? id.ToString()
            : Guid.NewGuid().ToString();

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        var response = context.Response;
        response.Headers.CacheControl = "no-store, no-cache";
        response.Headers.Pragma = "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        if (context.Request.Headers.TryGetValue("client-request-id", out var id))
        {
            response.Headers["client-request-id"] = id;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = buffer.WrittenCount;
        await response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    private Task RouteAsync(HttpContext context)
    {
        var request = context.Request;
        if (PlatformEndpoints.Serves(request.Path.Value!))
        {
            return _platform.HandleAsync(context, write => WriteAsync(context, write));
        }

        var segments = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var tail = string.Join('/', segments.Skip(1)).ToUpperInvariant();
        var isGet = HttpMethods.IsGet(request.Method);
        return (segments, tail) switch
        {
            ({ Length: > 0 }, "DISCOVERY/INSTANCE") when isGet => DiscoverInstanceAsync(context),
            ({ Length: > 0 }, "V2.0/.WELL-KNOWN/OPENID-CONFIGURATION") when isGet => ConfigurationAsync(context, segments[0]),
            ({ Length: > 0 }, "DISCOVERY/V2.0/KEYS" or "DISCOVERY/KEYS") when isGet => KeysAsync(context),
            ({ Length: > 0 }, "OAUTH2/V2.0/TOKEN") when HttpMethods.IsPost(request.Method) => TokenAsync(context, segments[0]),
            ({ Length: > 0 }, "OAUTH2/V2.0/DEVICECODE") when HttpMethods.IsPost(request.Method) => DeviceCodeAsync(context, segments[0]),
            ({ Length: > 0 }, "OAUTH2/V2.0/AUTHORIZE") => AuthorizeAsync(context, segments[0]),
            (["device"], _) => DeviceAsync(context),
            ([_, "userrealm", var user], _) when isGet => UserRealmAsync(context, user),
            _ => NotFoundAsync(context),
        };
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private Task DiscoverInstanceAsync(HttpContext context)
    {
        var asked = context.Request.Query["authorization_endpoint"].ToString();
        if (!Uri.TryCreate(asked, UriKind.Absolute, out var endpoint) || !_signInHosts.Contains(endpoint.Host))
        {
            throw EntraException.UnknownInstance();
        }

        var tenant = endpoint.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "common";
        return WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("tenant_discovery_endpoint", $"https://{endpoint.Authority}/{tenant}/v2.0/.well-known/openid-configuration");
            json.WriteString("api-version", "1.1");
            json.WriteStartArray("metadata");
            json.WriteStartObject();
            json.WriteString("preferred_network", endpoint.Authority);
            json.WriteString("preferred_cache", endpoint.Authority);
            json.WriteStartArray("aliases");
            json.WriteStringValue(endpoint.Authority);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private Task ConfigurationAsync(HttpContext context, string tenant)
    {
        var shared = IsShared(tenant);
        if (!shared && !_registry.Is(tenant))
        {
            throw EntraException.TenantNotFound(tenant, discovery: true);
        }

        // As in Entra ID: for any name of the tenant the endpoints have its id; the shared endpoints keep their names.
        var named = shared ? tenant : _registry.TenantId.ToString();
        var address = $"{BaseAddress(context)}/{named}";
        var issuerTenant = shared ? "{tenantid}" : named;
        return WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("token_endpoint", $"{address}/oauth2/v2.0/token");
            WriteStrings(json, "token_endpoint_auth_methods_supported", "client_secret_post", "private_key_jwt", "client_secret_basic");
            json.WriteString("jwks_uri", $"{address}/discovery/v2.0/keys");
            WriteStrings(json, "response_modes_supported", "query", "fragment", "form_post");
            WriteStrings(json, "subject_types_supported", "pairwise");
            WriteStrings(json, "id_token_signing_alg_values_supported", "RS256");
            WriteStrings(json, "response_types_supported", "code", "id_token", "code id_token", "id_token token");
            WriteStrings(json, "scopes_supported", "openid", "profile", "email", "offline_access");
            json.WriteString("issuer", $"{BaseAddress(context)}/{issuerTenant}/v2.0");
            json.WriteString("authorization_endpoint", $"{address}/oauth2/v2.0/authorize");
            json.WriteString("device_authorization_endpoint", $"{address}/oauth2/v2.0/devicecode");
            json.WriteString("end_session_endpoint", $"{address}/oauth2/v2.0/logout");
            WriteStrings(json, "claims_supported", "sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver");
            json.WriteString("tenant_region_scope", "EU");
            json.WriteString("cloud_instance_name", context.Request.Host.Value);
            json.WriteString("cloud_graph_host_name", HostNames.Graph);
            json.WriteString("msgraph_host", HostNames.Graph);
            json.WriteEndObject();
        });

        static void WriteStrings(Utf8JsonWriter json, string name, params ReadOnlySpan<string> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }
    }

    private Task KeysAsync(HttpContext context) =>
        WriteAsync(context, json => _tokens.WriteKeys(json, $"{BaseAddress(context)}/{_registry.TenantId}/v2.0"));

    private async Task TokenAsync(HttpContext context, string tenant)
    {
        var form = await ReadFormAsync(context).ConfigureAwait(false);
        var token = _tokenEndpoint.Response(IsShared(tenant) ? null : tenant, form);
        context.Response.Headers["x-ms-request-id"] = Guid.NewGuid().ToString();
        await WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("token_type", "Bearer");
            json.WriteNumber("expires_in", token.ExpiresIn);
            json.WriteNumber("ext_expires_in", token.ExpiresIn);
            json.WriteString("access_token", token.AccessToken);
            if (token.User is { } user)
            {
                json.WriteString("scope", user.Scope);
                json.WriteString("refresh_token", user.RefreshToken);
                json.WriteString("id_token", user.IdToken);
                json.WriteString("client_info", user.ClientInfo);
            }

            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task DeviceCodeAsync(HttpContext context, string tenant)
    {
        var form = await ReadFormAsync(context).ConfigureAwait(false);
        var (code, request) = _users.StartDevice(IsShared(tenant) ? null : tenant, form);
        var page = $"{BaseAddress(context)}/device";
        await WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("user_code", request.UserCode);
            json.WriteString("device_code", code);
            json.WriteString("verification_uri", page);
            json.WriteNumber("expires_in", (long)_options.DeviceCodeLifetime.TotalSeconds);
            json.WriteNumber("interval", (long)_options.DeviceCodeInterval.TotalSeconds);
            json.WriteString(
                "message", $"To sign in, use a web browser to open the page {page} and enter the code {request.UserCode} to authenticate.");
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task AuthorizeAsync(HttpContext context, string tenant)
    {
        var form = HttpMethods.IsPost(context.Request.Method) ? await ReadFormAsync(context).ConfigureAwait(false) : null;
        await _pages.AuthorizeAsync(context, IsShared(tenant) ? null : tenant, form).ConfigureAwait(false);
    }

    private async Task DeviceAsync(HttpContext context)
    {
        var form = HttpMethods.IsPost(context.Request.Method) ? await ReadFormAsync(context).ConfigureAwait(false) : null;
        await _pages.DeviceAsync(context, form).ConfigureAwait(false);
    }

    /// <summary>Names the place that checks a user's password; MSAL requests it before it sends one.</summary>
    private static Task UserRealmAsync(HttpContext context, string user) => WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("ver", "1.0");
        json.WriteString("account_type", "Managed");
        json.WriteString("domain_name", user.Split('@')[^1]);
        json.WriteString("cloud_instance_name", context.Request.Host.Value);
        json.WriteString("cloud_audience_urn", "urn:federation:MicrosoftOnline");
        json.WriteEndObject();
    });

    private static bool IsShared(string tenant) =>
        tenant.Equals("common", StringComparison.OrdinalIgnoreCase)
        || tenant.Equals("organizations", StringComparison.OrdinalIgnoreCase)
        || tenant.Equals("consumers", StringComparison.OrdinalIgnoreCase);

    private static async Task<IFormCollection> ReadFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return FormCollection.Empty;
        }

        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty;
        }
    }
}
