using System.Runtime.CompilerServices;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Sessions;

/// <summary>
/// A session's state, and its end. After the end every operation fails at once with an error that names the session, including those under way.
/// Safe for many threads.
/// </summary>
internal sealed class SessionLifetime(SessionDescription description) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private int _state;

    /// <summary>The state after the last request.</summary>
    public SessionState State => (SessionState)Volatile.Read(ref _state);

    /// <summary>Cancelled when the session ends.</summary>
    public CancellationToken EndToken => _ended.Token;

    /// <summary>Ends the session.</summary>
    /// <returns>False if it had ended before.</returns>
    public bool TryEnd()
    {
        if (Interlocked.Exchange(ref _state, (int)SessionState.Disconnected) == (int)SessionState.Disconnected)
        {
            return false;
        }

        _ended.Cancel();
        return true;
    }

    /// <summary>Ends the session, if it hasn't ended.</summary>
    public void Dispose() => TryEnd();

    /// <summary>Notes the end of a request.</summary>
    /// <param name="failure">The failure; null for a response.</param>
    public void Observe(ExoException? failure)
    {
        var next = failure switch
        {
            null => SessionState.Connected,
            { Category: ExoErrorCategory.AuthenticationError } => SessionState.TokenExpired,
            { Category: ExoErrorCategory.ResourceUnavailable } => SessionState.Broken,

            // The service refused a cmdlet: the session itself is fine.
            _ => SessionState.Connected,
        };
        var before = Volatile.Read(ref _state);
        while (before != (int)SessionState.Disconnected)
        {
            var seen = Interlocked.CompareExchange(ref _state, (int)next, before);
            if (seen == before)
            {
                return;
            }

            before = seen;
        }
    }

    /// <summary>Fails if the session has ended.</summary>
    /// <exception cref="ExoException"><c>SessionDisconnected</c>.</exception>
    public void ThrowIfEnded()
    {
        if (State == SessionState.Disconnected)
        {
            throw Ended();
        }
    }

    /// <summary>The error of every operation after the session's end, or under way then.</summary>
    /// <param name="wasUnderWay">Whether it may have been sent.</param>
    public ExoException Ended(bool wasUnderWay = false)
    {
        var connect = description.Service == ExoService.ExchangeOnline ? "Connect-ExchangeOnline" : "Connect-IPPSSession";
        return new ExoException($"The session {description.Name} to {description.Organization} was disconnected.")
        {
            ErrorId = ErrorIds.SessionDisconnected,
            Category = ExoErrorCategory.InvalidOperation,
            Remedy = (wasUnderWay ? "A change that was under way may have been carried out: look at the object before you run it again. " : "")
                + $"Connect again with {connect}, or name another session with -Connection; Get-ConnectionInformation lists them.",
        };
    }

    /// <summary>Runs work that stops when the session ends, with an error that says so.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            return await work(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Ended(wasUnderWay: true);
        }
    }

    /// <summary>Streams results until the session ends, with an error that says so.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        var items = source(stop.Token).GetAsyncEnumerator(CancellationToken.None);
        await using (items.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (OperationCanceledException) when (_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    throw Ended(wasUnderWay: true);
                }

                yield return items.Current;
            }
        }
    }
}
