using System.Management.Automation;
using ExoConnect.Core.Environments;

namespace ExoConnect.Cmdlets;

/// <summary>Signs an application in to Security &amp; Compliance with a certificate. It never opens a window and never asks.</summary>
[Cmdlet(VerbsCommunications.Connect, "IPPSSession", DefaultParameterSetName = ThumbprintSet)]
public sealed class ConnectIPPSSessionCommand : ConnectCmdlet
{
    /// <summary>Accepted for scripts written for EXO: every session here is one of cmdlets.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter EnableSearchOnlySession { get; set; }

    private protected override ExoService Service => ExoService.SecurityCompliance;
}
