using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ExoConnect.Completion;

/// <summary>Completes the hashes that a certificate can be signed with.</summary>
public sealed class HashAlgorithmCompleter : IArgumentCompleter
{
    private static readonly string[] Names = ["SHA256", "SHA384", "SHA512"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Names.Where(n => n.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase)).Select(n => new CompletionResult(n));
}
