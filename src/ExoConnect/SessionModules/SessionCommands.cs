using System.Management.Automation;
using ExoConnect.Completion;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Sessions;
using ExoConnect.Output;
using ExoConnect.Sessions;

namespace ExoConnect.SessionModules;

/// <summary>The methods that the functions of a session's module call. Not for scripts.</summary>
public sealed class SessionCommands
{
    private readonly ExoSession _session;

    internal SessionCommands(ExoSession session) => _session = session;

    /// <summary>A command's parameters, new for each call since PowerShell keeps the values in them.</summary>
    /// <param name="cmdlet">The cmdlet's name.</param>
    /// <returns>The parameters.</returns>
    public RuntimeDefinedParameterDictionary Parameters(string cmdlet) => CommandParameters.Create(Definition(_session, cmdlet));

    /// <summary>Begins a call.</summary>
    /// <param name="cmdlet">The cmdlet's name.</param>
    /// <param name="caller">The function's <c>$PSCmdlet</c>.</param>
    /// <returns>The call; the function feeds it and ends it.</returns>
    public CommandCall Begin(string cmdlet, PSCmdlet caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var own = Definition(_session, cmdlet);
        var bound = caller.MyInvocation.BoundParameters;
        try
        {
            if (!CommandParameters.HasConnection(own) || !bound.TryGetValue(ConnectionCompleter.ParameterName, out var named)
                || named?.ToString() is not { Length: > 0 } name)
            {
                return new CommandCall(_session, own, caller);
            }

            var session = SessionFinder.Find(name, cmdlet);
            return session == _session
                ? new CommandCall(_session, own, caller)
                : new CommandCall(
                    session, session.Catalog.TryGet(cmdlet, out var theirs) ? theirs : throw CmdletNotFound(session, cmdlet), caller, own);
        }
        catch (ExoException e)
        {
            caller.ThrowTerminatingError(EngineErrors.ToRecord(e));
            throw;
        }
    }

    private static CmdletDefinition Definition(ExoSession session, string cmdlet) => session.Catalog.TryGet(cmdlet, out var definition)
        ? definition
        : throw new ItemNotFoundException($"The session {session.Description.Name} has no cmdlet {cmdlet}.");

    private static ExoException CmdletNotFound(ExoSession session, string cmdlet) => new(
        $"The session {session.Description.Name} has no cmdlet {cmdlet}.")
    {
        ErrorId = ErrorIds.CmdletNotInSession,
        Category = ExoErrorCategory.ObjectNotFound,
        ParameterName = ConnectionCompleter.ParameterName,
        Target = session.Description.Name,
        Remedy = "The roles of its sign-in don't allow it, or it was left out with -CommandName. Invoke-ExoCommand with -Connection asks for it "
            + "all the same.",
    };
}
