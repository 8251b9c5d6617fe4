using System.Globalization;
using System.Security;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>A token that the caller got elsewhere. The provider sends no request: the token works for its one service until it ends.</summary>
internal sealed class AccessTokenProvider : ITokenProvider
{
    private const string Parameter = "AccessToken";
    private const string GetAnother = "Get a new token and connect again.";

    private readonly AccessToken _token;
    private readonly TimeProvider _clock;

    /// <summary>Reads the token.</summary>
    /// <param name="organization">The organization it should belong to; null if only the token tells.</param>
    /// <param name="token">The token.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="ExoException">
    /// <c>AccessTokenInvalid</c>, <c>AccessTokenExpired</c>, or <c>AccessTokenOfAnotherTenant</c>.
    /// </exception>
    public AccessTokenProvider(string? organization, SecureString token, TimeProvider clock)
    {
        _clock = clock;
        var text = SecretText.Read(token).Trim();
        if (text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            text = text["Bearer ".Length..].Trim();
        }

        var claims = TokenReader.Read(text);
        if (claims is not { Audience: { } audience, ExpiresOn: { } end } || text.Any(c => !char.IsAscii(c) || char.IsWhiteSpace(c)))
        {
            throw new ExoException("The value is not an access token: it names no service, or no expiry.")
            {
                ErrorId = ErrorIds.AccessTokenInvalid,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = Parameter,
                Remedy = "Give the text that the sign-in host calls access_token; it begins with eyJ and has three parts with dots between them.",
            };
        }

        _token = new AccessToken(audience, text, end, claims);
        ThrowIfExpired();
        if (Guid.TryParse(organization, out var wanted) && Guid.TryParse(claims.TenantId, out var tenant) && wanted != tenant)
        {
            throw TenantCheck.Another(organization!, "Organization", claims);
        }

        Organization = organization ?? claims.TenantId;
    }

    public string? AppId => _token.Claims.AppId;

    public string? Organization { get; }

    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(resource);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfExpired();
        if (!TokenAudience.IsFor(_token.Resource, resource))
        {
            throw new SignInException(
                $"The access token is for {TokenAudience.Describe(_token.Resource)}, not for {TokenAudience.Describe(resource)}.")
            {
                ErrorId = ErrorIds.AccessTokenForAnotherService,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = Parameter,
                Target = resource,
                Remedy = $"Get a token for the resource {resource}. A token is good for one service, and is sent to no other.",
            };
        }

        if (request.RejectedToken == _token.Value)
        {
            throw new SignInException(
                $"{TokenAudience.Describe(resource)} no longer accepts the given access token: it was revoked, or is not meant for it.")
            {
                ErrorId = ErrorIds.AccessTokenRefused,
                Category = ExoErrorCategory.AuthenticationError,
                ParameterName = Parameter,
                Target = resource,
                Remedy = GetAnother + " A given access token cannot be renewed; the other ways of signing in renew theirs.",
            };
        }

        return ValueTask.FromResult(_token);
    }

    public override string ToString() => $"{AppId} at {Organization}, access token";

    private void ThrowIfExpired()
    {
        if (_token.ExpiresOn > _clock.GetUtcNow())
        {
            return;
        }

        var end = _token.ExpiresOn.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        throw new SignInException($"The given access token expired at {end}.")
        {
            ErrorId = ErrorIds.AccessTokenExpired,
            Category = ExoErrorCategory.AuthenticationError,
            ParameterName = Parameter,
            Target = _token.Resource,
            Remedy = GetAnother,
        };
    }
}
