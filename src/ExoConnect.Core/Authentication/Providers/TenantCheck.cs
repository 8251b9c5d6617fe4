using System.Net;
using System.Text.Json;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>
/// Holds a token to the organization that was asked for, before it goes to any service: a token of another tenant would read and change that one's
/// objects,
/// and nothing would fail.
/// </summary>
internal static class TenantCheck
{
    private const int LargestResponse = 1024 * 1024;

    /// <summary>Refuses a token of another tenant.</summary>
    /// <param name="environment">Whose sign-in host knows which tenant a domain is of.</param>
    /// <param name="organization">A domain or a tenant id.</param>
    /// <param name="parameter">Where it was named.</param>
    /// <param name="claims">What the token says.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ExoException">
    /// <c>AccessTokenOfAnotherTenant</c>; <c>TenantNotFound</c>: no tenant has that domain, or the sign-in host can't be asked.
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

    /// <summary>Asks the sign-in host which tenant a domain is of. It tells everybody, and is sent no token.</summary>
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
        new($"Which tenant '{domain}' is can't be found out, so the token is not sent: it may be of another.", inner)
        {
            ErrorId = ErrorIds.TenantNotFound,
            Category = ExoErrorCategory.ObjectNotFound,
            ParameterName = parameter,
            Target = domain,
            Remedy = "Check the name, or give the tenant's id.",
        };
}
