using System.Text.Json;
using ExoConnect.Core.AdminApi.Responses;

namespace ExoConnect.Core.AdminApi;

/// <summary>The <c>@odata.nextLink</c> of a response.</summary>
internal static class PageLink
{
    /// <summary>Makes an address of it.</summary>
    /// <param name="address">Who answered; a relative link is meant from there.</param>
    /// <param name="link">The link.</param>
    /// <exception cref="JsonException">It is no https address.</exception>
    public static Uri Resolve(Uri address, string link) =>
        link.Length > 0 && Uri.TryCreate(address, link, out var page) && page.Scheme == Uri.UriSchemeHttps
            ? page
            : throw new JsonException("The address of the next page is none.");

    /// <summary>What is told where a change is responded with a link to more: nothing is sent for it.</summary>
    public static ResponseChunk NotFollowed(AdminRequest request) => ResponseChunk.Empty with
    {
        Warnings = [$"The service says that '{request.CmdletName}' has more results. They aren't asked for, since that would send the change again."],
    };
}
