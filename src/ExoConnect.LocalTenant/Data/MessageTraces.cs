using System.Globalization;

namespace ExoConnect.LocalTenant.Data;

/// <summary>A message on its way to one recipient.</summary>
/// <param name="Id">Its id in the service.</param>
/// <param name="Received">The time at which the service received it, UTC, in whole seconds.</param>
/// <param name="Sender">Its sender.</param>
/// <param name="Recipient">The recipient of this copy.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Status">Its status.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="FromAddress">The sending server's address.</param>
internal sealed record MessageTrace(
    Guid Id, DateTime Received, string Sender, string Recipient, string Subject, string Status, int Size, string FromAddress);

/// <summary>
/// The messages of the last ninety days, computed whenever they are read: one for every half hour, to one to three recipients. Addresses of
/// the organization exist. Thread-safe.
/// </summary>
/// <param name="mailboxes">The mailboxes of senders and recipients.</param>
/// <param name="started">The start of the tenant, close to the time of the newest message.</param>
internal sealed class MessageTraces(MailboxDirectory mailboxes, DateTime started)
{
    private const int MinutesApart = 30;
    private const int Count = 90 * 24 * 60 / MinutesApart;

    private static readonly string[] Subjects =
        ["Quarterly figures", "Minutes of Monday", "Invoice 4711", "Your order", "Lunch?", "Draft contract", "Travel plans", "Welcome"];

    private readonly DateTime _newest = new(started.Ticks - (started.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc);

    /// <summary>The messages of a period, newest first, then by recipient.</summary>
    public IEnumerable<MessageTrace> Between(DateTime start, DateTime end)
    {
        var first = (int)Math.Clamp(Math.Floor((_newest - end).TotalMinutes / MinutesApart), 0, Count);
        for (var number = first; number < Count && _newest.AddMinutes(-(number - 1) * MinutesApart) >= start; number++)
        {
            foreach (var message in Copies(number))
            {
                if (message.Received >= start && message.Received <= end)
                {
                    yield return message;
                }
            }
        }
    }

    private IEnumerable<MessageTrace> Copies(int number)
    {
        var random = mailboxes.Cipher.Random(number, 41);
        var received = _newest.AddMinutes(-number * MinutesApart).AddSeconds(-(int)(random % 600));
        var outside = random % 4 == 1;
        var sender = outside ? $"partner{1 + (random >> 8) % 5}@fabrikam.com" : Address(random >> 8);
        var id = mailboxes.Cipher.Encode(IdentityKind.Message, number);
        var status = (random >> 20 & 31) switch { 0 => "Failed", 1 => "Quarantined", 2 => "FilteredAsSpam", 3 => "Pending", _ => "Delivered" };
        return Enumerable.Range(0, 1 + (int)(random >> 12 & 7) / 4 + (int)(random >> 12 & 15) / 15)
            .Select(copy => random % 4 == 2 && copy == 0 ? $"partner{1 + (random >> 16) % 5}@fabrikam.com" : Address((random >> 16) + (ulong)copy))
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .Select(recipient => new MessageTrace(
                id, received, sender, recipient, Subjects[(int)(random >> 26 & 7)], status, 4096 + (int)(random >> 30 & 0xFFFFF),
                string.Create(CultureInfo.InvariantCulture, $"198.51.100.{random >> 40 & 255}")));
    }

    private string Address(ulong random)
    {
        return (mailboxes.Count == 0 ? null : mailboxes.Row((int)(random % (ulong)Math.Min(mailboxes.Count, 1000))))?.PrimarySmtpAddress
            ?? $"postmaster@{mailboxes.Organization}";
    }
}
