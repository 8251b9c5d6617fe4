using ExoConnect.Core.Environments;

namespace ExoConnect.Core.AdminApi;

/// <summary>The target of a redirect: another host of the same environment, or none (protocol.md, regional redirect).</summary>
internal static class RegionalRedirect
{
    private const string AdminLabel = ".admin.";
    private const string ApiLabel = ".ps.compliance.";

    /// <summary>The base address of the region.</summary>
    /// <param name="environment">The session's environment.</param>
    /// <param name="service">The session's service.</param>
    /// <param name="location">The <c>Location</c> header, resolved.</param>
    /// <returns>The address, without a path; null if the redirect leads out of the environment and must not be followed.</returns>
    public static Uri? Resolve(ExoEnvironment environment, ExoService service, Uri location)
    {
        if (!environment.OwnsService(location))
        {
            return null;
        }

        var host = location.IdnHost;
        if (service == ExoService.SecurityCompliance && host.IndexOf(AdminLabel, StringComparison.OrdinalIgnoreCase) is > 0 and var at)
        {
            host = host[..at] + ApiLabel + host[(at + AdminLabel.Length)..];
        }

        // The redirect names the port of an older API (446); the environment has the right one.
        var target = new UriBuilder(Uri.UriSchemeHttps, host, environment.BaseAddress(service).Port).Uri;
        return environment.OwnsService(target) ? target : null;
    }
}
