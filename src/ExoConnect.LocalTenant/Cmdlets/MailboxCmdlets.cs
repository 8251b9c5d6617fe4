using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Cmdlets that list, create, change and remove mailboxes, and their other forms: users, clients' settings.</summary>
internal static class MailboxCmdlets
{
    /// <summary><c>Get-Mailbox</c>.</summary>
    public static IEnumerable<Record> Get(CmdletCall call)
    {
        if (call.Parameters.Switch("SoftDeletedMailbox"))
        {
            return MailboxQuery.Removed(call);
        }

        if (call.Parameters.Switch("GroupMailbox"))
        {
            return MailboxQuery.Groups(call);
        }

        if (call.Parameters.List("RecipientTypeDetails") is [GroupMailboxes.Details])
        {
            return MailboxQuery.Groups(call);
        }

        return call.Parameters.Switch("InactiveMailboxOnly") || call.Parameters.Switch("PublicFolder") || call.Parameters.Switch("Migration")
            ? []
            : MailboxQuery.List(call, MailboxSchema.Mailbox);
    }

    /// <summary><c>Get-CASMailbox</c>.</summary>
    public static IEnumerable<Record> GetCas(CmdletCall call) => MailboxQuery.List(call, MailboxViews.CasMailbox);

    /// <summary><c>Get-User</c>.</summary>
    public static IEnumerable<Record> GetUser(CmdletCall call) => MailboxQuery.List(call, MailboxViews.User);

    /// <summary><c>Set-Mailbox</c>.</summary>
    public static IEnumerable<Record> Set(CmdletCall call) => Set(call, MailboxSchema.Mailbox);

    /// <summary><c>Set-CASMailbox</c>.</summary>
    public static IEnumerable<Record> SetCas(CmdletCall call) => Set(call, MailboxViews.CasMailbox);

    /// <summary><c>Set-User</c>.</summary>
    public static IEnumerable<Record> SetUser(CmdletCall call) => Set(call, MailboxViews.User);

    /// <summary><c>New-Mailbox</c>.</summary>
    public static IEnumerable<Record> Add(CmdletCall call)
    {
        var given = call.Parameters;
        var name = call.Required("Name");
        var alias = given.Text("Alias")
            ?? (given.Text("MicrosoftOnlineServicesID") is string id ? id.Split('@')[0] : name.Replace(" ", "", StringComparison.Ordinal));
        var signIn = given.Text("MicrosoftOnlineServicesID") ?? given.Text("UserPrincipalName") ?? $"{alias}@{call.Tenant.Organization}";
        var address = given.Text("PrimarySmtpAddress")
            ?? (signIn.Contains('@', StringComparison.Ordinal) ? signIn : $"{alias}@{call.Tenant.Organization}");
        foreach (var key in (ReadOnlySpan<string>)[name, alias, signIn, address])
        {
            MailboxChanges.CheckFree(call, Guid.Empty, key);
        }

        if (!call.ShouldProcess($"Creating mailbox \"{name}\" with user principal name \"{signIn}\"."))
        {
            return [];
        }

        var kind = given.Switch("Shared")
            ? "SharedMailbox" : given.Switch("Room") ? "RoomMailbox" : given.Switch("Equipment") ? "EquipmentMailbox" : "UserMailbox";
        var local = MailboxSchema.Local(call.Now);
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Name"] = name, ["Identity"] = name, ["Id"] = name, ["Alias"] = alias, ["DisplayName"] = given.Text("DisplayName") ?? name,
            ["UserPrincipalName"] = signIn, ["MicrosoftOnlineServicesID"] = signIn, ["WindowsLiveID"] = signIn, ["PrimarySmtpAddress"] = address,
            ["WindowsEmailAddress"] = address, ["EmailAddresses"] = new[] { $"SMTP:{address}", $"SIP:{signIn}" },
            ["LegacyExchangeDN"] = $"/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={Guid.NewGuid():N}-{alias}",
            ["RecipientTypeDetails"] = kind, ["IsShared"] = kind == "SharedMailbox", ["IsResource"] = kind is "RoomMailbox" or "EquipmentMailbox",
            ["ResourceType"] = kind switch { "RoomMailbox" => "Room", "EquipmentMailbox" => "Equipment", _ => null },
            ["FirstName"] = given.Text("FirstName") ?? "", ["LastName"] = given.Text("LastName") ?? "", ["AccountDisabled"] = kind != "UserMailbox",
            ["WhenCreatedUTC"] = call.Now, ["WhenCreated"] = local, ["WhenMailboxCreated"] = local, ["WhenChangedUTC"] = call.Now,
            ["WhenChanged"] = local,
            ["ArchiveStatus"] = given.Switch("Archive") ? "Active" : "None",
        };
        foreach ((var property, var value) in given.Values)
        {
            if (!values.ContainsKey(property) && MailboxSchema.Mailbox.Find(property) is { } known
                && GenericShape.IsProperty(call.Definition.Find(property)!))
            {
                values[property] = MailboxChanges.Convert(call, property, value, known.Constant);
            }
        }

        return [new SchemaRecord(MailboxSchema.Mailbox, call.Tenant.Mailboxes.Add(values))];
    }

    /// <summary><c>Remove-Mailbox</c>.</summary>
    public static IEnumerable<Record> Remove(CmdletCall call)
    {
        var row = MailboxQuery.Require(call, call.Required("Identity"));
        var what = $"Removing mailbox Identity:\"{row.Name}\" will remove the Active Directory user object and mark the mailbox for removal.";
        if (call.ShouldProcess(what)
            && !call.Tenant.Mailboxes.Remove(row.Index, call.Now))
        {
            throw ServiceError.ObjectNotFound(row.Name);
        }

        return [];
    }

    /// <summary><c>Undo-SoftDeletedMailbox</c>.</summary>
    public static IEnumerable<Record> Undo(CmdletCall call)
    {
        var identity = call.Parameters.Text("SoftDeletedObject") ?? call.Required("SoftDeletedObject");
        var removed = call.Tenant.Mailboxes.Removed(0).Select(pair => pair.Row)
            .FirstOrDefault(row => MailboxDirectory.HasIdentity(row, identity));
        if (removed is null)
        {
            throw ServiceError.ObjectNotFound(identity);
        }

        return call.ShouldProcess($"Restoring mailbox \"{removed.Name}\".") && call.Tenant.Mailboxes.Restore(removed.Index) is MailboxRow row
            ? [new SchemaRecord(MailboxSchema.Mailbox, row)]
            : [];
    }

    /// <summary><c>Enable-Mailbox</c>: enables the archive of an existing mailbox.</summary>
    public static IEnumerable<Record> Enable(CmdletCall call) => SwitchArchive(call, "Active", "Local");

    /// <summary><c>Disable-Mailbox</c>: with <c>Archive</c> removes the archive, without it the mailbox.</summary>
    public static IEnumerable<Record> Disable(CmdletCall call)
    {
        return call.Parameters.Switch("Archive") ? SwitchArchive(call, "None", "None") : Remove(call);
    }

    private static IEnumerable<Record> SwitchArchive(CmdletCall call, string status, string state)
    {
        var row = MailboxQuery.Require(call, call.Required("Identity"));
        if (!call.ShouldProcess($"{call.Definition.Verb} the archive of mailbox \"{row.Name}\"."))
        {
            return [];
        }

        if (!call.Parameters.Switch("Archive"))
        {
            return [new SchemaRecord(MailboxSchema.Mailbox, row)];
        }

        var changes = new Dictionary<string, object?> { ["ArchiveStatus"] = status, ["ArchiveState"] = state };
        return [new SchemaRecord(MailboxSchema.Mailbox, Apply(call, row, changes))];
    }

    private static IEnumerable<Record> Set(CmdletCall call, Schema<MailboxRow> schema)
    {
        var row = MailboxQuery.Require(call, call.Required("Identity"));
        var changes = MailboxChanges.Of(call, row, schema);
        var noun = call.Definition.Noun == "Mailbox" ? "mailbox" : call.Definition.Noun;
        if (!call.ShouldProcess($"Setting {noun} Identity:\"{row.Name}\"."))
        {
            return [];
        }

        if (changes.Count == 0)
        {
            if (!call.Parameters.Values.Any(given => given.Value is true || given.Key == "Password"))
            {
                call.Warnings.Add($"The command completed successfully but no settings of '{row.Name}' have been modified.");
            }

            return [];
        }

        Apply(call, row, changes);
        return [];
    }

    private static MailboxRow Apply(CmdletCall call, MailboxRow row, Dictionary<string, object?> changes)
    {
        changes["WhenChangedUTC"] = call.Now;
        changes["WhenChanged"] = MailboxSchema.Local(call.Now);
        return call.Tenant.Mailboxes.Change(row.Index, changes) ?? throw ServiceError.ObjectNotFound(row.Name);
    }
}
