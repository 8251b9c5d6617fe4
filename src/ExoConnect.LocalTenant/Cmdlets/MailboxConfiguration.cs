using System.Collections.Immutable;
using ExoConnect.LocalTenant.Data;
using ExoConnect.LocalTenant.Objects;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Settings of which each mailbox has one: regional settings, automatic replies, calendar processing and so on.</summary>
internal static class MailboxConfiguration
{
    /// <summary>The settings of one mailbox, or of all.</summary>
    public static IEnumerable<Record> Get(CmdletCall call)
    {
        var identity = call.Parameters.Text("Identity");
        if (identity is not null)
        {
            return [Of(call, MailboxQuery.Require(call, identity))];
        }

        return call.Tenant.Mailboxes.From(call.Start).Select(row => Of(call, row));
    }

    /// <summary>Changes the settings of a mailbox.</summary>
    public static IEnumerable<Record> Set(CmdletCall call)
    {
        var row = MailboxQuery.Require(call, call.Required("Identity"));
        if (!call.ShouldProcess($"Setting {call.Definition.Noun} Identity:\"{row.Name}\"."))
        {
            return [];
        }

        Record current = Of(call, row);
        var changes = PropertyValues.Of(call, current);
        call.Tenant.Configurations.AddOrUpdate(
            Key(call, row), _ => ImmutableDictionary.CreateRange(StringComparer.OrdinalIgnoreCase, changes), (_, old) => old.SetItems(changes));
        return [];
    }

    /// <summary>Resets a mailbox's settings.</summary>
    public static IEnumerable<Record> Reset(CmdletCall call)
    {
        var row = MailboxQuery.Require(call, call.Required("Identity"));
        if (call.ShouldProcess($"Removing {call.Definition.Noun} Identity:\"{row.Name}\"."))
        {
            call.Tenant.Configurations.TryRemove(Key(call, row), out _);
        }

        return [];
    }

    private static PositionedRecord Of(CmdletCall call, MailboxRow row)
    {
        var noun = call.Definition.Noun;
        IEnumerable<KeyValuePair<string, object?>> changed = call.Tenant.Configurations.GetValueOrDefault(Key(call, row)) ?? [];
        var settings = call.Tenant.Factory.Make(
            noun, row.Name,
            [
                .. GenericShape.Of(call.Tenant.Catalog, call.Service, noun), .. Known(noun), new("MailboxOwnerId", row.Name),
                new("DistinguishedName", row.DistinguishedName), new("Guid", row.Guid(IdentityKind.Object)), .. changed,
            ],
            row.WhenCreated, row.Guid(IdentityKind.Object));
        return new PositionedRecord(settings, row.Index);
    }

    // The initial values of a mailbox that differ from their type's default.
    private static KeyValuePair<string, object?>[] Known(string noun)
    {
        return noun.ToUpperInvariant() switch
        {
            "MAILBOXREGIONALCONFIGURATION" =>
                [new("Language", "en-US"), new("TimeZone", "Pacific Standard Time"), new("DateFormat", "M/d/yyyy"), new("TimeFormat", "h:mm tt")],
            "MAILBOXAUTOREPLYCONFIGURATION" => [new("AutoReplyState", "Disabled"), new("ExternalAudience", "All")],
            "CALENDARPROCESSING" => [new("AutomateProcessing", "AutoUpdate"), new("BookingWindowInDays", 180), new("MaximumDurationInMinutes", 1440)],
            "MAILBOXJUNKEMAILCONFIGURATION" => [new("Enabled", true), new("ContactsTrusted", true)],
            "CLUTTER" => [new("IsEnabled", false)],
            "FOCUSEDINBOX" => [new("FocusedInboxOn", true)],
            "MAILBOXCALENDARCONFIGURATION" => [new("WorkDays", "Weekdays"), new("WorkingHoursTimeZone", "Pacific Standard Time")],
            _ => [],
        };
    }

    private static (string Noun, int Index) Key(CmdletCall call, MailboxRow row) => (call.Definition.Noun.ToUpperInvariant(), row.Index);
}
