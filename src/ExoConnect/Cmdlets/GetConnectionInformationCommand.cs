using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;

namespace ExoConnect.Cmdlets;

/// <summary>Lists the sessions of this process.</summary>
[Cmdlet(VerbsCommon.Get, "ConnectionInformation", DefaultParameterSetName = "All")]
[OutputType(typeof(ConnectionInformation))]
public sealed class GetConnectionInformationCommand : PSCmdlet
{
    /// <summary>Only the sessions with these connection ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id")]
    [Alias("Connection")]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public string[] ConnectionId { get; set; } = [];

    /// <summary>Only the sessions with these prefixes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Prefix")]
    public string[] ModulePrefix { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var session in SessionRegistry.Shared.Sessions)
        {
            if (ParameterSetName switch
            {
                "Id" => ConnectionId.Any(id => SessionRegistry.Shared.Find(id) == session),
                "Prefix" => ModulePrefix.Contains(session.Description.Prefix, StringComparer.OrdinalIgnoreCase),
                _ => true,
            })
            {
                ObjectViews.Load();
                WriteObject(ConnectionInformation.Of(session));
            }
        }
    }
}
