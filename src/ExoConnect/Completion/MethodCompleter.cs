using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ExoConnect.Completion;

/// <summary>Completes HTTP methods.</summary>
public sealed class MethodCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"], wordToComplete);
}
