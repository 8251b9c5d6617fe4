using ExoConnect.LocalTenant.Catalog;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Converts the parameters of <c>Set-Mailbox</c> and similar cmdlets to changed properties.</summary>
internal static class MailboxChanges
{
    private static readonly HashSet<string> Recipients = new(StringComparer.OrdinalIgnoreCase)
    {
        "AcceptMessagesOnlyFrom", "AcceptMessagesOnlyFromDLMembers", "AcceptMessagesOnlyFromSendersOrMembers",
        "BypassModerationFromSendersOrMembers", "ForwardingAddress", "GrantSendOnBehalfTo", "ModeratedBy", "RejectMessagesFrom",
        "RejectMessagesFromDLMembers", "RejectMessagesFromSendersOrMembers",
    };

    /// <summary>The changed properties of a mailbox.</summary>
    /// <exception cref="ServiceError">A value is invalid.</exception>
    public static Dictionary<string, object?> Of(CmdletCall call, MailboxRow row)
    {
        return Of(call, row, MailboxSchema.Mailbox);
    }

    /// <summary>The changed properties of a mailbox, as far as a schema has them.</summary>
    /// <exception cref="ServiceError">A value is invalid.</exception>
    public static Dictionary<string, object?> Of(CmdletCall call, MailboxRow row, Schema<MailboxRow> schema)
    {
        var changes = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var current = new SchemaRecord(schema, row);
        foreach ((var name, var value) in call.Parameters.Values)
        {
            if (name.Equals("Identity", StringComparison.OrdinalIgnoreCase) || IsSecret(call.Definition, name))
            {
                continue;
            }

            if (schema.Find(name) is not null)
            {
                _ = current.TryGet(name, out var old);
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

        return PropertyValues.Convert(value, old);
    }

    /// <summary>The names of recipients.</summary>
    /// <exception cref="ServiceError">A recipient does not exist.</exception>
    public static string[] Names(CmdletCall call, IReadOnlyList<string> identities)
    {
        return [.. identities.Select(identity => call.Tenant.Recipients.Require(identity).Name)];
    }

    private static bool IsSecret(CmdletDefinition cmdlet, string name) => cmdlet.Find(name)?.Type is "SecureString" or "PSCredential";

    private static void AddressChanges(CmdletCall call, MailboxRow row, Dictionary<string, object?> changes)
    {
        try
        {
            if (RecipientObjects.AlignAddresses(row.EmailAddresses, changes) is string main)
            {
                CheckFree(call, row.Guid(IdentityKind.Object), main);
            }
        }
        catch (FormatException failure)
        {
            throw ServiceError.Invalid(failure.Message);
        }
    }

    private static void IdentityChanges(CmdletCall call, MailboxRow row, Dictionary<string, object?> changes)
    {
        var signIn = call.Parameters.Text("MicrosoftOnlineServicesID") ?? call.Parameters.Text("UserPrincipalName")
            ?? call.Parameters.Text("WindowsLiveID");
        if (signIn is not null)
        {
            CheckFree(call, row.Guid(IdentityKind.Object), signIn);
            changes["UserPrincipalName"] = changes["MicrosoftOnlineServicesID"] = changes["WindowsLiveID"] = signIn;
        }

        if (call.Parameters.Text("Alias") is string alias)
        {
            CheckFree(call, row.Guid(IdentityKind.Object), alias);
        }

        if (call.Parameters.Text("Name") is string name)
        {
            CheckFree(call, row.Guid(IdentityKind.Object), name);
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

        if (changes.TryGetValue("ForwardingSmtpAddress", out var forwarding) && forwarding is string { Length: > 0 } address)
        {
            changes["ForwardingSmtpAddress"] = address.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase) ? address : $"smtp:{address}";
        }
    }

    /// <summary>Checks that no other recipient has a name or address.</summary>
    /// <exception cref="ServiceError">Another recipient has it.</exception>
    public static void CheckFree(CmdletCall call, Guid own, string key)
    {
        if (call.Tenant.Recipients.Find(key) is Recipient other && other.Guid != own)
        {
            throw ServiceError.Cmdlet(
                "ExD2B8A0", "Microsoft.Exchange.Management.Tasks.ProxyAddressExistsException",
                $"The proxy address \"{key}\" is already being used by the proxy addresses or LegacyExchangeDN of \"{other.Name}\". "
                + "Please choose another proxy address.");
        }
    }
}
