using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Gets how large mailboxes are and how many items they hold.</summary>
[Cmdlet(VerbsCommon.Get, "EXOMailboxStatistics", DefaultParameterSetName = IdentitySet)]
[OutputType("ExoConnect.MailboxStatistics")]
public sealed class GetEXOMailboxStatisticsCommand : EntityCmdlet
{
    /// <summary>The archive instead of the mailbox itself.</summary>
    [Parameter]
    public SwitchParameter Archive { get; set; }

    /// <summary>The mailbox's database. Together with -ExchangeGuid it spares the service a search.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankAsNull]
    public Guid? DatabaseGuid { get; set; }

    /// <summary>The mailbox, by its own GUID.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [BlankAsNull]
    public Guid? ExchangeGuid { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter IncludeMoveHistory { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter IncludeMoveReport { get; set; }

    /// <summary>Include deleted mailboxes.</summary>
    [Parameter]
    public SwitchParameter IncludeSoftDeletedRecipients { get; set; }

    /// <summary>Properties beside those of the set Minimum.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string[]? Properties { get; set; }

    /// <summary>Minimum, or All for every property.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(EntityValueCompleter))]
    public string[]? PropertySets { get; set; }

    private protected override RestRequest Request(int pageSize) => new GetExoMailboxStatisticsOptions
    {
        Target = Target,
        Archive = Archive,
        DatabaseGuid = DatabaseGuid,
        ExchangeGuid = ExchangeGuid,
        IncludeMoveHistory = IncludeMoveHistory,
        IncludeMoveReport = IncludeMoveReport,
        IncludeSoftDeletedRecipients = IncludeSoftDeletedRecipients,
        Properties = List(Properties),
        PropertySets = List(PropertySets),
    }.ToRequest(pageSize);
}
