using System.Net;

namespace ExoConnect.Core.Http.Pipeline;

/// <summary>Keeps a session's cookies, by which the service's front door finds the session's server.</summary>
internal sealed class CookiePolicy : PipelinePolicy
{
    private readonly CookieContainer _cookies = new();

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, ReadOnlyMemory<PipelinePolicy> next)
    {
        message.Cookies = _cookies.Count > 0 && _cookies.GetCookieHeader(message.Address) is { Length: > 0 } cookies ? cookies : null;
        await ProcessNextAsync(message, next).ConfigureAwait(false);
        foreach (var cookie in ResponseHeaders.Values(message.Response!, "Set-Cookie") ?? [])
        {
            try
            {
                _cookies.SetCookies(message.Address, cookie);
            }
            catch (CookieException)
            {
                // Affinity helps the service; a cookie that can't be read costs nothing else.
            }
        }
    }
}
