using System.Net;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Http.Failures;

/// <summary>A failed attempt, and whether to retry. It never leaves the client; <see cref="Error"/> does.</summary>
internal sealed class RequestFailure(ServiceException error) : Exception(error.Message, error)
{
    /// <summary>The most retries of a request.</summary>
    public const int MostRetries = 10;

    /// <summary>How long a request waits in all where the service asks for pauses. If it asks for more, the error says when to try again.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>EXO's number of retries after a transient failure, and ours.</summary>
    private const int Transient = 5;

    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(32);

    /// <summary>The caller's error, if this was the last attempt.</summary>
    public ServiceException Error { get; } = error;

    /// <summary>How often to retry, if the request may be sent again at all.</summary>
    public int MaxRetries { get; init; }

    /// <summary>True if the service cannot have run the cmdlet, so that a write may be sent again too.</summary>
    public bool NotExecuted { get; init; }

    /// <summary>The pause that the service requests.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True if the service is asking for fewer requests, not failing.</summary>
    public bool IsThrottling { get; init; }

    /// <summary>True if the request can be sent again at once: the service has responded, and only its response was lost.</summary>
    public bool IsLostResponse { get; init; }

    /// <summary>Whether a request may be sent once more.</summary>
    /// <param name="isRead">Whether it changes nothing.</param>
    /// <param name="retries">The number of retries so far.</param>
    public bool MayRepeat(bool isRead, int retries) =>
        retries < MaxRetries && (NotExecuted || isRead) && (RetryAfter is not { } pause || pause <= LongestWait / (retries + 1));

    /// <summary>How long to wait before the request is sent once more.</summary>
    /// <param name="retries">The number of retries so far.</param>
    /// <param name="baseDelay">The first pause; it doubles.</param>
    public TimeSpan Pause(int retries, TimeSpan baseDelay)
    {
        if (IsLostResponse)
        {
            return TimeSpan.Zero;
        }

        // Many clients get the same time: a random tenth keeps them from returning at once.
        var spread = 1 + (Random.Shared.NextDouble() / 10);
        var pause = RetryAfter ?? (baseDelay * Math.Pow(2, Math.Min(retries, 10)));
        return (RetryAfter is null && pause > LongestBackOff ? LongestBackOff : pause) * spread;
    }

    /// <summary>Classifies a response that is not a success.</summary>
    /// <param name="error">Its error.</param>
    /// <param name="retryAfter">The pause that it requests; null for none.</param>
    /// <param name="hasCmdletError">True if a 500 means that the cmdlet itself failed.</param>
    /// <param name="now">The time.</param>
    public static RequestFailure FromResponse(ServiceException error, TimeSpan? retryAfter, bool hasCmdletError, DateTimeOffset now)
    {
        var failure = Classify(error, retryAfter, hasCmdletError);
        return failure.MaxRetries == 0 || retryAfter is not { } pause || pause <= LongestWait ? failure : new RequestFailure(
            failure.Error.NotBefore(now + pause))
        {
            NotExecuted = failure.NotExecuted, RetryAfter = retryAfter, IsThrottling = failure.IsThrottling,
        };
    }

    /// <summary>The failure of a request that isn't sent, because the service asked for a long pause.</summary>
    /// <param name="until">The end of the pause.</param>
    public static ServiceException Paused(DateTimeOffset until) => new ServiceException("Nothing was sent.")
    {
        ErrorId = ErrorIds.ServicePaused,
        Category = ExoErrorCategory.ResourceUnavailable,
    }.NotBefore(until);

    private static RequestFailure Classify(ServiceException error, TimeSpan? retryAfter, bool hasCmdletError)
    {
        // Some gateways throttle in plain text, with any status.
        if (error.StatusCode == (int)HttpStatusCode.TooManyRequests
            || error.Message.Contains("maximum number of concurrent requests", StringComparison.OrdinalIgnoreCase))
        {
            return new RequestFailure(NotCarriedOut(error))
            {
                MaxRetries = MostRetries, NotExecuted = true, RetryAfter = retryAfter, IsThrottling = true,
            };
        }

        if (error.Transient is { } exception)
        {
            return new RequestFailure(exception.NothingWasDone ? NotCarriedOut(error) : error)
            {
                MaxRetries = Transient, NotExecuted = exception.NothingWasDone, RetryAfter = retryAfter,
            };
        }

        return error.StatusCode switch
        {
            503 => new RequestFailure(retryAfter is null ? error : NotCarriedOut(error))
            {
                MaxRetries = Transient, NotExecuted = retryAfter is not null, RetryAfter = retryAfter, IsThrottling = retryAfter is not null,
            },
            408 or 502 or 504 => new RequestFailure(error) { MaxRetries = Transient, RetryAfter = retryAfter },

            // A cmdlet's own failure is a 500 too; only a gateway's has no error object.
            500 when !hasCmdletError => new RequestFailure(error) { MaxRetries = Transient, RetryAfter = retryAfter },
            _ => new RequestFailure(error),
        };
    }

    /// <summary>Classifies a response that was lost on its way, or can't be read.</summary>
    public static RequestFailure FromLostResponse(ServiceException error) =>
        new(error) { MaxRetries = LostResponse.MostAttempts - 1, IsLostResponse = true };

    private static ServiceException NotCarriedOut(ServiceException error) =>
        error.IsOutcomeUnknown ? error.NotCarriedOut("The service is busy and did nothing. Wait and try again, with fewer requests at once.") : error;
}
