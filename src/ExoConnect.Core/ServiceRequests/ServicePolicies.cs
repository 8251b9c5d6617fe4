using System.Net;
using System.Net.Http.Headers;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Http.Transport;

namespace ExoConnect.Core.ServiceRequests;

/// <summary>A request to a service while it is sent. Redirects change it for the rest of the attempt.</summary>
/// <param name="request">The request.</param>
/// <param name="target">Its target.</param>
/// <param name="client">The description of this client.</param>
/// <param name="messages">Receives steps and pauses.</param>
/// <param name="cancellationToken">Stops everything at once.</param>
internal sealed class ServiceMessage(
    ServiceRequest request, ServiceTarget target, ClientInfo client, IEngineMessages messages, CancellationToken cancellationToken)
    : PipelineMessage(messages, cancellationToken)
{
    private readonly ServiceRequest _asked = request;

    /// <summary>The request after the redirects so far.</summary>
    public ServiceRequest Request { get; set; } = request;

    /// <summary>Its target after the redirects so far.</summary>
    public ServiceTarget Place { get; set; } = target;

    /// <summary>Its original target.</summary>
    public ServiceTarget Origin { get; } = target;

    /// <summary>True once a redirect has left the service: no token is sent from then on, even if the chain leads back.</summary>
    public bool HasLeft { get; set; }

    /// <inheritdoc/>
    public override string Name => $"{Request.Method} {Place.Address.AbsolutePath}";

    /// <inheritdoc/>
    public override string CmdletName => _asked.ToString();

    /// <inheritdoc/>
    public override object? Target => Place.Place;

    /// <inheritdoc/>
    public override bool IsRead => _asked.IsRead;

    /// <inheritdoc/>
    public override Uri Address => Place.Address;

    /// <inheritdoc/>
    public override TimeSpan Timeout => _asked.Timeout;

    /// <inheritdoc/>
    public override void BeginAttempt()
    {
        base.BeginAttempt();
        (Request, Place, HasLeft) = (_asked, Origin, false);
    }

    /// <inheritdoc/>
    public override HttpRequestMessage CreateRequest()
    {
        var message = new HttpRequestMessage(Request.Method, Address) { Version = HttpVersion.Version11 };
        if (!Request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(Request.Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", Request.ContentType);
        }

        message.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        message.Headers.TryAddWithoutValidation("User-Agent", client.Application);
        if (Token is null)
        {
            // A foreign host gets the bare request: the caller's headers are for the service.
            return message;
        }

        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        message.Headers.TryAddWithoutValidation("client-request-id", ClientRequestId);
        foreach (var (name, value) in Request.Headers)
        {
            if (message.Content is { } content && name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                message.Headers.Remove(name);
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (!message.Headers.Contains("Accept"))
        {
            message.Headers.TryAddWithoutValidation("Accept", "application/json");
        }

        return message;
    }
}

/// <summary>Gives each service its own token, and no other host any.</summary>
internal sealed class ServiceTokens(ITokenProvider tokens) : IMessageTokens
{
    /// <inheritdoc/>
    public async ValueTask<string?> GetTokenAsync(PipelineMessage message, string? rejected, IEnumerable<string>? challenges)
    {
        var request = (ServiceMessage)message;

        // The last check before a token is sent, whatever a redirect said: a host outside the service gets none, and neither does any host that it
        // names.
        request.HasLeft |= !request.Origin.Allows(request.Address);
        if (request.HasLeft)
        {
            return null;
        }

        var wanted = rejected is null ? default : new TokenRequest(rejected, ClaimsChallenge.Parse(challenges));
        return (await tokens.GetTokenAsync(request.Origin.Resource, wanted, message.CancellationToken).ConfigureAwait(false)).Value;
    }
}

/// <summary>
/// Follows a redirect. Within the service it sends everything again. A read to another host, such as the download addresses of Graph, goes without
/// token, body and the caller's headers.
/// </summary>
internal sealed class ServiceRedirectPolicy : RedirectPolicy
{
    /// <inheritdoc/>
    protected override string Remedy => "Check the address; a path that lacks its last slash, or its version, is often the cause.";

    /// <inheritdoc/>
    protected override void Follow(PipelineMessage message, HttpResponseMessage response, Uri location)
    {
        var sent = (ServiceMessage)message;
        var isGet = sent.Request.Method == HttpMethod.Get || sent.Request.Method == HttpMethod.Head;
        if (!ServiceHost.TryGet(location, out _) || !(isGet || (sent.Place.Allows(location) && !sent.HasLeft)))
        {
            var where = location.IsAbsoluteUri ? location.Authority : "no address";
            throw new RequestFailure(ServiceErrors.LeavesService(sent.Request, sent.Place, where, "a redirect"));
        }

        // 303 says that a write has been carried out, and where its result is. 301 and 302 say so of a POST, by the browsers' convention. Any other
        // request has not been carried out, and goes to the target unchanged.
        if (!isGet && (response.StatusCode == HttpStatusCode.SeeOther
            || (sent.Request.Method == HttpMethod.Post && response.StatusCode is HttpStatusCode.Moved or HttpStatusCode.Found)))
        {
            sent.Request = sent.Request with { Method = HttpMethod.Get, Body = default };
        }

        sent.Place = sent.Place with { Address = location };
    }
}

/// <summary>Reads the errors of Graph and the other services.</summary>
internal sealed class ServiceFailurePolicy(ResponseBody bodies, TimeProvider clock) : FailurePolicy(bodies, clock)
{
    /// <inheritdoc/>
    protected override bool IsSuccess(HttpResponseMessage response) => base.IsSuccess(response) || response.StatusCode == HttpStatusCode.NotModified;

    /// <inheritdoc/>
    protected override RequestFailure Read(PipelineMessage message, HttpResponseMessage response, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        var sent = (ServiceMessage)message;
        var error = ServiceErrors.Read(
            sent.Request, sent.Place, (int)response.StatusCode, body, message.ClientRequestId, ResponseHeaders.RequestId(response));
        return RequestFailure.FromResponse(error, retryAfter, hasCmdletError: false, Now);
    }
}
