using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Filters;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Finds and lists mailboxes by the parameters of a call.</summary>
internal static class MailboxQuery
{
    /// <summary>The mailbox of an identity.</summary>
    /// <exception cref="ServiceError">There is none.</exception>
    public static MailboxRow Require(CmdletCall call, string identity)
    {
        return call.Tenant.Mailboxes.Find(identity) ?? throw ServiceError.ObjectNotFound(identity);
    }

    /// <summary>The mailboxes that a call requests, in a schema.</summary>
    /// <exception cref="ServiceError">The identity does not exist, or the filter is invalid.</exception>
    public static IEnumerable<Record> List(CmdletCall call, Schema<MailboxRow> schema)
    {
        var directory = call.Tenant.Mailboxes;
        var identity = call.Parameters.Text("Identity");
        var accepts = Accepts(call);
        var filter = ReadFilter(call.Parameters.Text("Filter"), name => schema.Find(name) is not null);
        if (identity is not null && !identity.Contains('*', StringComparison.Ordinal))
        {
            var row = Require(call, identity);
            return call.Start > row.Index || (accepts is not null && !accepts(row)) ? [] : [new SchemaRecord(schema, row)];
        }

        var names = identity is null ? null : NamePattern(identity);
        var sortBy = call.Parameters.Text("SortBy");
        var found = Walk(directory, schema, sortBy is null ? call.Start : 0, accepts, filter, names);
        return sortBy is null ? found : Sort(found, sortBy, call.Start);
    }

    /// <summary>The mailboxes of Microsoft 365 groups that a call requests.</summary>
    /// <exception cref="ServiceError">The identity does not exist, or the filter is invalid.</exception>
    public static IEnumerable<Record> Groups(CmdletCall call)
    {
        if (call.Parameters.Text("Identity") is string identity)
        {
            var row = call.Tenant.Groups.Find(identity) ?? throw ServiceError.ObjectNotFound(identity);
            return call.Start > row.Index ? [] : [new SchemaRecord(MailboxSchema.Mailbox, row)];
        }

        var filter = ReadFilter(call.Parameters.Text("Filter"), name => MailboxSchema.Mailbox.Find(name) is not null);
        var anr = call.Parameters.Text("Anr");
        return call.Tenant.Groups.From(call.Start, MailboxSchema.Mailbox)
            .Where(record => filter?.Accepts(record) != false
                && (anr is null || record.Text("DisplayName").StartsWith(anr, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The mailbox of an identity, which may be a group's.</summary>
    /// <exception cref="ServiceError">There is none.</exception>
    public static MailboxRow RequireAny(CmdletCall call, string identity)
    {
        return call.Tenant.FindMailbox(identity) ?? throw ServiceError.ObjectNotFound(identity);
    }

    /// <summary>The removed mailboxes that can be recovered.</summary>
    public static IEnumerable<Record> Removed(CmdletCall call)
    {
        var identity = call.Parameters.Text("Identity");
        var found = new List<Record>();
        foreach ((var row, var removedAt) in call.Tenant.Mailboxes.Removed(call.Start))
        {
            if (identity is null || MailboxDirectory.HasIdentity(row, identity))
            {
                var values = new Dictionary<string, object?>(row.Changes, StringComparer.OrdinalIgnoreCase)
                {
                    ["IsSoftDeletedByRemove"] = true, ["WhenSoftDeleted"] = MailboxSchema.Local(removedAt), ["RecipientSoftDeletedStatus"] = 1,
                };
                found.Add(new SchemaRecord(MailboxSchema.Mailbox, new MailboxRow(call.Tenant.Mailboxes, row.Index, values)));
            }
        }

        return found.Count > 0 || identity is null || call.Start > 0 ? found : throw ServiceError.ObjectNotFound(identity);
    }

    /// <summary>Reads a cmdlet's filter.</summary>
    /// <param name="text">The filter, or null.</param>
    /// <param name="known">Whether objects have a property.</param>
    /// <exception cref="ServiceError">The filter is invalid, or names an unknown property.</exception>
    public static Filter? ReadFilter(string? text, Func<string, bool> known)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            var filter = OpathFilter.Parse(text);
            var stranger = filter.Properties.FirstOrDefault(name => !known(name));
            return stranger is null
                ? filter
                : throw ServiceError.Filter(
                    $"\"{stranger}\" is not a recognized filterable property. For a complete list of filterable properties see the command help.");
        }
        catch (FormatException failure)
        {
            throw ServiceError.Filter($"Invalid filter syntax. {failure.Message} The filter was: {text}");
        }
    }

    /// <summary>Sorts objects by a property and gives them positions in that order.</summary>
    public static IEnumerable<Record> Sort(IEnumerable<Record> records, string property, long start)
    {
        return PositionedRecord.InOrder(records.OrderBy(record => record.Text(property), StringComparer.OrdinalIgnoreCase), start);
    }

    /// <summary>Whether a mailbox is found by the beginning of one of its names.</summary>
    public static bool IsAmbiguousName(MailboxRow row, string text)
    {
        return row.DisplayName.StartsWith(text, StringComparison.OrdinalIgnoreCase) || row.Alias.StartsWith(text, StringComparison.OrdinalIgnoreCase)
            || row.LastName.StartsWith(text, StringComparison.OrdinalIgnoreCase) || row.Name.StartsWith(text, StringComparison.OrdinalIgnoreCase)
            || row.EmailAddresses.Any(address => address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..]
                .StartsWith(text, StringComparison.OrdinalIgnoreCase));
    }

    private static Func<MailboxRow, bool>? Accepts(CmdletCall call)
    {
        var anr = call.Parameters.Text("Anr");
        var types = call.Parameters.List("RecipientTypeDetails");
        var archive = call.Parameters.Switch("Archive");
        return anr is null && types.Count == 0 && !archive
            ? null
            : row => (anr is null || IsAmbiguousName(row, anr)) && (!archive || row.HasArchive)
                && (types.Count == 0 || types.Contains(row.RecipientTypeDetails, StringComparer.OrdinalIgnoreCase));
    }

    private static Filter NamePattern(string identity)
    {
        return Filter.Or(
            Filter.Compare("Name", FilterOperator.Like, identity),
            Filter.Or(Filter.Compare("DisplayName", FilterOperator.Like, identity), Filter.Compare("Alias", FilterOperator.Like, identity)));
    }

    private static IEnumerable<Record> Walk(
        MailboxDirectory directory, Schema<MailboxRow> schema, long start, Func<MailboxRow, bool>? accepts, Filter? filter, Filter? names)
    {
        foreach (var row in directory.From(start))
        {
            if (accepts is not null && !accepts(row))
            {
                continue;
            }

            var record = new SchemaRecord(schema, row);
            if ((filter is null || filter.Accepts(record)) && (names is null || names.Accepts(record)))
            {
                yield return record;
            }
        }
    }
}
