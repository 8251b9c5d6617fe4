using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Tests.Authentication;

public sealed class TokenCacheTests : IDisposable
{
    private const string Resource = "https://outlook.office365.com";

    private readonly SwiftClock _clock = new();
    private readonly List<Request> _requests = [];
    private readonly TokenCache _tokens;

    public TokenCacheTests() => _tokens = new TokenCache(AskAsync, _clock);

    public void Dispose() => _tokens.Dispose();

    private Task<AccessToken> AskAsync(string resource, TokenRequest wanted, CancellationToken cancellationToken)
    {
        var request = new Request(resource, wanted.Claims, cancellationToken);
        lock (_requests)
        {
            _requests.Add(request);
        }

        cancellationToken.Register(() => request.Response.TrySetCanceled(cancellationToken));
        return request.Response.Task;
    }

    private Task<AccessToken> GetAsync(TokenRequest request = default, string resource = Resource, CancellationToken cancellationToken = default) =>
        _tokens.GetAsync(resource, request, cancellationToken).AsTask();

    private async Task<Request> RequestAsync(int number)
    {
        for (var i = 0; i < 1000; i++)
        {
            lock (_requests)
            {
                if (_requests.Count >= number)
                {
                    return _requests[number - 1];
                }
            }

            await Task.Delay(5);
        }

        throw new TimeoutException($"There was no request number {number}.");
    }

    private void Grant(Request request, string value, int minutes = 60) => request.Response.SetResult(
        new AccessToken(request.Resource, value, _clock.GetUtcNow().AddMinutes(minutes), new TokenClaims()));

    private static SignInException Unreachable() => new("down") { Category = ExoErrorCategory.ResourceUnavailable };

    private async Task<AccessToken> FirstAsync(string value = "one", int minutes = 60)
    {
        var task = GetAsync();
        Grant(await RequestAsync(1), value, minutes);
        return await task;
    }

    [Fact]
    public async Task A_token_is_asked_for_once_and_kept()
    {
        var first = await FirstAsync();
        Assert.Same(first, await GetAsync());
        Assert.Single(_requests);
        Assert.Same(first, await GetAsync(resource: Resource.ToUpperInvariant()));
    }

    [Fact]
    public async Task Concurrent_callers_share_one_request()
    {
        var tasks = Enumerable.Range(0, 50).Select(_ => Task.Run(() => GetAsync())).ToArray();
        Grant(await RequestAsync(1), "one");
        Assert.Single((await Task.WhenAll(tasks)).Distinct());
        Assert.Single(_requests);
    }

    [Fact]
    public async Task Resources_have_their_own_tokens()
    {
        var exchange = GetAsync();
        Grant(await RequestAsync(1), "exchange");
        var graph = GetAsync(resource: "https://graph.microsoft.com");
        Grant(await RequestAsync(2), "graph");
        Assert.Equal("exchange", (await exchange).Value);
        Assert.Equal("graph", (await graph).Value);
        Assert.Equal("https://graph.microsoft.com", _requests[1].Resource);
    }

    [Theory]
    [InlineData(60, 54, false)]
    [InlineData(60, 56, true)]
    [InlineData(4, 1, false)]
    [InlineData(4, 3, true)]
    public async Task A_token_is_replaced_five_minutes_before_its_end_or_at_half_its_life(int minutes, int later, bool replaced)
    {
        var first = await FirstAsync(minutes: minutes);
        _clock.Advance(TimeSpan.FromMinutes(later));
        var task = GetAsync();
        if (replaced)
        {
            Grant(await RequestAsync(2), "two");
        }

        Assert.Equal(replaced ? "two" : "one", (await task).Value);
    }

    [Fact]
    public async Task Cancelling_one_caller_leaves_the_others_waiting()
    {
        using var cancel = new CancellationTokenSource();
        var impatient = GetAsync(cancellationToken: cancel.Token);
        var patient = GetAsync();
        var request = await RequestAsync(1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.False(request.Cancellation.IsCancellationRequested);
        Grant(request, "one");
        Assert.Equal("one", (await patient).Value);
        Assert.Single(_requests);
    }

    [Fact]
    public async Task When_the_last_caller_leaves_the_request_stops_and_the_next_caller_starts_anew()
    {
        using var cancel = new CancellationTokenSource();
        var one = GetAsync(cancellationToken: cancel.Token);
        var two = GetAsync(cancellationToken: cancel.Token);
        var request = await RequestAsync(1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.Response.Task);
        var next = GetAsync();
        Grant(await RequestAsync(2), "two");
        Assert.Equal("two", (await next).Value);
    }

    [Fact]
    public async Task A_caller_cancelled_before_asks_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GetAsync(cancellationToken: new CancellationToken(canceled: true)));
        Assert.Empty(_requests);
    }

    [Fact]
    public async Task A_failure_reaches_everybody_and_is_not_kept()
    {
        var one = GetAsync();
        var two = GetAsync();
        (await RequestAsync(1)).Response.SetException(new SignInException("no"));
        Assert.Equal("no", (await Assert.ThrowsAsync<SignInException>(() => one)).Message);
        Assert.Equal("no", (await Assert.ThrowsAsync<SignInException>(() => two)).Message);

        var again = GetAsync();
        Grant(await RequestAsync(2), "two");
        Assert.Equal("two", (await again).Value);
    }

    [Fact]
    public async Task A_rejected_token_is_replaced_with_the_challenge_passed_on()
    {
        await FirstAsync();
        var tasks = Enumerable.Range(0, 20).Select(_ => GetAsync(new TokenRequest("one", "{}"))).ToArray();
        var request = await RequestAsync(2);
        Assert.Equal("{}", request.Claims);
        Grant(request, "two");
        Assert.All(await Task.WhenAll(tasks), token => Assert.Equal("two", token.Value));

        // Who comes later with the old one gets the new one without a request.
        Assert.Equal("two", (await GetAsync(new TokenRequest("one", "{}"))).Value);
        Assert.Equal(2, _requests.Count);
    }

    [Fact]
    public async Task A_challenge_is_not_answered_by_a_request_that_began_without_it()
    {
        var plain = GetAsync();
        var first = await RequestAsync(1);
        var challenged = GetAsync(new TokenRequest("old", """{"x":1}"""));
        var second = await RequestAsync(2);
        Assert.Null(first.Claims);
        Assert.Equal("""{"x":1}""", second.Claims);
        Grant(second, "good");
        Assert.Equal("good", (await challenged).Value);
        Grant(first, "stale");
        Assert.Equal("stale", (await plain).Value);
        Assert.Equal("good", (await GetAsync()).Value);
    }

    [Fact]
    public async Task The_same_token_again_is_not_handed_out()
    {
        await FirstAsync();
        var task = GetAsync(new TokenRequest("one", null));
        Grant(await RequestAsync(2), "one");
        Assert.Equal("TokenStillRejected", (await Assert.ThrowsAsync<SignInException>(() => task)).ErrorId);
    }

    [Fact]
    public async Task While_the_host_is_down_a_token_with_minutes_left_serves()
    {
        await FirstAsync();
        _clock.Advance(TimeSpan.FromMinutes(56));
        var task = GetAsync();
        (await RequestAsync(2)).Response.SetException(Unreachable());
        Assert.Equal("one", (await task).Value);

        // Not every request tries again at once.
        Assert.Equal("one", (await GetAsync()).Value);
        Assert.Equal(2, _requests.Count);
        _clock.Advance(TimeSpan.FromSeconds(31));
        task = GetAsync();
        Grant(await RequestAsync(3), "two");
        Assert.Equal("two", (await task).Value);
    }

    [Fact]
    public async Task While_the_host_is_down_a_rejected_or_dying_token_does_not_serve()
    {
        await FirstAsync();
        _clock.Advance(TimeSpan.FromMinutes(56));
        var rejected = GetAsync(new TokenRequest("one", null));
        (await RequestAsync(2)).Response.SetException(Unreachable());
        Assert.Equal("down", (await Assert.ThrowsAsync<SignInException>(() => rejected)).Message);

        _clock.Advance(TimeSpan.FromSeconds(215));
        var dying = GetAsync();
        (await RequestAsync(3)).Response.SetException(Unreachable());
        Assert.Equal("down", (await Assert.ThrowsAsync<SignInException>(() => dying)).Message);
    }

    [Fact]
    public async Task A_refusal_is_no_reason_to_go_on_with_an_old_token()
    {
        await FirstAsync();
        _clock.Advance(TimeSpan.FromMinutes(56));
        var task = GetAsync();
        (await RequestAsync(2)).Response.SetException(new SignInException("removed") { Category = ExoErrorCategory.AuthenticationError });
        Assert.Equal("removed", (await Assert.ThrowsAsync<SignInException>(() => task)).Message);
    }

    [Fact]
    public async Task The_end_reaches_who_waits_and_who_comes_later()
    {
        var waiting = GetAsync();
        await RequestAsync(1);
        _tokens.Dispose();
        Assert.Equal("SignInEnded", (await Assert.ThrowsAsync<ExoException>(() => waiting)).ErrorId);
        Assert.Equal("SignInEnded", (await Assert.ThrowsAsync<ExoException>(async () => await GetAsync())).ErrorId);
        Assert.Single(_requests);
    }

    private sealed record Request(string Resource, string? Claims, CancellationToken Cancellation)
    {
        public TaskCompletionSource<AccessToken> Response { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
