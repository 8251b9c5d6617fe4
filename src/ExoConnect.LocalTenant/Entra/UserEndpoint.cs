using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>The token endpoint for apps that act for a user: codes, refresh tokens, device codes and passwords.</summary>
internal sealed class UserEndpoint(TenantRegistry registry, AccessTokens tokens, UserGrants grants, TenantOptions options)
{
    private const string DefaultScope = "/.default";
    private static readonly string[] OpenIdScopes = ["openid", "profile", "email", "offline_access"];

    /// <summary>Whether a grant type belongs to a user.</summary>
    public static bool Serves(string grantType) =>
        grantType is "authorization_code" or "refresh_token" or "password" or "device_code" or "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>Finds the app of a request, and checks the tenant of the path.</summary>
    /// <exception cref="EntraException">There is no such app, or it may not act for users.</exception>
    public TenantApplication App(string? tenant, string clientId)
    {
        if (tenant is not null && !registry.Is(tenant))
        {
            throw EntraException.TenantNotFound(tenant, discovery: false);
        }

        var app = (Guid.TryParse(clientId, out var id) ? registry.Find(id) : null) ?? throw EntraException.AppNotFound(
            clientId, registry.Organization);
        return tenant is null && app.IsSingleTenant ? throw EntraException.SingleTenant(app) : app;
    }

    /// <summary>Responds to one request.</summary>
    /// <exception cref="EntraException">The request gets no token.</exception>
    public TokenEndpoint.IssuedToken Response(string? tenant, string grantType, string clientId, IFormCollection form)
    {
        var app = App(tenant, clientId);
        if (!app.AllowsPublicClient)
        {
            throw EntraException.NotPublic();
        }

        var grant = grantType switch
        {
            "authorization_code" => Code(app, form),
            "refresh_token" => Refresh(app, form),
            "password" => Password(app, form),
            _ => Device(app, form),
        };
        Check(grant);
        return Issue(grant, form);
    }

    /// <summary>Registers a device that waits for its user.</summary>
    public (string DeviceCode, DeviceRequest Request) StartDevice(string? tenant, IFormCollection form)
    {
        var app = App(tenant, Required(form, "client_id"));
        if (!app.AllowsPublicClient)
        {
            throw EntraException.NotPublic();
        }

        _ = Scope(app, Required(form, "scope"));
        var started = grants.AddDevice(app, options.DeviceCodeLifetime);
        if (options.ApproveDeviceCodesAs is { } name)
        {
            var user = registry.FindUser(name) ?? throw EntraException.UserNotFound(name, registry.Organization);
            started.Request.Grant = new UserGrant(app, user, PassedMfa: true, user.Sessions);
        }

        return started;
    }

    /// <summary>Checks a name and a password.</summary>
    /// <exception cref="EntraException">The name or the password is wrong.</exception>
    public TenantUser SignIn(string name, string password)
    {
        var user = registry.FindUser(name.Trim()) ?? throw EntraException.UserNotFound(name, registry.Organization);
        return !user.HasPassword(password) ? throw EntraException.WrongPassword() : user.Enabled ? user : throw EntraException.UserDisabled();
    }

    /// <summary>Checks the scopes that an app requests.</summary>
    /// <exception cref="EntraException">The app may not have them.</exception>
    public (KnownResource Resource, string Audience, IReadOnlyList<string> Scopes) Scope(TenantApplication app, string scope)
    {
        var asked = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(
            s => !OpenIdScopes.Contains(s, StringComparer.OrdinalIgnoreCase)).ToList();
        if (asked.Count == 0)
        {
            throw EntraException.InvalidScope(scope);
        }

        // A request may name several scopes of one resource.
        var parts = asked.Select(one => (
            Resource: one[..Math.Max(
                0, one.EndsWith(DefaultScope, StringComparison.OrdinalIgnoreCase) ? one.Length - DefaultScope.Length : one.LastIndexOf('/'))],
            Name: one[(one.LastIndexOf('/') + 1)..])).ToList();
        var audience = parts[0].Resource is { Length: > 0 } first && parts.All(part => part.Resource == first) ? first
            : throw EntraException.InvalidScope(scope);
        var resource = KnownResource.Find(audience, registry.Organization) ?? throw EntraException.ResourceNotFound(audience, registry.Organization);
        var consented = app.DelegatedPermissions.Where(p => p.AppliesTo(resource)).Select(p => p.Value).Distinct().ToList();
        var isDefault = parts.Exists(part => part.Name == ".default");
        return !app.AdminConsent || consented.Count == 0
            || (!isDefault && parts.Exists(part => !consented.Contains(part.Name, StringComparer.OrdinalIgnoreCase)))
            ? throw EntraException.NoConsent(app)
            : (resource, audience, isDefault ? consented : [.. parts.Select(part => part.Name)]);
    }

    private static string Required(IFormCollection form, string name) =>
        form[name].ToString() is { Length: > 0 } value ? value : throw EntraException.MissingParameter(name);

    private static void Check(UserGrant grant)
    {
        if (!grant.User.Enabled)
        {
            throw EntraException.UserDisabled();
        }

        if (grant.User.IsBlocked)
        {
            throw EntraException.BlockedByPolicy();
        }

        if (grant.User.RequiresMfa && !grant.PassedMfa)
        {
            throw EntraException.MfaRequired();
        }
    }

    private UserGrant Code(TenantApplication app, IFormCollection form)
    {
        var code = grants.TakeCode(Required(form, "code"));
        if (code is null || code.Grant.App != app)
        {
            throw EntraException.CodeExpired();
        }

        if (!string.Equals(code.RedirectUri, form["redirect_uri"].ToString(), StringComparison.Ordinal))
        {
            throw EntraException.RedirectMismatch();
        }

        var hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        return hash == code.Challenge ? code.Grant : throw EntraException.WrongVerifier();
    }

    private UserGrant Refresh(TenantApplication app, IFormCollection form)
    {
        var token = grants.UseRefreshToken(Required(form, "refresh_token"));
        if (token is null || token.Grant.App != app)
        {
            throw EntraException.InvalidGrant();
        }

        if (token.Expires <= options.Clock.GetUtcNow())
        {
            throw EntraException.RefreshTokenExpired();
        }

        return token.Grant.Sessions == token.Grant.User.Sessions ? token.Grant : throw EntraException.SessionsRevoked();
    }

    private UserGrant Password(TenantApplication app, IFormCollection form)
    {
        var user = SignIn(Required(form, "username"), Required(form, "password"));
        return new UserGrant(app, user, PassedMfa: false, user.Sessions);
    }

    private UserGrant Device(TenantApplication app, IFormCollection form)
    {
        var code = form["device_code"].ToString() is { Length: > 0 } named ? named : Required(form, "code");
        var device = grants.FindDevice(code);
        if (device is null || device.App != app)
        {
            throw EntraException.BadDeviceCode();
        }

        if (device.IsDeclined)
        {
            throw EntraException.DeviceDeclined();
        }

        if (device.Expires <= options.Clock.GetUtcNow())
        {
            throw EntraException.DeviceCodeExpired();
        }

        var grant = device.Grant ?? throw EntraException.DevicePending();
        grants.RemoveDevice(code);
        return grant;
    }

    private TokenEndpoint.IssuedToken Issue(UserGrant grant, IFormCollection form)
    {
        var (resource, audience, scopes) = Scope(grant.App, Required(form, "scope"));
        tokens.AcceptClaims(grant.App, form["claims"].ToString());
        var lifetime = options.TokenLifetime;
        return new TokenEndpoint.IssuedToken(
            tokens.Issue(grant, resource, audience, scopes, lifetime),
            (long)lifetime.TotalSeconds,
            new TokenEndpoint.UserPart(
                grants.AddRefreshToken(grant),
                tokens.IssueIdToken(grant, lifetime),
                Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"uid":"{{grant.User.ObjectId}}","utid":"{{registry.TenantId}}"}""")),
                string.Join(' ', scopes.Select(s => $"{audience}/{s}"))));
    }
}
