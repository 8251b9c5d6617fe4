using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Completion;

/// <summary>Completes sessions: names where a name is expected, ids where an id is.</summary>
public sealed class ConnectionCompleter : IArgumentCompleter
{
    /// <summary>
    /// Our parameter beside the service's: the session to run in. A service's cmdlet with a parameter of this name keeps its own.
    /// </summary>
    internal const string ParameterName = "Connection";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from session in SessionRegistry.Shared.Sessions
        let d = session.Description
        let word = parameterName.EndsWith("Id", StringComparison.OrdinalIgnoreCase) ? d.ConnectionId.ToString() : d.Name
        where word.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(
            word, $"{d.Name} ({d.Organization})", CompletionResultType.ParameterValue, $"{d.Name}: {d.Organization}, {session.State}");
}
