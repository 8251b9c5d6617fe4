using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ExoConnect.Completion;

/// <summary>Completes the names of the clouds.</summary>
public sealed class EnvironmentNameCompleter : IArgumentCompleter
{
    private static readonly string[] Names = ["O365Default", "O365China", "O365GermanyCloud", "O365USGovDoD", "O365USGovGCCHigh"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Names.Where(n => n.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase)).Select(n => new CompletionResult(n));
}
