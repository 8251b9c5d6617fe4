using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Gets mailboxes: one, those that match, or all.</summary>
[Cmdlet(VerbsCommon.Get, "EXOMailbox", DefaultParameterSetName = IdentitySet)]
[OutputType("ExoConnect.Mailbox")]
public sealed class GetEXOMailboxCommand : ListingCmdlet
{
    /// <summary>Only mailboxes with an archive.</summary>
    [Parameter]
    public SwitchParameter Archive { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter Async { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter GroupMailbox { get; set; }

    /// <summary>Only inactive mailboxes: deleted ones that a hold keeps.</summary>
    [Parameter]
    public SwitchParameter InactiveMailboxOnly { get; set; }

    /// <summary>Inactive mailboxes too.</summary>
    [Parameter]
    public SwitchParameter IncludeInactiveMailbox { get; set; }

    /// <summary>Only mailboxes of this mailbox plan.</summary>
    [Parameter]
    public string? MailboxPlan { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter Migration { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter PublicFolder { get; set; }

    /// <summary>Only mailboxes of these kinds.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string[]? RecipientTypeDetails { get; set; }

    /// <summary>Mailboxes that were deleted and can still be restored.</summary>
    [Parameter]
    public SwitchParameter SoftDeletedMailbox { get; set; }

    private protected override EntityOptions Options => new GetExoMailboxOptions
    {
        Archive = Archive,
        Async = Async,
        GroupMailbox = GroupMailbox,
        InactiveMailboxOnly = InactiveMailboxOnly,
        IncludeInactiveMailbox = IncludeInactiveMailbox,
        MailboxPlan = MailboxPlan,
        Migration = Migration,
        PublicFolder = PublicFolder,
        RecipientTypeDetails = List(RecipientTypeDetails),
        SoftDeletedMailbox = SoftDeletedMailbox,
    };
}
