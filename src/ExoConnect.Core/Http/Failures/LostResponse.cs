using System.Text.Json;

namespace ExoConnect.Core.Http.Failures;

/// <summary>A response that began as a success and then was lost: it broke off, fell silent, was packed wrongly, or is no response.</summary>
internal static class LostResponse
{
    /// <summary>How often a read is sent in all until its response arrives whole.</summary>
    public const int MostAttempts = 3;

    /// <summary>Whether an exception says that a response was lost on its way, so that a read may be sent again.</summary>
    public static bool Is(Exception e) => e is IOException or InvalidDataException or HttpRequestException or JsonException;
}
