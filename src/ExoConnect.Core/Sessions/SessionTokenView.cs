using System.Collections.Concurrent;
using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Authentication.Tokens;
using ExoConnect.Core.Diagnostics;
using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.ServiceRequests;

namespace ExoConnect.Core.Sessions;

/// <summary>A token that a session has used.</summary>
/// <param name="Service">The service's name; the resource if the service isn't known.</param>
/// <param name="Resource">Its resource.</param>
/// <param name="ExpiresOn">When it expires; the request that needs it renews it before.</param>
public sealed record ServiceToken(string Service, string Resource, DateTimeOffset ExpiresOn);

/// <summary>A session's view of its identity's tokens: which it has used, and until when they are valid. It keeps none of them.</summary>
/// <param name="provider">The identity's provider, which its sessions share.</param>
/// <param name="operations">Receives the requests for tokens.</param>
internal sealed class SessionTokenView(ITokenProvider provider, OperationTracker operations) : ITokenProvider
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.OrdinalIgnoreCase);

    public string? AppId => provider.AppId;

    public string? Organization => provider.Organization;

    /// <summary>Whether another provider is the same one.</summary>
    public bool Is(ITokenProvider other) => ReferenceEquals(provider, other);

    public ValueTask<AccessToken> GetTokenAsync(string resource, TokenRequest request = default, CancellationToken cancellationToken = default)
    {
        var token = provider.GetTokenAsync(resource, request, cancellationToken);
        return token.IsCompletedSuccessfully ? new ValueTask<AccessToken>(Note(resource, token.Result)) : NoteAsync(resource, token);
    }

    /// <summary>The used tokens, by the names in a table of services.</summary>
    public IReadOnlyList<ServiceToken> List(ServiceTable table) =>
    [
        .. from used in _used
           let service = table.Services.FirstOrDefault(s => string.Equals(s.Resource, used.Key, StringComparison.OrdinalIgnoreCase))
           orderby service is null, used.Key
           select new ServiceToken(service?.Name ?? used.Key, used.Key, used.Value),
    ];

    /// <summary>Until when the last used token for a resource is valid; null if none was used.</summary>
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
        // Written only on a change: every request comes through here.
        if (!_used.TryGetValue(resource, out var known) || known != token.ExpiresOn)
        {
            _used[resource] = token.ExpiresOn;
        }

        return token;
    }
}
