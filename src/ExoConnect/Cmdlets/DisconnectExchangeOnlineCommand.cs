using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.SessionModules;
using ExoConnect.Sessions;

namespace ExoConnect.Cmdlets;

/// <summary>Ends sessions: all of them, or those named.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ExchangeOnline", SupportsShouldProcess = true, DefaultParameterSetName = "All")]
public sealed class DisconnectExchangeOnlineCommand : PSCmdlet
{
    /// <summary>The sessions to end: their connection ids, names or numbers, as Get-ConnectionInformation shows them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Id", ValueFromPipelineByPropertyName = true)]
    [Alias("Connection")]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    public string[] ConnectionId { get; set; } = [];

    /// <summary>The prefixes of the sessions to end.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Prefix")]
    public string[] ModulePrefix { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var registry = SessionRegistry.Shared;
        foreach (var session in Chosen(registry))
        {
            if (ShouldProcess($"{session.Description.Name} ({session.Description.Organization})", "Disconnect"))
            {
                registry.Disconnect(session);
                SessionModule.Remove(session, DefaultSession.Order());
            }
        }
    }

    private List<ExoSession> Chosen(SessionRegistry registry)
    {
        switch (ParameterSetName)
        {
            case "Id":
                var chosen = new List<ExoSession>();
                foreach (var id in ConnectionId)
                {
                    if (registry.Find(id) is { } session)
                    {
                        chosen.Add(session);
                    }
                    else
                    {
                        WriteError(new ErrorRecord(
                            new ItemNotFoundException($"No session is called '{id}'. Get-ConnectionInformation lists the sessions."),
                            ErrorIds.SessionNotFound, ErrorCategory.ObjectNotFound, id));
                    }
                }

                return chosen;

            case "Prefix":
                return [.. registry.Sessions.Where(s => ModulePrefix.Contains(s.Description.Prefix, StringComparer.OrdinalIgnoreCase))];

            default:
                return [.. registry.Sessions];
        }
    }
}
