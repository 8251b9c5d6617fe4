using System.Text.Json;

namespace ExoConnect.Core.Http.Failures;

/// <summary>A response that began as a success and was then lost: it broke off, fell silent, was compressed wrongly, or can't be read.</summary>
internal static class LostResponse
{
    /// <summary>How often a read is sent in all until its response arrives completely.</summary>
    public const int MostAttempts = 3;

    /// <summary>Whether an exception means that a response was lost on its way, so that a read may be sent again.</summary>
    public static bool Is(Exception e) => e is IOException or InvalidDataException or HttpRequestException or JsonException;
}
