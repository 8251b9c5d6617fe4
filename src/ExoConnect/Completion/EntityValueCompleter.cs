using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Completion;

/// <summary>
/// Completes the known values of the Get-EXO cmdlets' parameters: properties, property sets, kinds of recipient and folder.
/// </summary>
public sealed class EntityValueCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CompletionText.Matching(Values(commandName[(commandName.LastIndexOf('\\') + 1)..].ToUpperInvariant(), parameterName), wordToComplete);

    private static IEnumerable<string> Values(string command, string parameter) => parameter switch
    {
        "Properties" => Schema(command)?.PropertyNames.Order(StringComparer.OrdinalIgnoreCase) ?? Enumerable.Empty<string>(),
        "PropertySets" => Schema(command)?.PropertySetNames ?? [],
        "RecipientTypeDetails" => command == "GET-EXOMAILBOX" ? GetExoMailboxOptions.KnownRecipientTypeDetails
            : GetExoRecipientOptions.KnownRecipientTypeDetails,
        "RecipientType" => GetExoRecipientOptions.KnownRecipientTypes,
        "FolderScope" => GetExoMailboxFolderStatisticsOptions.FolderScopes,
        "AccessRights" => ["SendAs"],
        "ResultSize" => ["Unlimited"],
        _ => [],
    };

    private static EntitySchema? Schema(string command) => command switch
    {
        "GET-EXOMAILBOX" => EntitySchema.Mailbox,
        "GET-EXORECIPIENT" => EntitySchema.Recipient,
        "GET-EXOCASMAILBOX" => EntitySchema.CasMailbox,
        "GET-EXOMAILBOXSTATISTICS" => EntitySchema.MailboxStatistics,
        _ => null,
    };
}
