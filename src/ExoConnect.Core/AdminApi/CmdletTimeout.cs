namespace ExoConnect.Core.AdminApi;

/// <summary>How long the client waits for a cmdlet: the service's limit, and a minute more for the network. The limits are EXO's.</summary>
internal static class CmdletTimeout
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(960);

    private static readonly Dictionary<string, TimeSpan> Long = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Get-DistributionGroupMember"] = TimeSpan.FromSeconds(3660),
        ["Update-DistributionGroupMember"] = TimeSpan.FromSeconds(3660),
        ["Import-TransportRuleCollection"] = TimeSpan.FromSeconds(3660),
        ["Set-UnifiedGroup"] = TimeSpan.FromSeconds(3660),
        ["Set-OrganizationConfig"] = TimeSpan.FromSeconds(1860),
        ["Update-RoleGroupMember"] = TimeSpan.FromSeconds(1860),
    };

    /// <summary>The limit of a cmdlet.</summary>
    public static TimeSpan Of(string cmdletName) => Long.GetValueOrDefault(cmdletName, Usual);
}
