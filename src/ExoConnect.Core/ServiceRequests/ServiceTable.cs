using System.Collections.Concurrent;
using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.ServiceRequests;

/// <summary>
/// The services of a tenant's environment. It decides which token an address gets: that of its host's service, or none, unless the caller names a
/// resource of no known service. Immutable.
/// </summary>
public sealed class ServiceTable
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<KnownService>> CloudTables = new(StringComparer.Ordinal);

    private readonly ExoEnvironment _environment;

    private ServiceTable(ExoEnvironment environment, IReadOnlyList<KnownService> services)
    {
        _environment = environment;
        Services = services;
    }

    /// <summary>The services.</summary>
    public IReadOnlyList<KnownService> Services { get; }

    /// <summary>The names of resources.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Exchange", "Compliance", "Graph", .. CloudServices.Names];

    /// <summary>Makes the table of a tenant.</summary>
    /// <param name="environment">The tenant's cloud.</param>
    /// <param name="organization">
    /// The tenant's initial domain, from which its SharePoint sites follow; with any other name they are not known.
    /// </param>
    /// <returns>The table.</returns>
    public static ServiceTable For(ExoEnvironment environment, string? organization = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return new ServiceTable(environment, [.. Own(environment), .. Others(environment, organization)]);
    }

    /// <summary>Finds the service that a host belongs to.</summary>
    /// <param name="address">An absolute address.</param>
    /// <returns>The service; null for an unknown host.</returns>
    public KnownService? Find(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Services.FirstOrDefault(service => service.Owns(address));
    }

    /// <summary>Finds the resource of a name or an address, for a token.</summary>
    /// <param name="resource">A service's name, its address or application id, or any other resource's identifier.</param>
    /// <returns>The service, if it is known; and the resource.</returns>
    /// <exception cref="ExoException"><c>ResourceInvalid</c>, <c>SharePointHostUnknown</c> or <c>ResourceOfAnotherCloud</c>.</exception>
    public (KnownService? Service, string Resource) ResolveResource(string resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var text = Normalize(resource);
        if (Services.FirstOrDefault(s => string.Equals(s.Name, text, StringComparison.OrdinalIgnoreCase)) is { } named)
        {
            return (named, named.Resource ?? throw SharePointHostUnknown(resource));
        }

        if (Names.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            throw ArgumentErrors.Invalid(
                ErrorIds.ResourceOfAnotherCloud, "Resource", resource,
                $"{_environment.Name} has no service {text}.",
                $"It has {string.Join(", ", Services.Select(s => s.Name))}.");
        }

        if (Guid.TryParse(text, out var id)
            || (text.StartsWith("api://", StringComparison.OrdinalIgnoreCase) && Guid.TryParse(text.AsSpan(6), out id)))
        {
            return Services.FirstOrDefault(s => s.AppId == id) is { } service
                ? (service, service.Resource ?? throw SharePointHostUnknown(resource))
                : (null, text);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || text.Any(char.IsWhiteSpace) || uri.IsFile || uri.UserInfo.Length > 0)
        {
            throw ArgumentErrors.Invalid(
                ErrorIds.ResourceInvalid, "Resource", resource,
                $"'{resource}' is neither a service's name nor a resource's identifier.",
                $"Give one of {string.Join(", ", Services.Select(s => s.Name))}, or an identifier such as https://vault.azure.net.");
        }

        // The host identifies a resource too: however it is written, the sign-in host may give the service's own token for it.
        if (Services.FirstOrDefault(s => IsResource(s, uri)) is { } known)
        {
            return (known, known.HostIsResource ? known.Owns(uri) ? known.ResourceOf(uri) : known.Resource! : known.Resource!);
        }

        if (ServiceOfAnotherCloud(uri) is not { } other)
        {
            return (null, text);
        }

        // A custom environment's tokens are for the worldwide cloud's resources, unless its file says otherwise.
        return !_environment.IsKnownCloud && other.Cloud == CloudEnvironments.O365Default.Name
            && Services.FirstOrDefault(s => s.Name == other.Service.Name) is { } own
                ? (own, other.Service.Owns(uri) ? other.Service.ResourceOf(uri) : other.Service.Resource!)
                : throw AnotherCloud("Resource", resource, uri, other);
    }

    /// <summary>Decides which token a request is sent with.</summary>
    /// <param name="address">
    /// The address, or a path on the service that <paramref name="resource"/> names, by default Graph: <c>/v1.0/organization</c>.
    /// </param>
    /// <param name="resource">The resource; null if the host decides.</param>
    /// <returns>The address made absolute, and the resource.</returns>
    /// <exception cref="ExoException">
    /// <c>RequestUriInvalid</c>; <c>ResourceRequired</c>: the host belongs to no known service; <c>ResourceMismatch</c>: the resource's tokens
    /// don't go to that host; <c>ResourceOfAnotherCloud</c>, <c>ResourceInvalid</c>, <c>SharePointHostUnknown</c>.
    /// </exception>
    public ServiceTarget Resolve(string address, string? resource = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        var uri = ToAbsolute(address.Trim(), resource);
        var owner = Find(uri);
        if (string.IsNullOrWhiteSpace(resource))
        {
            return owner is not null ? new ServiceTarget(owner, owner.ResourceOf(uri), uri) : throw UnknownHost(uri);
        }

        if (owner is not null)
        {
            // A name is enough if the hosts of a service are resources of their own.
            if (string.Equals(owner.Name, resource.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return new ServiceTarget(owner, owner.ResourceOf(uri), uri);
            }

            var named = ResolveResource(resource);
            return named.Service == owner && string.Equals(named.Resource, owner.ResourceOf(uri), StringComparison.OrdinalIgnoreCase)
                ? new ServiceTarget(owner, named.Resource, uri)
                : throw Mismatch(uri, named.Resource, $"{uri.Host} is a host of {owner.Name}, whose tokens are for {owner.ResourceOf(uri)}",
                    "Leave -Resource out: the host determines the token.");
        }

        var (service, other) = ResolveResource(resource);
        if (service is not null)
        {
            throw Mismatch(uri, other, $"a token for {service.Name} goes only to hosts of {service.Name}, and {uri.Authority} is none",
                $"Check -Uri{(service.BaseAddress is { } place ? $"; {service.Name} is at {place.GetLeftPart(UriPartial.Authority)}" : "")}.");
        }

        return IsSignIn(uri) || ServiceOfAnotherCloud(uri) is not null ? throw UnknownHost(uri) : new ServiceTarget(null, other, uri);
    }

    /// <summary>The name of a session's own service.</summary>
    internal static string NameOf(ExoService service) => service == ExoService.ExchangeOnline ? "Exchange" : "Compliance";

    private static IEnumerable<KnownService> Own(ExoEnvironment environment)
    {
        var (exchange, compliance) = (Hosts(environment.Exchange), Hosts(environment.Compliance));
        foreach (var suffix in environment.IsKnownCloud ? environment.TrustedSuffixes : [])
        {
            (suffix.Contains("compliance", StringComparison.OrdinalIgnoreCase) || suffix.Contains("protection", StringComparison.OrdinalIgnoreCase)
                ? compliance
                : exchange).Add(suffix);
        }

        if (environment.IsKnownCloud && environment.Exchange == CloudEnvironments.O365Default.Exchange)
        {
            exchange.Add("outlook.office.com");
        }

        yield return new KnownService
        {
            Name = "Exchange", Resource = environment.ExchangeResource, BaseAddress = environment.Exchange,
            AppId = new Guid("00000002-0000-0ff1-ce00-000000000000"), Hosts = exchange, Suffixes = exchange,
        };
        yield return new KnownService
        {
            Name = "Compliance", Resource = environment.ComplianceResource, BaseAddress = environment.Compliance,
            AppId = new Guid("00000007-0000-0ff1-ce00-000000000000"), Hosts = compliance, Suffixes = compliance,
        };
        yield return new KnownService
        {
            Name = "Graph", Resource = environment.GraphResource, BaseAddress = environment.Graph, AppId = new Guid(
                "00000003-0000-0000-c000-000000000000"),
            Hosts = Hosts(environment.Graph),
        };

        static List<string> Hosts(Uri address) => ServiceHost.TryGet(address, out var host) ? [host] : [];
    }

    private static IEnumerable<KnownService> Others(ExoEnvironment environment, string? organization)
    {
        if (environment.IsKnownCloud)
        {
            return CloudServices.Of(environment.Name).Select(s => s.Name == CloudServices.SharePoint ? WithTenant(s, organization) : s);
        }

        // A service without an address in the file has a resource for tokens, and no host that would get them.
        return CloudServices.Of(CloudEnvironments.O365Default.Name).Select(service =>
        {
            environment.OtherResources.TryGetValue(service.Name, out var resource);
            return environment.OtherServices.TryGetValue(service.Name, out var place)
                ? service with
                {
                    BaseAddress = place,
                    Resource = resource ?? WithTenant(service, organization).Resource ?? $"https://{place.IdnHost}",
                    Hosts = [place.IdnHost],
                    Suffixes = [],
                }
                : (resource is null ? WithTenant(service, organization) : service with { Resource = resource }) with
                {
                    Hosts = [],
                    Suffixes = [],
                    BaseAddress = null,
                };
        });
    }

    /// <summary>SharePoint's sites are named after the initial domain, until an administrator renames them.</summary>
    private static KnownService WithTenant(KnownService service, string? organization)
    {
        var suffix = SignInAdvice.InitialDomainSuffixes.FirstOrDefault(s => organization?.EndsWith(s, StringComparison.OrdinalIgnoreCase) == true);
        if (service.Name != CloudServices.SharePoint || suffix is null)
        {
            return service;
        }

        var root = $"https://{organization![..^suffix.Length].ToLowerInvariant()}.{service.Suffixes[0]}";
        return service with { Resource = root, BaseAddress = new Uri(root) };
    }

    private Uri ToAbsolute(string address, string? resource)
    {
        if (address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal) && !address.Contains('\\', StringComparison.Ordinal))
        {
            var service = ResolveResource(string.IsNullOrWhiteSpace(resource) ? "Graph" : resource).Service;
            return service?.BaseAddress is { } place && Uri.TryCreate(place, address, out var under) && ServiceHost.Same(place, under)
                ? under
                : throw InvalidUri(address, $"is a path, and the address of {resource} isn't known");
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw InvalidUri(address, "is neither an https address nor a path that begins with /");
        }

        return uri.Scheme != Uri.UriSchemeHttps ? throw InvalidUri(address, "does not start with https://; tokens never travel unencrypted")
            : uri.UserInfo.Length > 0 ? throw InvalidUri("The address", "has a user name in front of its host")
            : ServiceHost.TryGet(uri, out _) ? uri : throw InvalidUri(address, "has an invalid host");
    }

    private static bool IsResource(KnownService service, Uri resource) =>
        service.Owns(resource)
        || (service.Resource is { } own && Uri.TryCreate(own, UriKind.Absolute, out var known)
            && string.Equals(known.Host, resource.Host, StringComparison.OrdinalIgnoreCase));

    private bool IsSignIn(Uri address) =>
        CloudEnvironments.All.Append(_environment).Any(e => string.Equals(e.SignIn.Host, address.Host, StringComparison.OrdinalIgnoreCase));

    /// <summary>The service of another cloud; hosts that several clouds share don't count.</summary>
    private (string Cloud, KnownService Service)? ServiceOfAnotherCloud(Uri address)
    {
        foreach (var cloud in CloudEnvironments.All.Where(c => !_environment.IsKnownCloud || c.Name != _environment.Name))
        {
            var table = CloudTables.GetOrAdd(cloud.Name, static (_, e) => For(e).Services, cloud);
            if (table.FirstOrDefault(s => s.Owns(address) || IsResource(s, address)) is { } service)
            {
                return (cloud.Name, service);
            }
        }

        return null;
    }

    private ExoException UnknownHost(Uri address)
    {
        if (IsSignIn(address))
        {
            return Mismatch(address, "any service", $"{address.Host} is a sign-in host; it takes no tokens", "Give the address of a service.");
        }

        return ServiceOfAnotherCloud(address) is { } other
            ? AnotherCloud("Uri", address, address, other)
            : ArgumentErrors.Invalid(
                ErrorIds.ResourceRequired, "Resource", address,
                $"{address.Authority} belongs to no known service of {_environment.Name}, so its token isn't known.",
                "Check the address. If it is right, name the resource that its tokens are for, with -Resource.");
    }

    private ExoException AnotherCloud(string parameter, object target, Uri address, (string Cloud, KnownService Service) other)
    {
        var here = Services.FirstOrDefault(s => s.Name == other.Service.Name);
        return ArgumentErrors.Invalid(
            ErrorIds.ResourceOfAnotherCloud, parameter, target,
            $"{address.Host} is {other.Service.Name} of {other.Cloud}, and this connection is to {_environment.Name}; a token of one cloud is "
            + "never sent to another.",
            here?.BaseAddress is { } place ? $"Here {other.Service.Name} is at {place.GetLeftPart(UriPartial.Authority)}."
                : $"Connect to {other.Cloud} first.");
    }

    private static ExoException Mismatch(Uri address, string resource, string reason, string remedy) =>
        ArgumentErrors.Invalid(
            ErrorIds.ResourceMismatch, "Resource", address, $"No token for {resource} is sent to {address.Authority}: {reason}.", remedy);

    private static ExoException InvalidUri(string address, string reason) => ArgumentErrors.Invalid(
        ErrorIds.RequestUriInvalid, "Uri", address,
        $"{address} {reason}.",
        "Give an address such as https://graph.microsoft.com/v1.0/organization, or a path on Graph such as /v1.0/organization.");

    private static ExoException SharePointHostUnknown(string resource) => ArgumentErrors.Invalid(
        ErrorIds.SharePointHostUnknown, "Resource", resource,
        "The address of this tenant's SharePoint isn't known, since the connection doesn't name the organization by its initial domain.",
        "Give the address instead of the name, for example https://contoso.sharepoint.com.");

    private static string Normalize(string resource)
    {
        var text = resource.Trim();
        text = text.EndsWith("/.default", StringComparison.OrdinalIgnoreCase) ? text[..^"/.default".Length] : text;
        return text.TrimEnd('/');
    }
}

/// <summary>The target of a request, and the resource of its token.</summary>
/// <param name="Service">The service; null for an unknown one.</param>
/// <param name="Resource">The resource of the token.</param>
/// <param name="Address">The absolute address.</param>
public sealed record ServiceTarget(KnownService? Service, string Resource, Uri Address)
{
    /// <summary>The address without its query, which may hold a secret.</summary>
    internal string Place => Address.GetLeftPart(UriPartial.Path);

    /// <summary>Whether the same token may be sent to an address: a page link's, a redirect's.</summary>
    /// <param name="address">An absolute address.</param>
    /// <returns>True for a host of the same service that takes this token; for an unknown service, only for the same host.</returns>
    public bool Allows(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Service is null
            ? ServiceHost.Same(Address, address)
            : Service.Owns(address) && string.Equals(Service.ResourceOf(address), Resource, StringComparison.OrdinalIgnoreCase);
    }
}
