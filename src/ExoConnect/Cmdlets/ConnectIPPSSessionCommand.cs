using System.Management.Automation;
using ExoConnect.Core.Environments;

namespace ExoConnect.Cmdlets;

/// <summary>Signs an application or a user in to Security &amp; Compliance.</summary>
[Cmdlet(VerbsCommunications.Connect, "IPPSSession", DefaultParameterSetName = BrowserSet)]
public sealed class ConnectIPPSSessionCommand : ConnectCmdlet
{
    /// <summary>Accepted for scripts written for EXO: every session here is one of cmdlets.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter EnableSearchOnlySession { get; set; }

    private protected override ExoService Service => ExoService.SecurityCompliance;
}
