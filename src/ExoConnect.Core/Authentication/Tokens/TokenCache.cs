using System.Collections.Concurrent;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Authentication.Tokens;

/// <summary>
/// The tokens of one identity, one for each resource. Callers that want the same token at the same time share one request; the request stops when
/// its last caller has stopped waiting. Failures are not cached.
/// </summary>
/// <param name="request">Sends the request: resource, the refusal so far, cancellation.</param>
/// <param name="clock">The clock.</param>
internal sealed class TokenCache(Func<string, TokenRequest, CancellationToken, Task<AccessToken>> request, TimeProvider clock) : IDisposable
{
    /// <summary>How long before its end a token is replaced; half its life if it does not live twice as long.</summary>
    public static readonly TimeSpan RefreshBefore = TimeSpan.FromMinutes(5);

    /// <summary>A token this close to its end is no fallback.</summary>
    private static readonly TimeSpan TooLate = TimeSpan.FromSeconds(30);

    /// <summary>How long a token that could not be refreshed is used before the next try.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _end = new();
    private int _disposed;

    /// <summary>Gets a token.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="wanted">The refusal so far.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The token.</returns>
    public ValueTask<AccessToken> GetAsync(string resource, TokenRequest wanted, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<AccessToken>(cancellationToken);
        }

        if (Volatile.Read(ref _disposed) != 0)
        {
            throw Ended(resource);
        }

        var slot = _slots.GetOrAdd(resource, static _ => new Slot());
        Flight flight;
        lock (slot)
        {
            if (slot.Token is { } token && token.Value != wanted.RejectedToken && clock.GetUtcNow() < slot.RefreshAt)
            {
                return ValueTask.FromResult(token);
            }

            // A request under way serves every caller, with two exceptions: without a challenge it does not serve a caller who has one, and without
            // an interaction it does not serve a caller who has one.
            if (slot.Flight is null
                || (wanted.Claims is not null && wanted.Claims != slot.Flight.Wanted.Claims)
                || (wanted.Interaction is not null && slot.Flight.Wanted.Interaction is null))
            {
                var started = new Flight(wanted, CancellationTokenSource.CreateLinkedTokenSource(_end.Token));
                slot.Flight = started;
                started.Start(() => RunAsync(resource, slot, started));
            }

            flight = slot.Flight;
            flight.Waiters++;
        }

        return new ValueTask<AccessToken>(WaitAsync(resource, slot, flight, wanted, cancellationToken));
    }

    private async Task<AccessToken> RunAsync(string resource, Slot slot, Flight flight)
    {
        try
        {
            var token = await request(resource, flight.Wanted, flight.Cancellation.Token).ConfigureAwait(false);
            var now = clock.GetUtcNow();
            var half = (token.ExpiresOn - now) / 2;
            lock (slot)
            {
                if (slot.Flight == flight)
                {
                    slot.Token = token;
                    slot.RefreshAt = token.ExpiresOn - (half < RefreshBefore ? half : RefreshBefore);
                }
            }

            return token;
        }
        finally
        {
            lock (slot)
            {
                if (slot.Flight == flight)
                {
                    slot.Flight = null;
                }
            }
        }
    }

    private async Task<AccessToken> WaitAsync(string resource, Slot slot, Flight flight, TokenRequest wanted, CancellationToken cancellationToken)
    {
        try
        {
            var token = await flight.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return token.Value != wanted.RejectedToken ? token : throw new SignInException(
                $"The sign-in host returned the same token for {resource} that the service had refused.")
            {
                ErrorId = ErrorIds.TokenStillRejected,
                Category = ExoErrorCategory.AuthenticationError,
                Target = resource,
                Remedy = "Check that the environment names hosts and resources of the same cloud, then connect again.",
            };
        }
        catch (SignInException e) when (e.Category is ExoErrorCategory.ResourceUnavailable or ExoErrorCategory.OperationTimeout)
        {
            if (Fallback(slot, wanted) is { } old)
            {
                return old;
            }

            throw;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && _end.IsCancellationRequested)
        {
            throw Ended(resource);
        }
        finally
        {
            StopWaiting(slot, flight);
        }
    }

    /// <summary>
    /// If the host is down for a moment while a token has minutes left, the token serves, and not every request asks the host again.
    /// </summary>
    private AccessToken? Fallback(Slot slot, TokenRequest wanted)
    {
        lock (slot)
        {
            var now = clock.GetUtcNow();
            if (slot.Token is not { } old || old.Value == wanted.RejectedToken || wanted.Claims is not null || now >= old.ExpiresOn - TooLate)
            {
                return null;
            }

            var next = now + Pause;
            slot.RefreshAt = next < old.ExpiresOn - TooLate ? next : old.ExpiresOn - TooLate;
            return old;
        }
    }

    private static void StopWaiting(Slot slot, Flight flight)
    {
        bool last;
        lock (slot)
        {
            last = --flight.Waiters == 0;
            if (last && slot.Flight == flight)
            {
                slot.Flight = null;
            }
        }

        if (last)
        {
            flight.Stop();
        }
    }

    private static ExoException Ended(string resource) => new("The sign-in has ended: the last session that used it was disconnected.")
    {
        ErrorId = ErrorIds.SignInEnded,
        Category = ExoErrorCategory.InvalidOperation,
        Target = resource,
        Remedy = "Connect again.",
    };

    /// <summary>Stops requests under way and forgets the tokens.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _end.Cancel();
        _slots.Clear();
    }

    private sealed class Slot
    {
        public AccessToken? Token { get; set; }

        public DateTimeOffset RefreshAt { get; set; }

        public Flight? Flight { get; set; }
    }

    private sealed class Flight(TokenRequest wanted, CancellationTokenSource cancellation)
    {
        public TokenRequest Wanted { get; } = wanted;

        public CancellationTokenSource Cancellation { get; } = cancellation;

        public Task<AccessToken> Task { get; private set; } = null!;

        public int Waiters { get; set; }

        public void Start(Func<Task<AccessToken>> run)
        {
            Task = System.Threading.Tasks.Task.Run(run);

            // Perhaps no caller is left to observe its end.
            Task.ContinueWith(
                static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        public void Stop()
        {
            if (!Task.IsCompleted)
            {
                Cancellation.Cancel();
            }

            Task.ContinueWith(
                static (_, source) => ((CancellationTokenSource)source!).Dispose(), Cancellation, CancellationToken.None,
                TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
