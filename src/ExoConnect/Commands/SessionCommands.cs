using System.Management.Automation;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Commands;

/// <summary>What the functions of a session's module call. Not for scripts.</summary>
public sealed class SessionCommands
{
    private readonly ExoSession _session;

    internal SessionCommands(ExoSession session) => _session = session;

    /// <summary>A command's parameters, new for each call since PowerShell keeps the values in them.</summary>
    /// <param name="cmdlet">The cmdlet's name.</param>
    /// <returns>The parameters.</returns>
    public RuntimeDefinedParameterDictionary Parameters(string cmdlet) => CommandParameters.Create(Definition(cmdlet));

    /// <summary>Begins a call.</summary>
    /// <param name="cmdlet">The cmdlet's name.</param>
    /// <param name="caller">The function's <c>$PSCmdlet</c>.</param>
    /// <returns>The call; the function feeds it and ends it.</returns>
    public CommandCall Begin(string cmdlet, PSCmdlet caller) => new(_session, Definition(cmdlet), caller);

    private CmdletDefinition Definition(string cmdlet) => _session.Catalog.TryGet(cmdlet, out var definition)
        ? definition
        : throw new ItemNotFoundException($"The session {_session.Description.Name} has no cmdlet {cmdlet}.");
}
