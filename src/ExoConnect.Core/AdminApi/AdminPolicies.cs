using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.AdminApi;

/// <summary>Reads the admin API's failures.</summary>
internal sealed class AdminFailurePolicy(ResponseBody bodies, TimeProvider clock) : FailurePolicy(bodies, clock)
{
    /// <summary>
    /// Whether a status means that a cmdlet was run to its end. The others of 200 to 299 promise less: 202 that it may be run later, 206 that this is
    /// a part.
    /// </summary>
    public static bool IsSuccess(int status) => status is 200 or 201 or 204;

    /// <inheritdoc/>
    protected override bool IsSuccess(HttpResponseMessage response) => IsSuccess((int)response.StatusCode);

    /// <inheritdoc/>
    protected override RequestFailure Read(PipelineMessage message, HttpResponseMessage response, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        var request = ((AdminMessage)message).Request;
        var origin = AdminErrors.Origin(request, response);
        var error = origin.StatusCode == 401
            ? AdminErrors.TokenRefused(request, origin, ResponseHeaders.Value(response, "x-ms-diagnostics"))
            : ServiceErrorReader.Read(origin, body);
        return RequestFailure.FromResponse(error, retryAfter, error.Code is not null || error.ServiceType is not null, Now);
    }
}

/// <summary>
/// Sends a message to the target of a redirect, if that belongs to its environment's services. The session moves there once the target has
/// responded: a wrong redirect costs one request and not the session.
/// </summary>
internal sealed class RegionalRedirectPolicy(AdminApiOptions options, AdminHost host) : RedirectPolicy
{
    /// <inheritdoc/>
    protected override string Remedy => "Try again. If that doesn't help, name the regional host with -ConnectionUri.";

    /// <inheritdoc/>
    /// <remarks>A 303 says of a change that it was carried out, and where to look: the change must not be sent again.</remarks>
    protected override bool IsRedirect(PipelineMessage message, int status) =>
        base.IsRedirect(message, status) && (status != 303 || message.IsRead);

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        await base.ProcessAsync(message, next).ConfigureAwait(false);
        if (((AdminMessage)message).MovedTo is { } region && AdminFailurePolicy.IsSuccess((int)message.Response!.StatusCode))
        {
            host.BaseAddress = region;
        }
    }

    /// <inheritdoc/>
    protected override void Follow(PipelineMessage message, HttpResponseMessage response, Uri location)
    {
        var target = RegionalRedirect.Resolve(options.Environment, options.Service, location)
            ?? throw new RequestFailure(AdminErrors.Untrusted(options.Environment, message, location, ResponseHeaders.RequestId(response)));
        ((AdminMessage)message).Move(target);
    }
}

/// <summary>The last check before a token is sent, whatever a page link, a cache or a redirect said.</summary>
internal sealed class TrustPolicy(ExoEnvironment environment) : PipelinePolicy
{
    /// <inheritdoc/>
    public override ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next) =>
        environment.OwnsService(message.Address) && environment.OwnsPort(message.Address)
        ? ProcessNextAsync(message, next)
        : throw new RequestFailure(AdminErrors.Untrusted(environment, message, message.Address, null));
}

/// <summary>The tokens of a session's own service.</summary>
internal sealed class AdminTokens(ITokenProvider tokens, string resource) : IMessageTokens
{
    private long _expiresOn;

    /// <summary>When the last sent token expires.</summary>
    public DateTimeOffset ExpiresOn => new(Interlocked.Read(ref _expiresOn), TimeSpan.Zero);

    /// <inheritdoc/>
    public ValueTask<string?> GetTokenAsync(PipelineMessage message, string? rejected, IEnumerable<string>? challenges) =>
        GetTokenAsync(rejected, challenges, message.CancellationToken);

    /// <summary>Gets a token.</summary>
    /// <param name="rejected">The token that the service refused; null for none.</param>
    /// <param name="challenges">The values of <c>WWW-Authenticate</c> that came with the refusal.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask<string?> GetTokenAsync(string? rejected, IEnumerable<string>? challenges, CancellationToken cancellationToken)
    {
        var request = rejected is null ? default : new TokenRequest(rejected, ClaimsChallenge.Parse(challenges));
        var token = await tokens.GetTokenAsync(resource, request, cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _expiresOn, token.ExpiresOn.UtcTicks);
        return token.Value;
    }
}
