using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ExoConnect.LocalTenant.Entra;

/// <summary>The consent of a user that an app acts for them.</summary>
/// <param name="App">The app.</param>
/// <param name="User">The user.</param>
/// <param name="PassedMfa">Whether the user passed multifactor authentication for it.</param>
/// <param name="Sessions">How often the user's sessions had been revoked before.</param>
internal sealed record UserGrant(TenantApplication App, TenantUser User, bool PassedMfa, int Sessions);

/// <summary>A code for an app that opened a page in a browser (RFC 6749 section 4.1, RFC 7636).</summary>
/// <param name="Grant">The user's consent.</param>
/// <param name="RedirectUri">The redirect URI that received the code.</param>
/// <param name="Challenge">The hash of the secret that the app keeps.</param>
/// <param name="Expires">The time of its expiry.</param>
internal sealed record AuthorizationCode(UserGrant Grant, string RedirectUri, string Challenge, DateTimeOffset Expires);

/// <summary>A refresh token.</summary>
/// <param name="Grant">The user's consent.</param>
/// <param name="Expires">The time of its expiry.</param>
internal sealed record RefreshToken(UserGrant Grant, DateTimeOffset Expires);

/// <summary>A device that waits for a user to enter its code (RFC 8628).</summary>
/// <param name="UserCode">The code that the user enters.</param>
/// <param name="App">The app on the device.</param>
/// <param name="Expires">The time of its expiry.</param>
internal sealed record DeviceRequest(string UserCode, TenantApplication App, DateTimeOffset Expires)
{
    private UserGrant? _grant;

    /// <summary>The user's consent; null before it.</summary>
    public UserGrant? Grant
    {
        get => Volatile.Read(ref _grant);
        set => Volatile.Write(ref _grant, value);
    }

    /// <summary>Whether the user declined.</summary>
    public bool IsDeclined { get; set; }
}

/// <summary>The issued codes and refresh tokens.</summary>
internal sealed class UserGrants(TimeProvider clock)
{
    // Entra ID's alphabet: no vowels, so that codes are not words, and no characters that look alike.
    private const string Letters = "BCDFGHJKLMNPQRSTVWXYZ23456789";
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(90);

    private readonly ConcurrentDictionary<string, AuthorizationCode> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DeviceRequest> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RefreshToken> _refresh = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (UserGrant Grant, DateTimeOffset Expires)> _tickets = new(StringComparer.Ordinal);

    /// <summary>Whether a refresh token is valid for one use only. In Entra ID the old one stays valid beside the new one.</summary>
    public bool SingleUse { get; set; }

    /// <summary>Issues a code.</summary>
    public string AddCode(UserGrant grant, string redirectUri, string challenge)
    {
        var code = "0." + Random();
        _codes[code] = new AuthorizationCode(grant, redirectUri, challenge, clock.GetUtcNow() + CodeLifetime);
        return code;
    }

    /// <summary>Redeems a code, which is valid once.</summary>
    public AuthorizationCode? TakeCode(string code) => _codes.TryRemove(code, out var found) && found.Expires > clock.GetUtcNow() ? found : null;

    /// <summary>Registers a waiting device.</summary>
    public (string DeviceCode, DeviceRequest Request) AddDevice(TenantApplication app, TimeSpan lifetime)
    {
        var code = Random();
        var request = new DeviceRequest(RandomNumberGenerator.GetString(Letters, 9), app, clock.GetUtcNow() + lifetime);
        _devices[code] = request;
        return (code, request);
    }

    /// <summary>Finds a waiting device by its device code.</summary>
    public DeviceRequest? FindDevice(string deviceCode) => _devices.GetValueOrDefault(deviceCode);

    /// <summary>Finds a waiting device by its user code.</summary>
    public DeviceRequest? FindDeviceOfUser(string userCode)
    {
        var bare = userCode.Replace("-", "", StringComparison.Ordinal).Trim();
        return _devices.Values.FirstOrDefault(d => d.UserCode.Equals(bare, StringComparison.OrdinalIgnoreCase) && d.Expires > clock.GetUtcNow());
    }

    /// <summary>Forgets a device that has its token.</summary>
    public void RemoveDevice(string deviceCode) => _devices.TryRemove(deviceCode, out _);

    /// <summary>Issues a refresh token.</summary>
    public string AddRefreshToken(UserGrant grant)
    {
        var token = "1." + Random();
        _refresh[token] = new RefreshToken(grant, clock.GetUtcNow() + RefreshLifetime);
        return token;
    }

    /// <summary>Finds the grant of a refresh token.</summary>
    public RefreshToken? UseRefreshToken(string token) =>
        SingleUse ? _refresh.TryRemove(token, out var once) ? once : null : _refresh.GetValueOrDefault(token);

    /// <summary>Keeps a user between two pages.</summary>
    public string AddTicket(UserGrant grant)
    {
        var ticket = Random();
        _tickets[ticket] = (grant, clock.GetUtcNow() + CodeLifetime);
        return ticket;
    }

    /// <summary>Redeems a ticket.</summary>
    public UserGrant? TakeTicket(string ticket) => _tickets.TryRemove(ticket, out var found) && found.Expires > clock.GetUtcNow() ? found.Grant
        : null;

    private static string Random() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", 64);
}
