using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>A folder of a mailbox, as <c>-Identity</c> names it: <c>mailbox:\path</c>, <c>mailbox:id</c>, or <c>mailbox</c> for its root.</summary>
/// <param name="Mailbox">The mailbox.</param>
/// <param name="Folder">The path with its leading backslash, or the id.</param>
internal readonly record struct FolderReference(string Mailbox, string Folder)
{
    private const string Root = "\\";
    private const int ShortestId = 24;

    /// <summary>Reads an identity.</summary>
    /// <exception cref="ExoException"><c>InvalidIdentity</c>: no mailbox, or a folder that is neither path nor id.</exception>
    public static FolderReference Parse(string parameter, string identity)
    {
        // A path may have colons in it, so the first :\ counts; an id has none, so the last colon does.
        var path = identity.IndexOf(":\\", StringComparison.Ordinal);
        var colon = path >= 0 ? path : identity.LastIndexOf(':');
        var mailbox = colon < 0 ? identity : identity[..colon];
        if (string.IsNullOrWhiteSpace(mailbox) || mailbox.StartsWith('\\'))
        {
            throw Invalid(parameter, identity, "the folder has no mailbox before it.", "Write the mailbox first, as in anna@contoso.com:\\Calendar.");
        }

        if (colon < 0)
        {
            return new FolderReference(identity, Root);
        }

        var folder = identity[(colon + 1)..];
        if (path < 0 && !IsId(folder))
        {
            throw Invalid(
                parameter,
                identity,
                $"'{folder}' is neither the path of a folder nor its id.",
                $"Write a path with a backslash, as in {mailbox}:\\{(string.IsNullOrWhiteSpace(folder) ? "Calendar" : folder.Trim())}.");
        }

        return new FolderReference(mailbox, folder);
    }

    private static bool IsId(string text) =>
        text.Length >= ShortestId && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '_' or '=');

    private static ExoException Invalid(string parameter, string identity, string problem, string remedy) =>
        ParameterErrors.Invalid(ErrorIds.InvalidIdentity, parameter, identity, problem, remedy);
}
