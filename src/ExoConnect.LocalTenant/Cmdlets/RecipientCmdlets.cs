using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Filters;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Recipients of all kinds, contacts and mail users.</summary>
internal static class RecipientCmdlets
{
    /// <summary><c>Get-Recipient</c>.</summary>
    public static IEnumerable<Record> Get(CmdletCall call)
    {
        var identity = call.Parameters.Text("Identity");
        var filter = MailboxQuery.ReadFilter(call.Parameters.Text("Filter"), Known);
        if (identity is not null && !identity.Contains('*', StringComparison.Ordinal))
        {
            var view = call.Tenant.Recipients.Require(identity).View;
            return Accepts(call, view, filter, null) ? [view] : [];
        }

        var pattern = identity is null
            ? null
            : Filter.Or(Filter.Compare("Name", FilterOperator.Like, identity), Filter.Compare("DisplayName", FilterOperator.Like, identity));
        var sortBy = call.Parameters.Text("SortBy");
        var found = call.Tenant.Recipients.From(sortBy is null ? call.Start : 0).Where(view => Accepts(call, view, filter, pattern));
        return sortBy is null ? found : MailboxQuery.Sort(found, sortBy, call.Start);
    }

    /// <summary><c>Get-Contact</c> and <c>Get-MailContact</c>.</summary>
    public static IEnumerable<Record> GetContact(CmdletCall call) => Kept(call, "MailContact");

    /// <summary><c>Set-Contact</c>.</summary>
    public static IEnumerable<Record> SetContact(CmdletCall call) => SetKept(call, "MailContact");

    /// <summary><c>New-MailContact</c>.</summary>
    public static IEnumerable<Record> AddContact(CmdletCall call) => AddExternal(call, "MailContact");

    /// <summary><c>New-MailUser</c>.</summary>
    public static IEnumerable<Record> AddMailUser(CmdletCall call) => AddExternal(call, "MailUser");

    /// <summary><c>Set-…</c> of a kept recipient: keeps addresses consistent, and unique among recipients.</summary>
    public static IEnumerable<Record> Set(CmdletCall call) => SetKept(call, call.Definition.Noun);

    /// <summary>Lists or finds kept recipients.</summary>
    public static IEnumerable<Record> Kept(CmdletCall call, params string[] kinds)
    {
        var identity = call.Parameters.Text("Identity");
        var filter = MailboxQuery.ReadFilter(call.Parameters.Text("Filter"), _ => true);
        if (identity is not null && !identity.Contains('*', StringComparison.Ordinal))
        {
            return call.Tenant.Recipients.Find(identity) is { Object: StoreObject one } recipient
                && kinds.Contains(recipient.Kind, StringComparer.OrdinalIgnoreCase)
                ? [one] : throw ServiceError.ObjectNotFound(identity);
        }

        var pattern = identity is null ? null : Filter.Compare("Name", FilterOperator.Like, identity);
        var found = PositionedRecord.InOrder(
            kinds.SelectMany(kind => call.Tenant.Store.Set(TenantService.ExchangeOnline, kind).From(0)), call.Parameters.Has("SortBy")
                ? 0 : call.Start);
        found = found.Where(record => Accepts(call, record, filter, pattern));
        if (call.Parameters.List("ManagedBy") is { Count: > 0 } managers)
        {
            var names = MailboxChanges.Names(call, managers);
            found = found.Where(record => record.TryGet("ManagedBy", out var owners) && owners is IReadOnlyList<string> list
                && list.Intersect(names).Any());
        }

        return call.Parameters.Text("SortBy") is string sortBy ? MailboxQuery.Sort(found, sortBy, call.Start) : found;
    }

    /// <summary>Changes a kept recipient.</summary>
    public static IEnumerable<Record> SetKept(CmdletCall call, params string[] kinds)
    {
        var identity = call.Required("Identity");
        var recipient = call.Tenant.Recipients.Require(identity);
        if (recipient.Object is not StoreObject target || !kinds.Contains(recipient.Kind, StringComparer.OrdinalIgnoreCase))
        {
            throw ServiceError.ObjectNotFound(identity);
        }

        var changes = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach ((var property, var value) in PropertyValues.Of(call, target))
        {
            _ = target.TryGet(property, out var old);
            changes[property] = MailboxChanges.Convert(call, property, call.Parameters[property] ?? value, old);
        }

        try
        {
            if (RecipientObjects.AlignAddresses(target.List("EmailAddresses"), changes) is string main)
            {
                MailboxChanges.CheckFree(call, target.Guid, main);
            }
        }
        catch (FormatException failure)
        {
            throw ServiceError.Invalid(failure.Message);
        }

        foreach (var key in (ReadOnlySpan<string>)["Alias", "Name"])
        {
            if (call.Parameters.Text(key) is string taken)
            {
                MailboxChanges.CheckFree(call, target.Guid, taken);
            }
        }

        if (call.Parameters.Text("Name") is string name)
        {
            changes["Identity"] = changes["Id"] = name;
        }

        if (!call.ShouldProcess($"Setting {call.Definition.Noun} Identity:\"{target.Name}\"."))
        {
            return [];
        }

        if (changes.Count == 0 && !call.Parameters.Values.Any(given => given.Value is true))
        {
            call.Warnings.Add($"The command completed successfully but no settings of '{target.Name}' have been modified.");
            return [];
        }

        GenericCmdlets.Change(call, call.Tenant.Store.Set(TenantService.ExchangeOnline, recipient.Kind), target, changes);
        return [];
    }

    private static IEnumerable<Record> AddExternal(CmdletCall call, string kind)
    {
        var given = call.Parameters;
        var name = call.Required("Name");
        var alias = given.Text("Alias") ?? name.Replace(" ", "", StringComparison.Ordinal);
        var external = given.Text("ExternalEmailAddress") ?? given.Text("MicrosoftOnlineServicesID") ?? given.Text("UserPrincipalName")
            ?? $"{alias}@{call.Tenant.Organization}";
        var address = given.Text("PrimarySmtpAddress") ?? external[(external.IndexOf(':', StringComparison.Ordinal) + 1)..];
        foreach (var key in (ReadOnlySpan<string>)[name, alias, address])
        {
            MailboxChanges.CheckFree(call, Guid.Empty, key);
        }

        var guid = Guid.NewGuid();
        return GenericCmdlets.Add(
            call,
            [
                .. RecipientObjects.Common(call.Tenant.Organization, name, alias, given.Text("DisplayName") ?? name, address, kind, kind, guid),
                new("ExternalEmailAddress", external.Contains(':', StringComparison.Ordinal) ? external : $"SMTP:{external}"), new("Guid", guid),
            ]);
    }

    private static bool Accepts(CmdletCall call, Record view, Filter? filter, Filter? pattern)
    {
        var types = call.Parameters.List("RecipientType");
        var details = call.Parameters.List("RecipientTypeDetails");
        return (types.Count == 0 || types.Contains(view.Text("RecipientType"), StringComparer.OrdinalIgnoreCase))
            && (details.Count == 0 || details.Contains(view.Text("RecipientTypeDetails"), StringComparer.OrdinalIgnoreCase))
            && (call.Parameters.Text("Anr") is not string anr || Begins(view, anr))
            && filter?.Accepts(LinkedRecord.IsNeeded(filter) ? new LinkedRecord(view, call.Tenant) : view) != false
            && pattern?.Accepts(view) != false;
    }

    private static bool Begins(Record view, string text)
    {
        return view is SchemaRecord mailbox
            ? MailboxQuery.IsAmbiguousName(mailbox.Row, text)
            : ((string[])["DisplayName", "Name", "Alias", "PrimarySmtpAddress"])
                .Any(property => view.Text(property).StartsWith(text, StringComparison.OrdinalIgnoreCase));
    }

    private static bool Known(string property)
    {
        return MailboxViews.Recipient.Find(property) is not null || MailboxSchema.Mailbox.Find(property) is not null
            || property.ToUpperInvariant() is "MEMBERS" or "MANAGEDBY" or "GROUPTYPE" or "EXTERNALEMAILADDRESS" or "MEMBEROFGROUP";
    }
}
