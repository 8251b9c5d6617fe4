using System.Text.Json;
using ExoConnect.Core.AdminApi.Responses;

namespace ExoConnect.Core.AdminApi;

/// <summary>The <c>@odata.nextLink</c> of a response.</summary>
internal static class PageLink
{
    /// <summary>Twice what servers take for an address. Each page's address is remembered, and one that grows from page to page must end.</summary>
    private const int Longest = 32 * 1024;

    /// <summary>Turns the link into an address.</summary>
    /// <param name="address">The address of the response; a relative link is relative to it.</param>
    /// <param name="link">The link.</param>
    /// <exception cref="JsonException">The link isn't an https address, or is far too long.</exception>
    public static Uri Resolve(Uri address, string link) =>
        link.Length is > 0 and <= Longest && Uri.TryCreate(address, link, out var page) && page.Scheme == Uri.UriSchemeHttps
            ? page
            : throw new JsonException("The link to the next page isn't an https address.");

    /// <summary>The warning for a change whose response links to a next page: the client sends nothing for it.</summary>
    public static ResponseChunk NotFollowed(AdminRequest request) => ResponseChunk.Empty with
    {
        Warnings = [$"The service says that '{request.Command}' has more results. They are not requested, since that would send the change again."],
    };
}
