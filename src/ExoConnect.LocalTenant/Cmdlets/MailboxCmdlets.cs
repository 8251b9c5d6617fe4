using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Data;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary><c>Get-Mailbox</c>, <c>Set-Mailbox</c> and what else makes or changes mailboxes.</summary>
internal static class MailboxCmdlets
{
    /// <summary>Lists or finds mailboxes.</summary>
    public static IEnumerable<Record> Get(CmdletCall call)
    {
        if (call.Parameters.Switch("SoftDeletedMailbox"))
        {
            return MailboxQuery.Removed(call);
        }

        return call.Parameters.Switch("InactiveMailboxOnly") || call.Parameters.Switch("PublicFolder")
            ? []
            : MailboxQuery.List(call, MailboxSchema.Mailbox);
    }

    /// <summary>Changes a mailbox.</summary>
    public static IEnumerable<Record> Set(CmdletCall call)
    {
        MailboxRow row = MailboxQuery.Require(call, call.Required("Identity"));
        Dictionary<string, object?> changes = MailboxChanges.Of(call, row);
        if (!call.ShouldProcess($"Setting mailbox Identity:\"{row.Name}\"."))
        {
            return [];
        }

        if (changes.Count == 0)
        {
            call.Warnings.Add($"The command completed successfully but no settings of '{row.Name}' have been modified.");
            return [];
        }

        Apply(call, row, changes);
        return [];
    }

    /// <summary>Applies changes and marks the time.</summary>
    public static MailboxRow Apply(CmdletCall call, MailboxRow row, Dictionary<string, object?> changes)
    {
        changes["WhenChangedUTC"] = call.Now;
        changes["WhenChanged"] = MailboxSchema.Local(call.Now);
        return call.Tenant.Mailboxes.Change(row.Index, changes) ?? throw ServiceError.ObjectNotFound(row.Name);
    }
}
