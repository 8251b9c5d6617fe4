using System.Net;
using ExoConnect.Core.Http.Pacing;
using ExoConnect.Core.Http.Pipeline;

namespace ExoConnect.Core.Tests.Http.Pacing;

/// <summary>Both clients and batches read a service's wish to wait alike.</summary>
public class RateLimitHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("7", 7)]
    [InlineData("1.5", 1.5)]
    [InlineData("Thu, 01 Jan 2026 00:00:09 GMT", 9)]
    [InlineData("Wed, 31 Dec 2025 23:00:00 GMT", 0)]
    [InlineData("86400", 86_400)]
    [InlineData("999999999999", 315_360_000)]
    public void A_pause_is_seconds_or_a_time(string value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RateLimitHeaders.RetryAfter(value, Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-3")]
    public void Anything_else_says_nothing(string? value) => Assert.Null(RateLimitHeaders.RetryAfter(value, Now));

    [Theory]
    [InlineData(429, null, true)]
    [InlineData(503, "5", true)]
    [InlineData(503, null, false)]
    [InlineData(502, "5", false)]
    public void A_503_with_a_time_to_wait_throttles_as_a_429_does(int status, string? retryAfter, bool refuses)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        Assert.Equal(refuses, PacingPolicy.IsRefusal(response, Now));
    }
}
