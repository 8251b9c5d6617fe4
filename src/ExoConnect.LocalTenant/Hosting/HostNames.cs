using System.Net;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>The host names of a tenant, and the service of each.</summary>
internal static class HostNames
{
    /// <summary>The domain of the tenant's own names; everything under <c>.localhost</c> is loopback by RFC 6761.</summary>
    public const string Suffix = "exoconnect.localhost";

    /// <summary>The sign-in host.</summary>
    public const string SignIn = "login." + Suffix;

    /// <summary>Exchange Online.</summary>
    public const string Exchange = "outlook." + Suffix;

    /// <summary>The front door of Security &amp; Compliance.</summary>
    public const string Compliance = "ps.compliance.protection." + Suffix;

    /// <summary>Microsoft Graph.</summary>
    public const string Graph = "graph." + Suffix;

    /// <summary>The names that the server certificate has, with those for regional hosts.</summary>
    /// <param name="extra">Names given by the user.</param>
    /// <returns>DNS names, wildcards and IP addresses, each once.</returns>
    public static IReadOnlyList<string> ForCertificate(IEnumerable<string> extra)
    {
        List<string> names =
        [
            Suffix, "*." + Suffix, Compliance, "*.ps.compliance.protection." + Suffix, "*.admin.protection." + Suffix, "*." + Exchange,
            "localhost", "127.0.0.1", "::1",
        ];
        foreach (var name in extra)
        {
            names.Add(name);
            if (IPAddress.TryParse(name, out _) || name.StartsWith("*.", StringComparison.Ordinal))
            {
                continue;
            }

            names.Add("*." + name);
            if (name.StartsWith("ps.compliance.", StringComparison.OrdinalIgnoreCase))
            {
                // The front door sends clients to {region}.admin.protection.…, beside it (docs/internals/protocol.md section 3).
                names.Add("*.admin." + name["ps.compliance.".Length..]);
            }
        }

        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Rejects names that no certificate can have.</summary>
    /// <param name="extra">Names given by the user.</param>
    /// <exception cref="TenantException">One of them is not a DNS name, a wildcard or an IP address.</exception>
    public static void Validate(IEnumerable<string> extra)
    {
        foreach (var name in extra)
        {
            var bare = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
            if (Uri.CheckHostName(bare) == UriHostNameType.Unknown || !bare.All(char.IsAscii))
            {
                throw new TenantException(
                    $"'{name}' is not a host name.",
                    "Give a DNS name, such as outlook.office365.com, without scheme, port or path.");
            }
        }
    }

    /// <summary>The service of a request.</summary>
    /// <param name="host">The Host header, with or without a port.</param>
    /// <param name="path">The path.</param>
    /// <returns>The service of the name, or else of the path.</returns>
    public static TenantService Route(ReadOnlySpan<char> host, ReadOnlySpan<char> path)
    {
        const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;
        if (host.StartsWith("login.", IgnoreCase))
        {
            return TenantService.Entra;
        }

        if (host.StartsWith("graph.", IgnoreCase))
        {
            return TenantService.Graph;
        }

        if (host.Contains("compliance", IgnoreCase) || host.Contains(".admin.protection.", IgnoreCase))
        {
            return TenantService.SecurityCompliance;
        }

        if (host.StartsWith("outlook.", IgnoreCase) || host.Contains(".outlook.", IgnoreCase))
        {
            return TenantService.ExchangeOnline;
        }

        return path.StartsWith("/AdminApi/", IgnoreCase) ? TenantService.ExchangeOnline
            : path.StartsWith("/v1.0/", IgnoreCase) ? TenantService.Graph
            : TenantService.Entra;
    }
}
