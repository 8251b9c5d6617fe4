using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ExoConnect.Completion;

/// <summary>Completes the names of the ways that the default credential tries.</summary>
public sealed class DefaultCredentialCompleter : IArgumentCompleter
{
    /// <summary>Without the engine, which a completion need not load; a test compares them.</summary>
    internal static readonly string[] Names =
    [
        "Environment", "WorkloadIdentity", "ManagedIdentity", "VisualStudio", "VisualStudioCode", "AzureCli", "AzurePowerShell", "AzureDeveloperCli",
        "InteractiveBrowser",
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(Names, wordToComplete);
}
