using System.Collections;
using System.Management.Automation;
using ExoConnect.Commands;
using ExoConnect.Completion;
using ExoConnect.Core;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;

namespace ExoConnect.Cmdlets;

/// <summary>Runs a cmdlet of the service by its name, whether or not the session has a command for it.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ExoCommand")]
public sealed class InvokeExoCommandCommand : AsyncCmdlet
{
    /// <summary>The cmdlet, for example Get-Mailbox.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Its parameters, by name without the dash.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public IDictionary Parameters { get; set; } = new Hashtable();

    /// <summary>The properties to return; all where it is left out. Fewer properties are a smaller answer.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Property { get; set; } = [];

    /// <summary>Objects a page, 1 to 1,000.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int PageSize { get; set; }

    /// <summary>The session, by name or id; the latest where it is left out.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Connection { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ExoSession session;
        CmdletRequest request;
        try
        {
            session = SessionFinder.Find(Connection, Name);
            request = new CmdletRequest
            {
                Name = Name,
                Parameters = PowerShellValue.ToTable(Parameters),
                Properties = Property,
                PageSize = PageSize == 0 ? null : PageSize,
            };
        }
        catch (ExoException e)
        {
            ThrowEngineError(e);
            return;
        }

        try
        {
            Bridge.Write(session.InvokeAsync(request, Bridge, Bridge.StopToken));
        }
        catch (ExoException e)
        {
            WriteError(EngineErrors.ToRecord(e, Parameters.Contains("Identity") ? Parameters["Identity"] : null));
        }
    }
}
