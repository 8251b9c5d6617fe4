using System.Management.Automation;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Gets who may use a folder of a mailbox, for example its calendar.</summary>
[Cmdlet(VerbsCommon.Get, "EXOMailboxFolderPermission", DefaultParameterSetName = IdentitySet)]
[OutputType("ExoConnect.MailboxFolderPermission")]
public sealed class GetEXOMailboxFolderPermissionCommand : EntraEntityCmdlet
{
    /// <summary>The mailbox is that of a Microsoft 365 group.</summary>
    [Parameter]
    public SwitchParameter GroupMailbox { get; set; }

    /// <summary>Only this user's or group's entry.</summary>
    [Parameter]
    public string? User { get; set; }

    private protected override RestRequest Request(int pageSize) => new GetExoMailboxFolderPermissionOptions
    {
        Target = Target,
        GroupMailbox = GroupMailbox,
        User = User,
    }.ToRequest(pageSize);
}
