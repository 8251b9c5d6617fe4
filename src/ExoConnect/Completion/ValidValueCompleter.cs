using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ExoConnect.Sessions;

namespace ExoConnect.Completion;

/// <summary>Completes the known values of a cmdlet's parameter.</summary>
public sealed class ValidValueCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var values = SessionFinder.Command(commandName)?.Cmdlet.FindParameter(parameterName)?.ValidValues ?? [];
        return CompletionText.Matching(values, wordToComplete);
    }
}
