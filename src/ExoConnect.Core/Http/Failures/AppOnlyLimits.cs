using System.Collections.Frozen;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.Http.Failures;

/// <summary>
/// The cmdlets that Microsoft doesn't support for applications, from "App-only authentication for unattended scripts" of its documentation, with
/// their alternatives. The service's error varies with the parameters and never names the reason, so the list is by cmdlet.
/// </summary>
internal static class AppOnlyLimits
{
    private static readonly FrozenSet<string> Groups = new[]
    {
        "New-UnifiedGroup", "Remove-UnifiedGroup", "Add-UnifiedGroupLinks", "Remove-UnifiedGroupLinks",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Discovery = new[]
    {
        "New-ComplianceSearch", "Start-ComplianceSearch", "Get-ComplianceSearchAction", "New-ComplianceSearchAction",
        "Invoke-ComplianceSearchActionStep", "Invoke-ComplianceSecurityFilterAction", "Invoke-HoldRemovalAction", "New-CaseHoldPolicy",
        "Set-CaseHoldPolicy",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The remedy for a failure that may be such a limit.</summary>
    /// <param name="cmdlet">The cmdlet that failed.</param>
    /// <param name="category">The failure's category: a wrong or existing name is no such limit.</param>
    /// <returns>The remedy; null for another cmdlet or failure.</returns>
    public static string? Remedy(string cmdlet, ExoErrorCategory category) =>
        category is ExoErrorCategory.ObjectNotFound or ExoErrorCategory.ResourceExists or ExoErrorCategory.InvalidArgument
            or ExoErrorCategory.ResourceUnavailable or ExoErrorCategory.OperationTimeout or ExoErrorCategory.AuthenticationError ? null
        : Groups.Contains(cmdlet)
            ? $"Microsoft doesn't support '{cmdlet}' for applications. Sign a person in, or use Graph's groups: Invoke-ExoRequest /v1.0/groups."
        : Discovery.Contains(cmdlet)
            ? $"Microsoft doesn't support '{cmdlet}' for applications. Sign a person in, or use Graph: Invoke-ExoRequest "
                + "/v1.0/security/cases/ediscoveryCases. An application that has run it needs Exchange.ManageAsApp on Microsoft Exchange Online "
                + "Protection, and -EnableSearchOnlySession."
        : null;
}
