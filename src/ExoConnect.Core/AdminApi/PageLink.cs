using System.Text.Json;
using ExoConnect.Core.AdminApi.Responses;

namespace ExoConnect.Core.AdminApi;

/// <summary>The <c>@odata.nextLink</c> of an answer.</summary>
internal static class PageLink
{
    /// <summary>Twice what servers take for an address. Each page's address is remembered, and one that grows from page to page must end.</summary>
    private const int Longest = 32 * 1024;

    /// <summary>Makes an address of it.</summary>
    /// <param name="address">Who answered; a relative link is meant from there.</param>
    /// <param name="link">The link.</param>
    /// <exception cref="JsonException">It is no https address, or far too long.</exception>
    public static Uri Resolve(Uri address, string link) =>
        link.Length is > 0 and <= Longest && Uri.TryCreate(address, link, out var page) && page.Scheme == Uri.UriSchemeHttps
            ? page
            : throw new JsonException("The address of the next page is none.");

    /// <summary>What is told where a change is answered with a link to more: nothing is sent for it.</summary>
    public static ResponseChunk NotFollowed(AdminRequest request) => ResponseChunk.Empty with
    {
        Warnings = [$"The service says that '{request.Command}' has more results. They aren't asked for, since that would send the change again."],
    };
}
