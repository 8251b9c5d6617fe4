using System.Management.Automation;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Gets the protocols that mailboxes allow: ActiveSync, EWS, IMAP, MAPI, Outlook on the web, POP, SMTP.</summary>
[Cmdlet(VerbsCommon.Get, "EXOCasMailbox", DefaultParameterSetName = IdentitySet)]
[OutputType("ExoConnect.CASMailbox")]
public sealed class GetEXOCasMailboxCommand : ListingCmdlet
{
    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter ActiveSyncDebugLogging { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter GetImapProtocolLog { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter GetPopProtocolLog { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter IgnoreDefaultScope { get; set; }

    /// <summary>Also the servers, ports and encryption of IMAP, POP and SMTP.</summary>
    [Parameter]
    public SwitchParameter ProtocolSettings { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter ReadIsOptimizedForAccessibility { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public string[]? SendLogsTo { get; set; }

    private protected override EntityOptions Options => new GetExoCasMailboxOptions
    {
        ActiveSyncDebugLogging = ActiveSyncDebugLogging,
        GetImapProtocolLog = GetImapProtocolLog,
        GetPopProtocolLog = GetPopProtocolLog,
        IgnoreDefaultScope = IgnoreDefaultScope,
        ProtocolSettings = ProtocolSettings,
        ReadIsOptimizedForAccessibility = ReadIsOptimizedForAccessibility,
        SendLogsTo = List(SendLogsTo),
    };
}
