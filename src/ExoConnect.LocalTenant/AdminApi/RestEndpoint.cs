using System.Collections.Immutable;
using ExoConnect.LocalTenant.Cmdlets;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Filters;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.AdminApi;

/// <summary>The REST entities behind the Get-EXO cmdlets (protocol.md section 5).</summary>
/// <param name="data">The data that they show.</param>
internal sealed class RestEndpoint(TenantData data)
{
    private static readonly string[] MailboxPermissionTypes = ["Exchange.MailboxPermission"];
    private static readonly string[] RecipientPermissionTypes = ["Exchange.RecipientPermission"];

    /// <summary>The names of the resources.</summary>
    public static IReadOnlyList<string> Resources { get; } = ["Mailbox", "Recipient", "CasMailbox", "GetMobileDeviceStatisticsByIdentity"];

    /// <summary>Responds to a request.</summary>
    /// <exception cref="ServiceError">The requested object does not exist.</exception>
    public Response Execute(AdminRequest request)
    {
        var path = ResourcePath.Parse(request.RawPath);
        var encoded = IsOn(request, "isEncoded");
        var entity = path[0];
        if (entity.Is("GetMobileDeviceStatisticsByIdentity"))
        {
            (var device, var number) = StatisticsCmdlets.FindDevice(data, FromHeader(request) ?? entity.Argument("Identity") ?? "");
            return One(request, "Exchange.MobileDeviceStatistics", MobileDevices.Statistics(device, number), null);
        }

        if (path.Count > 1 && path[1].Is("Exchange.GetMailboxStatisticsV2"))
        {
            var guid = path[1].Argument("mailboxGuid") ?? "";
            var row = RequireMailbox(guid);
            var archive = row.HasArchive && Guid.TryParse(guid, out var asked) && asked == row.Guid(IdentityKind.Archive);
            return Statistics(request, row, archive);
        }

        if (path.Count > 1 && path[1].Is("Exchange.GetRecipientPermissionByFilters"))
        {
            return RecipientPermissions(request, path[1], encoded);
        }

        var key = entity.Key(encoded) ?? FromHeader(request);
        if (path.Count > 1)
        {
            return Navigate(request, path, RequireMailbox(key ?? ""), encoded);
        }

        return entity.Name.ToUpperInvariant() switch
        {
            "MAILBOX" => Mailboxes(request, "Mailbox", MailboxSchema.Mailbox, key),
            "CASMAILBOX" => Mailboxes(request, "CasMailbox", MailboxViews.CasMailbox, key),
            _ => Recipients(request, key),
        };
    }

    private Response Navigate(AdminRequest request, IReadOnlyList<PathSegment> path, MailboxRow row, bool encoded)
    {
        var next = path[1];
        var last = path.Count > 2 ? path[2] : null;
        if (next.Is("MailboxPermission"))
        {
            return MailboxPermissions(request, row, next.Key(encoded));
        }

        if (next.Is("Exchange.GetMailboxStatistics"))
        {
            return Statistics(request, row, IsOn(request, "Archive"));
        }

        if (next.Is("MailboxFolder") && last?.Is("Exchange.GetMailboxFolderStatistics") == true)
        {
            var archive = IsOn(request, "Archive");
            if (archive)
            {
                _ = StatisticsCmdlets.Statistics(row, archive);
            }

            return Page(
                request, "Collection(Exchange.MailboxFolderStatistics)",
                start => PositionedRecord.InOrder(MailboxFolders.StatisticsOf(row, last.Argument("folderscope"), archive), start), null);
        }

        if (next.Is("MailboxFolder") && last?.Is("MailboxFolderPermission") == true)
        {
            return FolderPermissions(request, row, next.Key(encoded) ?? "", last.Key(encoded));
        }

        if (next.Is("MobileDevice") && last?.Is("Exchange.GetMobileDeviceStatistics") == true)
        {
            return Page(
                request, "Collection(Exchange.MobileDeviceStatistics)",
                start => PositionedRecord.InOrder(
                    MobileDevices.StatisticsOf(row).Where(device => !data.RemovedDevices.ContainsKey((Guid)Value(device, "Guid")!)), start),
                null);
        }

        throw ServiceError.Request(StatusCodes.Status404NotFound, "NotFound", $"Resource not found for the segment '{last?.Name ?? next.Name}'.");
    }

    private Response Mailboxes(AdminRequest request, string entity, Schema<MailboxRow> schema, string? key)
    {
        var expands = Expands(request, "MailboxPermission");
        var selection = expands ? null : Select(request, entity, name => schema.Find(name) is not null);
        if (key is not null)
        {
            var row = RequireMailbox(key);
            return One(request, entity, expands ? WithPermissions(row) : new SchemaRecord(schema, row), selection);
        }

        if (IsOn(request, "InactiveMailboxOnly") || IsOn(request, "PublicFolder"))
        {
            return Page(request, entity, _ => [], selection);
        }

        if (IsOn(request, "SoftDeletedMailbox"))
        {
            return Page(request, entity, start => data.Mailboxes.Removed(start).Select(pair => new SchemaRecord(schema, pair.Row)), selection);
        }

        var all = Accepts(request, entity, name => schema.Find(name) is not null);
        if (!expands && (IsOn(request, GroupMailboxes.Details) || Split(request.Query("RecipientTypeDetails")) is [GroupMailboxes.Details]))
        {
            return Page(request, entity, start => data.Groups.From(start, schema).Where(all), selection);
        }

        Func<SchemaRecord, bool> accepts = all;
        return Page(
            request, entity,
            start => data.Mailboxes.From(start).Select(row => new SchemaRecord(schema, row)).Where(accepts)
                .Select(record => expands ? WithPermissions(record.Row) : (Record)record),
            selection);
    }

    private Response Recipients(AdminRequest request, string? key)
    {
        const string Entity = "Recipient";
        var expands = Expands(request, "RecipientPermission");
        static bool Known(string name)
        {
            return MailboxViews.Recipient.Find(name) is not null || MailboxSchema.Mailbox.Find(name) is not null;
        }

        var selection = expands ? null : Select(request, Entity, Known);
        if (key is not null)
        {
            var recipient = data.Recipients.Require(key);
            return One(request, Entity, expands ? WithPermissions(recipient, null) : recipient.View, selection);
        }

        var accepts = Accepts(request, Entity, Known);
        return Page(
            request, Entity,
            start => data.Recipients.From(start).Where(accepts)
                .Select(view => expands ? new PositionedRecord(WithPermissions(RecipientOf(view), null), view.Position) : view),
            selection);
    }

    private Response RecipientPermissions(AdminRequest request, PathSegment function, bool encoded)
    {
        string Decoded(string name)
        {
            var text = function.Argument(name) ?? "";
            return encoded && text.Length > 0 ? PathSegment.Decode(text) : text;
        }

        var recipient = data.Recipients.Require(Decoded("identity"));
        var trustee = Decoded("trustee");
        var user = trustee.Length == 0 ? null : PermissionCmdlets.UserName(data, trustee);
        return One(request, "Recipient", WithPermissions(recipient, user), null);
    }

    private Response Statistics(AdminRequest request, MailboxRow row, bool archive)
    {
        var statistics = StatisticsCmdlets.Statistics(row, archive);
        return One(request, "Exchange.MailboxStatistics", statistics, Select(request, "MailboxStatistics", name => statistics.TryGet(name, out _)));
    }

    private Response MailboxPermissions(AdminRequest request, MailboxRow row, string? user)
    {
        var wanted = user is null ? null : PermissionCmdlets.UserName(data, user);
        if (request.Query("$filter")?.Contains("IsOwner eq true", StringComparison.OrdinalIgnoreCase) == true)
        {
            wanted = GrantTable.Self;
        }

        StoreObject[] entries =
        [
            .. Entries(row).Where(entry => wanted is null || entry.Text("User").Equals(wanted, StringComparison.OrdinalIgnoreCase)),
        ];
        if (user is null)
        {
            return Page(request, Inside(row, "MailboxPermission"), start => PositionedRecord.InOrder(entries, start), null);
        }

        return entries.Length == 0
            ? throw ServiceError.ObjectNotFound(user)
            : One(request, Inside(row, "MailboxPermission"), entries[0], null);
    }

    private Response FolderPermissions(AdminRequest request, MailboxRow row, string folder, string? user)
    {
        var path = MailboxFolders.FindById(row, folder) ?? MailboxFolders.Find(folder)
            ?? throw ServiceError.ObjectNotFound($"{row.Name}:{folder}");
        var wanted = user is null ? null : PermissionCmdlets.FolderUser(data, user);
        var context = Inside(row, $"MailboxFolder('{Uri.EscapeDataString(path)}')/MailboxFolderPermission");
        StoreObject[] entries =
        [
            .. data.Grants.Of(GrantScope.Folder, RecipientDirectory.Of(row), path)
                .Where(grant => wanted is null || grant.User.Equals(wanted, StringComparison.OrdinalIgnoreCase))
                .Select(grant => PermissionCmdlets.FolderEntity(data, row, path, grant)),
        ];
        if (user is null)
        {
            return Page(request, context, start => PositionedRecord.InOrder(entries, start), null);
        }

        return entries.Length == 0 ? throw ServiceError.ObjectNotFound(user) : One(request, context, entries[0], null);
    }

    // One entry for each user, with all that the user has in a list.
    private IEnumerable<StoreObject> Entries(MailboxRow row)
    {
        return data.Grants.Of(GrantScope.Mailbox, RecipientDirectory.Of(row)).GroupBy(grant => grant.User, StringComparer.OrdinalIgnoreCase)
            .Select(grants => new StoreObject(
                MailboxPermissionTypes,
                [
                    new("PermissionId", grants.Key), new("MailboxIdentity", row.Name), new("Identity", row.Name), new("User", grants.Key),
                    new("IsOwner", grants.Key == GrantTable.Self), new("PermissionList", (ValueTable[])[.. grants.Select(PermissionEntry)]),
                ]));
    }

    private PositionedRecord WithPermissions(MailboxRow row)
    {
        return new PositionedRecord(
            new StoreObject(
                MailboxPermissionTypes,
                [
                    new("Identity", row.Name), new("ExternalDirectoryObjectId", row.Guid(IdentityKind.Directory).ToString("D")),
                    new("MailboxPermission", (ValueTable[])
                    [
                        .. Entries(row).Select(entry => new ValueTable([.. EntityType.Of("MailboxPermission").Shape(entry).Properties(null)])),
                    ]),
                ]),
            row.Index);
    }

    private StoreObject WithPermissions(Recipient recipient, string? trustee)
    {
        var grants = data.Grants.Of(GrantScope.Recipient, recipient);
        return new StoreObject(
            RecipientPermissionTypes,
            [
                new("Identity", recipient.Name), new("ExternalDirectoryObjectId", recipient.View.Text("ExternalDirectoryObjectId")),
                new("RecipientPermission", (ValueTable[])
                [
                    .. grants.Where(grant => trustee is null || grant.User.Equals(trustee, StringComparison.OrdinalIgnoreCase))
                        .Select(grant => new ValueTable(
                            [.. EntityType.Of("RecipientPermission").Shape(PermissionCmdlets.OfRecipient(recipient, grant)).Properties(null)])),
                ]),
            ]);
    }

    private Recipient RecipientOf(Record view)
    {
        return view is SchemaRecord mailbox ? RecipientDirectory.Of(mailbox.Row) : data.Recipients.Require(view.Text("Guid"));
    }

    private static ValueTable PermissionEntry(Grant grant)
    {
        return new ValueTable(
            [new("AccessRights", grant.Rights), new("Deny", grant.Deny), new("IsInherited", false), new("InheritanceType", grant.Inheritance)]);
    }

    private static Func<Record, bool> Accepts(AdminRequest request, string entity, Func<string, bool> known)
    {
        var filter = ReadFilter(request.Query("$filter"), entity, known);
        var anr = request.Query("Anr");
        var details = Split(request.Query("RecipientTypeDetails"));
        var types = Split(request.Query("RecipientType"));
        var archive = IsOn(request, "Archive");
        return record => (anr is null || Begins(record, anr))
            && (details.Length == 0 || details.Contains(record.Text("RecipientTypeDetails"), StringComparer.OrdinalIgnoreCase))
            && (types.Length == 0 || types.Contains(record.Text("RecipientType"), StringComparer.OrdinalIgnoreCase))
            && (!archive || record is not SchemaRecord mailbox || mailbox.Row.HasArchive)
            && filter?.Accepts(record) != false;
    }

    private static bool Begins(Record record, string text)
    {
        return record is SchemaRecord mailbox
            ? MailboxQuery.IsAmbiguousName(mailbox.Row, text)
            : record.Text("DisplayName").StartsWith(text, StringComparison.OrdinalIgnoreCase)
                || record.Text("Alias").StartsWith(text, StringComparison.OrdinalIgnoreCase);
    }

    private static Filter? ReadFilter(string? text, string entity, Func<string, bool> known)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            var filter = ODataFilter.Parse(text, EntityType.Of(entity).IsCollection);
            return filter.Properties.FirstOrDefault(name => !known(name)) is string stranger ? throw NoProperty(stranger, entity) : filter;
        }
        catch (FormatException failure)
        {
            throw ServiceError.Request(StatusCodes.Status400BadRequest, "BadRequest", $"Invalid filter clause: {failure.Message}");
        }
    }

    private static Selection? Select(AdminRequest request, string entity, Func<string, bool> known)
    {
        var properties = request.Query("$select");
        foreach (var property in Split(properties))
        {
            if (property != "*" && !known(property))
            {
                throw NoProperty(property, entity);
            }
        }

        return PropertySets.Select(entity, request.Query("PropertySet"), properties) is string[] names ? new Selection(names) : null;
    }

    private static ServiceError NoProperty(string property, string entity)
    {
        return ServiceError.Request(
            StatusCodes.Status400BadRequest, "BadRequest", $"Could not find a property named '{property}' on type 'Exchange.{entity}'.");
    }

    private MailboxRow RequireMailbox(string identity) => data.FindMailbox(identity) ?? throw ServiceError.ObjectNotFound(identity);

    private static string? FromHeader(AdminRequest request)
    {
        return IsOn(request, "ReadIdsAndParamsFromHeaders") && request.Header("XParameter-Identity") is { Length: > 0 } identity
            ? PathSegment.Decode(identity)
            : null;
    }

    private static bool Expands(AdminRequest request, string property)
    {
        return request.Query("$expand")?.Equals(property, StringComparison.OrdinalIgnoreCase) == true;
    }

    private static bool IsOn(AdminRequest request, string option)
    {
        return request.Query(option)?.Equals("true", StringComparison.OrdinalIgnoreCase) == true;
    }

    private static object? Value(Record record, string property)
    {
        _ = record.TryGet(property, out var value);
        return value;
    }

    private static string[] Split(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string Inside(MailboxRow row, string resource) => $"Mailbox('{row.Guid(IdentityKind.Directory):D}')/{resource}";

    // The type that a context names; the name of a complex type has its namespace.
    private static (EntityType Type, bool IsComplex) TypeOf(string context)
    {
        var name = context[(context.LastIndexOf('/') + 1)..];
        var complex = name.Contains("Exchange.", StringComparison.Ordinal);
        return (EntityType.Of(complex ? name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..].TrimEnd(')') : name), complex);
    }

    private Response One(AdminRequest request, string context, Record record, Selection? selection)
    {
        (var type, var complex) = TypeOf(context);
        record = type.Shape(record);
        return Response.Of(StatusCodes.Status200OK, sink =>
        {
            sink.Write("{\"@odata.context\":"u8);
            sink.WriteString($"{request.Origin}/adminapi/beta/{data.TenantId:D}/$metadata#{context}{(complex ? "" : "/$entity")}");
            using var inner = new Utf8Sink(null);
            record.WriteJson(inner, selection);

            // The braces of the entry are open already, so those of the object are cut off.
            var body = inner.Gathered.Span;
            if (body.Length > 2)
            {
                sink.Write(","u8);
                sink.Write(body[1..]);
            }
            else
            {
                sink.Write("}"u8);
            }
        });
    }

    private Response Page(AdminRequest request, string context, Func<long, IEnumerable<Record>> from, Selection? selection)
    {
        var token = SkipToken.Parse(request.Query("$skiptoken"));
        long? top = long.TryParse(request.Query("$top"), out var limit) ? limit : null;
        var type = TypeOf(context).Type;
        var page = ResultPage.Read(from(token.Start), token, request.PageSize, top);
        return new Response(StatusCodes.Status200OK, async (sink, cancellationToken) =>
        {
            sink.Write("{\"@odata.context\":"u8);
            sink.WriteString($"{request.Origin}/adminapi/beta/{data.TenantId:D}/$metadata#{context}");
            sink.Write(",\"adminapi.warnings@odata.type\":\"#Collection(String)\",\"@adminapi.warnings\":[]"u8);
            if (page.Next is SkipToken next)
            {
                sink.Write(",\"@odata.nextLink\":"u8);
                sink.WriteString(request.NextLink(next));
            }

            sink.Write(",\"value\":["u8);
            for (var i = 0; i < page.Records.Count; i++)
            {
                if (i > 0)
                {
                    sink.Write(","u8);
                }

                type.Shape(page.Records[i]).WriteJson(sink, selection);
                if (sink.WantsFlush)
                {
                    await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            sink.Write("]}"u8);
        });
    }
}
