using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Requests;

/// <summary>The name of a request.</summary>
internal static class RequestNames
{
    /// <summary>The <c>X-CmdletName</c> header; the start of a session has none, and takes the last part of its path.</summary>
    /// <param name="request">The request.</param>
    public static string CmdletOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue("X-CmdletName", out var cmdlet))
        {
            return cmdlet.ToString();
        }

        var path = request.Path.Value ?? "";
        var last = path[(path.LastIndexOf('/') + 1)..];
        var parenthesis = last.IndexOf('(', StringComparison.Ordinal);
        return parenthesis < 0 ? last : last[..parenthesis];
    }
}
