using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ExoConnect.Core.Authentication.Tokens;

namespace ExoConnect.Completion;

/// <summary>Completes the directory roles that Exchange Online or Security &amp; Compliance accepts.</summary>
public sealed class DirectoryRoleCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(DirectoryRoles.All.Select(role => role.Name), wordToComplete);
}
