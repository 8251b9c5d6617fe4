namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>The paths of the admin API, as the pipeline needs them before the service reads the request.</summary>
internal static class AdminApiPath
{
    /// <summary>Whether a path names this tenant: by its id or its initial domain. By another of its domains the service refuses it.</summary>
    public static bool IsOf(ReadOnlySpan<char> tenant, Guid tenantId, string organization) =>
        Guid.TryParse(tenant, out var id) ? id == tenantId : tenant.Equals(organization, StringComparison.OrdinalIgnoreCase);

    /// <summary>Splits <c>/AdminApi/{version}/{tenant}/{operation}</c>; a missing part is empty.</summary>
    public static void Split(ReadOnlySpan<char> path, out ReadOnlySpan<char> tenant, out ReadOnlySpan<char> operation)
    {
        // The path begins with a slash and the prefix.
        var rest = After(After(After(path)));
        tenant = UpToSlash(rest);
        operation = UpToSlash(After(rest));

        static ReadOnlySpan<char> UpToSlash(ReadOnlySpan<char> text) => text.IndexOf('/') is >= 0 and var slash ? text[..slash] : text;

        static ReadOnlySpan<char> After(ReadOnlySpan<char> text) => text.IndexOf('/') is >= 0 and var slash ? text[(slash + 1)..] : default;
    }
}
