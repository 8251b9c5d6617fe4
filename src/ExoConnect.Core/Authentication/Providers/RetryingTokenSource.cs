using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Methods;
using ExoConnect.Core.Authentication.Msal;
using ExoConnect.Core.Authentication.Tokens;

namespace ExoConnect.Core.Authentication.Providers;

/// <summary>
/// The tokens that a sign-in host gives to one identity: requested when needed, retried where that helps, kept by resource. The library that calls
/// the host loads with the first request.
/// </summary>
internal sealed class RetryingTokenSource : IDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly SignInIdentity _identity;
    private readonly SignInOptions _options;
    private readonly Func<ITokenEndpoint> _connect;
    private readonly TokenCache _tokens;
    private ITokenEndpoint? _endpoint;

    /// <summary>Makes the source; it sends no request yet.</summary>
    /// <param name="identity">The identity that signs in.</param>
    /// <param name="options">The time limits.</param>
    /// <param name="connect">Makes the endpoint; called once, with the first token.</param>
    public RetryingTokenSource(SignInIdentity identity, SignInOptions options, Func<ITokenEndpoint> connect)
    {
        _identity = identity;
        _options = options;
        _connect = connect;
        _tokens = new TokenCache(RequestAsync, options.Clock);
    }

    public ValueTask<AccessToken> GetAsync(string resource, TokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(resource);
        return _tokens.GetAsync(resource, request, cancellationToken);
    }

    /// <summary>The endpoint; null before the first request.</summary>
    public ITokenEndpoint? Connected => Volatile.Read(ref _endpoint);

    /// <summary>The endpoint, made on the first call; sends no request yet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ITokenEndpoint Open() => LazyInitializer.EnsureInitialized(ref _endpoint, _connect);

    /// <summary>Stops requests under way and forgets the tokens.</summary>
    public void Dispose()
    {
        _tokens.Dispose();
        (Connected as IDisposable)?.Dispose();
    }

    private async Task<AccessToken> RequestAsync(string resource, TokenRequest request, CancellationToken cancellationToken)
    {
        var clock = _options.Clock;
        var patience = request.Interaction is null ? _options.TotalTimeout : _options.InteractiveTimeout;
        using var deadline = new CancellationTokenSource(patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        SignInFailure? failure = null;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var response = await Open().RequestAsync(resource, request, both.Token).ConfigureAwait(false);
                if (response.Token is { } token)
                {
                    if (!IsSendable(token.Value))
                    {
                        throw SignInErrors.NotAResponse(_identity, resource, 200, null).Exception;
                    }

                    return new AccessToken(resource, token.Value, clock.GetUtcNow() + token.GoodFor, TokenReader.Read(token.Value));
                }

                failure = response.Failure!;
                if (response.Wait > LongestWait)
                {
                    throw SignInErrors.WithWait(failure, response.Wait.Value);
                }

                if (!failure.IsTransient || attempt == Attempts)
                {
                    throw failure.Exception;
                }

                await Task.Delay(Delay(attempt, response.Wait), clock, both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The failure of an earlier attempt says more than a timeout.
            throw failure?.Exception
                ?? (request.Interaction is null
                    ? SignInErrors.TimedOut(_identity, resource, patience, e)
                    : SignInErrors.NotCompleted(_identity, resource, patience, e)).Exception;
        }
    }

    /// <summary>Whether a token can stand in a header.</summary>
    private static bool IsSendable(string token) => token.All(static c => c is > ' ' and < '\x7F');

    // MSAL itself refuses to ask again before the time that a host named, so the wait is a little longer than that.
    [SuppressMessage("Security", "CA5394", Justification = "Spreads retries; nothing is kept secret by it.")]
    private static TimeSpan Delay(int attempt, TimeSpan? wait) =>
        wait is { } asked ? asked + TimeSpan.FromMilliseconds(250)
            : FirstDelay * Math.Pow(3, attempt - 1) * (0.75 + (Random.Shared.NextDouble() / 2));
}
