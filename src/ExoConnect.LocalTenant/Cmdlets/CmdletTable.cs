using System.Collections.Frozen;
using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Which code runs which cmdlet.</summary>
internal static class CmdletTable
{
    private static readonly FrozenDictionary<string, CmdletHandler> Own = new Dictionary<string, CmdletHandler>
    {
        ["Get-Mailbox"] = MailboxCmdlets.Get,
        ["Set-Mailbox"] = MailboxCmdlets.Set,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The code of a cmdlet.</summary>
    public static CmdletHandler For(CmdletDefinition cmdlet)
    {
        return Own.GetValueOrDefault(cmdlet.Name)
            ?? throw ServiceError.Cmdlet("Ex000000", "System.NotSupportedException", $"{cmdlet.Name} has no implementation.");
    }
}
