using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ExoConnect.Core.Environments;

/// <summary>A cloud: its sign-in host, its services, and the hosts that may get a token. Immutable.</summary>
public sealed record ExoEnvironment
{
    /// <summary>The user's name for it, for example <c>O365Default</c>; for a custom environment the name in its file.</summary>
    public required string Name { get; init; }

    /// <summary>The sign-in host, for example <c>https://login.microsoftonline.com/</c>; no path.</summary>
    public required Uri SignIn { get; init; }

    /// <summary>Exchange Online's base address; no path.</summary>
    public required Uri Exchange { get; init; }

    /// <summary>The front door of Security &amp; Compliance; no path.</summary>
    public required Uri Compliance { get; init; }

    /// <summary>Microsoft Graph's base address; no path.</summary>
    public required Uri Graph { get; init; }

    /// <summary>The resource that an Exchange Online token is for.</summary>
    public required string ExchangeResource { get; init; }

    /// <summary>The resource that a Security &amp; Compliance token is for.</summary>
    public required string ComplianceResource { get; init; }

    /// <summary>The resource that a Graph token is for.</summary>
    public required string GraphResource { get; init; }

    /// <summary>
    /// Domain suffixes under which a service may redirect, for example <c>outlook.office365.com</c>. Only a host equal to one, or ending in a dot
    /// and one, may get a bearer token.
    /// </summary>
    public required IReadOnlyList<string> TrustedSuffixes { get; init; }

    /// <summary>
    /// Further services of a custom environment, by their names (<c>SharePoint</c>, <c>ManagementApi</c>, ...); base addresses without a path.
    /// Empty for Microsoft's clouds, whose services are known.
    /// </summary>
    public IReadOnlyDictionary<string, Uri> OtherServices { get; init; } = NoServices;

    /// <summary>Their resources, if they are not the worldwide cloud's.</summary>
    public IReadOnlyDictionary<string, string> OtherResources { get; init; } = NoResources;

    internal static IReadOnlyDictionary<string, Uri> NoServices { get; } = new Dictionary<string, Uri>();

    internal static IReadOnlyDictionary<string, string> NoResources { get; } = new Dictionary<string, string>();

    /// <summary>True for a cloud with a known sign-in host, for which instance discovery would bring nothing new.</summary>
    public bool IsKnownCloud { get; init; }

    /// <summary>The address of every host of this environment, instead of DNS and port; null for real clouds.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>Certificate authorities to trust for this environment's hosts, and only for them; null to trust what the machine trusts.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>The base address of a service.</summary>
    /// <param name="service">The service.</param>
    /// <returns>The address, without a path.</returns>
    public Uri BaseAddress(ExoService service) => service == ExoService.ExchangeOnline ? Exchange : Compliance;

    /// <summary>The resource that a service's tokens are for.</summary>
    /// <param name="service">The service.</param>
    /// <returns>The resource, without <c>/.default</c>.</returns>
    public string Resource(ExoService service) => service == ExoService.ExchangeOnline ? ExchangeResource : ComplianceResource;

    /// <summary>The resource that tokens for a session of searches are for.</summary>
    /// <returns>Differs from <see cref="ComplianceResource"/> in the worldwide cloud only.</returns>
    public string SearchResource => ComplianceResource == "https://ps.compliance.protection.outlook.com" ? "https://dataservice.o365filtering.com"
        : ComplianceResource;

    /// <summary>Whether an address belongs to this environment, so that a token may be sent there.</summary>
    /// <param name="address">An absolute address.</param>
    /// <returns>True for https on one of the environment's own hosts or under a trusted suffix.</returns>
    public bool Owns(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0)
        {
            return false;
        }

        string host;
        try
        {
            host = address.IdnHost;
        }
        catch (UriFormatException)
        {
            // A host that no IDN rule allows still parses as an address.
            return false;
        }

        return Same(host, SignIn.IdnHost) || Same(host, Exchange.IdnHost) || Same(host, Compliance.IdnHost) || Same(host, Graph.IdnHost)
            || TrustedSuffixes.Any(suffix => Same(host, suffix)
                || (host.Length > suffix.Length && host[^(suffix.Length + 1)] == '.' && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)));

        static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether an address belongs to a service of cmdlets: the sign-in host and Graph are of this environment too, and run none.</summary>
    /// <param name="address">An absolute address.</param>
    /// <returns>True for an own address that isn't of the sign-in host or Graph alone.</returns>
    internal bool OwnsService(Uri address)
    {
        return Owns(address)
            && (Is(Exchange) || Is(Compliance) || !(Is(SignIn) || Is(Graph) || OtherServices.Values.Any(Is)));

        bool Is(Uri other) => string.Equals(address.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether an address has the port of one of this environment's hosts.</summary>
    /// <param name="address">An absolute address.</param>
    /// <returns>False for another port: behind it is somebody else, whatever the host's name.</returns>
    internal bool OwnsPort(Uri address) =>
        address.Port == Exchange.Port || address.Port == Compliance.Port || address.Port == SignIn.Port || address.Port == Graph.Port;

    /// <summary>Equal in every part, so that an environment read twice is one, with one pool of connections.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>True if all parts are equal.</returns>
    public bool Equals(ExoEnvironment? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Name == other.Name && IsKnownCloud == other.IsKnownCloud && Equals(Address, other.Address)
            && SignIn == other.SignIn && Exchange == other.Exchange && Compliance == other.Compliance && Graph == other.Graph
            && ExchangeResource == other.ExchangeResource && ComplianceResource == other.ComplianceResource && GraphResource == other.GraphResource
            && TrustedSuffixes.SequenceEqual(other.TrustedSuffixes, StringComparer.OrdinalIgnoreCase)
            && Same(OtherServices, other.OtherServices) && Same(OtherResources, other.OtherResources)
            && SameAuthorities(CertificateAuthorities, other.CertificateAuthorities));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, SignIn, Exchange, Compliance, Address);

    private static bool Same<T>(IReadOnlyDictionary<string, T> a, IReadOnlyDictionary<string, T> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var other) && Equals(pair.Value, other));

    private static bool SameAuthorities(X509Certificate2Collection? a, X509Certificate2Collection? b) =>
        ReferenceEquals(a, b)
        || ((a?.Count ?? 0) == (b?.Count ?? 0)
            && (a is null || b is null || a.Zip(b).All(pair => pair.First.RawDataMemory.Span.SequenceEqual(pair.Second.RawDataMemory.Span))));
}
