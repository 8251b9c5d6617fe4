using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Gets recipients of every kind: mailboxes, groups, contacts, guests.</summary>
[Cmdlet(VerbsCommon.Get, "EXORecipient", DefaultParameterSetName = IdentitySet)]
[OutputType("ExoConnect.Recipient")]
public sealed class GetEXORecipientCommand : ListingCmdlet
{
    /// <summary>Recipients too that were deleted and can still be restored.</summary>
    [Parameter]
    public SwitchParameter IncludeSoftDeletedRecipients { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public string? RecipientPreviewFilter { get; set; }

    /// <summary>Only recipients of these types.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string[]? RecipientType { get; set; }

    /// <summary>Only recipients of these kinds.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string[]? RecipientTypeDetails { get; set; }

    private protected override EntityOptions Options => new GetExoRecipientOptions
    {
        IncludeSoftDeletedRecipients = IncludeSoftDeletedRecipients,
        RecipientPreviewFilter = RecipientPreviewFilter,
        RecipientType = List(RecipientType),
        RecipientTypeDetails = List(RecipientTypeDetails),
    };
}
