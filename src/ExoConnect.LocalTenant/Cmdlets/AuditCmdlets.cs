using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Searches of the unified audit log.</summary>
internal static class AuditCmdlets
{
    private const int DefaultSize = 100;
    private const int MostAtOnce = 5000;
    private const int MostInLargeSet = 50_000;
    private const int MostInPreview = 5000;
    private const int MostInMixedSession = 10_000;

    private static readonly string[] TypeNames =
        ["Microsoft.Exchange.Management.SystemConfigurationTasks.UnifiedAuditLogEvent", "Microsoft.Exchange.Data.ConfigurableObject"];

    private static readonly ConditionalWeakTable<TenantData, ConcurrentDictionary<string, Cursor>> Sessions = [];

    /// <summary><c>Search-UnifiedAuditLog</c>.</summary>
    public static IEnumerable<Record> Search(CmdletCall call)
    {
        (var start, var end) = (Time(call, "StartDate"), Time(call, "EndDate"));
        if (start > end)
        {
            throw ServiceError.Invalid($"The start date {start:u} is later than the end date {end:u}.");
        }

        var size = call.Parameters["ResultSize"] is int given ? given : DefaultSize;
        if (size is < 1 or > MostAtOnce)
        {
            throw ServiceError.Invalid($"The ResultSize {size} is not valid. Specify a number from 1 to {MostAtOnce}.");
        }

        var log = call.Tenant.Audit;
        var accepts = Accepts(call, log);
        (var from, var to) = log.Between(start, end);
        var cursor = CursorOf(call);
        lock (cursor)
        {
            // A later page belongs to the call that has moved the cursor already.
            if (call.Start == 0)
            {
                cursor.Total ??= Enumerable.Range(from, to - from).Count(number => accepts(log.Record(number)));
                cursor.Begin = cursor.End;
                cursor.BeginNumber = Math.Max(from, cursor.Next);
                cursor.End = Math.Min(cursor.Begin + size, Math.Min(cursor.Total.Value, cursor.Most));
                (var number, var left) = (cursor.BeginNumber, cursor.End - cursor.Begin);
                for (; left > 0 && number < to; number++)
                {
                    left -= accepts(log.Record(number)) ? 1 : 0;
                }

                cursor.Next = number;
            }

            return [.. Between(call, log, accepts, cursor, to)];
        }
    }

    private static IEnumerable<Record> Between(CmdletCall call, AuditRecords log, Func<AuditRecord, bool> accepts, Cursor cursor, int to)
    {
        var formatted = call.Parameters.Switch("Formatted");
        var ordinal = cursor.Begin;
        for (var number = cursor.BeginNumber; number < to && ordinal < cursor.End; number++)
        {
            var record = log.Record(number);
            if (!accepts(record))
            {
                continue;
            }

            // Position 0 is the start of a first page, so the records of a response come after it.
            ordinal++;
            if (ordinal >= call.Start)
            {
                yield return new PositionedRecord(Shown(log, record, ordinal, Math.Min(cursor.Total!.Value, cursor.Most), formatted), ordinal);
            }
        }
    }

    private static StoreObject Shown(AuditRecords log, AuditRecord record, int index, int count, bool formatted)
    {
        return new StoreObject(
            TypeNames,
            [
                new("RecordType", record.Kind.Name), new("CreationDate", record.Time), new("UserIds", record.User),
                new("Operations", record.Operation), new("AuditData", log.Data(record, formatted)), new("ResultIndex", index),
                new("ResultCount", count), new("Identity", record.Id.ToString("D")), new("IsValid", true), new("ObjectState", "Unchanged"),
            ]);
    }

    private static Func<AuditRecord, bool> Accepts(CmdletCall call, AuditRecords log)
    {
        var kind = call.Parameters.Text("RecordType");
        var text = call.Parameters.Text("FreeText");
        string[] operations = Wanted(call, "Operations"), users = Wanted(call, "UserIds"), objects = Wanted(call, "ObjectIds");
        var addresses = Wanted(call, "IPAddresses");
        return record => (kind is null || Is(record.Kind.Name, kind))
            && (operations.Length == 0 || operations.Any(operation => Like(record.Operation, operation)))
            && (users.Length == 0 || users.Any(user => Is(record.User, user)))
            && (objects.Length == 0 || objects.Any(target => Like(record.Target, target)))
            && (addresses.Length == 0 || addresses.Any(address => Is(record.Address, address)))
            && (text is null || log.Data(record, false).Contains(text, StringComparison.OrdinalIgnoreCase));
    }

    private static string[] Wanted(CmdletCall call, string name)
    {
        const StringSplitOptions Tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return [.. call.Parameters.List(name).SelectMany(value => value.Split(',', Tidy))];
    }

    private static bool Is(string value, string wanted) => value.Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private static bool Like(string value, string wanted)
    {
        return wanted.EndsWith('*') ? value.StartsWith(wanted[..^1], StringComparison.OrdinalIgnoreCase) : Is(value, wanted);
    }

    private static DateTime Time(CmdletCall call, string name)
    {
        return call.Parameters[name] is DateTimeOffset time ? time.UtcDateTime : throw ServiceError.MissingParameters([name]);
    }

    // Calls with the same session id continue after the last one; others start again.
    private static Cursor CursorOf(CmdletCall call)
    {
        var sessions = Sessions.GetOrCreateValue(call.Tenant);
        var large = call.Parameters.Text("SessionCommand") == "ReturnLargeSet";
        var id = call.Parameters.Text("SessionId") is string session ? $"{call.Caller.ObjectId}/{session}" : $"{call.Caller.ObjectId}/";
        if (call.Start == 0 && !call.Parameters.Has("SessionId"))
        {
            return sessions[id] = new Cursor(MostInPreview);
        }

        var most = large ? MostInLargeSet : MostInPreview;
        var cursor = sessions.GetOrAdd(id, _ => new Cursor(most));
        cursor.Most = cursor.Most == most ? most : MostInMixedSession;
        return cursor;
    }

    private sealed class Cursor(int most)
    {
        public int Most { get; set; } = most;

        public int? Total { get; set; }

        public int Begin { get; set; }

        public int BeginNumber { get; set; }

        public int End { get; set; }

        public int Next { get; set; }
    }
}
