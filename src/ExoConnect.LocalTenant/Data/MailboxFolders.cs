using System.Text;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Data;

/// <summary>The folders of mailboxes, computed from the mailbox.</summary>
internal static class MailboxFolders
{
    // Path, type, share of the items in thousandths.
    private static readonly (string Path, string Type, int Share)[] Folders =
    [
        ("/Top of Information Store", "Root", 0), ("/Archive", "Archive", 90), ("/Calendar", "Calendar", 60),
        ("/Calendar/United States holidays", "User Created", 5),
        ("/Contacts", "Contacts", 20), ("/Contacts/Recipient Cache", "RecipientCache", 4),
        ("/Conversation Action Settings", "ConversationActions", 0),
        ("/Conversation History", "ConversationHistory", 15), ("/Deleted Items", "DeletedItems", 70), ("/Drafts", "Drafts", 6),
        ("/Inbox", "Inbox", 400),
        ("/Inbox/Projects", "User Created", 80), ("/Inbox/Newsletters", "User Created", 50), ("/Journal", "Journal", 0),
        ("/Junk Email", "JunkEmail", 12),
        ("/Notes", "Notes", 2), ("/Outbox", "Outbox", 0), ("/Sent Items", "SentItems", 170), ("/Sync Issues", "SyncIssues", 1),
        ("/Tasks", "Tasks", 5),
        ("/Recoverable Items", "RecoverableItemsRoot", 0), ("/Deletions", "RecoverableItemsDeletions", 9), ("/Purges", "RecoverableItemsPurges", 1),
        ("/Versions", "RecoverableItemsVersions", 0),
    ];

    private static readonly string[] TypeNames = ["Microsoft.Exchange.Management.Tasks.MailboxFolderConfiguration"];

    /// <summary>Whether a mailbox has a folder of this path: <c>\Calendar</c>, <c>/Inbox/Projects</c>, or the root as <c>\</c> or nothing.</summary>
    /// <returns>The path with the service's slashes and capitals; null when there is none.</returns>
    public static string? Find(string path)
    {
        var wanted = "/" + path.Trim('\\', '/').Replace('\\', '/');
        return wanted == "/"
            ? "/"
            : Array.Find(Folders, folder => folder.Path.Equals(wanted, StringComparison.OrdinalIgnoreCase)).Path;
    }

    /// <summary>The path of a folder by its id.</summary>
    /// <returns>null when the mailbox has no folder of this id.</returns>
    public static string? FindById(MailboxRow row, string id) => Array.Find(Folders, folder => IdOf(row, folder.Path) == id).Path;

    /// <summary>The folders of a mailbox as <c>Get-MailboxFolderStatistics</c> shows them.</summary>
    /// <param name="row">The mailbox.</param>
    /// <param name="scope">Which folders: a folder type such as <c>Inbox</c> or <c>RecoverableItems</c>, <c>All</c> or null for all.</param>
    /// <param name="archive">True for the archive's folders.</param>
    /// <param name="asked">The caller's name of the mailbox; if it is an address, the folders' names begin with it.</param>
    public static IEnumerable<StoreObject> StatisticsOf(MailboxRow row, string? scope, bool archive, string asked = "")
    {
        var owner = asked.Contains('@', StringComparison.Ordinal) ? row.PrimarySmtpAddress : row.Name;
        return Folders.Where(folder => IsIn(folder, scope)).Select(folder => Statistics(row, owner, folder, archive ? 3 : 1));
    }

    private static string IdOf(MailboxRow row, string path)
    {
        return Convert.ToBase64String(Encoding.UTF8.GetBytes($"{row.Guid(IdentityKind.Mailbox):N}{path}"));
    }

    private static bool IsIn((string Path, string Type, int Share) folder, string? scope)
    {
        if (scope is null || scope.Equals("All", StringComparison.OrdinalIgnoreCase) || folder.Type.Equals(scope, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (scope.Equals("RecoverableItems", StringComparison.OrdinalIgnoreCase))
        {
            return folder.Type.StartsWith("RecoverableItems", StringComparison.Ordinal);
        }

        var root = Array.Find(Folders, other => other.Type.Equals(scope, StringComparison.OrdinalIgnoreCase)).Path;
        return root is not null && folder.Path.StartsWith($"{root}/", StringComparison.OrdinalIgnoreCase);
    }

    private static StoreObject Statistics(MailboxRow row, string owner, (string Path, string Type, int Share) folder, int divisor)
    {
        var items = (int)((long)row.ItemCount * folder.Share / 1000 / divisor);
        var bytes = row.ItemBytes / 1000 * folder.Share / divisor;
        var below = Folders.Where(other => other.Path.StartsWith(folder.Path + "/", StringComparison.Ordinal))
            .Sum(other => (int)((long)row.ItemCount * other.Share / 1000 / divisor));
        return new StoreObject(
            TypeNames,
            [
                new("Date", row.WhenCreated), new("CreationTime", MailboxSchema.Local(row.WhenCreated)),
                new("LastModifiedTime", row.LastLogon is DateTime logon ? MailboxSchema.Local(logon) : null),
                new("Name", folder.Path[(folder.Path.LastIndexOf('/') + 1)..]), new("FolderPath", folder.Path),
                new("FolderId", IdOf(row, folder.Path)),
                new("ParentFolderId", null), new("FolderType", folder.Type),
                new("ContainerClass",
                    folder.Type switch { "Calendar" => "IPF.Appointment", "Contacts" => "IPF.Contact", "Tasks" => "IPF.Task",
                    "Notes" => "IPF.StickyNote", _ => "IPF.Note" }),
                new("Flags", "None"), new("ContentFolder", "True"), new("ContentMailboxGuid", row.Guid(IdentityKind.Mailbox)),
                new("MovedItemCount", 0), new("StorageQuota", null), new("StorageWarningQuota", null), new("VisibleItemsInFolder", items),
                new("HiddenItemsInFolder", 0), new("ItemsInFolder", items), new("DeletedItemsInFolder", 0), new("FolderSize", ValueText.Size(bytes)),
                new("ItemsInFolderAndSubfolders", items + below), new("DeletedItemsInFolderAndSubfolders", 0),
                new("FolderAndSubfolderSize", ValueText.Size(bytes)), new("OldestItemReceivedDate", null), new("NewestItemReceivedDate", null),
                new("OldestDeletedItemReceivedDate", null), new("NewestDeletedItemReceivedDate", null), new("OldestItemLastModifiedDate", null),
                new("NewestItemLastModifiedDate", null), new("ManagedFolder", null), new("DeletePolicy", null), new("ArchivePolicy", null),
                new("TopSubject", null), new("TopSubjectSize", ValueText.Size(0)), new("TopSubjectCount", 0), new("SearchFolders", null),
                new("TargetQuota", "User"), new("RecoverableItemsFolder", folder.Type.StartsWith("RecoverableItems", StringComparison.Ordinal)),
                new("Identity", $"{owner}{folder.Path.Replace('/', '\\')}"), new("IsValid", true), new("ObjectState", "New"),
            ]);
    }
}
