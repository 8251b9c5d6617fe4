using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>The token endpoint's response to each grant.</summary>
internal sealed class TokenEndpoint(
    TenantRegistry registry, AccessTokens tokens, ClientAssertionVerifier assertions, FederationIssuer federation, UserEndpoint users,
    TenantOptions options)
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string DefaultScope = "/.default";

    /// <summary>Responds to one request.</summary>
    /// <param name="tenant">The tenant that the path names; null for <c>common</c> and its like.</param>
    /// <param name="form">The request's parameters.</param>
    /// <returns>A token.</returns>
    /// <exception cref="EntraException">The request gets no token.</exception>
    public IssuedToken Response(string? tenant, IFormCollection form)
    {
        var grant = Required(form, "grant_type");
        var clientId = Required(form, "client_id");
        return grant switch
        {
            "client_credentials" => ClientCredentials(tenant, clientId, form),
            _ when UserEndpoint.Serves(grant) => users.Response(tenant, grant, clientId, form),
            _ => throw EntraException.UnsupportedGrant(grant),
        };
    }

    private static string Required(IFormCollection form, string name) =>
        form[name].ToString() is { Length: > 0 } value ? value : throw EntraException.MissingParameter(name);

    private IssuedToken ClientCredentials(string? tenant, string clientId, IFormCollection form)
    {
        if (tenant is null)
        {
            throw EntraException.NoTenant();
        }

        if (!registry.Is(tenant))
        {
            throw EntraException.TenantNotFound(tenant, discovery: false);
        }

        var app = (Guid.TryParse(clientId, out var id) ? registry.FindReplicated(id) : null)
            ?? throw EntraException.AppNotFound(clientId, registry.Organization);
        Authenticate(app, form);
        if (app.Principal is not { } principal || !app.IsThere(principal.Since))
        {
            throw EntraException.NoServicePrincipal(app, registry.TenantId);
        }

        if (!principal.IsEnabled)
        {
            throw EntraException.Disabled(app);
        }

        var (resource, audience) = Resource(Required(form, "scope"));
        if (!app.AdminConsent)
        {
            throw EntraException.NoConsent(app);
        }

        tokens.AcceptClaims(app, form["claims"].ToString());
        return new IssuedToken(tokens.Issue(app, resource, audience, options.TokenLifetime), (long)options.TokenLifetime.TotalSeconds);
    }

    private void Authenticate(TenantApplication app, IFormCollection form)
    {
        if (form["client_assertion"].ToString() is { Length: > 0 } assertion)
        {
            if (form["client_assertion_type"] != JwtBearer)
            {
                throw EntraException.MissingParameter("client_assertion_type");
            }

            if (FederationIssuer.IsFederated(app, assertion))
            {
                federation.Verify(app, assertion);
            }
            else
            {
                assertions.Verify(app, assertion);
            }
        }
        else if (form["client_secret"].ToString() is { Length: > 0 } secret)
        {
            switch (app.CheckSecret(secret))
            {
                case (Known: false, _):
                    throw EntraException.WrongSecret(app);
                case (_, Expired: true):
                    throw EntraException.ExpiredSecret(app);
            }
        }
        else
        {
            throw EntraException.NoCredential();
        }
    }

    private (KnownResource Resource, string Audience) Resource(string scope)
    {
        if (scope.Contains(' ', StringComparison.Ordinal))
        {
            throw EntraException.InvalidScope(scope);
        }

        if (!scope.EndsWith(DefaultScope, StringComparison.OrdinalIgnoreCase) || scope.Length == DefaultScope.Length)
        {
            throw EntraException.NotDefaultScope(scope);
        }

        // "https://outlook.office365.com//.default" requests an audience with a slash at its end, and gets it.
        var audience = scope[..^DefaultScope.Length];
        var resource = KnownResource.Find(audience, registry.Organization)
            ?? throw EntraException.ResourceNotFound(audience, registry.Organization);
        return (resource, audience);
    }

    /// <summary>An issued token.</summary>
    /// <param name="AccessToken">The token.</param>
    /// <param name="ExpiresIn">Its lifetime in seconds.</param>
    /// <param name="User">The user's part of the response; null for an app's own token.</param>
    internal readonly record struct IssuedToken(string AccessToken, long ExpiresIn, UserPart? User = null);

    /// <summary>The user's part of a token response.</summary>
    /// <param name="RefreshToken">The refresh token.</param>
    /// <param name="IdToken">The id token.</param>
    /// <param name="ClientInfo">The user's ids, as MSAL's cache needs them.</param>
    /// <param name="Scope">The token's scopes.</param>
    internal sealed record UserPart(string RefreshToken, string IdToken, string ClientInfo, string Scope);
}
