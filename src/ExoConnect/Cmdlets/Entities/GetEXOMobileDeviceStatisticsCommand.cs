using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Cmdlets.Entities;

/// <summary>Gets the phones and tablets that use mailboxes, and when they last did.</summary>
[Cmdlet(VerbsCommon.Get, "EXOMobileDeviceStatistics", DefaultParameterSetName = IdentitySet)]
[OutputType("ExoConnect.MobileDeviceStatistics")]
public sealed class GetEXOMobileDeviceStatisticsCommand : EntraEntityCmdlet
{
    private const string MailboxSet = "MobileDeviceIdentity";

    /// <summary>The mailbox whose devices to get; -Identity names a device.</summary>
    [Parameter(ParameterSetName = MailboxSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ObjectName]
    [ArgumentCompleter(typeof(IdentityCompleter))]
    public string? Mailbox { get; set; }

    /// <summary>Only devices that use Exchange ActiveSync.</summary>
    [Parameter]
    public SwitchParameter ActiveSync { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter GetMailboxLog { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public string[]? NotificationEmailAddresses { get; set; }

    /// <summary>Only devices that use Outlook on the web for devices.</summary>
    [Parameter]
    public SwitchParameter OWAforDevices { get; set; }

    /// <summary>Only devices that use the REST API, as Outlook for iOS and Android does.</summary>
    [Parameter]
    public SwitchParameter RestApi { get; set; }

    /// <summary>Accepted for scripts written for EXO; Microsoft reserves it for internal use.</summary>
    [Parameter]
    public SwitchParameter ShowRecoveryPassword { get; set; }

    /// <summary>Only devices that use Mail and Calendar.</summary>
    [Parameter]
    public SwitchParameter UniversalOutlook { get; set; }

    private protected override RestRequest Request(int pageSize) => new GetExoMobileDeviceStatisticsOptions
    {
        Target = Target,
        Mailbox = Mailbox,
        ActiveSync = ActiveSync,
        GetMailboxLog = GetMailboxLog,
        NotificationEmailAddresses = List(NotificationEmailAddresses),
        OWAforDevices = OWAforDevices,
        RestApi = RestApi,
        ShowRecoveryPassword = ShowRecoveryPassword,
        UniversalOutlook = UniversalOutlook,
    }.ToRequest(pageSize);
}
