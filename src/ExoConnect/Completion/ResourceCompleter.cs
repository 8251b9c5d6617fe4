using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ExoConnect.Completion;

/// <summary>Completes the names of the services with tokens.</summary>
public sealed class ResourceCompleter : IArgumentCompleter
{
    /// <summary>Without the engine, which a completion need not load; a test compares them.</summary>
    internal static readonly string[] Names =
        ["Exchange", "Compliance", "Graph", "SharePoint", "ManagementApi", "AzureManagement", "AzureManagementClassic", "AadGraph", "Yammer"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(Names, wordToComplete);
}
