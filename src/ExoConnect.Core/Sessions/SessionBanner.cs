using System.Text.Json;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Sessions;

/// <summary>What the service wants its admins to read when a session begins.</summary>
internal static class SessionBanner
{
    private const int LargestResponse = 1024 * 1024;

    /// <summary>Asks for the banner.</summary>
    /// <returns>The text; null if there is none, or it cannot be had: a banner is never a reason to fail.</returns>
    public static async Task<string?> ReadAsync(AdminApiClient client, IEngineMessages messages, CancellationToken cancellationToken)
    {
        try
        {
            var response = await client.ReadAsync(
                new AdminRequest
                {
                    Method = HttpMethod.Get,
                    Path = $"EXOBanner('AutogenSession')?Version={ClientInfo.WireVersion}",
                    CmdletName = "EXOBanner",
                    IsStart = true,
                    IsRead = true,
                },
                LargestResponse,
                messages,
                cancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(response);
            return document.RootElement.GetProperty("value")[0].GetProperty("moduleBannerContent").GetString() is { } text ? ShownText.Clean(text)
                : null;
        }
        catch (Exception e) when (e is ExoException or JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            messages.Verbose($"The service's banner can't be shown: {e.Message}");
            return null;
        }
    }
}
