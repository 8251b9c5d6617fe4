using System.Net;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Provides the bearer tokens of messages.</summary>
internal interface IMessageTokens
{
    /// <summary>Gets the token that a message is sent with.</summary>
    /// <param name="message">The message.</param>
    /// <param name="rejected">The token that the service refused; null for none.</param>
    /// <param name="challenges">The values of <c>WWW-Authenticate</c> that came with the refusal.</param>
    /// <returns>The token; null if the message's address must get none.</returns>
    ValueTask<string?> GetTokenAsync(PipelineMessage message, string? rejected, IEnumerable<string>? challenges);
}

/// <summary>Sends a message with its token. A refused token is replaced once, with the claims in the refusal.</summary>
/// <param name="tokens">Provides the tokens.</param>
internal sealed class TokenPolicy(IMessageTokens tokens) : PipelinePolicy
{
    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        message.Token = await tokens.GetTokenAsync(message, null, null).ConfigureAwait(false);
        await ProcessNextAsync(message, next).ConfigureAwait(false);
        if (message is { Response.StatusCode: HttpStatusCode.Unauthorized, HasFreshToken: false, Token: { } rejected })
        {
            message.HasFreshToken = true;
            var challenges = ResponseHeaders.Values(message.Response, "WWW-Authenticate");
            message.DropResponse();
            message.Token = await tokens.GetTokenAsync(message, rejected, challenges).ConfigureAwait(false);
            await ProcessNextAsync(message, next).ConfigureAwait(false);
        }
    }
}
