using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ExoConnect.Core.Sessions;

namespace ExoConnect.Completion;

/// <summary>Completes the service's cmdlets, as the sessions know them.</summary>
public sealed class CmdletNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(
            SessionRegistry.Shared.Sessions.SelectMany(static s => s.Catalog.Cmdlets).Select(static c => c.Name)
                .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase),
            wordToComplete);
}
