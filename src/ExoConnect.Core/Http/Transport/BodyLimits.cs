namespace ExoConnect.Core.Http.Transport;

/// <summary>How long a response's body may take once its headers have come. Time in which nobody reads is not counted.</summary>
/// <param name="Idle">The longest silence between two pieces.</param>
/// <param name="Total">How long the body may take in all, however slowly it comes.</param>
/// <param name="LeastPerSecond">A body that brings as many bytes a second on average may take longer than <paramref name="Total"/>.</param>
internal sealed record BodyLimits(TimeSpan Idle, TimeSpan Total, int LeastPerSecond)
{
    /// <summary>Two minutes of silence, an hour in all, 1 KB a second.</summary>
    public static BodyLimits Default { get; } = new(TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), 1024);
}

/// <summary>The rest of a body did not come in time.</summary>
/// <param name="message">The missing part.</param>
internal sealed class BodyStalledException(string message) : IOException(message);

/// <summary>A response, or one element of it, is over the limit. It will be as large the next time.</summary>
/// <param name="message">What is too large, and the limit.</param>
internal sealed class ResponseTooLargeException(string message) : Exception(message);
