using System.Net;
using System.Text.Json;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>
/// Checks that a token belongs to the named organization, before it goes to any service. A token of another tenant would read and change that
/// tenant's objects, and nothing would fail.
/// </summary>
internal static class TenantCheck
{
    private const int LargestResponse = 1024 * 1024;

    /// <summary>Refuses a token of another tenant.</summary>
    /// <param name="environment">Its sign-in host knows the tenant of a domain.</param>
    /// <param name="organization">A domain or a tenant id.</param>
    /// <param name="parameter">The parameter that named it.</param>
    /// <param name="claims">The token's claims.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ExoException">
    /// <c>AccessTokenOfAnotherTenant</c>; <c>TenantNotFound</c>: no tenant has that domain, or the sign-in host can't be reached.
    /// </exception>
    public static async Task RequireAsync(
        ExoEnvironment environment, string organization, string parameter, TokenClaims claims, CancellationToken cancellationToken)
    {
        var tenant = Guid.TryParse(organization, out var id) ? id
            : await FindAsync(environment, organization, parameter, cancellationToken).ConfigureAwait(false);
        if (!Guid.TryParse(claims.TenantId, out var own) || own != tenant)
        {
            throw Another(organization, parameter, claims);
        }
    }

    /// <summary>The error.</summary>
    public static ExoException Another(string organization, string parameter, TokenClaims claims) =>
        new($"The access token is of the tenant {claims.TenantId ?? "(none)"}, not of {organization}.")
        {
            ErrorId = ErrorIds.AccessTokenOfAnotherTenant,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = parameter,
            Target = organization,
            Remedy = $"Give a token of the tenant that -{parameter} names, or sign in there; or name the tenant that the token is of.",
        };

    /// <summary>Gets the tenant of a domain from the sign-in host. The host responds to everyone, and gets no token.</summary>
    private static async Task<Guid> FindAsync(ExoEnvironment environment, string domain, string parameter, CancellationToken cancellationToken)
    {
        try
        {
            var address = new Uri(environment.SignIn, $"/{Uri.EscapeDataString(domain)}/v2.0/.well-known/openid-configuration");
            using var client = EnvironmentTransport.CreateClient(environment);
            client.MaxResponseContentBufferSize = LargestResponse;
            using var response = await client.GetAsync(address, cancellationToken).ConfigureAwait(false);
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            if (response.StatusCode == HttpStatusCode.OK && json.RootElement.TryGetProperty("issuer", out var issuer)
                && Uri.TryCreate(issuer.GetString(), UriKind.Absolute, out var named)
                && Guid.TryParse(named.Segments.ElementAtOrDefault(1)?.TrimEnd('/'), out var tenant))
            {
                return tenant;
            }

            throw NotFound(domain, parameter, null);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException)
        {
            throw NotFound(domain, parameter, e);
        }
    }

    private static ExoException NotFound(string domain, string parameter, Exception? inner) =>
        new($"The tenant of '{domain}' could not be determined, so the token is not sent: it may belong to another tenant.", inner)
        {
            ErrorId = ErrorIds.TenantNotFound,
            Category = ExoErrorCategory.ObjectNotFound,
            ParameterName = parameter,
            Target = domain,
            Remedy = "Check the name, or give the tenant's id.",
        };
}
