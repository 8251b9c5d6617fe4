using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ExoConnect.LocalTenant.Data;

/// <summary>One record of the unified audit log.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Time">The time of the operation, UTC.</param>
/// <param name="Kind">The kind of record.</param>
/// <param name="Operation">The operation.</param>
/// <param name="User">The user of the operation.</param>
/// <param name="Target">The object of the operation.</param>
/// <param name="Address">The client's address.</param>
internal sealed record AuditRecord(Guid Id, DateTime Time, AuditKind Kind, string Operation, string User, string Target, string Address);

/// <summary>A kind of audit records.</summary>
/// <param name="Name">The service's name of it.</param>
/// <param name="Number">Its number in <c>AuditData</c>.</param>
/// <param name="Workload">The service that writes them.</param>
/// <param name="Operations">The operations that they record.</param>
internal sealed record AuditKind(string Name, int Number, string Workload, IReadOnlyList<string> Operations);

/// <summary>
/// The unified audit log: a record for each minute of the last half year, computed from its number whenever it is read. The users of the records
/// exist. Thread-safe.
/// </summary>
/// <param name="mailboxes">The mailboxes of the users.</param>
/// <param name="started">The start of the tenant, close to the time of the newest record.</param>
internal sealed class AuditRecords(MailboxDirectory mailboxes, DateTime started)
{
    /// <summary>How many records there are.</summary>
    public const int Count = 180 * 24 * 60;

    private static readonly AuditKind[] Kinds =
    [
        new("ExchangeAdmin", 1, "Exchange",
            ["Set-Mailbox", "Add-MailboxPermission", "New-InboxRule", "Set-TransportRule", "Remove-MailboxPermission"]),
        new("ExchangeItem", 2, "Exchange", ["Send", "Create", "UpdateInboxRules", "SendAs"]),
        new("ExchangeItemGroup", 3, "Exchange", ["SoftDelete", "HardDelete", "MoveToDeletedItems"]),
        new("SharePointFileOperation", 6, "OneDrive", ["FileAccessed", "FileDownloaded", "FileModified", "FileUploaded", "FileDeleted"]),
        new("AzureActiveDirectory", 8, "AzureActiveDirectory",
            ["Update user.", "Add member to group.", "Add member to role.", "Consent to application.", "Reset user password."]),
        new("SharePointSharingOperation", 14, "SharePoint", ["SharingSet", "AnonymousLinkCreated", "SharingInvitationCreated"]),
        new("AzureActiveDirectoryStsLogon", 15, "AzureActiveDirectory", ["UserLoggedIn", "UserLoggedIn", "UserLoginFailed"]),
        new("MicrosoftTeams", 25, "MicrosoftTeams", ["TeamsSessionStarted", "MemberAdded", "TeamCreated", "MessageSent"]),
        new("ExchangeItemAggregated", 50, "Exchange", ["MailItemsAccessed"]),
    ];

    private readonly DateTime _newest = new(started.Ticks - (started.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc);

    /// <summary>The numbers of the records of a period, newest first; the end is exclusive.</summary>
    public (int From, int To) Between(DateTime start, DateTime end)
    {
        double from = Math.Ceiling((_newest - end).TotalMinutes), to = Math.Floor((_newest - start).TotalMinutes) + 1;
        return ((int)Math.Clamp(from, 0, Count), (int)Math.Clamp(to, 0, Count));
    }

    /// <summary>The record of a number.</summary>
    public AuditRecord Record(int number)
    {
        var random = mailboxes.Cipher.Random(number, 40);
        var kind = Kinds[(int)(random % (ulong)Kinds.Length)];
        var user = Mailbox(random >> 8);
        var target = Mailbox(random >> 24);
        var time = _newest.AddMinutes(-number).AddSeconds(-(int)(random >> 16 & 31));
        return new AuditRecord(
            mailboxes.Cipher.Encode(IdentityKind.Audit, number), time, kind, kind.Operations[(int)((random >> 40) % (ulong)kind.Operations.Count)],
            user?.UserPrincipalName ?? $"admin@{mailboxes.Organization}",
            kind.Workload is "OneDrive" or "SharePoint"
                ? $"{Site(user)}/Documents/Report {random >> 50 & 255}.docx"
                : target?.UserPrincipalName ?? mailboxes.Organization,
            string.Create(CultureInfo.InvariantCulture, $"203.0.113.{random >> 32 & 255}"));
    }

    /// <summary>A record's <c>AuditData</c>.</summary>
    /// <param name="record">The record.</param>
    /// <param name="formatted">Whether numbers are to be names.</param>
    public string Data(AuditRecord record, bool formatted)
    {
        var admin = record.Kind.Number == 1;
        var data = new JsonObject
        {
            ["CreationTime"] = record.Time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
            ["Id"] = record.Id.ToString("D"),
            ["Operation"] = record.Operation,
            ["OrganizationId"] = mailboxes.TenantGuidText,
            ["RecordType"] = formatted ? record.Kind.Name : record.Kind.Number,
            ["ResultStatus"] = record.Operation == "UserLoginFailed" ? "Failed" : admin ? "True" : "Succeeded",
            ["UserKey"] = record.User,
            ["UserType"] = formatted ? admin ? "Admin" : "Regular" : admin ? 2 : 0,
            ["Version"] = 1,
            ["Workload"] = record.Kind.Workload,
            ["ClientIP"] = record.Address,
            ["ObjectId"] = record.Target,
            ["UserId"] = record.User,
        };
        switch (record.Kind.Number)
        {
            case 1:
                data["ExternalAccess"] = false;
                data["OrganizationName"] = mailboxes.Organization;
                data["OriginatingServer"] = "BN8PR07MB6113 (15.20.8534.043)";
                data["Parameters"] = new JsonArray(Parameter("Identity", record.Target), Parameter("AccessRights", "FullAccess"));
                break;
            case 2 or 3 or 50:
                data["ClientInfoString"] = "Client=OWA;Action=ViaProxy";
                data["LogonType"] = 0;
                data["MailboxOwnerUPN"] = record.User;
                data["MailboxGuid"] = mailboxes.Find(record.User)?.Guid(IdentityKind.Mailbox).ToString("D");
                data["OperationProperties"] = new JsonArray(Parameter("MailAccessType", "Bind"), Parameter("IsThrottled", "False"));
                break;
            case 6 or 14:
                data["EventSource"] = "SharePoint";
                data["ItemType"] = "File";
                var site = record.Target[..(record.Target.IndexOf("/Documents/", StringComparison.Ordinal) + 1)];
                data["ListItemUniqueId"] = Stable(record.Target);
                data["ListId"] = Stable($"{site}Documents");
                data["Site"] = Stable(site);
                data["SiteUrl"] = site;
                data["SourceRelativeUrl"] = "Documents";
                data["SourceFileExtension"] = "docx";
                data["SourceFileName"] = record.Target[(record.Target.LastIndexOf('/') + 1)..];
                break;
            case 8 or 15:
                data["AzureActiveDirectoryEventType"] = 1;
                data["ApplicationId"] = "00000002-0000-0ff1-ce00-000000000000";
                data["ExtendedProperties"] = new JsonArray(
                    Parameter("UserAgent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"), Parameter("RequestType", "OAuth2:Authorize"));
                data["Target"] = new JsonArray(new JsonObject { ["ID"] = record.Target, ["Type"] = 5 });
                break;
            default:
                data["TeamName"] = "Project A";
                data["CommunicationType"] = "Team";
                break;
        }

        return data.ToJsonString();
    }

    // The id of a file, a list or a site: the same in each record that names it.
    private static string Stable(string address)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(address), hash);
        return new Guid(hash[..16]).ToString("D");
    }

    private static JsonObject Parameter(string name, string value) => new() { ["Name"] = name, ["Value"] = value };

    private string Site(MailboxRow? user)
    {
        var host = mailboxes.Organization.Split('.')[0];
        return $"https://{host}-my.sharepoint.com/personal/{(user?.UserPrincipalName ?? "admin").Replace('@', '_').Replace('.', '_')}";
    }

    private MailboxRow? Mailbox(ulong random) => mailboxes.Count == 0 ? null : mailboxes.Row((int)(random % (ulong)Math.Min(mailboxes.Count, 1000)));
}
