namespace ExoConnect.Core.ServiceRequests;

/// <summary>
/// A service of an environment: its hosts, and the resource of its tokens. A token for it goes to these hosts and nowhere else, and these hosts get
/// no other token (protocol.md section 2).
/// </summary>
public sealed record KnownService
{
    /// <summary>
    /// Its name for users: <c>Exchange</c>, <c>Compliance</c>, <c>Graph</c>, <c>SharePoint</c>, <c>ManagementApi</c>, <c>AzureManagement</c>, ...
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The resource of its tokens; null if that depends on the tenant, and the tenant's name isn't known.</summary>
    public string? Resource { get; init; }

    /// <summary>Its address, without a path; null if that isn't known.</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>Its application id, which can name its resource too.</summary>
    public Guid AppId { get; init; }

    /// <summary>True if each host is a resource of its own, as the sites of SharePoint are.</summary>
    public bool HostIsResource { get; init; }

    /// <summary>True if it accepts applications only on behalf of a user.</summary>
    public bool IsDelegatedOnly { get; init; }

    /// <summary>True for a service that Microsoft has retired.</summary>
    public bool IsRetired { get; init; }

    internal IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Domains whose subdomains are hosts of the service.</summary>
    internal IReadOnlyList<string> Suffixes { get; init; } = [];

    /// <summary>Whether an address is one of the service's.</summary>
    /// <param name="address">An address.</param>
    /// <returns>True for https on one of its hosts, on its port.</returns>
    public bool Owns(Uri address) =>
        ServiceHost.TryGet(address, out var host)
        && address.Port == (BaseAddress?.Port ?? 443)
        && (Hosts.Contains(host, StringComparer.OrdinalIgnoreCase) || Suffixes.Any(suffix => ServiceHost.IsBelow(host, suffix)));

    /// <summary>The resource of the tokens that a host of the service takes.</summary>
    /// <param name="address">An address of the service.</param>
    /// <returns>The resource.</returns>
    internal string ResourceOf(Uri address) =>
        Resource is null || (HostIsResource && !string.Equals(BaseAddress?.Host, address.Host, StringComparison.OrdinalIgnoreCase))
            ? $"https://{address.IdnHost}"
            : Resource;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Compares hosts.</summary>
internal static class ServiceHost
{
    /// <summary>The host that a token could go to.</summary>
    /// <param name="address">An address.</param>
    /// <param name="host">Its host, in ASCII.</param>
    /// <returns>False for anything but an absolute https address without a user name in it.</returns>
    public static bool TryGet(Uri address, out string host)
    {
        host = "";
        if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0)
        {
            return false;
        }

        try
        {
            host = address.IdnHost;
            return host.Length > 0;
        }
        catch (UriFormatException)
        {
            // A host that no IDN rule allows still parses as an address.
            return false;
        }
    }

    /// <summary>Whether a host is a subdomain.</summary>
    public static bool IsBelow(string host, string domain) =>
        host.Length > domain.Length + 1 && host[^(domain.Length + 1)] == '.' && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether two addresses are the same host, port and scheme.</summary>
    public static bool Same(Uri a, Uri b) =>
        TryGet(a, out var one) && TryGet(b, out var other) && a.Port == b.Port && string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
