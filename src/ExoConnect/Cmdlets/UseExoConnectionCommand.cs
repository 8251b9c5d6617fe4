using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.Errors;
using ExoConnect.Output;
using ExoConnect.Pipeline;
using ExoConnect.SessionModules;
using ExoConnect.Sessions;

namespace ExoConnect.Cmdlets;

/// <summary>Chooses the connection that cmdlets use if none is named.</summary>
[Cmdlet(VerbsOther.Use, "ExoConnection")]
[OutputType(typeof(ConnectionInformation))]
public sealed class UseExoConnectionCommand : PSCmdlet
{
    /// <summary>The connection, by its name, connection id or number.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Connection", "ConnectionName")]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Return the connection, as Get-ConnectionInformation does.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        EngineHost.Use();
        try
        {
            var session = SessionFinder.Find(Name);
            SessionModule.Prefer(session);
            DefaultSession.Choose(session);
            if (PassThru)
            {
                WriteObject(ConnectionInformation.Of(session));
            }
        }
        catch (ExoException e)
        {
            ThrowTerminatingError(EngineErrors.ToRecord(e));
        }
    }
}
