using System.Collections.Immutable;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Permissions on mailboxes, on sending in another's name, and on folders.</summary>
internal static class PermissionCmdlets
{
    // The positions per recipient in a list over all recipients.
    private const long Spread = 1024;

    private static readonly string[] MailboxTypes = ["Microsoft.Exchange.Management.RecipientTasks.MailboxAcePresentationObject"];
    private static readonly string[] RecipientTypes = ["Microsoft.Exchange.Management.RecipientTasks.RecipientPermission"];
    private static readonly string[] FolderTypes =
        ["Microsoft.Exchange.Management.StoreTasks.MailboxFolderPermission", "Microsoft.Exchange.Data.ConfigurableObject"];

    private static readonly string[] HolderTypes = ["Microsoft.Exchange.Management.StoreTasks.MailboxFolderUserId", "System.Object"];
    private static readonly string[] PrincipalTypes = ["Microsoft.Exchange.Data.Storage.Principal.PermissionSecurityPrincipal", "System.Object"];

    // In the order of the service's enum.
    private static readonly string[] Everybody = ["Default", "Anonymous"];

    /// <summary><c>Get-MailboxPermission</c>.</summary>
    public static IEnumerable<Record> GetMailbox(CmdletCall call)
    {
        var row = MailboxQuery.RequireAny(call, call.Required("Identity"));
        var user = call.Parameters.Text("User") is string wanted ? UserName(call, wanted) : null;
        if (call.Parameters.Switch("Owner"))
        {
            return
            [
                new StoreObject(MailboxTypes,
                    [new("Identity", row.Name), new("Owner", GrantTable.Self), new("IsValid", true), new("ObjectState", "New")]),
            ];
        }

        return PositionedRecord.InOrder(
            call.Tenant.Grants.Of(GrantScope.Mailbox, RecipientDirectory.Of(row))
                .Where(grant => user is null || Same(grant.User, user)).Select(grant => Mailbox(row, grant)),
            call.Start);
    }

    /// <summary><c>Add-MailboxPermission</c>.</summary>
    public static IEnumerable<Record> AddMailbox(CmdletCall call)
    {
        var row = MailboxQuery.RequireAny(call, call.Required("Identity"));
        if (call.Parameters.Text("Owner") is string owner)
        {
            _ = UserName(call, owner);
            return call.ShouldProcess($"Changing the owner of mailbox \"{row.Name}\".") ? [] : [];
        }

        Grant added = new(
            UserName(call, call.Required("User")), Rights(call), call.Parameters.Switch("Deny"), call.Parameters.Text("InheritanceType") ?? "All");
        if (!call.ShouldProcess(WhatIfText("Adding", row, added.User, added.Rights)))
        {
            return [];
        }

        var present = false;
        call.Tenant.Grants.Change(GrantScope.Mailbox, RecipientDirectory.Of(row), "", old => Union(old, added, out present));
        if (present)
        {
            call.Warnings.Add(DuplicateEntry(row.DistinguishedName, added.User));
        }

        return [Mailbox(row, added)];
    }

    /// <summary><c>Remove-MailboxPermission</c>.</summary>
    public static IEnumerable<Record> RemoveMailbox(CmdletCall call)
    {
        var row = MailboxQuery.RequireAny(call, call.Required("Identity"));
        if (call.Parameters.Switch("ResetDefault"))
        {
            if (call.ShouldProcess($"Resetting the permissions of mailbox \"{row.Name}\"."))
            {
                call.Tenant.Grants.Change(
                    GrantScope.Mailbox, RecipientDirectory.Of(row), "", _ => [new Grant(GrantTable.Self, ["FullAccess", "ReadPermission"])]);
            }

            return [];
        }

        var user = UserName(call, call.Required("User"));
        var rights = Rights(call);
        if (call.ShouldProcess(WhatIfText("Removing", row, user, rights)))
        {
            var found = false;
            call.Tenant.Grants.Change(GrantScope.Mailbox, RecipientDirectory.Of(row), "", old => Without(old, user, rights, out found));
            if (!found)
            {
                call.Warnings.Add(MissingEntry(row.DistinguishedName, user));
            }
        }

        return [];
    }

    /// <summary><c>Get-RecipientPermission</c>.</summary>
    public static IEnumerable<Record> GetRecipient(CmdletCall call)
    {
        var trustee = call.Parameters.Text("Trustee") is string wanted ? UserName(call, wanted) : null;
        var rights = call.Parameters.List("AccessRights");
        bool Wanted(Grant grant)
        {
            return (trustee is null || Same(grant.User, trustee))
                && (rights.Count == 0 || grant.Rights.Intersect(rights, StringComparer.OrdinalIgnoreCase).Any());
        }

        if (call.Parameters.Text("Identity") is string identity)
        {
            var recipient = call.Tenant.Recipients.Require(identity);
            return PositionedRecord.InOrder(
                call.Tenant.Grants.Of(GrantScope.Recipient, recipient).Where(Wanted).Select(grant => OfRecipient(recipient, grant)), call.Start);
        }

        return OfAll(call, Wanted);
    }

    /// <summary><c>Add-RecipientPermission</c>.</summary>
    public static IEnumerable<Record> AddRecipient(CmdletCall call)
    {
        var recipient = call.Tenant.Recipients.Require(call.Required("Identity"));
        Grant added = new(UserName(call, call.Required("Trustee")), Rights(call), Inheritance: "None");
        if (!call.ShouldProcess($"Adding recipient permission \"{recipient.Name}\" for trustee \"{added.User}\"."))
        {
            return [];
        }

        var present = false;
        call.Tenant.Grants.Change(GrantScope.Recipient, recipient, "", old => Union(old, added, out present));
        if (present)
        {
            call.Warnings.Add(DuplicateEntry(recipient.Name, added.User));
        }

        return [OfRecipient(recipient, added)];
    }

    /// <summary><c>Remove-RecipientPermission</c>.</summary>
    public static IEnumerable<Record> RemoveRecipient(CmdletCall call)
    {
        var recipient = call.Tenant.Recipients.Require(call.Required("Identity"));
        var user = UserName(call, call.Required("Trustee"));
        if (call.ShouldProcess($"Removing recipient permission \"{recipient.Name}\" for trustee \"{user}\"."))
        {
            var found = false;
            call.Tenant.Grants.Change(GrantScope.Recipient, recipient, "", old => Without(old, user, Rights(call), out found));
            if (!found)
            {
                call.Warnings.Add(MissingEntry(recipient.Name, user));
            }
        }

        return [];
    }

    /// <summary><c>Get-MailboxFolderPermission</c>.</summary>
    public static IEnumerable<Record> GetFolder(CmdletCall call)
    {
        (var row, var folder) = Folder(call, call.Required("Identity"));
        var user = call.Parameters.Text("User") is string wanted ? FolderUser(call, wanted) : null;
        Record[] found =
        [
            .. call.Tenant.Grants.Of(GrantScope.Folder, RecipientDirectory.Of(row), folder)
                .Where(grant => user is null || Same(grant.User, user)).Select(grant => OfFolder(call.Tenant, row, folder, grant)),
        ];
        return found.Length == 0 && user is not null ? throw NoEntry(user) : PositionedRecord.InOrder(found, call.Start);
    }

    /// <summary><c>Add-MailboxFolderPermission</c>.</summary>
    public static IEnumerable<Record> AddFolder(CmdletCall call)
    {
        (var row, var folder) = Folder(call, call.Required("Identity"));
        var added = FolderGrant(call);
        if (!call.ShouldProcess($"Adding mailbox folder permission on \"{row.Name}:{Shown(folder)}\" for user \"{added.User}\"."))
        {
            return [];
        }

        call.Tenant.Grants.Change(GrantScope.Folder, RecipientDirectory.Of(row), folder, old =>
            old.Any(grant => Same(grant.User, added.User))
                ? throw ServiceError.Cmdlet(
                    "ExB0A2A7", "Microsoft.Exchange.Management.StoreTasks.UserAlreadyExistsInPermissionEntryException",
                    $"An existing permission entry was found for user: {added.User}.")
                : old.Add(added));
        return [OfFolder(call.Tenant, row, folder, added)];
    }

    /// <summary><c>Set-MailboxFolderPermission</c>.</summary>
    public static IEnumerable<Record> SetFolder(CmdletCall call)
    {
        (var row, var folder) = Folder(call, call.Required("Identity"));
        var changed = FolderGrant(call);
        if (call.ShouldProcess($"Setting mailbox folder permission on \"{row.Name}:{Shown(folder)}\" for user \"{changed.User}\"."))
        {
            call.Tenant.Grants.Change(GrantScope.Folder, RecipientDirectory.Of(row), folder, old =>
                old.FirstOrDefault(grant => Same(grant.User, changed.User)) is Grant current
                    ? old.Replace(current, changed) : throw NoEntry(changed.User));
        }

        return [];
    }

    /// <summary><c>Remove-MailboxFolderPermission</c>.</summary>
    public static IEnumerable<Record> RemoveFolder(CmdletCall call)
    {
        (var row, var folder) = Folder(call, call.Required("Identity"));
        var user = FolderUser(call, call.Required("User"));
        if (call.ShouldProcess($"Removing mailbox folder permission on \"{row.Name}:{Shown(folder)}\" for user \"{user}\"."))
        {
            call.Tenant.Grants.Change(GrantScope.Folder, RecipientDirectory.Of(row), folder, old =>
                old.FirstOrDefault(grant => Same(grant.User, user)) is Grant current ? old.Remove(current) : throw NoEntry(user));
        }

        return [];
    }

    /// <summary>The service's name of a holder of a permission.</summary>
    /// <exception cref="ServiceError">There is no recipient of that name.</exception>
    public static string UserName(CmdletCall call, string identity) => UserName(call.Tenant, identity);

    /// <summary>The service's name of a holder of a permission.</summary>
    /// <exception cref="ServiceError">There is no recipient of that name.</exception>
    public static string UserName(TenantData tenant, string identity)
    {
        if (identity.StartsWith("NT AUTHORITY\\", StringComparison.OrdinalIgnoreCase))
        {
            return identity;
        }

        var recipient = tenant.Recipients.Require(identity);
        return recipient.Row?.UserPrincipalName ?? recipient.Name;
    }

    /// <summary>The service's name of a holder of a permission on a folder.</summary>
    public static string FolderUser(CmdletCall call, string identity) => FolderUser(call.Tenant, identity);

    /// <summary>The service's name of a holder of a permission on a folder.</summary>
    public static string FolderUser(TenantData tenant, string identity)
    {
        return Same(identity, "Default") || Same(identity, "Anonymous") ? identity : tenant.Recipients.Require(identity).DisplayName;
    }

    /// <summary>A permission on a mailbox as <c>Get-MailboxPermission</c> shows it.</summary>
    public static StoreObject Mailbox(MailboxRow row, Grant grant)
    {
        return new StoreObject(
            MailboxTypes,
            [
                new("AccessRights", grant.Rights), new("Deny", grant.Deny), new("InheritanceType", grant.Inheritance), new("User", grant.User),
                new("UserSid", Sid(grant.User)), new("Identity", row.Name), new("IsInherited", false), new("IsValid", true),
                new("ObjectState", "New"),
            ]);
    }

    /// <summary>A permission on a recipient as <c>Get-RecipientPermission</c> shows it.</summary>
    public static StoreObject OfRecipient(Recipient recipient, Grant grant)
    {
        return new StoreObject(
            RecipientTypes,
            [
                new("Identity", recipient.Name), new("Trustee", grant.User), new("AccessControlType", grant.Deny ? "Deny" : "Allow"),
                new("AccessRights", grant.Rights), new("IsInherited", false), new("InheritanceType", grant.Inheritance),
                new("TrusteeSidString", Sid(grant.User)), new("IsValid", true), new("ObjectState", "New"),
            ]);
    }

    /// <summary>A permission on a folder as <c>Get-MailboxFolderPermission</c> shows it.</summary>
    public static StoreObject OfFolder(TenantData tenant, MailboxRow row, string folder, Grant grant)
    {
        return new StoreObject(
            FolderTypes,
            [
                new("FolderName", folder == "/" ? "Top of Information Store" : folder[(folder.LastIndexOf('/') + 1)..]),
                new("User", Holder(tenant, grant.User)),
                new("AccessRights", grant.Rights), new("SharingPermissionFlags", grant.Flags.Length > 0 ? grant.Flags : null),
                new("Identity", $"{row.Name}:{Shown(folder)}"), new("IsValid", true), new("ObjectState", "New"),
            ]);
    }

    /// <summary>The same as an entity of the REST API, with the user in a property of its own.</summary>
    public static StoreObject FolderEntity(TenantData tenant, MailboxRow row, string folder, Grant grant)
    {
        var user = Holder(tenant, grant.User);
        return OfFolder(tenant, row, folder, grant).With(
        [
            new("Identity", grant.User), new("MailboxFolderIdentity", $"{row.Name}:{Shown(folder)}"),
            new("MailboxFolderUser", new ValueTable(
                [.. user.Members.Where(member => member.Key != "RecipientPrincipal").Select(member => KeyValuePair.Create(
                    member.Key, (object?)ValueText.Of(member.Value)))])),
        ]);
    }

    // The holder of a permission on a folder.
    private static ShownObject Holder(TenantData tenant, string user)
    {
        var kind = Array.FindIndex(Everybody, name => Same(name, user));
        var recipient = kind < 0 ? tenant.Recipients.Find(user) : null;
        (var type, var number) = kind >= 0 ? (Everybody[kind], kind) : recipient is null ? ("Unknown", 4) : ("Internal", 2);
        var view = recipient?.View;
        return new ShownObject(
            user, HolderTypes,
            [
                new("UserType", ShownObject.Enum(HolderTypes[0] + "+MailboxFolderUserType", type, number)),
                new("RecipientPrincipal", view is null ? null : new ShownObject(
                    view.Text("LegacyExchangeDN") is { Length: > 0 } name ? name : recipient!.Name, PrincipalTypes,
                    [
                        new("Alias", view.Text("Alias")), new("DisplayName", recipient!.DisplayName),
                        new("DistinguishedName", view.Text("DistinguishedName")),
                        new("ExternalDirectoryObjectId", view.Text("ExternalDirectoryObjectId")), new("Guid", recipient.Guid),
                        new("Name", recipient.Name), new("PrimarySmtpAddress", recipient.Address),
                        new("RecipientType", view.Text("RecipientType")), new("RecipientTypeDetails", view.Text("RecipientTypeDetails")),
                        new("UserPrincipalName", recipient.Row?.UserPrincipalName ?? ""),
                    ])),
                new("DisplayName", user), new("UserPrincipalName", recipient?.Row?.UserPrincipalName ?? ""),
            ]);
    }

    private static IEnumerable<Record> OfAll(CmdletCall call, Func<Grant, bool> wanted)
    {
        foreach (var view in call.Tenant.Recipients.From(call.Start / Spread))
        {
            var recipient = view is SchemaRecord mailbox
                ? RecipientDirectory.Of(mailbox.Row)
                : call.Tenant.Recipients.Require(view.Text("Guid"));
            var position = view.Position * Spread;
            foreach (var grant in call.Tenant.Grants.Of(GrantScope.Recipient, recipient))
            {
                if (position >= call.Start && wanted(grant))
                {
                    yield return new PositionedRecord(OfRecipient(recipient, grant), position);
                }

                position++;
            }
        }
    }

    private static (MailboxRow Row, string Folder) Folder(CmdletCall call, string identity)
    {
        var id = identity.LastIndexOf(':');
        if (id > 0 && call.Tenant.FindMailbox(identity[..id]) is MailboxRow owner
            && MailboxFolders.FindById(owner, identity[(id + 1)..]) is string found)
        {
            return (owner, found);
        }

        // A folder's own Identity has no colon: name\Folder, address\Folder.
        var colon = identity.LastIndexOf(":\\", StringComparison.Ordinal);
        var slash = colon < 0 ? identity.IndexOf('\\', StringComparison.Ordinal) : colon + 1;
        var mailbox = slash < 0 ? identity.TrimEnd(':') : identity[..(colon < 0 ? slash : colon)];
        var row = MailboxQuery.RequireAny(call, mailbox);
        var path = slash < 0 ? "" : identity[slash..];
        return (row, MailboxFolders.Find(path) ?? throw ServiceError.ObjectNotFound(identity));
    }

    private static Grant FolderGrant(CmdletCall call)
    {
        return new Grant(FolderUser(call, call.Required("User")), Rights(call), Flags: call.Parameters.Text("SharingPermissionFlags") ?? "");
    }

    private static ImmutableArray<string> Rights(CmdletCall call) => [.. call.Parameters.List("AccessRights")];

    private static ImmutableArray<Grant> Union(ImmutableArray<Grant> old, Grant added, out bool present)
    {
        var current = old.FirstOrDefault(grant => Same(grant.User, added.User) && grant.Deny == added.Deny);
        present = current is not null && added.Rights.All(right => current.Rights.Contains(right, StringComparer.OrdinalIgnoreCase));
        return current is null
            ? old.Add(added)
            : old.Replace(current, current with { Rights = [.. current.Rights.Union(added.Rights, StringComparer.OrdinalIgnoreCase)] });
    }

    private static ImmutableArray<Grant> Without(ImmutableArray<Grant> old, string user, ImmutableArray<string> rights, out bool found)
    {
        var current = old.FirstOrDefault(grant => Same(grant.User, user) && grant.Rights.Intersect(rights, StringComparer.OrdinalIgnoreCase)
            .Any());
        found = current is not null;
        if (current is null)
        {
            return old;
        }

        ImmutableArray<string> left = [.. current.Rights.Except(rights, StringComparer.OrdinalIgnoreCase)];
        return left.IsEmpty ? old.Remove(current) : old.Replace(current, current with { Rights = left });
    }

    private static string WhatIfText(string verb, MailboxRow row, string user, ImmutableArray<string> rights)
    {
        return $"{verb} mailbox permission \"{row.Name}\" for user \"{user}\" with access rights \"'{string.Join("', '", rights)}'\".";
    }

    private static string DuplicateEntry(string target, string user)
    {
        return $"The appropriate access control entry is already present on the object \"{target}\" for account \"{user}\".";
    }

    private static string MissingEntry(string target, string user)
    {
        return $"Can't remove the access control entry on the object \"{target}\" for account \"{user}\" because the ACE isn't present.";
    }

    private static ServiceError NoEntry(string user)
    {
        return ServiceError.Cmdlet(
            "ExC9A8B4", "Microsoft.Exchange.Management.StoreTasks.UserNotFoundInPermissionEntryException",
            $"There is no existing permission entry found for user: {user}.");
    }

    private static string Shown(string folder) => folder.Replace('/', '\\');

    private static string Sid(string user) => Same(user, GrantTable.Self) ? "S-1-5-10" : "";

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
