using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Gets the folders of mailboxes, how large they are and how many items they hold.</summary>
[Cmdlet(VerbsCommon.Get, "EXOMailboxFolderStatistics", DefaultParameterSetName = IdentitySet)]
[OutputType("ExoConnect.MailboxFolderStatistics")]
public sealed class GetEXOMailboxFolderStatisticsCommand : EntraEntityCmdlet
{
    /// <summary>The archive instead of the mailbox itself.</summary>
    [Parameter]
    public SwitchParameter Archive { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft no longer uses it.</summary>
    [Parameter]
    public string? DiagnosticInfo { get; set; }

    /// <summary>Only folders of this kind; all by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string? FolderScope { get; set; }

    /// <summary>Also the dates of each folder's oldest and newest item.</summary>
    [Parameter]
    public SwitchParameter IncludeOldestAndNewestItems { get; set; }

    /// <summary>Include deleted mailboxes.</summary>
    [Parameter]
    public SwitchParameter IncludeSoftDeletedRecipients { get; set; }

    private protected override RestRequest Request(int pageSize) => new GetExoMailboxFolderStatisticsOptions
    {
        Target = Target,
        Archive = Archive,
        DiagnosticInfo = DiagnosticInfo,
        FolderScope = FolderScope,
        IncludeOldestAndNewestItems = IncludeOldestAndNewestItems,
        IncludeSoftDeletedRecipients = IncludeSoftDeletedRecipients,
    }.ToRequest(pageSize);
}
