using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Gets who may open mailboxes and what they may do there.</summary>
[Cmdlet(VerbsCommon.Get, "EXOMailboxPermission", DefaultParameterSetName = "Default")]
[OutputType("ExoConnect.MailboxPermission")]
public sealed class GetEXOMailboxPermissionCommand : EntraEntityCmdlet
{
    /// <summary>Only the owner's entry.</summary>
    [Parameter(ParameterSetName = IdentitySet)]
    public SwitchParameter Owner { get; set; }

    /// <summary>How many entries of one mailbox, or mailboxes if none is named, to return; 1,000 by default, Unlimited for all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string? ResultSize { get; set; }

    /// <summary>The mailbox was deleted and can still be restored.</summary>
    [Parameter(ParameterSetName = IdentitySet)]
    public SwitchParameter SoftDeletedMailbox { get; set; }

    /// <summary>Only this user's entries; the service distinguishes upper and lower case here.</summary>
    [Parameter(ParameterSetName = IdentitySet)]
    public string? User { get; set; }

    private protected override RestRequest Request(int pageSize) => new GetExoMailboxPermissionOptions
    {
        Target = Target,
        Owner = Owner,
        ResultSize = ResultSizeText.Parse(ResultSize),
        SoftDeletedMailbox = SoftDeletedMailbox,
        User = User,
    }.ToRequest(pageSize);
}
