using System.Collections.Concurrent;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Core.Sessions;

/// <summary>A token that a session has used.</summary>
/// <param name="Service">The service's name; the resource where it is none that is known.</param>
/// <param name="Resource">The resource it is for.</param>
/// <param name="ExpiresOn">When it stops being accepted; it is renewed before, by the request that needs it.</param>
public sealed record ServiceToken(string Service, string Resource, DateTimeOffset ExpiresOn);

/// <summary>A session's view of its identity's tokens: which it has used, and until when they are good. It keeps none of them.</summary>
/// <param name="provider">The identity's provider, which its sessions share.</param>
/// <param name="operations">Whom it is told to that a token was asked for.</param>
internal sealed class SessionTokenView(ITokenProvider provider, OperationTracker operations) : ITokenProvider
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.OrdinalIgnoreCase);

    public string? AppId => provider.AppId;

    public string? Organization => provider.Organization;

    /// <summary>Whether another signs in as the same.</summary>
    public bool Is(ITokenProvider other) => ReferenceEquals(provider, other);

    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default)
    {
        var token = provider.GetTokenAsync(resource, request, cancellationToken);
        return token.IsCompletedSuccessfully ? new ValueTask<AccessToken>(Note(resource, token.Result)) : NoteAsync(resource, token);
    }

    /// <summary>What was used, by the names that a table has for it.</summary>
    public IReadOnlyList<ServiceToken> List(ServiceTable table) =>
    [
        .. from used in _used
           let service = table.Services.FirstOrDefault(s => string.Equals(s.Resource, used.Key, StringComparison.OrdinalIgnoreCase))
           orderby service is null, used.Key
           select new ServiceToken(service?.Name ?? used.Key, used.Key, used.Value),
    ];

    /// <summary>Until when the token is good that was used last for a resource; null if none was.</summary>
    public DateTimeOffset? ExpiryOf(string resource) => _used.TryGetValue(resource, out var expiry) ? expiry : null;

    private async ValueTask<AccessToken> NoteAsync(string resource, ValueTask<AccessToken> token)
    {
        var operation = operations.Start(OperationKind.Token, "Token", new Dictionary<string, object?> { ["Resource"] = resource });
        try
        {
            var given = await token.ConfigureAwait(false);
            operation?.Succeed();
            return Note(resource, given);
        }
        catch (Exception e)
        {
            operation.EndWith(e, isRead: true);
            throw;
        }
    }

    private AccessToken Note(string resource, AccessToken token)
    {
        // Written only where it changes: every request comes through here.
        if (!_used.TryGetValue(resource, out var known) || known != token.ExpiresOn)
        {
            _used[resource] = token.ExpiresOn;
        }

        return token;
    }
}
