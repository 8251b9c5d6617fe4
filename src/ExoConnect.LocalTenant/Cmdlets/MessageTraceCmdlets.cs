using System.Globalization;
using System.Text;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;
using ExoConnect.LocalTenant.Responses;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Message traces.</summary>
internal static class MessageTraceCmdlets
{
    private const int DefaultSize = 1000;
    private const int MostAtOnce = 5000;
    private const string Namespace = "Microsoft.Exchange.Management.FfoReporting.";

    private static readonly string[] Types = [$"{Namespace}MessageTrace", $"{Namespace}FfoReportObject"];
    private static readonly string[] SecondTypes = [$"{Namespace}MessageTraceV2", $"{Namespace}FfoReportObject"];
    private static readonly string[] DetailTypes = [$"{Namespace}MessageTraceDetail", $"{Namespace}FfoReportObject"];

    /// <summary><c>Get-MessageTrace</c>: ten days, in pages that the caller numbers.</summary>
    public static IEnumerable<Record> Get(CmdletCall call)
    {
        (var start, var end) = Range(call, days: 10);
        var size = call.Parameters["PageSize"] is int given ? given : DefaultSize;
        var page = call.Parameters["Page"] is int number ? number : 1;
        if (size is < 1 or > MostAtOnce || page is < 1 or > 1000)
        {
            throw ServiceError.Invalid($"A page has 1 to {MostAtOnce} entries, and there are 1 to 1000 pages.");
        }

        var index = (page - 1) * size;
        return PositionedRecord.InOrder(
            Find(call, start, end).Skip(index).Take(size).Select(message => Shown(call, message, start, end).With([new("Index", index++)])),
            call.Start);
    }

    /// <summary><c>Get-MessageTraceV2</c>: ninety days, ten at a time; for further messages a warning has the command that continues.</summary>
    public static IEnumerable<Record> GetSecond(CmdletCall call)
    {
        (var start, var end) = Range(call, days: 90);
        if (end - start > TimeSpan.FromDays(10))
        {
            throw ServiceError.Invalid("Invalid StartDate and EndDate. A query can return the data of at most 10 days.");
        }

        var size = call.Parameters["ResultSize"] is int given ? given : DefaultSize;
        if (size is < 1 or > MostAtOnce)
        {
            throw ServiceError.Invalid($"Invalid ResultSize {size}. Specify a number from 1 to {MostAtOnce}.");
        }

        var from = call.Parameters.Text("StartingRecipientAddress");
        MessageTrace[] found =
        [
            .. Find(call, start, end)
                .SkipWhile(message => from is not null && message.Received >= end
                    && string.Compare(message.Recipient, from, StringComparison.OrdinalIgnoreCase) <= 0)
                .Take(size + 1),
        ];
        if (found.Length > size)
        {
            call.Warnings.Add($"There are more results, use the following command to get more. {Next(call, start, found[size - 1])}");
        }

        return PositionedRecord.InOrder(found.Take(size).Select(message => ShownSecond(call, message)), call.Start);
    }

    /// <summary><c>Get-MessageTraceDetail</c> and <c>Get-MessageTraceDetailV2</c>.</summary>
    public static IEnumerable<Record> GetDetail(CmdletCall call)
    {
        var id = call.Required("MessageTraceId");
        var recipient = call.Required("RecipientAddress");
        var message = call.Tenant.Messages.Between(call.Now.AddDays(-91), call.Now)
            .FirstOrDefault(one => Same(one.Id.ToString("D"), id) && Same(one.Recipient, recipient));
        return message is null
            ? []
            : PositionedRecord.InOrder(
                ((string Event, string Detail, int Seconds)[])
                [
                    ("Receive", "Message received by: BN8PR07MB6113 using TLS1.2", 0),
                    ("Submit", "The message was submitted.", 1),
                    (message.Status == "Delivered" ? "Deliver" : "Fail", $"The message is {message.Status}.", 3),
                ]
                is var events
                    ? events.Select(one => (Record)new StoreObject(
                        DetailTypes,
                        [
                            new("Organization", call.Tenant.Organization), new("MessageId", MessageId(call, message)),
                            new("MessageTraceId", message.Id), new("Date", message.Received.AddSeconds(one.Seconds)), new("Event", one.Event),
                            new("Action", ""), new("Detail", one.Detail), new("Data", "<root />"), new("SenderAddress", message.Sender),
                            new("RecipientAddress", message.Recipient),
                        ]))
                    : [],
                call.Start);
    }

    private static (DateTime Start, DateTime End) Range(CmdletCall call, int days)
    {
        var end = call.Parameters["EndDate"] is DateTimeOffset last ? last.UtcDateTime : call.Now;
        var start = call.Parameters["StartDate"] is DateTimeOffset first ? first.UtcDateTime : end.AddHours(-48);
        if (start > end)
        {
            throw ServiceError.Invalid("Invalid StartDate and EndDate. The StartDate can't be later than the EndDate.");
        }

        // A client computes the days before it sends the request, so the limit has a margin.
        return start < call.Now.AddDays(-days).AddHours(-1)
            ? throw ServiceError.Invalid($"Invalid StartDate value. The StartDate can't be older than {days} days from today.")
            : (start, end);
    }

    private static IEnumerable<MessageTrace> Find(CmdletCall call, DateTime start, DateTime end)
    {
        IReadOnlyList<string> senders = call.Parameters.List("SenderAddress"), recipients = call.Parameters.List("RecipientAddress");
        IReadOnlyList<string> states = call.Parameters.List("Status"), ids = call.Parameters.List("MessageId");
        string? id = call.Parameters.Text("MessageTraceId"), from = call.Parameters.Text("FromIP"), subject = call.Parameters.Text("Subject");
        var kind = call.Parameters.Text("SubjectFilterType") ?? "Contains";
        return call.Tenant.Messages.Between(start, end).Where(message =>
            (senders.Count == 0 || senders.Any(sender => Like(message.Sender, sender)))
            && (recipients.Count == 0 || recipients.Any(recipient => Like(message.Recipient, recipient)))
            && (states.Count == 0 || states.Contains(message.Status, StringComparer.OrdinalIgnoreCase))
            && (ids.Count == 0 || ids.Any(one => Same(one.Trim('<', '>'), MessageId(call, message).Trim('<', '>'))))
            && (id is null || (Guid.TryParse(id, out var guid) && guid == message.Id))
            && (from is null || from == message.FromAddress)
            && (subject is null || (kind.ToUpperInvariant() switch
            {
                "STARTSWITH" => message.Subject.StartsWith(subject, StringComparison.OrdinalIgnoreCase),
                "ENDSWITH" => message.Subject.EndsWith(subject, StringComparison.OrdinalIgnoreCase),
                _ => message.Subject.Contains(subject, StringComparison.OrdinalIgnoreCase),
            })));
    }

    private static StoreObject Shown(CmdletCall call, MessageTrace message, DateTime start, DateTime end)
    {
        return new StoreObject(
            Types,
            [
                new("Organization", call.Tenant.Organization), new("MessageId", MessageId(call, message)), new("Received", message.Received),
                new("SenderAddress", message.Sender), new("RecipientAddress", message.Recipient), new("Subject", message.Subject),
                new("Status", message.Status), new("ToIP", null), new("FromIP", message.FromAddress), new("Size", message.Size),
                new("MessageTraceId", message.Id), new("StartDate", start), new("EndDate", end),
            ]);
    }

    private static StoreObject ShownSecond(CmdletCall call, MessageTrace message)
    {
        return new StoreObject(
            SecondTypes,
            [
                new("MessageTraceId", message.Id), new("MessageId", MessageId(call, message)), new("Received", message.Received),
                new("SenderAddress", message.Sender), new("RecipientAddress", message.Recipient), new("FromIP", message.FromAddress),
                new("ToIP", ""), new("Subject", message.Subject), new("Status", message.Status), new("Size", message.Size),
            ]);
    }

    // The same query after the last message of this response, which the end and the recipient identify.
    private static string Next(CmdletCall call, DateTime start, MessageTrace last)
    {
        var text = new StringBuilder("Get-MessageTraceV2");
        void Add(string name, string value) => text.Append(CultureInfo.InvariantCulture, $" -{name} {value}");

        Add("StartDate", Quote(Time(start)));
        Add("EndDate", Quote(Time(last.Received)));
        foreach (var name in (ReadOnlySpan<string>)
            ["FromIP", "MessageId", "MessageTraceId", "RecipientAddress", "SenderAddress", "Status", "Subject", "SubjectFilterType", "ToIP"])
        {
            if (call.Parameters.List(name) is { Count: > 0 } values && values[0].Length > 0)
            {
                Add(name, string.Join(',', values.Select(Quote)));
            }
        }

        Add("StartingRecipientAddress", Quote(last.Recipient));
        Add("ResultSize", ValueText.Of(call.Parameters["ResultSize"] ?? DefaultSize));
        return text.ToString();
    }

    private static string Time(DateTime time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private static string Quote(string value)
    {
        var escaped = value.Replace("`", "``", StringComparison.Ordinal).Replace("\"", "`\"", StringComparison.Ordinal)
            .Replace("$", "`$", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }

    private static string MessageId(CmdletCall call, MessageTrace message) => $"<{message.Id:N}@{call.Tenant.Organization}>";

    private static bool Like(string address, string wanted)
    {
        return wanted.StartsWith('*')
            ? address.EndsWith(wanted[1..], StringComparison.OrdinalIgnoreCase)
            : Same(address, wanted);
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
