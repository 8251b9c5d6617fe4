using System.Net;

namespace ExoConnect.Core.Http.Failures;

/// <summary>A failed attempt, and what is known of trying again. It never leaves the client; <see cref="Error"/> does.</summary>
internal sealed class RequestFailure(ServiceException error) : Exception(error.Message, error)
{
    /// <summary>No request is retried more often than that.</summary>
    public const int MostRetries = 10;

    /// <summary>How often EXO tries again what is transient; so do we.</summary>
    private const int Transient = 5;

    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(32);

    /// <summary>What the caller is told, if this was the last attempt.</summary>
    public ServiceException Error { get; } = error;

    /// <summary>How often to try again, if the request may be sent again at all.</summary>
    public int MaxRetries { get; init; }

    /// <summary>True if the service cannot have run the cmdlet, so that a write may be sent again too.</summary>
    public bool NotExecuted { get; init; }

    /// <summary>How long the service asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True if the service is asking for fewer requests, not failing.</summary>
    public bool IsThrottling { get; init; }

    /// <summary>True if the request can be sent again at once: the service has answered, and only its response was lost.</summary>
    public bool IsLostResponse { get; init; }

    /// <summary>Whether a request may be sent once more.</summary>
    /// <param name="isRead">Whether it changes nothing.</param>
    /// <param name="retries">How often it was retried already.</param>
    public bool MayRepeat(bool isRead, int retries) => retries < MaxRetries && (NotExecuted || isRead);

    /// <summary>How long to wait before the request is sent once more.</summary>
    /// <param name="retries">How often it was retried already.</param>
    /// <param name="baseDelay">The first pause; it doubles.</param>
    public TimeSpan Pause(int retries, TimeSpan baseDelay)
    {
        if (IsLostResponse)
        {
            return TimeSpan.Zero;
        }

        // Many clients are told the same time: a tenth of it, at random, keeps them from coming back as one.
        var spread = 1 + (Random.Shared.NextDouble() / 10);
        var pause = RetryAfter ?? (baseDelay * Math.Pow(2, Math.Min(retries, 10)));
        return (RetryAfter is null && pause > LongestBackOff ? LongestBackOff : pause) * spread;
    }

    /// <summary>Judges a response that is no success.</summary>
    /// <param name="error">What it says.</param>
    /// <param name="retryAfter">How long it asks to wait; null if it does not.</param>
    /// <param name="hasCmdletError">True if a 500 is how the service says that the cmdlet itself failed.</param>
    public static RequestFailure FromResponse(ServiceException error, TimeSpan? retryAfter, bool hasCmdletError)
    {
        // Some gateways say it in plain text, with whatever status.
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

            // 500 is how a cmdlet's own failure arrives too; only a gateway's has no error object.
            500 when !hasCmdletError => new RequestFailure(error) { MaxRetries = Transient, RetryAfter = retryAfter },
            _ => new RequestFailure(error),
        };
    }

    /// <summary>Judges a response that was lost on its way, or is none.</summary>
    public static RequestFailure FromLostResponse(ServiceException error) =>
        new(error) { MaxRetries = LostResponse.MostAttempts - 1, IsLostResponse = true };

    private static ServiceException NotCarriedOut(ServiceException error) =>
        error.IsOutcomeUnknown ? error.NotCarriedOut("The service is busy and did nothing. Wait and try again, with fewer requests at once.") : error;
}
