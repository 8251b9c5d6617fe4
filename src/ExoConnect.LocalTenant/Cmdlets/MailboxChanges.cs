using ExoConnect.LocalTenant.AdminApi;
using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Turns the parameters of <c>Set-Mailbox</c> and its like into changed properties.</summary>
internal static class MailboxChanges
{
    private static readonly HashSet<string> Recipients = new(StringComparer.OrdinalIgnoreCase)
    {
        "AcceptMessagesOnlyFrom", "AcceptMessagesOnlyFromDLMembers", "AcceptMessagesOnlyFromSendersOrMembers", "BypassModerationFromSendersOrMembers",
        "ForwardingAddress", "GrantSendOnBehalfTo", "ModeratedBy", "RejectMessagesFrom", "RejectMessagesFromDLMembers", "RejectMessagesFromSendersOrMembers",
    };

    /// <summary>The changed properties of a mailbox.</summary>
    /// <exception cref="ServiceError">A value cannot be.</exception>
    public static Dictionary<string, object?> Of(CmdletCall call, MailboxRow row)
    {
        return Of(call, row, MailboxSchema.Mailbox);
    }

    /// <summary>The changed properties of a mailbox, as far as a schema has them.</summary>
    /// <exception cref="ServiceError">A value cannot be.</exception>
    public static Dictionary<string, object?> Of(CmdletCall call, MailboxRow row, Schema<MailboxRow> schema)
    {
        var changes = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var current = new SchemaRecord(schema, row);
        foreach ((string name, object? value) in call.Parameters.Values)
        {
            if (name.Equals("Identity", StringComparison.OrdinalIgnoreCase) || IsSecret(call.Definition, name))
            {
                continue;
            }

            if (schema.Find(name) is not null)
            {
                _ = current.TryGet(name, out object? old);
                changes[name] = Convert(call, name, value, old);
            }
        }

        AddressChanges(call, row, changes);
        IdentityChanges(call, row, changes);
        StateChanges(call, changes);
        return changes;
    }

    /// <summary>A parameter's value as a property's.</summary>
    public static object? Convert(CmdletCall call, string name, object? value, object? old)
    {
        IReadOnlyList<string> list = old as IReadOnlyList<string> ?? [];
        if (Recipients.Contains(name))
        {
            value = value switch
            {
                null => null,
                ListChange change => new ListChange(Names(call, change.Add), Names(call, change.Remove)),
                IReadOnlyList<string> given => Names(call, given),
                _ => Names(call, [ValueText.Of(value)])[0],
            };
        }

        return value switch
        {
            ListChange change => change.ApplyTo(list),
            null when old is IReadOnlyList<string> => Array.Empty<string>(),
            string text when old is IReadOnlyList<string> => new[] { text },
            DateTimeOffset or TimeSpan or Guid or bool or int or long or double or ValueTable or IReadOnlyList<ValueTable> or IReadOnlyList<string> => value,
            null => old is string ? "" : null,
            _ => ValueText.Of(value),
        };
    }

    /// <summary>The names that recipients go by.</summary>
    /// <exception cref="ServiceError">One is not there.</exception>
    public static string[] Names(CmdletCall call, IReadOnlyList<string> identities)
    {
        return [.. identities.Select(identity => (call.Tenant.Mailboxes.Find(identity) ?? throw ServiceError.ObjectNotFound(identity)).Name)];
    }

    private static bool IsSecret(CmdletDefinition cmdlet, string name) => cmdlet.Find(name)?.Type is "SecureString" or "PSCredential";

    private static void AddressChanges(CmdletCall call, MailboxRow row, Dictionary<string, object?> changes)
    {
        if (call.Parameters.Text("WindowsEmailAddress") is string windows)
        {
            changes["PrimarySmtpAddress"] = windows;
        }

        if (changes.TryGetValue("EmailAddresses", out object? given) && given is IReadOnlyList<string> addresses)
        {
            List<string> all = [.. addresses.Select(address => address.Contains(':', StringComparison.Ordinal) ? address : $"smtp:{address}")];
            int primary = all.FindIndex(address => address.StartsWith("SMTP:", StringComparison.Ordinal));
            if (primary < 0)
            {
                primary = Math.Max(0, all.FindIndex(address => address.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase)));
                if (all.Count == 0)
                {
                    throw ServiceError.Invalid("The e-mail addresses of a mailbox can't be empty: it needs a primary SMTP address.");
                }

                all[primary] = $"SMTP:{all[primary][(all[primary].IndexOf(':', StringComparison.Ordinal) + 1)..]}";
            }

            changes["EmailAddresses"] = all;
            changes["PrimarySmtpAddress"] = all[primary][5..];
        }
        else if (changes.TryGetValue("PrimarySmtpAddress", out object? primary) && primary is string address)
        {
            changes["EmailAddresses"] = (string[])
            [
                $"SMTP:{address}",
                .. row.EmailAddresses.Where(old => !old.EndsWith($":{address}", StringComparison.OrdinalIgnoreCase))
                    .Select(old => old.StartsWith("SMTP:", StringComparison.Ordinal) ? $"smtp:{old[5..]}" : old),
            ];
        }

        if (changes.TryGetValue("PrimarySmtpAddress", out object? main))
        {
            CheckFree(call, row, (string)main!);
            changes["WindowsEmailAddress"] = main;
        }
    }

    private static void IdentityChanges(CmdletCall call, MailboxRow row, Dictionary<string, object?> changes)
    {
        string? signIn = call.Parameters.Text("MicrosoftOnlineServicesID") ?? call.Parameters.Text("UserPrincipalName") ?? call.Parameters.Text("WindowsLiveID");
        if (signIn is not null)
        {
            CheckFree(call, row, signIn);
            changes["UserPrincipalName"] = changes["MicrosoftOnlineServicesID"] = changes["WindowsLiveID"] = signIn;
        }

        if (call.Parameters.Text("Alias") is string alias)
        {
            CheckFree(call, row, alias);
        }

        if (call.Parameters.Text("Name") is string name)
        {
            CheckFree(call, row, name);
            changes["Name"] = changes["Identity"] = changes["Id"] = name;
        }
    }

    private static void StateChanges(CmdletCall call, Dictionary<string, object?> changes)
    {
        if (call.Parameters.Text("Type") is string type)
        {
            changes["RecipientTypeDetails"] = type switch { "Regular" => "UserMailbox", _ => $"{type}Mailbox" };
            changes["IsShared"] = type == "Shared";
            changes["IsResource"] = type is "Room" or "Equipment" or "Workspace" or "Desk";
            changes["ResourceType"] = type is "Room" or "Equipment" ? type : null;
        }

        if (call.Parameters["LitigationHoldEnabled"] is bool hold)
        {
            changes["LitigationHoldDate"] = hold ? MailboxSchema.Local(call.Now) : null;
            changes["LitigationHoldOwner"] = hold ? call.Parameters.Text("LitigationHoldOwner") ?? call.Caller.AppId : "";
        }

        if (changes.TryGetValue("ForwardingSmtpAddress", out object? forwarding) && forwarding is string { Length: > 0 } address)
        {
            changes["ForwardingSmtpAddress"] = address.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase) ? address : $"smtp:{address}";
        }
    }

    private static void CheckFree(CmdletCall call, MailboxRow row, string key)
    {
        if (call.Tenant.Mailboxes.Find(key) is MailboxRow other && other.Index != row.Index)
        {
            throw ServiceError.Cmdlet(
                "ExD2B8A0", "Microsoft.Exchange.Management.Tasks.ProxyAddressExistsException",
                $"The proxy address \"{key}\" is already being used by the proxy addresses or LegacyExchangeDN of \"{other.Name}\". "
                + "Please choose another proxy address.");
        }
    }
}
