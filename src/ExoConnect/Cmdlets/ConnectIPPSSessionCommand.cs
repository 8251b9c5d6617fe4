using System.Management.Automation;
using ExoConnect.Core.Environments;

namespace ExoConnect.Cmdlets;

/// <summary>Signs an application or a user in to Security &amp; Compliance.</summary>
[Cmdlet(VerbsCommunications.Connect, "IPPSSession", DefaultParameterSetName = BrowserSet)]
public sealed class ConnectIPPSSessionCommand : ConnectCmdlet
{
    /// <summary>A session for compliance searches (Get-ComplianceSearch and its like), which the service runs in no other session.</summary>
    [Parameter]
    public SwitchParameter EnableSearchOnlySession { get; set; }

    private protected override bool IsSearchOnly => EnableSearchOnlySession;

    private protected override ExoService Service => ExoService.SecurityCompliance;
}
