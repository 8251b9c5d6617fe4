using System.Text.Json;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Http.Pipeline;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Sessions;

/// <summary>The service's message to its admins at the start of a session.</summary>
internal static class SessionBanner
{
    private const int LargestResponse = 1024 * 1024;

    /// <summary>A cmdlet may take a quarter of an hour; nobody waits so long for a greeting.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>Requests the banner.</summary>
    /// <returns>The text; null if there is none, or the request fails: a banner never causes an error.</returns>
    public static async Task<string?> ReadAsync(
        AdminApiClient client, IEngineMessages messages, CancellationToken cancellationToken, TimeSpan? longestWait = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(longestWait ?? LongestWait);
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
                limit.Token).ConfigureAwait(false);
            using var document = JsonDocument.Parse(response);
            return document.RootElement.GetProperty("value")[0].GetProperty("moduleBannerContent").GetString() is { } text ? ShownText.Clean(text)
                : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            messages.Verbose("The service's banner can't be shown: it did not come in time.");
            return null;
        }
        catch (Exception e) when (e is ExoException or JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            messages.Verbose($"The service's banner can't be shown: {e.Message}");
            return null;
        }
    }
}
